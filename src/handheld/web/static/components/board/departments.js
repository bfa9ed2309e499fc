// The departments of a task force: their part, whether they have taken it on, and their people's tasks.
import { html } from "../../vendor/htm-preact.js";
import { named } from "../../lib/names.js";
import { texts } from "../../lib/texts.js";
import { Mark, figure } from "../marks.js";
import { When } from "../moment.js";
import { Shares } from "./shares.js";
import { rem, useWidth } from "./width.js";

/**
 * @param {{departments: Record<string, import("./types.js").DepartmentRow>,
 *   href?: ((department: string) => string) | undefined}} props
 */
export function Departments({ departments, href }) {
  const t = texts("board").departments;
  const [box, width] = useWidth();
  const rows = Object.entries(departments).sort(([, a], [, b]) => rank(a) - rank(b) || (a.name ?? "").localeCompare(b.name ?? "", "zh-CN"));
  if (rows.length === 0) return html`<p class="quiet small">${t.empty}</p>`;
  return html`<ul class="departments ${width && width < 30 * rem() ? "narrow" : ""}" ref=${box}>${rows.map(([key, row]) => html`<li key=${key}>
    <span class="who">${href ? html`<a href=${href(key)}>${row.name ?? t.unnamed}</a>` : html`<span>${row.name ?? t.unnamed}</span>`}
      ${row.part && html`<span class="tag ${row.part}">${named("parts", row.part)}</span>`}</span>
    <span class="taken">${!row.part ? null : row.accepted_at
      ? html`<${Mark} icon="check" tone="closed">${t.accepted} <${When} at=${row.accepted_at} /><//>`
      : html`<${Mark} icon="waiting" tone="waiting">${t.waiting}<//>`}</span>
    <span class="load">${row.count.tasks > 0 ? html`<${Shares} count=${row.count} /><span class="number small">${t.tasks(figure(row.count.tasks))}</span>`
      : html`<span class="quiet small">${t.none}</span>`}</span></li>`)}</ul>`;
}

/** @param {import("./types.js").DepartmentRow} row */
const rank = (row) => (row.part === "lead" ? 0 : row.part ? 1 : 2);
