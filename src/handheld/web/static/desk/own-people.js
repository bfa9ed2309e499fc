// A department's own people, wherever they serve: how each stands.
import { html } from "../vendor/htm-preact.js";
import { StateMark, figure } from "../components/marks.js";
import { PersonName } from "../components/person.js";
import { address } from "../lib/route.js";
import { texts } from "../lib/texts.js";
import { placeWords } from "./territory.js";

const MOST = 60;

/** @param {{board: import("../components/board/types.js").DepartmentBoard}} props */
export function OwnPeople({ board }) {
  const t = texts("desk").ownPeople;
  if (board.people_order.length === 0) return null;
  return html`<section class="panel" aria-labelledby="own-people-title"><header><h2 id="own-people-title">${t.title}</h2><span class="number quiet">${figure(board.people_order.length)}</span></header>
    <div class="dk-scroll"><table class="table"><thead><tr><th scope="col">${t.person}</th><th scope="col">${t.places}</th><th scope="col">${t.state}</th><th scope="col" class="figure">${t.closed}</th></tr></thead>
    <tbody>${board.people_order.slice(0, MOST).map((person) => {
      const row = board.people[person];
      if (!row) return null;
      const name = board.names?.[person];
      const states = /** @type {const} */ (["overdue", "waiting", "in_progress", "to_verify", "declined"]).filter((one) => row.count[one] > 0);
      return html`<tr key=${person}><td><a href=${address({ p: person })}><${PersonName} of=${name ? { ...name } : null} /></a></td>
        <td>${row.divisions.map((code) => placeWords(code, board.places[code] ?? "")).join(t.comma)}</td>
        <td><span class="dk-marks">${states.map((one) => html`<${StateMark} key=${one} state=${one} count=${row.count[one]} />`)}</span></td>
        <td class="figure">${figure(row.count.closed)}/${figure(row.count.tasks)}</td></tr>`;
    })}</tbody></table></div>${board.people_order.length > MOST && html`<p class="body quiet small">${t.more(figure(board.people_order.length - MOST))}</p>`}</section>`;
}
