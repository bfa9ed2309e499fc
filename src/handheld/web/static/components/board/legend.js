// What the colours of the map mean, in words.
import { html } from "../../vendor/htm-preact.js";
import { texts } from "../../lib/texts.js";
import { Icon } from "../icons.js";
import { percent } from "../marks.js";
import { MEASURES, bounds } from "./measure.js";

/** @param {{measure: import("./measure.js").Measure}} props */
export function Legend({ measure }) {
  const t = texts("board").map;
  const limits = bounds(measure).map((bound) => percent(bound));
  const words = [t.zero, t.below(limits[0] ?? ""), ...limits.slice(1).map((limit, at) => t.between(limits[at] ?? "", limit)), t.above(limits[3] ?? "")];
  return html`<figcaption class="legend"><span class="of">${t.shareOf(texts("common").states[measure])}</span>
    <ul>${words.map((word, step) => html`<li key=${step}><span class="swatch step-${step}" aria-hidden="true"></span>${word}</li>`)}</ul></figcaption>`;
}

/** Which measure the map shows. @param {{measure: import("./measure.js").Measure, href: (measure: import("./measure.js").Measure) => string}} props */
export function MeasureChoice({ measure, href }) {
  return html`<div class="measures" role="group" aria-label=${texts("board").map.measure}>${MEASURES.map((one) => html`<a key=${one} class="button is-${one}" href=${href(one)}
    aria-current=${one === measure ? "true" : undefined}><${Icon} name=${one} size=${0.9} />${texts("common").states[one]}</a>`)}</div>`;
}
