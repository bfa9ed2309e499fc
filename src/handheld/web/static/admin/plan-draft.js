// A plan as it is written: kept in this browser until it is saved, and what of it differs.
import { commandId } from "../lib/api.js";

/**
 * @typedef {"I" | "II" | "III" | "IV"} Level
 * @typedef {{role?: string | undefined, tier?: string | undefined, kind?: string | undefined, department?: string | undefined, group?: string | undefined, on_duty?: boolean | undefined}} Target
 * @typedef {{after: number, every: number, most?: number | undefined}} Reminding
 * @typedef {{accept_within?: number | undefined, report_within?: number | undefined, steps?: string[] | undefined}} Wartime
 * @typedef {{key: string, label: string, kind: string, required?: boolean | undefined, choices?: string[] | undefined, unit?: string | undefined, most?: number | undefined}} FormField
 * @typedef {{key: string, text: string, to: Target[], steps?: string[] | undefined, accept_within?: number | undefined, report_within?: number | undefined,
 *   form?: FormField[] | undefined, open_to?: number | undefined, level?: Level | undefined, after?: number | undefined, every?: number | undefined,
 *   remind_accept?: Reminding | undefined, remind_report?: Reminding | undefined, wartime?: Wartime | undefined}} Order
 * @typedef {{event: string, at_least: string, does?: string | undefined, level?: Level | undefined}} Trigger
 * @typedef {{plan: string, title: string, division: string, level?: Level | undefined, triggers: Trigger[], lead?: string | undefined, responding: string[], orders: Order[]}} Plan
 * @typedef {{plan: Plan, version: number}} Draft `version`: of the stream as it was when the writing began; 0 of a new one
 */

/** What divisions are called, as far as the server has told. @type {Map<string, string>} */
export const placeNames = new Map();

const BEFORE = "handheld_plan ";

/** What nobody has said is left out, so that two plans that say the same are the same. @template T @param {T} value @returns {T} */
export function bare(value) {
  if (Array.isArray(value)) return /** @type {any} */ (value.map(bare));
  if (!value || typeof value !== "object") return value;
  const kept = Object.entries(value).filter(([, one]) => one !== null && one !== undefined && one !== "");
  return /** @type {any} */ (Object.fromEntries(kept.map(([name, one]) => [name, bare(one)])));
}

/** A plan as the server shows it, as one that is written. @param {any} card @returns {Plan} */
export function planOf(card) {
  if (card.division.name) placeNames.set(card.division.code, card.division.name);
  const { title, orders, ...more } = bare({
    plan: card.plan, title: card.title, division: card.division.code ?? card.division, level: card.level, triggers: card.triggers ?? [],
    lead: card.lead ? keyOf(card.lead) : null, responding: (card.responding ?? []).map(keyOf), orders: card.orders,
  });
  return /** @type {any} */ ({ ...more, title: title ?? "", orders: orders.map((/** @type {any} */ order) => ({ ...order, text: order.text ?? "" })) });
}

/** @param {string | {unit: string}} unit */
function keyOf(unit) {
  return (typeof unit === "string" ? unit : unit.unit).replace(/^department-/, "");
}

/** A key that nobody has yet. @param {string} before */
export function newKey(before) {
  return `${before}-${commandId().slice(20)}`;
}

/** An order of which nothing is known. @returns {Order} */
export function newOrder() {
  return { key: newKey("order"), text: "", to: [], steps: ["accept", "report"], accept_within: 3600, report_within: 14400, form: [] };
}

/** @param {string} division @returns {Plan} */
export function newPlan(division) {
  return { plan: newKey("plan"), title: "", division, triggers: [], responding: [], orders: [newOrder()] };
}

/** What is sent: words without blanks around them, nothing empty. @param {Plan} plan */
export function sent(plan) {
  return { ...bare(plan), title: plan.title.trim(), orders: plan.orders.map((order) => ({ ...bare(order), text: order.text.trim(),
    form: (order.form ?? []).map((field) => ({ ...bare(field), label: field.label.trim(), ...(field.choices && { choices: field.choices.map((one) => one.trim()).filter(Boolean) }) })) })),
    triggers: plan.triggers.map((one) => ({ ...bare(one), event: one.event.trim() })) };
}

/** Whether two plans say the same. @param {Plan} one @param {Plan} other */
export function same(one, other) {
  return sorted(sent(one)) === sorted(sent(other));
}

/** @param {unknown} value @returns {string} */
function sorted(value) {
  return JSON.stringify(value, (_, one) => (one && typeof one === "object" && !Array.isArray(one) ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1))) : one));
}

/** @param {string} key @returns {Draft | null} */
export function kept(key) {
  try {
    const found = JSON.parse(localStorage.getItem(BEFORE + key) ?? "null");
    return found && Array.isArray(found.plan?.orders) ? found : null;
  } catch {
    return null; // storage is shut, or holds something else: as if nothing were kept
  }
}

/** @param {string} key @param {Draft | null} draft */
export function keep(key, draft) {
  try {
    if (draft) localStorage.setItem(BEFORE + key, JSON.stringify(draft));
    else localStorage.removeItem(BEFORE + key);
  } catch {
    // Storage is shut or full: the draft lives as long as the page.
  }
}

/** What was begun and not saved. @returns {{key: string, title: string, where: Record<string, string>}[]} */
export function drafts() {
  const found = [];
  try {
    for (let i = 0; i < localStorage.length; i += 1) {
      const name = localStorage.key(i) ?? "";
      if (!name.startsWith(BEFORE)) continue;
      const key = name.slice(BEFORE.length);
      const draft = kept(key);
      /** @type {Record<string, string>} */
      const where = key.startsWith("from ") ? { from: key.slice(5) } : { plan: key };
      if (draft) found.push({ key, title: draft.plan.title, where });
    }
  } catch {
    return [];
  }
  return found;
}
