// The left column: start, the task forces in progress, and what waits for somebody here.
import { html } from "../vendor/htm-preact.js";
import { effect } from "../vendor/signals.js";
import { Button } from "../components/button.js";
import { Icon } from "../components/icons.js";
import { DrillTag, LevelMark, StateMark, figure } from "../components/marks.js";
import { Ago } from "../components/moment.js";
import { Empty, Working } from "../components/status.js";
import { shortPlace } from "../components/board/places.js";
import { openFinding, openStart, openTellWarning, openWarning } from "../command/later.js";
import { named } from "../lib/names.js";
import { address } from "../lib/route.js";
import { texts } from "../lib/texts.js";
import { chosen, drills, scope } from "./scope.js";
import { wholeBoard } from "./state.js";
import { division, divisions, homeDivision } from "./territory.js";
import { findings, findingsAsked, forceList, todoKey, waits, warnings } from "./todo.js";

/** Begin a start here. */
export const startHere = () => openStart({ division: homeDivision.peek(), ...(drills.peek() && { drill: true }) });

/** Whether who looks may start a task force here. */
export const mayStart = () => division.value?.may_command === true;

let pressed = false;

/** The key of a start: pressed before it is known whether one may, it waits for that. */
export function startByKey() {
  if (pressed) return;
  pressed = true;
  const { kind, key } = scope.peek();
  const stop = effect(() => {
    const moved = scope.value.key !== key;
    if (!moved && kind === "division" && !division.value && !divisions.wrong(key)) return;
    pressed = false;
    queueMicrotask(() => {
      stop();
      if (!moved && mayStart()) startHere();
    });
  });
}

/** The column. */
export function Left() {
  const t = texts("desk").left;
  return html`${mayStart() && html`<${Button} kind="main" size="large" wide icon="plus" onClick=${startHere}>${t.start}<//>`}
    <${Forces} /><${Todo} /><${Kinds} />`;
}

function Forces() {
  const t = texts("desk").left;
  const on = wholeBoard.value?.task_forces ?? {};
  const found = forceList.value;
  // The list has those that were started here; the board also those from above that reach down to here.
  const rows = together(found?.open ?? [], on);
  const known = Boolean(found || wholeBoard.value);
  return html`<section class="panel" aria-labelledby="forces-title"><header><h2 id="forces-title">${t.forces} ${known && html`<span class="number quiet">${rows.length}</span>`}</h2>
      ${chosen.value && html`<a class="small" href=${address({ tf: null, o: null, p: null })}>${t.all}</a>`}</header>
    ${!known ? html`<p class="body"><${Working} /></p>` : rows.length === 0 ? html`<${Empty} icon="shield" title=${t.noForces}>${mayStart() ? t.noForcesMore : t.noForcesWait}<//>`
      : html`<ul class="dk-entries">${rows.map((row) => html`<${Force} key=${row.task_force} row=${row} now=${on[row.task_force]} />`)}</ul>`}
    ${found && found.ended.length > 0 && html`<details class="dk-ended"><summary>${t.ended}</summary><ul class="dk-entries">${found.ended.map((row) => html`<${Force} key=${row.task_force} row=${row} />`)}</ul></details>`}</section>`;
}

/** @param {any[]} rows @param {Record<string, any>} on @returns {any[]} the latest first */
function together(rows, on) {
  const known = new Map(rows.map((row) => [row.task_force, row]));
  for (const [task_force, row] of Object.entries(on)) if (!known.has(task_force)) known.set(task_force, { task_force, ...row });
  return [...known.values()].sort((a, b) => (a.started_at < b.started_at ? 1 : -1));
}

/** @param {{row: any, now?: any}} props */
function Force({ row, now }) {
  const t = texts("desk").left;
  const count = now?.count;
  const level = now?.level ?? row.level;
  const ended = row.status === "closed" || row.status === "cancelled";
  return html`<li><a class="dk-entry" href=${address({ tf: row.task_force, o: null, p: null })} aria-current=${chosen.value === row.task_force ? "true" : undefined}>
    <span class="dk-entry-title">${row.title}</span>
    <span class="dk-entry-more">${row.drill && html`<${DrillTag} />`}${level && html`<span>${named("levels", level)}</span>`}
      ${row.status !== "active" && html`<span>${named("statuses", row.status)}</span>`}
      ${count ? html`<span class="number">${t.doneOf(figure(count.closed), figure(count.tasks))}</span>` : html`<${Ago} at=${ended ? row.ended_at ?? row.started_at : row.started_at} />`}
      ${count?.overdue > 0 && html`<${StateMark} state="overdue" count=${count.overdue} />`}</span></a></li>`;
}

function Todo() {
  const t = texts("desk").left;
  const inForce = warnings.value ?? [];
  const lying = findings.value ?? [];
  const numbers = wholeBoard.value?.count;
  const states = /** @type {const} */ (["overdue", "declined", "to_verify"]).filter((one) => (numbers?.[one] ?? 0) > 0);
  const all = inForce.length + lying.length + states.length;
  const known = Boolean(warnings.value || findings.value || numbers);
  return html`<section class="panel" aria-labelledby="todo-title"><header><h2 id="todo-title">${t.todo} ${known && html`<span class="number quiet">${all}</span>`}</h2>
      ${mayStart() && html`<${Button} kind="bare" icon="phone" title=${t.tellTitle} onClick=${() => openTellWarning({ division: homeDivision.peek() })}>${t.tell}<//>`}</header>
    ${known && all === 0 ? html`<p class="body quiet small">${t.nothing}</p>` : html`<ul class="dk-entries">
      ${inForce.map((one) => html`<${Warning} key=${one.warning} of=${one} />`)}
      ${lying.map((one) => html`<${Finding} key=${one.finding} of=${one} />`)}
      ${states.map((state) => html`<li key=${state}><a class="dk-entry dk-line" href=${address({ tf: null, s: state, o: null, p: null })}><${StateMark} state=${state} count=${numbers[state]} /><span class="dk-entry-more">${t.why[state]}</span></a></li>`)}</ul>`}
    ${findingsAsked.wrong(todoKey.value) && html`<p class="body quiet small">${findingsAsked.wrong(todoKey.value)?.title}</p>`}</section>`;
}

/** @param {{of: any}} props */
function Warning({ of }) {
  const t = texts("desk").left;
  return html`<li><button type="button" class="dk-entry" onClick=${() => openWarning(of.warning)}><span class="dk-entry-title"><${LevelMark} level=${of.level} /> ${of.event}</span>
    <span class="dk-entry-more">${waits(of) ? html`<strong class="dk-due">${t.proposed}</strong>` : of.task_forces?.length ? t.started : t.inForce}<${Ago} at=${of.received_at} /></span></button></li>`;
}

/** @param {{of: any}} props */
function Finding({ of }) {
  const t = texts("desk").left;
  return html`<li><button type="button" class="dk-entry" onClick=${() => openFinding(of.finding)}><span class="dk-entry-title dk-two"><${Icon} name="finding" size=${0.95} /> ${of.text || of.place || t.finding}</span>
    <span class="dk-entry-more">${of.wants_task_force && html`<strong class="dk-due">${t.wantsForce}</strong>`}${of.division && html`<span>${shortPlace(of.division.name ?? "")}</span>`}<${Ago} at=${of.reported_at} /></span></button></li>`;
}

function Kinds() {
  const t = texts("desk").left;
  return html`<div class="dk-kinds" role="group" aria-label=${t.kinds}><a href=${address({ drills: null, tf: null, s: null, o: null, p: null })} aria-current=${drills.value ? undefined : "true"}>${t.real}</a>
    <a href=${address({ drills: "1", tf: null, s: null, o: null, p: null })} aria-current=${drills.value ? "true" : undefined}>${t.drills}</a></div>`;
}
