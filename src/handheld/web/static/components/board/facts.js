// Facts of the log on a timeline: of which kind they are, and which of them are told together.
import { texts } from "../../lib/texts.js";

/** The kinds by which a timeline is filtered. */
export const KINDS = /** @type {const} */ (["command", "order", "progress", "report", "chasing", "finding", "warning", "message", "entry", "register"]);

/** @typedef {(typeof KINDS)[number]} Kind @typedef {import("../icons.js").IconName} IconName */

/** @type {Record<string, [Kind, IconName]>} */
const OF = {
  "task_force.order_foreseen": ["order", "order"], "task_force.order_issued": ["order", "order"], "task_force.order_amended": ["order", "order"],
  "task_force.order_withdrawn": ["order", "withdrawn"], "task_force.order_claimed": ["progress", "people"], "task_force.order_unclaimed": ["progress", "people"],
  "task_force.order_unfilled": ["chasing", "overdue"], "task_force.message_sent": ["message", "message"], "task_force.entry_made": ["entry", "entry"],
  "task_force.entry_struck": ["entry", "entry"], "task_force.corrected": ["entry", "entry"], "task_force.level_changed": ["command", "level"],
  "task_force.closed": ["command", "closed"], "task_force.cancelled": ["command", "withdrawn"], "task_force.department_called": ["command", "people"],
  "task_force.department_accepted": ["command", "people"], "task_force.person_pulled_in": ["command", "people"],
  "task.dispatched": ["order", "order"], "task.amended": ["order", "order"], "task.withdrawn": ["order", "withdrawn"], "task.cancelled": ["order", "withdrawn"],
  "task.reassigned": ["order", "forward"], "task.passed_on": ["order", "forward"], "task.delivered": ["progress", "download"], "task.read": ["progress", "entry"], "task.en_route": ["progress", "right"], "task.on_scene": ["progress", "place"],
  "task.declined": ["progress", "declined"], "task.accepted": ["progress", "in_progress"],
  "task.household_visited": ["report", "home"], "task.reported": ["report", "to_verify"], "task.verified": ["report", "check"], "task.sent_back": ["report", "undo"],
  "task.closed": ["report", "closed"], "task.rated": ["report", "check"], "task.evaluated": ["report", "check"], "task.reminded": ["chasing", "bell"],
  "task.escalated": ["chasing", "up"], "task.supervised": ["chasing", "shield"], "task.overdue": ["chasing", "overdue"], "task.suspended": ["progress", "pause"],
  "task.notice_begun": ["chasing", "phone"], "task.notice_attempted": ["chasing", "phone"], "task.notice_answered": ["chasing", "phone"],
  "task.corrected": ["entry", "entry"], "finding.corrected": ["entry", "entry"], "warning.corrected": ["entry", "entry"],
};

/** By the stream, where the topic says no more. @type {Record<string, [Kind, IconName]>} */
const BY_STREAM = {
  task_force: ["command", "shield"], task: ["progress", "in_progress"], finding: ["finding", "finding"], warning: ["warning", "warning"],
};

/** The topic without its version. @param {string} topic */
export const plainTopic = (topic) => topic.replace(/\.v\d+$/, "");

/** Icons that stand for a state have its colour, too. */
const STATE_ICONS = new Set(["in_progress", "to_verify", "closed", "declined", "withdrawn", "overdue"]);

/**
 * The kind of a fact, its icon, and the class of the icon.
 * @param {string} topic
 * @returns {{kind: Kind, icon: IconName, tone: string}}
 */
export function kindOf(topic) {
  const plain = plainTopic(topic);
  const [kind, icon] = OF[plain] ?? BY_STREAM[plain.split(".")[0] ?? ""] ?? ["register", "people"];
  const tone = kind === "warning" || kind === "finding" ? "is-waiting" : STATE_ICONS.has(icon) ? `is-${icon}` : "";
  return { kind, icon, tone };
}

/** What happens in such a fact, in one or two words. @param {string} topic */
export function topicWords(topic) {
  const words = /** @type {Record<string, string>} */ (texts("board").topics);
  return words[plainTopic(topic)] ?? texts("board").kinds[kindOf(topic).kind];
}

/** When it happened; the log's time where it does not say. @param {import("./types.js").Fact} fact */
export const happened = (fact) => fact.occurred_at ?? fact.recorded_at ?? null;

/**
 * @typedef {import("./types.js").Fact} Fact
 * @typedef {{key: string, fact: Fact, group: null} | {key: string, fact: Fact, group: Fact[]}} Line
 */

/** What many people do at once is told together; what somebody decided never is. */
const FOLDED = /^task\.(dispatched|delivered|read|accepted|en_route|on_scene|household_visited|reported|verified|closed|reminded|escalated|overdue|amended|withdrawn|notice_\w+|rated|evaluated|cancelled)\./;
const TOGETHER = 4;

/**
 * The lines of a timeline: facts of one kind within a minute become one line, at the place of the first of them here.
 * @param {readonly Fact[]} facts
 * @returns {Line[]}
 */
export function folded(facts) {
  /** @type {Map<string, Fact[]>} */
  const groups = new Map();
  /** @param {Fact} fact */
  const keyOf = (fact) => (FOLDED.test(fact.topic) && !fact.marks ? `${fact.topic} ${(happened(fact) ?? "").slice(0, 16)}` : null);
  for (const fact of facts) {
    const key = keyOf(fact);
    if (key) groups.set(key, [...(groups.get(key) ?? []), fact]);
  }
  /** @type {Line[]} */
  const lines = [];
  const told = new Set();
  for (const fact of facts) {
    const key = keyOf(fact);
    const group = key ? (groups.get(key) ?? []) : [];
    if (!key || group.length < TOGETHER) lines.push({ key: String(fact.position), fact, group: null });
    else if (!told.has(key)) {
      told.add(key);
      lines.push({ key, fact, group });
    }
  }
  return lines;
}

/** What was sent with it: photos and voice. @param {Fact} fact @returns {{sha256: string, media?: string}[]} */
export const attachmentsOf = (fact) => [...(fact.data?.["photos"] ?? []), ...(fact.data?.["voice"] ?? [])].filter((one) => one?.sha256);
