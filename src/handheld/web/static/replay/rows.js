// The people behind a figure, as of the instant: how long they had waited by then, not by now.
import { html } from "../vendor/htm-preact.js";
import { named } from "../lib/names.js";
import { clock, duration, exact } from "../lib/time.js";
import { texts } from "../lib/texts.js";
import { StateMark, figure } from "../components/marks.js";
import { PersonName } from "../components/person.js";
import { shortPlace } from "../components/board/places.js";
import { moment, to } from "./state.js";

/**
 * @param {{rows: import("../components/board/types.js").RowsPart, names: Record<string, any> | undefined,
 *   above: readonly {code: string, name: string}[]}} props `above`: the places below the division that is looked at
 */
export function PastRows({ rows, names, above }) {
  const t = texts("replay").rows;
  if (rows.order.length === 0) return html`<p class="quiet body">${t.none}</p>`;
  const at = moment.value.at;
  return html`<div class="past-rows"><table class="table"><thead><tr><th>${t.person}</th><th>${t.place}</th><th>${t.state}</th><th class="figure">${t.waited}</th><th>${t.due}</th><th class="figure">${t.reminded}</th></tr></thead><tbody>
    ${rows.order.map((task) => {
      const row = rows.tasks[task];
      if (!row) return null;
      const under = above.find((one) => row.division !== one.code && row.division.startsWith(one.code))?.name;
      const place = [under, row.place].filter(Boolean).map((one) => shortPlace(/** @type {string} */ (one))).join(" ");
      return html`<tr key=${task}><td><a href=${to({ who: row.person, v: null, q: null, k: null })}><${PersonName} of=${names?.[row.person]} /></a></td>
        <td>${place} <span class="quiet">${named("roles", names?.[row.person]?.role)}</span></td><td><${StateMark} state=${row.overdue ? "overdue" : row.state} /></td>
        <td class="figure">${duration((at - Date.parse(row.dispatched_at)) / 1000)}</td><td class="number">${row.due_at ? html`<time datetime=${row.due_at} title=${exact(row.due_at)}>${clock(row.due_at)}</time>` : "–"}</td>
        <td class="figure">${figure(row.reminded)}</td></tr>`;
    })}</tbody></table></div>`;
}
