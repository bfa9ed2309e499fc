// The timeline beside the board: the newest facts of one task force, or of all that are open here.
import { computed } from "../vendor/signals.js";
import { get } from "../lib/api.js";
import { place } from "../lib/route.js";
import { Asked } from "./asked.js";
import { force } from "./force.js";
import { chosen, scope } from "./scope.js";
import { wholeBoard } from "./state.js";

/** @typedef {import("../components/board/types.js").Fact} Fact */

const PAGE = 200;
const MOST = 500;
/** So many task forces are told together. */
const TOGETHER = 6;

/** What can be picked out, and the facts that it takes; every one of them where there is none named. */
export const KINDS = /** @type {Record<string, string[]>} */ ({
  main: [
    "task_force.started", "task_force.order_issued", "task_force.order_amended", "task_force.order_withdrawn", "task_force.level_changed",
    "task_force.command_handed_over", "task_force.lead_designated", "task_force.person_pulled_in", "task_force.entry_made", "task_force.entry_struck",
    "task_force.message_sent", "task_force.stood_down", "task_force.closed", "task_force.cancelled", "task_force.reopened", "task_force.archived",
    "task_force.department_accepted", "task_force.corrected", "task_force.evaluated", "task_force.rated",
    "task.accepted", "task.declined", "task.reported", "task.verified", "task.sent_back", "task.overdue", "task.reminded", "task.escalated",
    "task.supervised", "task.reassigned", "task.withdrawn", "task.suspended", "task.resumed", "task.extended", "task.reopened", "task.overtaken",
    "finding.reported", "finding.ordered", "finding.started", "finding.dealt_with", "warning.started",
  ],
  all: [],
  orders: ["task_force.started", "task_force.order_issued", "task_force.order_amended", "task_force.order_withdrawn", "task_force.level_changed",
    "task_force.command_handed_over", "task_force.person_pulled_in", "task_force.stood_down", "task_force.closed", "task_force.reopened"],
  reports: ["task.reported", "task.verified", "task.sent_back", "task.household_visited", "task.on_scene"],
  late: ["task.overdue", "task.reminded", "task.escalated", "task.supervised", "task.declined", "task.reassigned"],
  findings: ["finding.reported", "finding.ordered", "finding.started", "finding.dealt_with", "finding.passed_up", "finding.routed"],
  words: ["task_force.entry_made", "task_force.entry_struck", "task_force.message_sent"],
});

/** Which facts are shown. */
export const kind = computed(() => {
  const asked = place.value.get("f") ?? "";
  return asked in KINDS ? asked : "main";
});

/** The division whose facts are picked out: none where it is the whole of it. */
const within = computed(() => (scope.value.kind === "division" && scope.value.key.length > 6 ? scope.value.key : ""));

const streams = computed(() => {
  if (chosen.value) return chosen.value;
  const open = Object.entries(wholeBoard.value?.task_forces ?? {});
  open.sort(([, a], [, b]) => (/** @type {any} */ (a).started_at < /** @type {any} */ (b).started_at ? 1 : -1));
  return open.slice(0, TOGETHER).map(([stream]) => stream).sort().join(",");
});

/** Which facts are wanted, as text; empty where there are none. */
export const courseKey = computed(() => (streams.value ? `${streams.value}|${kind.value}|${within.value}` : ""));

/** How many are wanted. */
let wanted = PAGE;
let wantedOf = "";
/** @typedef {{facts: Fact[], floor: number, wanted: number}} Part `floor`: below it there are more; 0 where there are none */
/** @type {Map<string, Part>} what was read, by course */
let read = new Map();

/** @type {Asked<{facts: Fact[], more: boolean}>} */
export const course = new Asked(async (key, signal) => {
  const [names = "", which = "main", division = ""] = key.split("|");
  if (wantedOf !== key) [wantedOf, wanted, read] = [key, PAGE, new Map()];
  const parts = await Promise.all(names.split(",").map((name) => newest(name, which, division, signal)));
  const facts = parts.flatMap((part) => part.facts).sort((a, b) => b.position - a.position);
  // What was left out of one course may lie between those of another: nothing below that is shown.
  const floor = Math.max(0, ...parts.map((part) => part.floor));
  const shown = facts.filter((fact) => fact.position >= floor).slice(0, wanted);
  return { facts: shown, more: (floor > 0 || shown.length < facts.length) && wanted < MOST };
}, 2000);

/** What came after changes how what came before is shown. @param {Fact} fact */
const changes = (fact) => /_struck|\.corrected|\.overtaken/.test(fact.topic);

/** @param {string} name @param {string} which @param {string} division @param {AbortSignal} signal @returns {Promise<Part>} */
async function newest(name, which, division, signal) {
  const about = { newest: true, limit: wanted, topics: KINDS[which] ?? [], division };
  const before = read.get(name);
  let part = null;
  if (before && before.wanted === wanted) {
    const page = await get(`/task-forces/${name}/timeline`, { ...about, after: before.facts[0]?.position ?? 0 }, signal);
    const more = /** @type {Fact[]} */ (page.facts ?? []);
    if (!page.next && !more.some(changes)) {
      const facts = [...more, ...before.facts].slice(0, wanted);
      const cut = more.length + before.facts.length > wanted;
      part = { facts, floor: cut ? facts[facts.length - 1]?.position ?? 0 : before.floor, wanted };
    }
  }
  part = part ?? await fromTheTop(name, about, signal);
  read.set(name, part);
  return part;
}

/** @param {string} name @param {import("../lib/api.js").Query} about @param {AbortSignal} signal @returns {Promise<Part>} */
async function fromTheTop(name, about, signal) {
  /** @type {Fact[]} */
  const facts = [];
  let next = 0;
  // Where few of many facts are picked out, a page may end before it is full.
  for (let tries = 0; tries < 5 && facts.length < wanted; tries += 1) {
    const page = await get(`/task-forces/${name}/timeline`, { ...about, limit: wanted - facts.length, ...(next && { before: next }) }, signal);
    facts.push(...(page.facts ?? []));
    next = page.next ?? 0;
    if (!next) break;
  }
  return { facts, floor: next, wanted };
}

/** Earlier ones as well. */
export function earlier() {
  wanted = Math.min(MOST, wanted + PAGE);
  course.again();
}

/** When the task force itself did something last: its card is then read again. */
export const forceMoved = computed(() => {
  const facts = course.of(courseKey.value)?.facts ?? [];
  return facts.find((fact) => fact.stream === chosen.value)?.position ?? 0;
});

/** The name of the task force that is looked at. */
export const forceTitle = computed(() => force.value?.title ?? wholeBoard.value?.task_forces?.[chosen.value]?.title ?? "");
