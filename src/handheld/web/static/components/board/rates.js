// The rates that people are measured by, each with what it is made of.
import { html } from "../../vendor/htm-preact.js";
import { duration } from "../../lib/time.js";
import { texts } from "../../lib/texts.js";
import { figure, percent } from "../marks.js";

const RATES = /** @type {const} */ ([
  ["accepted_in_time", "accepted_in_time", "called"], ["closed", "closed", "called"], ["closed_in_time", "closed_in_time", "called"],
  ["rework", "sent_back", "reported"], ["precise", "declined", "called"],
]);

/** @param {{rates: import("./types.js").RateShares, figures?: Record<string, number> | undefined}} props */
export function Rates({ rates, figures = {} }) {
  const t = texts("board").rates;
  return html`<dl class="rates">${RATES.map(([key, part, whole]) => html`<div key=${key} class="rate" title=${t.meaning[key]}>
      <dt>${t.names[key]}</dt><dd><span class="number">${percent(rates[key])}</span>
      ${figures[whole] ? html`<span class="made quiet number">${t.of(figure(figures[part] ?? 0), figure(figures[whole] ?? 0), key)}</span>` : null}</dd></div>`)}
    <div class="rate" title=${t.meaning.mean_closing}><dt>${t.names.mean_closing}</dt>
      <dd><span class="number">${rates.mean_closing === undefined ? "–" : duration(rates.mean_closing)}</span></dd></div></dl>`;
}
