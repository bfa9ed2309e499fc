// What may be done with tasks that somebody else has: the command, what it asks for, when it fits.

/**
 * @typedef {"remind" | "supervise" | "reassign" | "withdraw" | "extend" | "suspend" | "resume" | "verify"
 *   | "send_back" | "accept_for" | "decline_for" | "report_for" | "reopen" | "rate" | "evaluate"} TaskKind
 * @typedef {"waiting" | "in_progress" | "to_verify" | "closed" | "declined" | "withdrawn"} TaskState
 * @typedef {{
 *   command: string, icon: import("../components/icons.js").IconName, states: readonly TaskState[],
 *   text?: "needed" | "may", reason?: boolean, until?: "needed" | "may", to?: boolean, satisfied?: boolean,
 *   score?: boolean, behalf?: boolean, form?: boolean, grave?: boolean, own?: boolean,
 * }} Kind `own`: also with one's own task
 */

const OPEN = /** @type {const} */ (["waiting", "in_progress"]);

/** In the order in which the buttons stand. @type {Record<TaskKind, Kind>} */
export const KINDS = {
  verify: { command: "task.verify", icon: "check", states: ["to_verify"], text: "may" },
  send_back: { command: "task.send_back", icon: "undo", states: ["to_verify"], reason: true },
  remind: { command: "task.remind", icon: "bell", states: OPEN, text: "may" },
  accept_for: { command: "task.accept", icon: "in_progress", states: ["waiting"], behalf: true },
  report_for: { command: "task.report", icon: "entry", states: OPEN, text: "needed", behalf: true, form: true },
  decline_for: { command: "task.decline", icon: "declined", states: OPEN, reason: true, behalf: true },
  supervise: { command: "task.supervise", icon: "shield", states: [...OPEN, "to_verify"], text: "needed" },
  reassign: { command: "task.reassign", icon: "people", states: [...OPEN, "declined"], to: true, reason: true },
  extend: { command: "task.extend", icon: "wait", states: OPEN, until: "needed", reason: true },
  suspend: { command: "task.suspend", icon: "pause", states: OPEN, until: "may", reason: true },
  resume: { command: "task.resume", icon: "play", states: OPEN, own: true },
  withdraw: { command: "task.withdraw", icon: "withdrawn", states: [...OPEN, "to_verify"], reason: true, grave: true },
  reopen: { command: "task.reopen", icon: "undo", states: ["closed", "declined"], reason: true },
  rate: { command: "task.rate", icon: "check", states: ["closed"], satisfied: true, text: "may" },
  evaluate: { command: "task.evaluate", icon: "level", states: ["closed"], score: true, text: "may" },
};

/**
 * A task as the actions take it: a card, a line of a register, or a row of a board.
 * @typedef {{task: string, person?: any, name?: string | null, status?: TaskState, state?: TaskState,
 *   suspended?: unknown, may?: readonly string[], may_for?: readonly string[], order?: any, unit?: boolean, [more: string]: any}} Taken
 *   `may`, `may_for`: what who looks may do, by themselves and on behalf, where that is known
 */

/** The person stream of whoever has it. @param {Taken} task */
export const personOf = (task) => String(typeof task.person === "string" ? task.person : (task.person?.person ?? ""));

/** Their name, as far as it is known. @param {Taken} task @returns {import("../components/person.js").Somebody} */
export function somebodyOf(task) {
  if (typeof task.person === "object" && task.person) return task.person;
  return { person: personOf(task), name: task.name ?? null, ...(task.synthetic && { synthetic: true }) };
}

/**
 * The kinds that fit the state of a task, and what who looks may do, as far as the task says so.
 * @param {Taken} task
 * @param {string} actor who looks
 * @returns {TaskKind[]}
 */
export function fitting(task, actor) {
  const state = task.status ?? task.state;
  const own = personOf(task) === actor;
  return /** @type {TaskKind[]} */ (Object.keys(KINDS)).filter((kind) => {
    const how = KINDS[kind];
    if (!state || !how.states.includes(state)) return false;
    if (kind === "resume" && !task.suspended) return false;
    if ((kind === "suspend" || kind === "remind") && task.suspended) return false;
    if (own && !how.own) return false;
    if (!task.may) return true;
    if (how.behalf && forThem(task, how)) return true;
    return how.behalf ? Boolean(task.unit) && task.may.includes(how.command) : task.may.includes(how.command);
  });
}

/** Whether it is done on behalf of the assignee; otherwise as somebody of the unit that is called. @param {Taken} task @param {Kind} how */
export const forThem = (task, how) => Boolean(how.behalf) && (!task.may_for || task.may_for.includes(how.command));
