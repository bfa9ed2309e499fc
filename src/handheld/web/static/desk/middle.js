// The board: states, funnel, map, sums, rates, departments; below it the people.
import { html } from "../vendor/htm-preact.js";
import { computed } from "../vendor/signals.js";
import { Departments } from "../components/board/departments.js";
import { Funnel } from "../components/board/funnel.js";
import { Rates } from "../components/board/rates.js";
import { StateStrip } from "../components/board/states.js";
import { Sums } from "../components/board/sums.js";
import { TileMap } from "../components/board/tilemap.js";
import { Button } from "../components/button.js";
import { Empty, Working } from "../components/status.js";
import { get } from "../lib/api.js";
import { now } from "../lib/clock.js";
import { address, go, place } from "../lib/route.js";
import { clockSeconds } from "../lib/time.js";
import { texts } from "../lib/texts.js";
import { Asked } from "./asked.js";
import { Households } from "./households.js";
import { toDivision } from "./header.js";
import { mayStart, startHere } from "./left.js";
import { OwnPeople } from "./own-people.js";
import { chosen, scope } from "./scope.js";
import { board, count, listed, live, mainKey, position, showing, stale, trouble, wholeBoard } from "./state.js";
import { Table } from "./table.js";
import { division } from "./territory.js";
import { me } from "../lib/session.js";

const MEASURES = /** @type {const} */ (["waiting", "overdue", "closed"]);

/** More places than this have the whole breadth for themselves. */
const TOGETHER = 20;

/** Where the people behind a figure are. @param {string} state */
export const toState = (state) => address({ s: state, o: null, p: null });

/** @type {Asked<any>} the outlines that were imported, of the places below */
const outlines = new Asked(async (key, abort) => {
  const found = await get(`/outlines/${key}`, {}, abort);
  return found.features?.length ? found : null;
}, 60000);

const funnel = computed(() => board.value?.funnel ?? null);
const sums = computed(() => board.value?.sums ?? null);
const visits = computed(() => board.value?.visits ?? null);
const rates = computed(() => board.value?.rates ?? null);
const figures = computed(() => board.value?.figures ?? {});
const offices = computed(() => board.value?.departments ?? null);
const grid = computed(() => board.value?.grid ?? null);
const people = computed(() => (board.value?.kind === "department" ? board.value.people : null));
const stages = computed(() => board.value?.kind === "division");

/** The middle column below its head. */
export function Middle() {
  const t = texts("desk").middle;
  const wrong = trouble.value?.key === mainKey.value ? trouble.value : null;
  if (!scope.value.key) return html`<${Nowhere} />`;
  if (wrong && !showing.value) return html`<${Empty} icon="shield" title=${wrong.words}>${t.notYours}<//><p class="dk-center"><${Button} href="/desk">${t.ownDesk}<//></p>`;
  if (!showing.value) return live.status.value.state === "live" || live.status.value.state === "connecting" ? html`<p class="dk-center"><${Working}>${t.reading}<//></p>`
    : html`<${Empty} icon="cloud" title=${t.away} />`;
  return html`<${StaleLine} /><div class="dk-board ${stale.value ? "stale" : ""}" data-position=${position.value}>
    ${count.value.tasks === 0 ? html`<${Calm} />` : html`<${Overview} />`}</div>`;
}

/** There is no division at all: what to do first. */
function Nowhere() {
  const t = texts("desk").middle;
  const operator = me.value?.role === "operator" || me.value?.role === "administrator";
  return html`<${Empty} icon="upload" title=${t.nowhere}>${operator ? html`<p>${t.nowhereOperator}</p>` : t.nowhereMore}<//>
    ${operator && html`<p class="dk-center"><${Button} kind="main" href="/admin">${t.toAdmin}<//></p>`}`;
}

/** Nobody has a task: that is the usual state, and what can be done in it. */
function Calm() {
  const t = texts("desk").middle;
  const forces = Object.keys(wholeBoard.value?.task_forces ?? {}).length;
  if (chosen.value) return html`<${Empty} icon="people" title=${t.noTasks}>${t.noTasksMore}<//>`;
  return html`<${Empty} icon="shield" title=${forces ? t.noTasks : t.calm}>${scope.value.kind === "department" && forces ? t.officeMore : mayStart() ? t.calmMore : t.calmWait}<//>
    ${mayStart() && html`<p class="dk-center"><${Button} kind="main" icon="plus" onClick=${startHere}>${texts("desk").left.start}<//></p>`}
    <${Outline} />`;
}

/** Since when it is not of now. */
function StaleLine() {
  const t = texts("desk").middle;
  const { state, since } = live.status.value;
  if (state === "live" || state === "connecting") return null;
  const at = new Date(now().getTime() - (Date.now() - since));
  return html`<p class="dk-stale-line" role="status">${t.stale(clockSeconds(at))}</p>`;
}

function Overview() {
  const t = texts("desk").middle;
  const many = (division.value?.children.length ?? 0) > TOGETHER;
  return html`<div class="dk-strip"><${States} /></div>
    <div class="dk-pair"><div class="dk-stack">${stages.value && html`<section class="panel" aria-labelledby="funnel-title"><header><h2 id="funnel-title">${t.funnel}</h2></header><div class="body"><${Stages} /></div></section>`}
        ${!many && html`<${Summed} />`}</div><div class="dk-stack">${many ? html`<${Summed} />` : html`<${Outline} />`}<${Shares} /></div></div>
    ${many && html`<${Outline} />`}
    ${people.value && html`<${OwnPeople} board=${board.value} />`}
    ${grid.value && html`<${Households} grid=${grid.value} names=${board.value.names} />`}
    <${Table} />
    ${offices.value && Object.keys(offices.value).length > 0 && html`<section class="panel" aria-labelledby="offices-title"><header><h2 id="offices-title">${t.offices}</h2></header><div class="body"><${Departments} departments=${offices.value} href=${toDepartment} /></div></section>`}`;
}

/** @param {string} key */
const toDepartment = (key) => address({ dep: key, d: null, tf: null, s: null, o: null, p: null });

function States() {
  return html`<${StateStrip} count=${count.value} href=${toState} selected=${listed.value} />`;
}

function Stages() {
  return html`<${Funnel} funnel=${funnel.value ?? {}} />`;
}

/** The places below, as tiles or with their outlines. */
function Outline() {
  const t = texts("desk").middle;
  const card = division.value;
  const rows = board.value?.children;
  if (scope.value.kind !== "division" || !card || !rows || card.children.length === 0) return null;
  outlines.want(scope.value.key);
  const asked = place.value.get("m");
  const measure = MEASURES.find((one) => one === asked) ?? "waiting";
  const tiles = card.children.map((/** @type {any} */ one) => ({ code: one.code, name: one.name, ...(rows[one.code] && { count: rows[one.code].count }) }));
  return html`<section class="panel" aria-labelledby="map-title"><header><h2 id="map-title">${t.map[/** @type {"district" | "township" | "village"} */ (card.division.tier)] ?? t.map.village}</h2>
      <div class="dk-measures" role="group" aria-label=${t.measure}>${MEASURES.map((one) => html`<button key=${one} type="button" aria-pressed=${String(one === measure)}
        onClick=${() => go({ m: one === "waiting" ? null : one }, { replace: true })}>${texts("common").states[one]}</button>`)}</div></header>
    <div class="body"><${TileMap} tiles=${tiles} measure=${measure} outlines=${outlines.of(scope.value.key) ?? undefined} href=${toDivision} /></div></section>`;
}

function Summed() {
  const t = texts("desk").middle;
  if (!sums.value || (Object.keys(sums.value).length === 0 && !visits.value?.visits)) return null;
  return html`<section class="panel" aria-labelledby="sums-title"><header><h2 id="sums-title">${t.sums}</h2></header><div class="body"><${Sums} sums=${sums.value} visits=${visits.value} /></div></section>`;
}

function Shares() {
  const t = texts("desk").middle;
  if (!rates.value) return null;
  return html`<section class="panel" aria-labelledby="rates-title"><header><h2 id="rates-title">${t.rates}</h2></header><div class="body"><${Rates} rates=${rates.value} figures=${figures.value} /></div></section>`;
}
