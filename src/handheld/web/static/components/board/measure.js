// What the map shows of each place, as one of six steps from none to most.

/** @typedef {"waiting" | "overdue" | "in_progress" | "to_verify" | "closed" | "declined"} Measure */

/** What can be shown, as offered. @type {readonly Measure[]} */
export const MEASURES = ["waiting", "overdue", "closed"];

const FEW = [0.05, 0.1, 0.25, 0.5];
const MANY = [0.2, 0.4, 0.6, 0.8];

/** The upper bounds of the steps 1 to 4 of a measure; step 5 is what is above. @param {Measure} measure */
export const bounds = (measure) => (measure === "closed" || measure === "in_progress" ? MANY : FEW);

/** The share of the tasks there. @param {import("./types.js").Count | undefined} count @param {Measure} measure */
export function shareOf(count, measure) {
  return count && count.tasks > 0 ? count[measure] / count.tasks : 0;
}

/** 0 for none, 1 to 5 by share. @param {number} share @param {Measure} measure */
export function stepOf(share, measure) {
  if (share <= 0) return 0;
  const at = bounds(measure).findIndex((bound) => share < bound);
  return at < 0 ? 5 : at + 1;
}
