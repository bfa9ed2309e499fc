// What the reports have counted: people moved, hazards found; and the household visits.
import { html } from "../../vendor/htm-preact.js";
import { texts } from "../../lib/texts.js";
import { figure, percent } from "../marks.js";

/**
 * @param {{sums: Record<string, import("./types.js").SumRow>, visits?: import("./types.js").VisitCounts | null | undefined,
 *   size?: import("./types.js").Size | undefined}} props
 */
export function Sums({ sums, visits, size = "normal" }) {
  const t = texts("board").sums;
  const rows = Object.entries(sums);
  const judged = visits ? visits.satisfied + visits.dissatisfied : 0;
  if (rows.length === 0 && !visits?.visits) return html`<p class="quiet small">${t.empty}</p>`;
  return html`<dl class="sums ${size}">${rows.map(([key, row]) => html`<${One} key=${key} label=${row.label} n=${row.sum} unit=${row.unit} />`)}
    ${visits && visits.visits > 0 && html`<${One} key="visits" label=${t.visits} n=${visits.households} unit=${t.households}
      more=${judged > 0 ? t.satisfied(percent(visits.satisfied / judged)) : ""} title=${t.visitsTitle(figure(visits.visits), figure(visits.satisfied), figure(visits.dissatisfied))} />`}</dl>`;
}

/** @param {{label: string, n: number, unit: string, more?: string, title?: string}} props */
function One({ label, n, unit, more, title }) {
  return html`<div class="sum ${n ? "" : "none"}" title=${title}><dt>${label}</dt><dd><span class="number">${figure(n)}</span><span class="unit">${unit}</span>
    ${more && html`<span class="more">${more}</span>`}</dd></div>`;
}
