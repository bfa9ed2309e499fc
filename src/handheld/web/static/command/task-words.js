// What an action on a task is called: on behalf of somebody, or for one's own unit.
import { texts } from "../lib/texts.js";
import { KINDS, forThem } from "./task-kinds.js";

/** @param {import("./task-kinds.js").TaskKind} kind @param {import("./task-kinds.js").Taken | undefined} task @returns {import("../texts/zh/command.js").TaskWords} */
export function wordsOf(kind, task) {
  const t = texts("command");
  const own = task && KINDS[kind].behalf && !forThem(task, KINDS[kind]);
  return own ? t.unitTasks[/** @type {"accept_for" | "decline_for" | "report_for"} */ (kind)] : t.tasks[kind];
}
