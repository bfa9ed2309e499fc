// What inbox items make of a task: the same as `domain/task_state.py` does with its facts.

/** @typedef {import("./state.js").Card} Card @typedef {import("./state.js").Item} Item */

/** States in which something is still to be done. */
const OPEN = new Set(["waiting", "in_progress", "to_verify"]);

/** Whether something is still to be done. @param {{status: string}} card */
export const isOpen = (card) => OPEN.has(card.status);

/**
 * The card after an item; undefined where nothing is known of the task yet.
 * @param {Card | undefined} card
 * @param {Item} item
 * @returns {Card | undefined}
 */
export function folded(card, item) {
  const topic = (item.topic ?? "").replace(/\.v\d+$/, "");
  if (topic === "task.dispatched") return card && card.version >= (item.version ?? 1) ? card : dispatched(item);
  // The server's own reading of the card was later than this.
  if (!card || (item.version ?? 0) <= card.version) return card;
  const changes = changed(card, topic, item.data ?? {}, item);
  return { ...card, ...changes, version: item.version ?? card.version, last_at: item.recorded_at ?? card.last_at ?? "", unread: true };
}

/** @param {Item} item @returns {Card} */
function dispatched(item) {
  const data = item.data;
  return {
    task: /** @type {string} */ (item.stream), version: item.version ?? 1, status: "waiting",
    ...(item.task_force && { task_force: item.task_force }), division: item.division ?? null, role: data.role ?? null,
    unit: data.unit ?? false, open: data.open ?? false, claimed: false,
    order: orderOf(item, data.order), steps: data.steps ?? ["accept", "report"],
    dispatched_at: item.recorded_at ?? null,
    accept_by: data.accept_by ?? item.order?.accept_by ?? null, report_by: data.report_by ?? item.order?.report_by ?? null,
    drill: item.drill ?? false, amended: item.order?.amended ?? 0, passed_on_from: data.passed_on_from ?? null,
    last_at: item.recorded_at ?? "", unread: true, pending: [],
  };
}

/** @param {Item} item @param {string} order @returns {Card["order"]} */
function orderOf(item, order) {
  const given = item.order ?? {};
  return {
    order, task_force: item.task_force ?? null, title: given.title ?? null, place: given.place ?? null, level: given.level ?? null,
    text: given.text ?? null, form: given.form ?? [], open_to: given.open_to ?? null, withdrawn: given.withdrawn ?? false,
    ordered_by: given.ordered_by ?? null, division: given.division ?? null,
  };
}

const ANEW = { report: null, en_route: false, on_scene: false };

/**
 * @param {Card} card
 * @param {string} topic
 * @param {any} data
 * @param {Item} item
 * @returns {Partial<Card>}
 */
function changed(card, topic, data, item) {
  switch (topic) {
    case "task.accepted":
      return { status: "in_progress", claimed: card.open ?? false };
    case "task.en_route":
      return { en_route: true };
    case "task.on_scene":
      return { on_scene: true };
    case "task.household_visited":
      return { visits: visited(card, data) };
    case "task.reported":
      return { status: card.steps.includes("verify") ? "to_verify" : "closed", suspended: null, report: {
        text: data.text, filled: data.filled ?? null, photos: data.photos ?? [], reported_by: item.by ?? null } };
    case "task.verified":
      return { status: "closed", suspended: null };
    case "task.sent_back":
      return { status: "in_progress", sent_back: data.reason, ...ANEW };
    case "task.declined":
      return { status: "declined", declined: data.reason, claimed: false, suspended: null };
    case "task.withdrawn":
    case "task.cancelled":
      return { status: "withdrawn", withdrawn_because: data.reason ?? null, suspended: null };
    case "task.reassigned":
      return { status: "withdrawn", withdrawn_because: data.reason ?? null, reassigned_to: { person: data.to }, suspended: null };
    case "task.passed_on":
      return { passed_on: [...(card.passed_on ?? []), data.order] };
    case "task.suspended":
      return { suspended: { since: data.at ?? null, until: data.until ?? null, reason: data.reason } };
    case "task.resumed":
      return { suspended: null, accept_by: data.accept_by ?? card.accept_by ?? null, report_by: data.report_by ?? card.report_by ?? null };
    case "task.extended":
      return { report_by: data.report_by, overdue: (card.overdue ?? []).filter((step) => step !== "report") };
    case "task.reminded":
      return { reminded: { ...card.reminded, [data.awaited]: data.number } };
    case "task.supervised":
      return { supervised: data.text };
    case "task.amended":
      return amended(card, data, item);
    case "task.reopened":
      return { status: card.status === "declined" ? "waiting" : "in_progress", declined: null, overdue: [], reminded: {},
        accept_by: data.accept_by ?? card.accept_by ?? null, rated: null, evaluated: null, sent_back: data.reason ?? null, ...ANEW };
    case "task.rated":
      return { rated: { satisfied: data.satisfied, text: data.text ?? null } };
    case "task.evaluated":
      return { evaluated: { score: data.score, text: data.text ?? null } };
    default:
      return {};
  }
}

/** @param {Card} card @param {any} data @param {Item} item @returns {Partial<Card>} */
function amended(card, data, item) {
  const { text, form } = card.order;
  return {
    status: "waiting", amended: data.number, steps: data.steps ?? card.steps, suspended: null, overdue: [], reminded: {},
    accept_by: data.accept_by ?? item.order?.accept_by ?? null, report_by: data.report_by ?? item.order?.report_by ?? null,
    before: { text: text ?? null, form: form ?? [], report_by: card.report_by ?? null, steps: card.steps },
    ...(item.order && { order: orderOf(item, card.order.order) }), ...ANEW,
  };
}

/**
 * The latest visit to each household.
 * @param {Card} card
 * @param {{household: string, done: string, satisfied?: boolean | null}} visit
 */
export function visited(card, visit) {
  const others = (card.visits ?? []).filter((one) => one.household !== visit.household);
  return [...others, { household: visit.household, done: visit.done, satisfied: visit.satisfied ?? null }];
}

/**
 * What the server says a task is, in place of what was folded; what only this phone knows stays.
 * @param {Card | undefined} card
 * @param {any} read the answer of `GET /tasks/{task}`
 * @returns {Card}
 */
export function reread(card, read) {
  if (card && card.version > read.version) return card;
  const only = card && {
    ...(card.before !== undefined && card.amended === (read.amended ?? 0) && { before: card.before }),
    ...(card.sent_back && read.status === "in_progress" && !read.report && { sent_back: card.sent_back }),
    ...(card.withdrawn_because && { withdrawn_because: card.withdrawn_because }),
    ...(card.suspended?.reason && read.suspended && { suspended: { ...read.suspended, reason: card.suspended.reason } }),
    ...(card.mine && { mine: card.mine }), ...(card.unread && { unread: card.unread }), ...(card.last_at && { last_at: card.last_at }),
  };
  return { ...read, ...(read.order?.task_force && { task_force: read.order.task_force }), ...only, whole: true, pending: [] };
}
