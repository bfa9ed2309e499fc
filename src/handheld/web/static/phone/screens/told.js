// What whoever has the task must be told before all else: it ended, it waits, it was sent back, it changed.
import { html } from "../../vendor/htm-preact.js";
import { Notice } from "../../components/notices.js";
import { texts } from "../../lib/texts.js";
import { when } from "../../lib/time.js";
import { isOpen } from "./steps.js";

/** @typedef {import("../store/state.js").Card} Card */

/** @param {{task: Card}} props */
export function Told({ task }) {
  const t = texts("field").task;
  const open = isOpen(task);
  if (task.status === "withdrawn") return html`<${Notice} icon="withdrawn" title=${gone(task)}>${task.withdrawn_because ?? null}<//>`;
  if (task.status === "declined") return html`<${Notice} icon="declined" title=${t.declined}>${task.declined ?? null}<//>`;
  if (task.status === "to_verify") return html`<${Notice} icon="to_verify" title=${t.toVerify} />`;
  if (task.status === "closed") return html`<${Notice} tone="closed" title=${t.closed}>${judged(task)}<//>`;
  const reminded = Math.max(0, ...Object.values(task.reminded ?? {}));
  return html`${open && task.sent_back && html`<${Notice} tone="overdue" icon="undo" title=${texts("phone").task.sentBack}>${task.sent_back}<//>`}
    ${open && task.suspended && html`<${Notice} icon="pause" title=${t.suspended}>${[task.suspended.reason, task.suspended.until && t.suspendedUntil(when(task.suspended.until))].filter(Boolean).join(" · ") || null}<//>`}
    ${open && task.supervised && html`<${Notice} tone="waiting" icon="bell" title=${texts("phone").task.supervised}>${task.supervised}<//>`}
    ${open && reminded > 0 && html`<${Notice} tone="waiting" icon="bell" title=${t.reminded(reminded)} />`}
    ${open && task.status === "waiting" && task.open && !task.claimed && html`<${Notice} icon="people" title=${task.order.open_to ? t.openTo(task.order.open_to) : t.openToAny} />`}
    ${open && task.unit && html`<p class="quiet small">${t.unit}</p>`}
    ${open && (task.passed_on?.length ?? 0) > 0 && html`<${Notice} icon="people" title=${t.passedOn} />`}`;
}

/** Why it is nobody's, or somebody else's now. @param {Card} task */
function gone(task) {
  const t = texts("field").task;
  if (task.reassigned_to) return t.reassigned(task.reassigned_to.name ?? "");
  if (task.open && !task.claimed) return t.claimedByOthers;
  return task.order.withdrawn ? t.withdrawnOrder : t.withdrawn;
}

/** @param {Card} task */
function judged(task) {
  const t = texts("field").task;
  const lines = [];
  if (task.rated) lines.push(task.rated.satisfied ? t.rated.yes : t.rated.no);
  if (task.rated?.text) lines.push(task.rated.text);
  if (task.evaluated?.score) lines.push(t.evaluated(task.evaluated.score));
  if (task.evaluated?.text) lines.push(task.evaluated.text);
  return lines.length ? lines.join(" · ") : null;
}

/** An order that changed: what it said before, until it is accepted anew. @param {{task: Card}} props */
export function Amended({ task }) {
  const t = texts("field").task;
  if (task.status !== "waiting" || !task.amended) return null;
  const before = task.before;
  const due = before?.report_by && task.report_by && before.report_by !== task.report_by ? t.amendedDue(when(before.report_by), when(task.report_by)) : null;
  return html`<section class="amended"><${Notice} tone="waiting" icon="order" title=${t.amended}>${due}<//>
    ${before?.text && before.text !== task.order.text && html`<h2 class="part">${t.amendedBefore}</h2><p class="before"><s>${before.text}</s></p>
      <h2 class="part">${t.amendedNow}</h2>`}</section>`;
}
