// Which task force is shown, and what breaks in. Pure: the time is passed in.

/** So long each task force stays. */
export const STAY_MS = 20000;
/** So long something new is shown before the rotation goes on. */
export const BREAK_MS = 30000;
const AT_MOST = 4;

/**
 * @typedef {{kind: "warning", key: string, row: import("../components/board/types.js").WarningRow, drill: boolean}
 *   | {kind: "force", key: string, row: import("../components/board/types.js").ForceRow, drill: boolean}} Alert
 * @typedef {{at: string | null, since: number, held: boolean}} Turn `held`: it does not go on by itself
 * @typedef {{alert: Alert, until: number}} Break
 */

/**
 * The task force whose turn it is: the one before, until its time is up or it is gone.
 * @param {Turn} turn
 * @param {readonly string[]} order
 * @param {number} now
 * @returns {Turn}
 */
export function turned(turn, order, now) {
  if (order.length === 0) return turn.at === null ? turn : { at: null, since: now, held: turn.held };
  const index = turn.at === null ? -1 : order.indexOf(turn.at);
  if (index < 0) return { at: /** @type {string} */ (order[0]), since: now, held: false };
  if (turn.held || order.length === 1 || now - turn.since < STAY_MS) return turn;
  return { at: /** @type {string} */ (order[(index + 1) % order.length]), since: now, held: false };
}

/**
 * The next or the one before, by hand; it stays then.
 * @param {Turn} turn
 * @param {readonly string[]} order
 * @param {number} by
 * @param {number} now
 * @returns {Turn}
 */
export function stepped(turn, order, by, now) {
  if (order.length === 0) return turn;
  const index = Math.max(turn.at === null ? 0 : order.indexOf(turn.at), 0);
  return { at: /** @type {string} */ (order[(index + by + order.length) % order.length]), since: now, held: true };
}

/**
 * What has not been there before: warnings by their level, so that a raised one counts as new, and task forces.
 * @param {ReadonlySet<string> | null} known null: this is the first look
 * @param {readonly Alert[]} there
 * @returns {{known: Set<string>, fresh: Alert[]}}
 */
export function noticed(known, there) {
  const names = new Set(there.map(nameOf));
  return { known: names, fresh: known === null ? [] : there.filter((one) => !known.has(nameOf(one))) };
}

/** @param {Alert} one */
const nameOf = (one) => (one.kind === "warning" ? `${one.key} ${one.row.level}` : one.key);

/**
 * The queue of what breaks in: the first is shown until its time is up. Few are kept: the rest stands on the board.
 * @param {readonly Break[]} queue
 * @param {readonly Alert[]} fresh
 * @param {number} now
 * @returns {readonly Break[]}
 */
export function broken(queue, fresh, now) {
  const first = queue[0];
  let rest = first && first.until <= now ? queue.slice(1).map((one, index) => (index === 0 ? { ...one, until: now + BREAK_MS } : one)) : queue;
  for (const alert of fresh) {
    const waiting = rest.length === 0 ? now : /** @type {Break} */ (rest[rest.length - 1]).until;
    rest = [...rest, { alert, until: waiting + BREAK_MS }].slice(-AT_MOST);
  }
  return rest;
}
