export { Component, h, render } from 'preact';
export { html } from 'htm/preact';
