// One row of the table of people with tasks.
import { html } from "../../vendor/htm-preact.js";
import { now, tick } from "../../lib/clock.js";
import { named } from "../../lib/names.js";
import { duration, exact, inMinutes, when } from "../../lib/time.js";
import { texts } from "../../lib/texts.js";
import { Icon } from "../icons.js";
import { Mark, StateMark, figure } from "../marks.js";
import { PersonName } from "../person.js";
import { shortPlace } from "./places.js";
import { NEAR_S } from "./rows.js";

/**
 * @param {{task: string, row: import("./types.js").TaskRow, index: number, name: import("./types.js").PersonName | undefined,
 *   force: string | undefined, picked: boolean, current: boolean,
 *   onPick: ((task: string, on: boolean, range: boolean) => void) | undefined,
 *   href: ((task: string, row: import("./types.js").TaskRow) => string) | undefined,
 *   actions: ((task: string, row: import("./types.js").TaskRow) => any) | undefined}} props
 */
export function TaskLine({ task, row, index, name, force, picked, current, onPick, href, actions }) {
  const t = texts("board").tasks;
  const who = html`<${PersonName} of=${name ? { ...name, phone: null } : null} />`;
  const done = row.state === "closed" || row.state === "declined" || row.state === "withdrawn";
  return html`<tr role="row" data-task=${task} aria-rowindex=${index} aria-selected=${onPick ? String(picked) : undefined} class=${current ? "current" : ""}>
    ${onPick && html`<td role="cell" class="pick"><label class="pick"><input type="checkbox" checked=${picked} aria-label=${t.pick(name?.name ?? name?.number ?? "")}
      onClick=${(/** @type {MouseEvent} */ event) => onPick(task, /** @type {HTMLInputElement} */ (event.target).checked, event.shiftKey)} /></label></td>`}
    <td role="cell" class="who">${row.open && !name ? html`<span class="quiet">${t.open}</span>` : href ? html`<a href=${href(task, row)}>${who}</a>` : who}</td>
    <td role="cell" class="where"><span title=${row.place ?? undefined}>${row.place ? shortPlace(row.place) : "–"}</span>${row.role && html` <span class="quiet">${named("roles", row.role)}</span>`}</td>
    <td role="cell" class="how"><${StateMark} state=${row.state} />${row.overdue && html` <${StateMark} state="overdue" />`}${row.suspended && html` <${Mark} icon="pause">${t.suspended}<//>`}
      ${!row.delivered && row.state === "waiting" && html` <${Mark} icon="cloud">${t.undelivered}<//>`}</td>
    <td role="cell" class="figure long">${done ? html`<span class="quiet in-wide">–</span>` : html`<span class="in-narrow quiet">${t.waiting} </span><${Waited} from=${row.dispatched_at} />`}</td>
    <td role="cell" class="due"><${Due} at=${row.due_at} overdue=${row.overdue} done=${done} /></td>
    ${force !== undefined && html`<td role="cell" class="force">${force}</td>`}
    <td role="cell" class="tel">${name?.phone ? html`<a class="call" href="tel:${name.phone}" aria-label=${texts("common").call(name.name ?? "", name.phone)}><${Icon} name="phone" size=${0.95} /><span class="number">${name.phone}</span></a>` : html`<span class="quiet">–</span>`}</td>
    <td role="cell" class="figure told">${row.reminded > 0 || row.escalated > 0 ? html`<span title=${t.remindedTitle(row.reminded, row.escalated)}>${row.reminded > 0 && html`<${Icon} name="bell" size=${0.9} /><span class="in-narrow">${t.reminded} </span>${figure(row.reminded)}`}${
      row.escalated > 0 && html` <${Icon} name="up" size=${0.9} /><span class="only-heard">${t.escalated} </span>${figure(row.escalated)}`}</span>` : html`<span class="quiet in-wide">0</span>`}</td>
    ${actions && html`<td role="cell" class="act">${actions(task, row)}</td>`}</tr>`;
}

/** How long it waits. @param {{from: string}} props */
function Waited({ from }) {
  tick.value;
  return html`<span class="number" title=${exact(from)}>${duration(inMinutes((now().getTime() - new Date(from).getTime()) / 1000))}</span>`;
}

/** The deadline of the step that is awaited. @param {{at: string | null | undefined, overdue: boolean, done: boolean}} props */
function Due({ at, overdue, done }) {
  const t = texts("board").tasks;
  tick.value;
  if (!at || done) return html`<span class="quiet in-wide">–</span>`;
  const left = (new Date(at).getTime() - now().getTime()) / 1000;
  const words = left < 0 ? t.over(duration(inMinutes(-left))) : t.left(duration(inMinutes(left)));
  return html`<time datetime=${at} title=${exact(at)} class="number ${overdue || left < 0 ? "late" : left < NEAR_S ? "near" : ""}"><span class="in-narrow">${t.due} </span>${when(at)}<span class="left">${words}</span></time>`;
}
