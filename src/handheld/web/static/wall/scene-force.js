// One task force on the wall: the states, what was done, how far it has come, where, who is late, what is new.
import { html } from "../vendor/htm-preact.js";
import { texts } from "../lib/texts.js";
import { figure } from "../components/marks.js";
import { Empty, Working } from "../components/status.js";
import { Funnel } from "../components/board/funnel.js";
import { shareOf } from "../components/board/measure.js";
import { shortPlace } from "../components/board/places.js";
import { StateStrip } from "../components/board/states.js";
import { Sums } from "../components/board/sums.js";
import { TileMap } from "../components/board/tilemap.js";
import { TimelineList } from "../components/board/timeline.js";
import { LateList } from "./late.js";
import { measureOf } from "./measure.js";

const TILES_AT_MOST = 48;
const LISTED_AT_MOST = 12;

/**
 * @param {{current: import("./watching.js").Current, places: import("./beside.js").Places | null}} props
 */
export function ForceScene({ current, places }) {
  const t = texts("wall");
  if (current.trouble) return html`<div class="scene alone"><${Empty} icon="info" title=${current.trouble}>${t.notSeen}<//></div>`;
  if (!current.showing) return html`<div class="scene alone"><${Working} /></div>`;
  /** @type {import("../components/board/types.js").DivisionBoard} */
  const board = current.showing.board;
  return html`<div class="scene force">
    <div class="wall-states"><${StateStrip} count=${board.count} size="wall" /></div>
    <section class="wall-panel done"><${Sums} sums=${board.sums} visits=${board.visits} size="wall" /></section>
    <section class="wall-panel how-far"><${Funnel} funnel=${board.funnel} /></section>
    <section class="wall-panel where"><${Where} board=${board} places=${places} /></section>
    <${LateList} board=${board} above=${places?.children ?? []} />
    <section class="wall-panel newest"><header><h2>${t.newest}</h2></header>
      <${TimelineList} facts=${current.facts} density="wall" empty=${html`<p class="quiet">${t.noFacts}</p>`} /></section></div>`;
}

/**
 * A map where there is one, a map of tiles where those fit, otherwise the places with most open. Never an empty frame.
 * @param {{board: import("../components/board/types.js").DivisionBoard, places: import("./beside.js").Places | null}} props
 */
function Where({ board, places }) {
  const t = texts("wall");
  const measure = measureOf(board.count);
  const word = texts("common").states[measure];
  const below = places?.children ?? Object.entries(board.children).map(([code, row]) => ({ code, name: row.name ?? code }));
  const tiles = below.map((one) => ({ code: one.code, name: one.name, count: board.children[one.code]?.count }));
  const head = html`<header><h2>${t.where(word)}</h2></header>`;
  if (tiles.length === 0) return html`${head}<p class="quiet">${t.nothingBelow}</p>`;
  const outlined = (places?.outlines?.features ?? []).length > 0;
  if (outlined || tiles.length <= TILES_AT_MOST) return html`${head}<${TileMap} tiles=${tiles} measure=${measure} outlines=${places?.outlines ?? undefined} size="wall" />`;
  const listed = tiles.filter((one) => one.count && one.count[measure] > 0).sort((a, b) => (b.count?.[measure] ?? 0) - (a.count?.[measure] ?? 0)).slice(0, LISTED_AT_MOST);
  return html`${head}<ol class="place-list">${listed.map((one) => html`<li key=${one.code}><span class="where">${shortPlace(one.name)}</span>
    <span class="number">${figure(one.count?.[measure] ?? 0)}</span><span class="share" aria-hidden="true"><span style=${{ transform: `scaleX(${shareOf(one.count, measure)})` }}></span></span></li>`)}</ol>`;
}
