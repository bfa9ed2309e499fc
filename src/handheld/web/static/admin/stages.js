// Work of several stages: which is done, which is under way, what comes.
import { html } from "../vendor/htm-preact.js";
import { Icon } from "../components/icons.js";

/** @typedef {{name: string, state: "waits" | "working" | "done" | "failed", said: string}} Stage */

/** @param {{of: Stage[], label: string}} props */
export function Stages({ of, label }) {
  const done = of.filter((one) => one.state === "done").length;
  return html`<div class="stages"><progress value=${done} max=${of.length} aria-label=${label}></progress>
    <ol aria-live="polite">${of.map((one) => html`<li key=${one.name} class="stage is-${one.state}">
      ${one.state === "working" ? html`<span class="working"></span>` : html`<${Icon} name=${one.state === "done" ? "check" : one.state === "failed" ? "warning" : "wait"} />`}
      <strong>${one.name}</strong><span class="quiet">${one.said}</span></li>`)}</ol></div>`;
}
