// Small parts that the screens of the phone share.
import { html } from "../../vendor/htm-preact.js";
import { Button } from "../../components/button.js";
import { Icon } from "../../components/icons.js";
import { DrillTag, Mark, StateMark } from "../../components/marks.js";
import { Call, PersonName } from "../../components/person.js";
import { now, tick } from "../../lib/clock.js";
import { named } from "../../lib/names.js";
import { texts } from "../../lib/texts.js";
import { duration, exact, when } from "../../lib/time.js";
import { dueOf, isOpen } from "./steps.js";

/** @typedef {import("../store/state.js").Card} Task */

/**
 * The big button of a screen.
 * @param {{onClick: () => void, icon?: import("../../components/icons.js").IconName, disabled?: boolean, children?: any}} props
 */
export function BigButton({ onClick, icon, disabled, children }) {
  return html`<${Button} kind="main" size="large" wide icon=${icon} disabled=${disabled} onClick=${onClick} class="big">${children}<//>`;
}

/** By when, and how long that is from now: red only once it has passed. @param {{task: Task}} props */
export function Due({ task }) {
  tick.value;
  const t = texts("phone").due;
  if (task.suspended && isOpen(task)) return html`<${Mark} icon="pause">${t.waits}<//>`;
  const due = dueOf(task);
  if (!due) return null;
  const left = (new Date(due.at).getTime() - now().getTime()) / 1000;
  const words = due.what === "accept" ? t.accept : t.report;
  const time = html`<time datetime=${due.at} title=${exact(due.at)}>${when(due.at)}</time>`;
  if (left < 0) return html`<span class="due late"><span class="word">${words} ${time}</span> <${Mark} tone="overdue" icon="overdue">${t.overdue(duration(-left))}<//></span>`;
  return html`<span class="due"><span class="word">${words} ${time}</span> <span class="quiet">${t.left(duration(roundly(left)))}</span></span>`;
}

/** Seconds that run down beside a deadline of hours are noise. @param {number} seconds */
const roundly = (seconds) => (seconds > 600 ? Math.ceil(seconds / 60) * 60 : seconds);

/** What stands out about a task, colour and icon and word. @param {{task: Task, state?: boolean}} props */
export function TaskMarks({ task, state = true }) {
  const t = texts("phone");
  const open = isOpen(task);
  return html`<span class="marks">${state && html`<${StateMark} state=${task.status} />`}
    ${task.drill && html`<${DrillTag} />`}
    ${open && task.open && !task.claimed && html`<${Mark} icon="people">${named("marks", "open")}<//>`}
    ${task.unit && html`<${Mark} icon="home">${named("marks", "unit")}<//>`}
    ${open && task.sent_back && html`<${Mark} icon="undo" tone="overdue">${t.task.sentBack}<//>`}
    ${task.status === "waiting" && task.amended && html`<${Mark} icon="order" tone="waiting">${named("marks", "amended")}<//>`}
    ${open && task.suspended && html`<${Mark} icon="pause">${named("marks", "suspended")}<//>`}
    ${open && task.supervised && html`<${Mark} icon="bell" tone="waiting">${t.task.supervised}<//>`}
    <${NotSent} pending=${task.pending} /></span>`;
}

/** That something done here has not reached the server yet. @param {{pending: readonly unknown[] | undefined}} props */
export function NotSent({ pending }) {
  const t = texts("phone").sent;
  if (!pending || pending.length === 0) return null;
  return html`<${Mark} icon="upload" tone="waiting">${t.waiting}<//>`;
}

/** A line with an icon and what it is called for those who hear it. @param {{icon: import("../../components/icons.js").IconName, label: string, children?: any}} props */
export function Line({ icon, label, children }) {
  return html`<div class="line"><dt><${Icon} name=${icon} size=${1.05} /><span class="only-heard">${label}</span></dt><dd>${children}</dd></div>`;
}

/** Where, in words of whoever ordered it, and which division. @param {Task} task */
export function placeOf(task) {
  const division = task.division?.name ?? "";
  const place = task.order.place ?? "";
  return place && division && !place.includes(division) ? `${division} · ${place}` : place || division;
}

/** Who ordered it; one tap calls. @param {{task: Task, short?: boolean}} props `short`: without the figures of the number */
export function OrderedBy({ task, short = false }) {
  const by = task.order.ordered_by;
  if (!by) return null;
  const call = short && by.phone ? html`<a class="button call-short" href="tel:${by.phone}" aria-label=${texts("common").call(by.name ?? "", by.phone)}><${Icon} name="phone" /></a>`
    : html`<${Call} phone=${by.phone} name=${by.name} />`;
  return html`<${Line} icon="person" label=${texts("phone").task.who}><span class="who"><span><${PersonName} of=${by} /></span>${call}</span><//>`;
}
