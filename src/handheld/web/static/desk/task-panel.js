// Somebody's task: who and how to call them, how it stands, what was ordered, what came of it, its course.
import { html } from "../vendor/htm-preact.js";
import { DrillTag, Mark, StateMark } from "../components/marks.js";
import { Ago, Lasting, When } from "../components/moment.js";
import { Call, PersonName } from "../components/person.js";
import { TimelineList } from "../components/board/timeline.js";
import { TaskActions } from "../command/later.js";
import { named } from "../lib/names.js";
import { address } from "../lib/route.js";
import { texts } from "../lib/texts.js";
import { chosen } from "./scope.js";
import { Report } from "./report.js";
import { placeWords } from "./territory.js";

/** @param {{task: any, facts: any[], onDone: () => void}} props */
export function TaskPanel({ task, facts, onDone }) {
  const t = texts("desk").panel;
  const who = task.person;
  const where = task.division ? placeWords(task.division.code, task.division.name ?? "") : "";
  const overdue = task.overdue?.length > 0;
  const marks = /** @type {const} */ (["read", "en_route", "on_scene", "open"]).filter((one) => task[one]);
  const told = sum(task.reminded);
  const up = sum(task.escalated);
  return html`<div class="body dk-card">
    <div class="dk-who"><div><a class="dk-name" href=${address({ p: who?.person ?? null })}><${PersonName} of=${who} /></a><p class="quiet">${where}${task.role && html` · ${named("roles", task.role)}`}${task.department && html` · ${task.department.name ?? ""}`}</p></div>
      <${Call} phone=${who?.phone} name=${who?.name} /></div>
    <p class="dk-marks"><${StateMark} state=${task.status} />${overdue && html`<${StateMark} state="overdue" />`}${task.drill && html`<${DrillTag} />`}
      ${task.suspended && html`<${Mark} icon="pause">${named("marks", "suspended")}<//>`}${!task.delivered && html`<${Mark} icon="cloud">${t.undelivered}<//>`}
      ${marks.map((one) => html`<${Mark} key=${one}>${named("marks", one)}<//>`)}${told > 0 && html`<${Mark} icon="bell">${t.reminded(told)}<//>`}${up > 0 && html`<${Mark} icon="up">${t.escalated(up)}<//>`}</p>
    <div class="acts"><${TaskActions} task=${task} onDone=${onDone} /></div>
    ${task.declined && html`<p class="dk-said is-declined"><strong>${t.declined}</strong> ${task.declined}</p>`}
    ${task.supervised && html`<p class="dk-said"><strong>${t.supervised}</strong> ${task.supervised}</p>`}
    <dl class="dk-lines">
      ${task.order?.title && html`<${Line} word=${t.force}>${task.order.task_force && chosen.value !== task.order.task_force ? html`<a href=${address({ tf: task.order.task_force, o: null })}>${task.order.title}</a>` : task.order.title}<//>`}
      ${task.dispatched_at && html`<${Line} word=${t.dispatched}><${When} at=${task.dispatched_at} /> <span class="quiet">(<${Ago} at=${task.dispatched_at} />)</span><//>`}
      ${task.accept_by && html`<${Line} word=${t.acceptBy}><${When} at=${task.accept_by} /><//>`}
      ${task.report_by && html`<${Line} word=${t.reportBy}><${When} at=${task.report_by} /><//>`}
      ${task.suspended?.since && html`<${Line} word=${t.suspended}><${Lasting} from=${task.suspended.since} />${task.suspended.until && html` → <${When} at=${task.suspended.until} />`}<//>`}
      ${task.order?.ordered_by && html`<${Line} word=${t.orderedBy}><${PersonName} of=${task.order.ordered_by} tag=${false} /><//>`}
      ${task.reassigned_to && html`<${Line} word=${t.reassignedTo}><${PersonName} of=${task.reassigned_to} tag=${false} /><//>`}</dl>
    ${task.order?.text && html`<section><h3>${t.order}</h3><p class="dk-words">${task.order.text}</p></section>`}
    <${Report} task=${task} />
    ${task.history && html`<section><h3>${t.course}</h3><${TimelineList} facts=${facts} density="compact" fold=${false} /></section>`}</div>`;
}

/** @param {Record<string, number> | undefined} counts */
const sum = (counts) => Object.values(counts ?? {}).reduce((all, n) => all + n, 0);

/** @param {{word: string, children?: any}} props */
function Line({ word, children }) {
  return html`<div><dt>${word}</dt><dd>${children}</dd></div>`;
}
