// 任务: what is to be done, the nearest deadline first; below it what is done.
import { html } from "../../vendor/htm-preact.js";
import { useState } from "../../vendor/preact-hooks.js";
import { Button } from "../../components/button.js";
import { Empty, Working } from "../../components/status.js";
import { When } from "../../components/moment.js";
import { texts } from "../../lib/texts.js";
import { linkTo, openTab } from "../place.js";
import { caughtUp, status, tasks } from "../store/store.js";
import { NextStep } from "./next.js";
import { Due, Line, OrderedBy, TaskMarks, placeOf } from "./parts.js";
import { inOrder } from "./steps.js";
import { Top } from "./top.js";

const FIRST = 10;

/** The tab. */
export function Tasks() {
  const t = texts("phone").tasks;
  const [more, setMore] = useState(FIRST);
  const { open, rest } = inOrder(tasks.value.values());
  const nothing = open.length === 0 && rest.length === 0;
  return html`<${Top} title=${t.heading} /><main class="screen">
    ${nothing && !caughtUp.value && (status.value.state === "lost" ? html`<${Empty} icon="cloud" title=${t.notYet}>${t.notYetTodo}<//>` : html`<${Working}>${t.fetching}<//>`)}
    ${open.length === 0 && !(nothing && !caughtUp.value) && html`<${Empty} icon="check" title=${rest.length ? t.allDone : t.none}><p>${t.noneTodo}</p>
      <p><${Button} icon="finding" onClick=${() => openTab("finding")}>${t.findingButton}<//></p><//>`}
    ${open.length > 0 && html`<section aria-label=${t.open}><h2 class="part">${t.open} <span class="number quiet">${open.length}</span></h2>
      ${open.map((task) => html`<${TaskItem} key=${task.task} task=${task} />`)}</section>`}
    ${rest.length > 0 && html`<section aria-label=${t.done}><h2 class="part">${t.done} <span class="number quiet">${rest.length}</span></h2>
      <ul class="lines">${rest.slice(0, more).map((task) => html`<${DoneItem} key=${task.task} task=${task} />`)}</ul>
      ${rest.length > more && html`<${Button} wide onClick=${() => setMore(more + 30)}>${t.moreDone(Math.min(30, rest.length - more))}<//>`}</section>`}</main>`;
}

/** One task as one card. @param {{task: import("../store/state.js").Card}} props */
function TaskItem({ task }) {
  const t = texts("phone");
  return html`<article class="task-item">
    <a class="inner" ...${linkTo({ task: task.task, tab: null })}>
      <${TaskMarks} task=${task} />
      <h3>${task.order.text ?? task.order.title}</h3>
      <span class="more-of">${t.tasks.details} ›</span></a>
    <dl class="facts"><${Line} icon="place" label=${t.task.where}>${placeOf(task)}<//>
      <${Line} icon="waiting" label=${t.task.when}><${Due} task=${task} /><//>
      <${OrderedBy} task=${task} short /></dl>
    <${NextStep} task=${task} /></article>`;
}

/** @param {{task: import("../store/state.js").Card}} props */
function DoneItem({ task }) {
  return html`<li><a class="line-link" ...${linkTo({ task: task.task, tab: null })}>
    <span class="grow">${task.order.text ?? task.order.title}</span><span class="under"><${TaskMarks} task=${task} />
    ${task.dispatched_at && html`<span class="quiet small"><${When} at=${task.dispatched_at} /></span>`}</span></a></li>`;
}
