// Doing something with one task or with many: a dialog each, and the buttons that fit.
import { html } from "../vendor/htm-preact.js";
import { useState } from "../vendor/preact-hooks.js";
import { me } from "../lib/session.js";
import { texts } from "../lib/texts.js";
import { Button } from "../components/button.js";
import { closeDialog, openDialog } from "./commanding.js";
import { KINDS, fitting } from "./task-kinds.js";
import { wordsOf } from "./task-words.js";
import { TaskDialog } from "./task-dialog.js";

/** @typedef {import("./task-kinds.js").TaskKind} TaskKind */
/** @typedef {import("./task-kinds.js").Taken} Taken */

/**
 * Open the dialog of an action.
 * @param {TaskKind} kind
 * @param {readonly Taken[]} tasks one or many
 * @param {{onDone?: () => void}} [how] `onDone`: when it has taken effect, for what must be read anew
 */
export function openTaskAction(kind, tasks, { onDone } = {}) {
  if (tasks.length === 0) return;
  openDialog(() => html`<${TaskDialog} kind=${kind} tasks=${tasks} onDone=${onDone} onClose=${closeDialog} />`);
}

const FIRST = 3;

/**
 * The buttons that fit a task: the usual ones in sight, the others behind "more".
 * @param {{task: Taken, onDone?: () => void, first?: number}} props
 */
export function TaskActions({ task, onDone, first = FIRST }) {
  const t = texts("command");
  const [all, setAll] = useState(false);
  const kinds = fitting(task, me.value?.actor ?? "");
  if (kinds.length === 0) return null;
  const shown = all || kinds.length <= first + 1 ? kinds : kinds.slice(0, first);
  return html`<div class="actions" role="group" aria-label=${t.actions}>
    ${shown.map((kind) => html`<${Button} key=${kind} kind=${KINDS[kind].grave ? "grave" : "plain"} icon=${KINDS[kind].icon}
      onClick=${() => openTaskAction(kind, [task], onDone ? { onDone } : {})}>${wordsOf(kind, task).name}<//>`)}
    ${shown.length < kinds.length && html`<${Button} kind="bare" icon="more" onClick=${() => setAll(true)}>${t.moreActions}<//>`}</div>`;
}

/** What may be done with a set of tasks, for a bar above a table. @param {readonly Taken[]} tasks @returns {TaskKind[]} */
export function fittingAll(tasks) {
  const actor = me.value?.actor ?? "";
  const found = new Set(tasks.flatMap((task) => fitting(task, actor)));
  return /** @type {TaskKind[]} */ (Object.keys(KINDS)).filter((kind) => found.has(kind) && (tasks.length === 1 || kind !== "report_for"));
}
