// The board exactly as it was at that instant: the same components as the desk, drilled down in the same way.
import { html } from "../vendor/htm-preact.js";
import { texts } from "../lib/texts.js";
import { clockSeconds } from "../lib/time.js";
import { named } from "../lib/names.js";
import { figure } from "../components/marks.js";
import { Empty, Working } from "../components/status.js";
import { Crumbs } from "../components/board/crumbs.js";
import { Departments } from "../components/board/departments.js";
import { Funnel } from "../components/board/funnel.js";
import { Rates } from "../components/board/rates.js";
import { StateStrip } from "../components/board/states.js";
import { Sums } from "../components/board/sums.js";
import { TileMap } from "../components/board/tilemap.js";
import { Notice } from "../components/notices.js";
import { playing } from "./player.js";
import { measureOf } from "../wall/measure.js";
import { PastRows } from "./rows.js";
import { noted, useShowing } from "./show.js";
import { ShownThen } from "./shown.js";
import { division, force, listed, to } from "./state.js";

const ROWS = 20;
const ON_BOARD = new Set(["overdue", "waiting", "in_progress", "to_verify"]);

/**
 * @param {{card: any, places: any}} props `places`: the division that is looked at, with those above and below
 */
export function Then({ card, places }) {
  const t = texts("replay").then;
  const code = division.value || card.division.code;
  const drills = card.drill ? { drills: true } : {};
  const { answer, trouble, asking } = useShowing(() => ({ path: `/boards/divisions/${division.value || card.division.code}`, query: { task_force: force.value, ...drills } }), noted, [card.task_force]);
  if (trouble) return html`<${Notice} tone="overdue" title=${trouble.title}>${trouble.detail}<//>`;
  if (!answer) return html`<p><${Working} /></p>`;
  /** @type {import("../components/board/types.js").DivisionBoard} */
  const board = answer.board;
  const below = places?.children ?? [];
  const tiles = below.map((/** @type {any} */ one) => ({ code: one.code, name: one.name, count: board.children[one.code]?.count }));
  const row = board.task_forces[card.task_force];
  const path = places ? [...places.above.filter((/** @type {any} */ one) => one.code.length >= card.division.code.length), places.division] : [];
  return html`<div class="then ${asking && !playing.value ? "waiting-for" : ""}" aria-busy=${String(asking)}>
    <header class="then-head">${path.length > 0 && html`<${Crumbs} path=${path} href=${(/** @type {string} */ to_) => to({ d: to_ })} />`}
      <p class="quiet small">${answer.at ? t.recorded(clockSeconds(answer.at), figure(answer.position)) : t.before}${row && `${row.level ? ` · ${named("levels", row.level)}` : ""} · ${named("statuses", row.status)}`}</p></header>
    ${board.count.tasks === 0 && !row ? html`<${Empty} icon="wait" title=${t.notYet}>${t.notYetMore}<//>` : html`
    <${StateStrip} count=${board.count} href=${(/** @type {string} */ state) => to({ s: listed.value === state ? null : state })} selected=${listed.value} />
    ${listed.value && html`<${Rows} key=${`${code} ${listed.value}`} code=${code} above=${below} drill=${Boolean(card.drill)} />`}
    <section class="panel"><div class="body"><${Funnel} funnel=${board.funnel} /></div></section>
    ${tiles.length > 0 && html`<section class="panel"><div class="body"><${TileMap} tiles=${tiles} measure=${measureOf(board.count)} outlines=${places?.outlines ?? undefined} href=${(/** @type {string} */ to_) => to({ d: to_ })} /></div></section>`}
    ${(Object.keys(board.sums).length > 0 || board.visits.visits > 0) && html`<section class="panel"><div class="body"><${Sums} sums=${board.sums} visits=${board.visits} /></div></section>`}
    <section class="panel"><div class="body"><${Rates} rates=${board.rates} figures=${board.figures} /></div></section>
    ${Object.keys(board.departments).length > 0 && html`<section class="panel"><header><h2>${t.departments}</h2></header><div class="body"><${Departments} departments=${board.departments} /></div></section>`}`}
    <${ShownThen} code=${code} force=${card.task_force} drill=${Boolean(card.drill)} /></div>`;
}

/** The people behind a figure, as of that instant. @param {{code: string, above: readonly {code: string, name: string}[], drill: boolean}} props */
function Rows({ code, above, drill }) {
  const t = texts("replay").then;
  const state = listed.value;
  const window = state === "overdue" ? { late: true } : { state };
  const { answer, trouble } = useShowing(() => (ON_BOARD.has(state) ? { path: `/boards/divisions/${code}/rows`,
    query: { task_force: force.value, limit: ROWS, ...window, ...(drill && { drills: true }) } } : null), undefined, [code, state]);
  if (!ON_BOARD.has(state)) return html`<p class="quiet small">${t.onTimeline}</p>`;
  if (trouble) return html`<p class="quiet small">${trouble.title}</p>`;
  if (!answer) return html`<p><${Working} /></p>`;
  return html`<section class="panel"><header><h2>${texts("common").states[/** @type {import("../components/marks.js").State} */ (state)]}</h2><span class="quiet small">${t.rows(figure(answer.rows.order.length), figure(answer.rows.total))}</span></header>
    <${PastRows} rows=${answer.rows} names=${answer.names} above=${above} /></section>`;
}
