// What waits for somebody at this desk: warnings in force, findings, task forces in progress.
import { computed } from "../vendor/signals.js";
import { get } from "../lib/api.js";
import { Asked } from "./asked.js";
import { drills, scope } from "./scope.js";
import { homeDivision } from "./territory.js";

/** @param {string} key @returns {[string, string, boolean]} */
function parts(key) {
  const [kind = "", name = "", drill = ""] = key.split(":");
  return [kind, name, drill === "true"];
}

/** @type {Asked<any[]>} */
export const warningsAsked = new Asked(async (key, signal) => {
  const [, division, drill] = parts(key);
  return (await get("/warnings/in-force", { division, drills: drill }, signal)).rows;
}, 1000);

/** @type {Asked<any[]>} */
export const findingsAsked = new Asked(async (key, signal) => {
  const [kind, name, drill] = parts(key);
  const desk = kind === "department" ? `department-${name}` : name;
  return (await get("/findings", { desk, states: ["open", "returned"], drill, limit: 50 }, signal)).rows;
}, 1000);

/** @type {Asked<{open: any[], ended: any[]}>} */
export const forcesAsked = new Asked(async (key, signal) => {
  const [kind, name, drill] = parts(key);
  const about = { drill, ...(kind === "division" && { division: name }) };
  const [open, ended] = await Promise.all([
    get("/task-forces", { ...about, statuses: ["active", "stood_down"], limit: 50 }, signal),
    get("/task-forces", { ...about, statuses: ["closed", "cancelled"], limit: 5 }, signal),
  ]);
  return { open: open.rows, ended: ended.rows };
}, 2000);

/** Of the scope, with whether drills are looked at. */
export const todoKey = computed(() => (scope.value.key ? `${scope.value.kind}:${scope.value.key}:${drills.value}` : ""));
/** Warnings are of divisions: a department sees those of its own. */
export const warningsKey = computed(() => (homeDivision.value ? `division:${homeDivision.value}:${drills.value}` : ""));

/** The warnings in force, those whose start waits first. */
export const warnings = computed(() => {
  const rows = warningsAsked.of(warningsKey.value);
  return rows && [...rows].sort((a, b) => Number(waits(b)) - Number(waits(a)));
});
/** The findings that lie on this desk. */
export const findings = computed(() => findingsAsked.of(todoKey.value));
/** The task forces in progress and those that ended last. */
export const forceList = computed(() => forcesAsked.of(todoKey.value));

/** Whether a start that is proposed for a warning waits for somebody. @param {any} warning */
export function waits(warning) {
  return (warning.proposals ?? []).some((/** @type {any} */ one) => one.waits);
}
