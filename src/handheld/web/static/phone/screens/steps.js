// What a task asks of its assignee next, and by when. Pure: everything is said to it.

/**
 * @typedef {import("../store/state.js").Field} FormField
 * @typedef {import("../store/state.js").Card} Task
 * @typedef {"accept" | "claim" | "acceptAgain" | "en_route" | "on_scene" | "visits" | "report" | "reportAgain"} Step
 */

const OPEN = new Set(["waiting", "in_progress"]);

/** Whether the assignee has something left to do. @param {Task} task */
export const isOpen = (task) => OPEN.has(task.status);

/** The form of the order. @param {Task} task @returns {FormField[]} */
export const formOf = (task) => task.order.form ?? [];

/** The households to be visited, and how many were. @param {Task} task */
export function visiting(task) {
  const asked = formOf(task).find((field) => field.kind === "visits") ?? null;
  const seen = new Set((task.visits ?? []).map((one) => one.household));
  const all = [...(task.households ?? [])];
  for (const household of seen) if (!all.includes(household)) all.push(household);
  return { asked, all, done: seen.size };
}

/** The one step that comes next; null where none is left. @param {Task} task @returns {Step | null} */
export function nextStep(task) {
  if (task.status === "waiting") {
    if (task.open && !task.claimed) return "claim";
    return task.amended ? "acceptAgain" : "accept";
  }
  if (task.status !== "in_progress") return null;
  const steps = new Set(task.steps);
  if (steps.has("en_route") && !task.en_route && !task.on_scene) return "en_route";
  if (steps.has("on_scene") && !task.on_scene) return "on_scene";
  if (!steps.has("report")) return null;
  const { asked, all, done } = visiting(task);
  if (asked && all.length > 0 && done < all.length) return "visits";
  return task.sent_back ? "reportAgain" : "report";
}

/** What is awaited and by when. @param {Task} task @returns {{what: "accept" | "report", at: string} | null} */
export function dueOf(task) {
  if (task.suspended) return null;
  if (task.status === "waiting" && task.accept_by) return { what: "accept", at: task.accept_by };
  if (isOpen(task) && task.report_by) return { what: "report", at: task.report_by };
  return null;
}

/**
 * The open ones first, the nearest deadline first; then those that wait for somebody else, then what is done, newest first.
 * @param {Iterable<Task>} tasks
 */
export function inOrder(tasks) {
  /** @type {Task[]} */
  const open = [];
  /** @type {Task[]} */
  const rest = [];
  for (const task of tasks) (isOpen(task) ? open : rest).push(task);
  /** @param {Task} task */
  const last = (task) => (task.suspended ? "~~" : (dueOf(task)?.at ?? "~"));
  open.sort((a, b) => compare(last(a), last(b)) || compare(b.dispatched_at, a.dispatched_at));
  rest.sort((a, b) => Number(b.status === "to_verify") - Number(a.status === "to_verify") || compare(b.dispatched_at, a.dispatched_at));
  return { open, rest };
}

/** @param {string | null | undefined} a @param {string | null | undefined} b */
function compare(a, b) {
  const [left, right] = [a ?? "", b ?? ""];
  return left < right ? -1 : left > right ? 1 : 0;
}
