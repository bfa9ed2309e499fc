// Who is late, or has waited longest: post and place, never a telephone number, since this hangs in a room.
import { html } from "../vendor/htm-preact.js";
import { PersonName } from "../components/person.js";
import { Icon } from "../components/icons.js";
import { SyntheticTag, figure } from "../components/marks.js";
import { Lasting } from "../components/moment.js";
import { shortPlace } from "../components/board/places.js";
import { named } from "../lib/names.js";
import { texts } from "../lib/texts.js";

/**
 * @param {{board: import("../components/board/types.js").DivisionBoard, above: readonly {code: string, name: string}[]}} props
 *   `above`: the places below the wall's division: of a grid one wants to know the township
 */
export function LateList({ board, above }) {
  const t = texts("wall").late;
  const rows = board.rows;
  const late = board.count.overdue > 0;
  const count = late ? board.count.overdue : board.count.waiting;
  return html`<section class="wall-panel late"><header><h2 class=${late ? "is-overdue" : "is-waiting"}><${Icon} name=${late ? "overdue" : "waiting"} />${late ? t.title : t.waiting}</h2>
    <span class="number strong">${figure(count)}</span></header>
    ${count === 0 ? html`<p class="good"><${Icon} name="closed" size=${1.4} />${t.nobody}</p>`
      : !rows ? html`<p class="quiet">${t.hidden}</p>`
      : html`<ol>${rows.order.map((task) => html`<${Row} key=${task} row=${rows.tasks[task]} names=${board.names} above=${above} />`)}</ol>`}</section>`;
}

/** @param {{row: import("../components/board/types.js").TaskRow | undefined, names: Record<string, any> | undefined, above: readonly {code: string, name: string}[]}} props */
function Row({ row, names, above }) {
  if (!row) return null;
  const person = names?.[row.person];
  const post = named("roles", row.role ?? person?.role);
  const under = above.find((one) => row.division !== one.code && row.division.startsWith(one.code))?.name;
  const where = [under, row.place].filter(Boolean).map((one) => shortPlace(/** @type {string} */ (one))).join(" ");
  return html`<li><span class="who"><${PersonName} of=${person} tag=${false} />${person?.synthetic && html` <${SyntheticTag} />`}</span><${Lasting} from=${row.dispatched_at} />
    <span class="where">${[post, where].filter(Boolean).join(" · ")}</span></li>`;
}
