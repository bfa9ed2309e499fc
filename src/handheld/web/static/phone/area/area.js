// 我的辖区: the board of one's own place or department, its late people, what is to be decided.
import { html } from "../../vendor/htm-preact.js";
import { Button } from "../../components/button.js";
import { Icon } from "../../components/icons.js";
import { SelectField } from "../../components/field.js";
import { Notice } from "../../components/notices.js";
import { Empty, Working } from "../../components/status.js";
import { Funnel } from "../../components/board/funnel.js";
import { shortPlace } from "../../components/board/places.js";
import { StateStrip } from "../../components/board/states.js";
import { Sums } from "../../components/board/sums.js";
import { Commanding } from "../../command/commanding.js";
import { place } from "../../lib/route.js";
import { me } from "../../lib/session.js";
import { texts } from "../../lib/texts.js";
import { when } from "../../lib/time.js";
import { here, linkTo, open } from "../place.js";
import { status } from "../store/store.js";
import { Top } from "../screens/top.js";
import { useBoard } from "./board.js";
import { ToDecide } from "./findings.js";
import { People } from "./people.js";
import { AreaTask } from "./task.js";

/** @typedef {import("../../components/marks.js").State} State */

/** Where whoever is here answers for others. @returns {{kind: "division" | "department", key: string, name: string}[]} */
function areas() {
  /** @type {Map<string, {kind: "division" | "department", key: string, name: string}>} */
  const found = new Map();
  for (const post of me.value?.posts ?? []) {
    if (post.department) found.set(`dep ${post.department}`, { kind: "department", key: post.department, name: post.department_name ?? "" });
    else if (post.division) found.set(post.division, { kind: "division", key: post.division, name: post.division_name ?? "" });
  }
  return [...found.values()];
}

/** The tab. */
export function AreaScreen() {
  const t = texts("area");
  const own = areas();
  const at = place.value;
  const wanted = at.get("dep") ? own.find((one) => one.key === at.get("dep")) : at.get("d") ? { kind: /** @type {const} */ ("division"), key: at.get("d") ?? "", name: "" } : own[0];
  const area = wanted ?? own[0] ?? { kind: /** @type {const} */ ("division"), key: "", name: "" };
  const drills = at.get("drills") === "1";
  const { shown, trouble } = useBoard(area.kind, area.key, drills);
  const { task } = here();
  if (task) return html`<${AreaTask} key=${task} id=${task} position=${shown?.position ?? 0} /><${Commanding} />`;
  const board = shown?.board;
  const home = own.some((one) => one.kind === area.kind && one.key === area.key);
  const stale = status.value.state !== "live" && shown;
  return html`<${Top} title=${board?.name ? shortPlace(board.name) : t.heading} goes=${!home} above=${{ d: null, dep: null, s: null }} />
    <main class="screen area">
      ${own.length > 1 && home && html`<${SelectField} label=${t.which} value=${area.key} options=${own.map((one) => ({ value: one.key, label: one.name }))}
        onInput=${(/** @type {string} */ key) => { const to = own.find((one) => one.key === key); open(to?.kind === "department" ? { dep: key, d: null, s: null } : { d: key, dep: null, s: null }); }} />`}
      ${!board && !trouble && html`<${Working}>${t.reading}<//>`}
      ${trouble && html`<${Notice} tone="waiting" title=${trouble.words || t.notVisible} />`}
      ${stale && html`<p class="away" role="status"><${Icon} name="cloud" />${t.lost(when(shown.at))}</p>`}
      ${home && html`<${ToDecide} />`}
      ${board && html`<div class=${stale ? "stale" : ""}><${Shown} area=${area} board=${board} position=${shown.position} drills=${drills} /></div>`}
      <div class="choices two" role="group">${[false, true].map((one) => html`<${Button} key=${String(one)} pressed=${drills === one} onClick=${() => open({ drills: one ? "1" : null, s: null })}>${one ? t.drills.drill : t.drills.real}<//>`)}</div>
    </main><${Commanding} />`;
}

const FIRST_LOOK = /** @type {const} */ (["overdue", "waiting", "to_verify", "in_progress"]);

/** @param {{area: {kind: "division" | "department", key: string}, board: import("./board.js").Board, position: number, drills: boolean}} props */
function Shown({ area, board, position, drills }) {
  const t = texts("area");
  const { count } = board;
  if (count.tasks === 0) return html`<${Empty} icon="people" title=${t.nothing}>${t.nothingTodo}<//>`;
  const asked = /** @type {State | null} */ (place.value.get("s"));
  const state = asked && asked in t.lists ? asked : (FIRST_LOOK.find((one) => count[one] > 0) ?? "closed");
  return html`<div class="shown"><div class="strip" onClick=${within}><${StateStrip} count=${count} selected=${state} href=${(/** @type {State} */ to) => linkTo({ s: to }).href} /></div>
    <section><h2 class="part">${t.lists[state]} <span class="number quiet">${count[state]}</span></h2>
      <${People} which=${{ ...area, drills, state, below: board.kind === "division" ? board.children : {} }} position=${position} /></section>
    ${board.kind === "division" && html`<${Below} board=${board} />
      <details class="card"><summary>${t.progress}</summary><${Funnel} funnel=${board.funnel} /><${Sums} sums=${board.sums} visits=${board.visits} /></details>`}</div>`;
}

/** Links of components lead within the page, without loading it anew. @param {MouseEvent} event */
function within(event) {
  const link = /** @type {HTMLElement} */ (event.target).closest("a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  open({ s: new URL(link.href).searchParams.get("s") });
}

/** @param {{board: import("../../components/board/types.js").DivisionBoard}} props */
function Below({ board }) {
  const t = texts("area");
  const children = Object.entries(board.children);
  if (children.length === 0 || (children.length === 1 && board.tier === "grid")) return null;
  const worst = children.sort(([a, x], [b, y]) => y.count.overdue - x.count.overdue || y.count.waiting - x.count.waiting || (a < b ? -1 : 1));
  return html`<section><h2 class="part">${t.below}</h2><ul class="lines">${worst.map(([code, row]) => html`<li key=${code}><a class="line-link below" ...${linkTo({ d: code, dep: null, s: null })}>
    <span class="grow">${shortPlace(row.name ?? "")}</span><span class="quiet small">${t.belowLine(row.count.open, row.count.tasks)}</span>
    <${Counts} count=${row.count} /></a></li>`)}</ul></section>`;
}

/** @param {{count: import("../../components/board/types.js").Count}} props */
function Counts({ count }) {
  const words = texts("common").states;
  return html`<span class="under">${/** @type {const} */ (["overdue", "waiting", "to_verify"]).filter((state) => count[state] > 0).map((state) => html`<span key=${state} class="mark is-${state}">
    <${Icon} name=${state} size=${0.95} />${words[state]} <span class="number">${count[state]}</span></span>`)}</span>`;
}
