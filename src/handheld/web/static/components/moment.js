// Times: relative in sight, exact on hover and for screen readers.
import { html } from "../vendor/htm-preact.js";
import { tick } from "../lib/clock.js";
import { ago, clockSeconds, exact, since, when } from "../lib/time.js";
import { now } from "../lib/clock.js";

/** "3 minutes ago", which moves on by itself. @param {{at: string}} props */
export function Ago({ at }) {
  tick.value;
  return html`<time datetime=${at} title=${exact(at)}>${ago(at)}</time>`;
}

/** The clock time, with the day where it is another day. @param {{at: string}} props */
export function When({ at }) {
  return html`<time datetime=${at} title=${exact(at)}>${when(at)}</time>`;
}

/** How long it has been, or was. @param {{from: string, to?: string | null}} props */
export function Lasting({ from, to }) {
  if (!to) tick.value;
  return html`<span class="number" title=${exact(from)}>${since(from, to ?? undefined)}</span>`;
}

/** The log's clock, by the second. */
export function Clock() {
  tick.value;
  return html`<span class="number">${clockSeconds(now())}</span>`;
}
