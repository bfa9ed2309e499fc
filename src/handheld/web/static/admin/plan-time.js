// A span of time, as a number and its unit; a choice of one of a few.
import { html } from "../vendor/htm-preact.js";
import { useEffect, useId, useState } from "../vendor/preact-hooks.js";
import { texts } from "../lib/texts.js";

const UNITS = /** @type {const} */ ([60, 3600, 86400]);

/** The largest unit in which it is whole. @param {number | undefined} seconds */
function unitOf(seconds) {
  if (!seconds) return 3600;
  return [...UNITS].reverse().find((unit) => seconds % unit === 0) ?? 60;
}

/**
 * So long; empty: not limited.
 * @param {{label: string, value: number | undefined, onInput: (seconds: number | undefined) => void, wrong?: string | null | undefined, none?: string, quick?: number}} props
 */
export function SpanField({ label, value, onInput, wrong, none, quick = 3600 }) {
  const t = texts("admin-plans").time;
  const id = useId();
  const [unit, setUnit] = useState(value ? unitOf(value) : quick);
  const shown = value === undefined ? "" : String(Math.round((value / unit) * 100) / 100);
  const [typed, setTyped] = useState(shown);
  useEffect(() => {
    // Changed from outside, such as by the draft being thrown away.
    if (value !== secondsOf(typed, unit)) { const next = value ? unitOf(value) : unit; setUnit(next); setTyped(value === undefined ? "" : String(value / next)); }
  }, [value]);
  return html`<div class="field span-field"><label for=${id}>${label}</label><div class="span">
    <input id=${id} class="input" inputmode="decimal" value=${typed} placeholder=${none ?? t.none} aria-invalid=${wrong ? "true" : undefined} aria-describedby=${wrong ? `${id}-more` : undefined} autocomplete="off"
      onInput=${(/** @type {Event} */ event) => { const text = /** @type {HTMLInputElement} */ (event.target).value; setTyped(text); onInput(secondsOf(text, unit)); }} />
    <select class="input" aria-label=${t.unitOf(label)} value=${String(unit)} onChange=${(/** @type {Event} */ event) => { const next = Number(/** @type {HTMLSelectElement} */ (event.target).value); setUnit(next); onInput(secondsOf(typed, next)); }}>
      ${UNITS.map((one) => html`<option key=${one} value=${String(one)} selected=${one === unit}>${t.units[one]}</option>`)}</select></div>
    ${wrong && html`<p class="wrong" role="alert" id="${id}-more">${wrong}</p>`}</div>`;
}

/** What is no number is zero, which the server refuses in its words. @param {string} text @param {number} unit */
function secondsOf(text, unit) {
  if (!text.trim()) return undefined;
  const found = Number(text.trim());
  return Number.isFinite(found) && found >= 0 && found < 100000 ? Math.round(found * unit) : 0;
}

/**
 * A whole number; empty: none.
 * @param {{label: string, value: number | undefined, onInput: (value: number | undefined) => void, wrong?: string | null | undefined, placeholder?: string, hint?: string}} props
 */
export function NumberField({ label, value, onInput, wrong, placeholder, hint }) {
  const id = useId();
  return html`<div class="field"><label for=${id}>${label}</label>
    <input id=${id} class="input" inputmode="numeric" value=${value === undefined ? "" : String(value)} placeholder=${placeholder} aria-invalid=${wrong ? "true" : undefined} aria-describedby=${wrong || hint ? `${id}-more` : undefined} autocomplete="off"
      onInput=${(/** @type {Event} */ event) => { const digits = /** @type {HTMLInputElement} */ (event.target).value.replace(/\D/g, "").slice(0, 9); onInput(digits ? Number(digits) : undefined); }} />
    ${(wrong || hint) && html`<div id="${id}-more">${wrong && html`<p class="wrong" role="alert">${wrong}</p>`}${hint && html`<p class="hint">${hint}</p>`}</div>`}</div>`;
}

/** In words: 1小时30分. @param {number} seconds */
export function span(seconds) {
  const t = texts("admin-plans").time;
  const parts = [];
  let left = seconds;
  for (const unit of [...UNITS].reverse()) {
    const n = Math.floor(left / unit);
    if (n) parts.push(t.said[unit](n));
    left -= n * unit;
  }
  return parts.join(t.between) || t.said[60](0);
}
