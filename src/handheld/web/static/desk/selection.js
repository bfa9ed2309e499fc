// Which tasks are selected, and which row the keys are at.
import { effect, signal } from "../vendor/signals.js";
import { listing } from "./people.js";
import { listed, mainKey } from "./state.js";

/**
 * @typedef {{task: string, person: string, name: string | null, phone: string | null, place: string, state: import("../components/board/types.js").TaskState, suspended: boolean}} Choice
 * @type {import("../vendor/signals.js").Signal<ReadonlyMap<string, Choice>>}
 */
export const selection = signal(/** @type {ReadonlyMap<string, Choice>} */ (new Map()));

/** The row that the keys are at. */
export const current = signal(/** @type {string | null} */ (null));

/**
 * @param {string} task
 * @param {import("./people.js").Listing} from
 * @returns {Choice | null}
 */
export function choiceOf(task, from) {
  const row = from.rows.tasks[task];
  if (!row) return null;
  const name = from.names[row.person];
  return { task, person: row.person, name: name?.name ?? name?.number ?? null, phone: name?.phone ?? null, place: row.place ?? "", state: row.state, suspended: row.suspended };
}

/** Select these, of the list that is shown, and no others. @param {ReadonlySet<string>} tasks */
export function select(tasks) {
  const from = listing.peek();
  /** @type {Map<string, Choice>} */
  const next = new Map();
  for (const task of tasks) {
    const known = (from && choiceOf(task, from)) ?? selection.peek().get(task);
    if (known) next.set(task, known);
  }
  selection.value = next;
}

/** Select everybody of a list. @param {import("./people.js").Listing} from */
export function selectAllOf(from) {
  selection.value = new Map(from.rows.order.flatMap((task) => {
    const choice = choiceOf(task, from);
    return choice ? [[task, choice]] : [];
  }));
}

/** Move the row that the keys are at. @param {number} by */
export function move(by) {
  const order = listing.peek()?.rows.order ?? [];
  if (order.length === 0) return;
  const at = current.peek() ? order.indexOf(/** @type {string} */ (current.peek())) : -1;
  current.value = order[Math.min(order.length - 1, Math.max(0, at + by))] ?? null;
}

/** Select or not the row that the keys are at. */
export function toggle() {
  const task = current.peek();
  if (!task) return;
  const tasks = new Set(selection.peek().keys());
  if (!tasks.delete(task)) tasks.add(task);
  select(tasks);
}

/** What is selected belongs to one list of one board. */
export function watchSelection() {
  let of = "";
  effect(() => {
    const now = `${mainKey.value}|${listed.value}`;
    if (of && of !== now) {
      selection.value = new Map();
      current.value = null;
    }
    of = now;
  });
}
