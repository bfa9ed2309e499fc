// What may be done with a task force: the command, and when it fits.

/**
 * @typedef {"order" | "amend" | "withdraw_order" | "entry" | "strike" | "message" | "pull_in" | "level" | "hand_over" | "lead"
 *   | "stand_down" | "close" | "cancel" | "reopen" | "archive" | "evaluate" | "rate"} ForceKind
 * @typedef {"active" | "stood_down" | "closed" | "cancelled"} ForceState
 * @typedef {{command: string, icon: import("../components/icons.js").IconName, states: readonly ForceState[], grave?: boolean, part?: boolean}} How
 *   `part`: of something inside, which has its own button there
 * @typedef {{task_force: string, title?: string | null, division?: {code: string, name?: string | null} | string, status?: ForceState,
 *   level?: string | null, drill?: boolean, may?: readonly string[], archived?: boolean, [more: string]: any}} Force a card, or a line of a list
 */

const RUNNING = /** @type {const} */ (["active", "stood_down"]);
const ANY = /** @type {const} */ (["active", "stood_down", "closed", "cancelled"]);

/** In the order in which the buttons stand. @type {Record<ForceKind, How>} */
export const KINDS = {
  order: { command: "order.issue", icon: "order", states: ["active"] },
  entry: { command: "entry.make", icon: "entry", states: ANY },
  message: { command: "message.send", icon: "message", states: ANY },
  pull_in: { command: "task_force.pull_in", icon: "people", states: ["active"] },
  level: { command: "task_force.change_level", icon: "level", states: ["active"] },
  amend: { command: "order.amend", icon: "order", states: ["active"] },
  withdraw_order: { command: "order.withdraw", icon: "withdrawn", states: RUNNING, grave: true },
  hand_over: { command: "task_force.hand_over", icon: "person", states: RUNNING },
  lead: { command: "task_force.name_lead", icon: "shield", states: ["active"] },
  stand_down: { command: "task_force.stand_down", icon: "pause", states: ["active"] },
  close: { command: "task_force.close", icon: "closed", states: RUNNING },
  cancel: { command: "task_force.cancel", icon: "undo", states: RUNNING, grave: true },
  reopen: { command: "task_force.reopen", icon: "undo", states: ["stood_down", "closed"] },
  rate: { command: "task_force.rate", icon: "check", states: ["closed"] },
  evaluate: { command: "task_force.evaluate", icon: "level", states: ["closed"] },
  archive: { command: "task_force.archive", icon: "cloud", states: ["closed", "cancelled"] },
  strike: { command: "entry.strike", icon: "cross", states: ANY, part: true },
};

/** The kinds that fit its state, and what who looks may do, as far as the task force says so. @param {Force} force @param {string} actor @returns {ForceKind[]} */
export function fitting(force, actor) {
  const leads = force.commander?.person === actor;
  return /** @type {ForceKind[]} */ (Object.keys(KINDS)).filter((kind) => {
    const how = KINDS[kind];
    if (how.part || !force.status || !how.states.includes(force.status)) return false;
    if (kind === "archive" && force.archived) return false;
    // Whoever commands neither rates nor evaluates what they led.
    if ((kind === "rate" || kind === "evaluate") && leads) return false;
    return !force.may || force.may.includes(how.command);
  });
}

/** The division's code. @param {Force} force */
export const codeOf = (force) => (typeof force.division === "string" ? force.division : (force.division?.code ?? null));
