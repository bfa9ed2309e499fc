// One task, whole: what, where, by when, who ordered it; the next step; what else can be done; what happened.
import { html } from "../../vendor/htm-preact.js";
import { useEffect, useState } from "../../vendor/preact-hooks.js";
import { Button } from "../../components/button.js";
import { ResponseLevel } from "../../components/marks.js";
import { Empty, Working } from "../../components/status.js";
import { texts } from "../../lib/texts.js";
import { perform } from "../do.js";
import { linkTo, open } from "../place.js";
import { markRead, opened, readCard, tasks } from "../store/store.js";
import { Course } from "./course.js";
import { Decline } from "./decline.js";
import { NextStep } from "./next.js";
import { Due, Line, OrderedBy, TaskMarks, placeOf } from "./parts.js";
import { isOpen, nextStep } from "./steps.js";
import { Amended, Told } from "./told.js";
import { TheReport } from "./the-report.js";
import { Top } from "./top.js";

const LIST = { task: null, view: null };

/** @param {{id: string}} props */
export function TaskScreen({ id }) {
  const t = texts("field").task;
  const task = tasks.value.get(id);
  const unread = Boolean(task && !task.read && !task.unit);
  // What the inbox told is enough to work by; the whole card adds how it stands, and others' words.
  useEffect(() => { readCard(id).catch(() => {}); }, [id]);
  useEffect(() => { markRead({ task: id }); }, [id, task?.version]);
  useEffect(() => { if (unread) perform({ command: "task.read", task: id }, { slip: false, quiet: true }); }, [id, unread]);
  if (!task) return html`<${Top} title=${texts("phone").tabs.tasks} goes above=${LIST} /><main class="screen">${opened.value
    ? html`<${Empty} icon="search" title=${t.gone}><p>${t.goneTodo}</p><p><a class="button" ...${linkTo(LIST)}>${t.toList}</a></p><//>`
    : html`<${Working} />`}</main>`;
  return html`<${Top} title=${texts("phone").tabs.tasks} goes above=${LIST} /><main class="screen task-whole">
    <${TaskMarks} task=${task} />
    <${Told} task=${task} />
    <${Amended} task=${task} />
    <p class="order">${task.order.text ?? task.order.title}</p>
    <dl class="facts"><${Line} icon="place" label=${texts("phone").task.where}>${placeOf(task)}<//>
      <${Line} icon="waiting" label=${texts("phone").task.when}><${Due} task=${task} /><//>
      <${OrderedBy} task=${task} />
      <${Line} icon="info" label=${t.about}>${task.order.title} ${task.order.level && html`<${ResponseLevel} level=${task.order.level} />`}<//></dl>
    <div class="next stuck"><${NextStep} task=${task} /></div>
    <${More} task=${task} />
    <${TheReport} task=${task} />
    <${Course} task=${task} /></main>`;
}

/** What can be done besides the next step. @param {{task: import("../store/state.js").Card}} props */
function More({ task }) {
  const t = texts("field").task;
  const [declining, setDeclining] = useState(false);
  const doing = task.status === "in_progress";
  const step = nextStep(task);
  const reports = task.steps.includes("report");
  if (!isOpen(task) && task.status !== "to_verify") return null;
  return html`<div class="ways">
    ${doing && reports && step !== "report" && step !== "reportAgain" && html`<${Button} icon="upload" onClick=${() => open({ view: "report" })}>${texts("phone").task.next.report}<//>`}
    ${task.status === "to_verify" && html`<${Button} icon="upload" onClick=${() => open({ view: "report" })}>${t.addReport}<//>`}
    ${doing && step !== "visits" && task.order.form?.some((field) => field.kind === "visits") && html`<${Button} icon="home" onClick=${() => open({ view: "visits" })}>${texts("phone").task.next.visits}<//>`}
    ${isOpen(task) && task.suspended && html`<${Button} icon="play" onClick=${() => perform({ command: "task.resume", task: task.task }, { title: task.order.title })}>${t.resume}<//>`}
    ${isOpen(task) && mayPassOn(task) && html`<${Button} icon="people" onClick=${() => open({ view: "pass-on" })}>${t.passOn}<//>`}
    ${isOpen(task) && html`<${Button} icon="declined" onClick=${() => setDeclining(true)}>${t.decline}<//>`}
    ${declining && html`<${Decline} task=${task} onClose=${() => setDeclining(false)} />`}</div>`;
}

const BELOW_NOBODY = new Set(["household_contact", "grid_worker", "enforcement_officer"]);

/** Whoever has people below, or stands for a department. @param {import("../store/state.js").Card} task */
function mayPassOn(task) {
  return task.unit || !BELOW_NOBODY.has(task.role ?? "");
}
