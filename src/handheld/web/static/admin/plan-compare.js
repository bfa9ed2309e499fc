// Two texts of a plan, and where they differ, in the words of the editor.
import { html } from "../vendor/htm-preact.js";
import { named } from "../lib/names.js";
import { texts } from "../lib/texts.js";
import { nameOf } from "./plan-basics.js";
import { bare, placeNames } from "./plan-draft.js";
import { STEPS_UNSAID } from "./plan-rules.js";
import { targetWords } from "./plan-targets.js";
import { span } from "./plan-time.js";

/** @typedef {import("./plan-draft.js").Plan} Plan @typedef {import("./plan-draft.js").Order} Order */

/**
 * What differs: part by part, as it is in the one and in the other.
 * @param {{before: Plan, after: Plan, words: {before: string, after: string}, known: {departments: any[], groups: any[]}}} props
 */
export function Compared({ before, after, words, known }) {
  const t = texts("admin-plans").compare;
  const one = lines(before, known);
  const other = lines(after, known);
  const rows = [...new Set([...one.keys(), ...other.keys()])].map((name) => ({ name, a: one.get(name) ?? "", b: other.get(name) ?? "" })).filter((row) => row.a !== row.b);
  if (!rows.length) return html`<p>${t.same}</p>`;
  return html`<div class="scroll"><table class="table plan-compare"><thead><tr><th>${t.part}</th><th>${words.before}</th><th>${words.after}</th></tr></thead>
    <tbody>${rows.map((row) => html`<tr key=${row.name}><th scope="row">${row.name}</th><td>${row.a || html`<span class="quiet">${t.nothing}</span>`}</td><td>${row.b || html`<span class="quiet">${t.nothing}</span>`}</td></tr>`)}</tbody></table></div>`;
}

/** A plan as lines: what a part is called, and what it says. @param {Plan} plan @param {{departments: any[], groups: any[]}} known */
function lines(plan, known) {
  const t = texts("admin-plans");
  /** @type {Map<string, string>} */
  const found = new Map();
  const name = (/** @type {string} */ key) => nameOf(known.departments, key) || t.basics.unknown(key);
  found.set(t.basics.name, plan.title.trim());
  found.set(t.basics.division, placeNames.get(plan.division) ?? plan.division);
  found.set(t.basics.level, plan.level ? named("levels", plan.level) : "");
  found.set(t.basics.lead, plan.lead ? name(plan.lead) : "");
  found.set(t.basics.responding, plan.responding.map(name).join(t.and));
  found.set(t.triggers.title, plan.triggers.map((one) => [one.event, named("warning_levels", one.at_least), one.level ? named("levels", one.level) : "", one.does === "start" ? t.triggers.atOnce : ""].filter(Boolean).join(" ")).join(t.and));
  plan.orders.forEach((order, n) => {
    for (const [part, words] of orderLines(order, known)) found.set(t.compare.ofOrder(n + 1, part), words);
  });
  return found;
}

/** @param {Order} order @param {{departments: any[], groups: any[]}} known @returns {[string, string][]} */
function orderLines(order, known) {
  const t = texts("admin-plans");
  const form = (order.form ?? []).map((field) => `${field.label}${field.unit ? t.compare.unit(field.unit) : ""}${field.required === false ? t.compare.optional : ""}${field.choices?.length ? `：${field.choices.join("/")}` : ""}`);
  const reminding = /** @type {const} */ (["remind_accept", "remind_report"]).map((rule) => {
    const value = order[rule];
    return value ? `${t.remind.of[rule]} ${span(value.after)}, ${span(value.every)} × ${value.most ?? 3}` : "";
  });
  return [
    [t.order.text, order.text.trim()],
    [t.to.title, order.to.map((one) => targetWords(one, known)).join(t.and)],
    [t.when.level, order.level ? named("levels", order.level) : ""],
    [t.when.after, order.after ? span(order.after) : ""],
    [t.when.every, order.every ? span(order.every) : ""],
    [t.steps.title, (order.steps ?? STEPS_UNSAID).map((step) => named("steps", step)).join(t.and)],
    [t.steps.accept, order.accept_within ? span(order.accept_within) : ""],
    [t.steps.report, order.report_within ? span(order.report_within) : ""],
    [t.steps.openTo, order.open_to === undefined ? "" : String(order.open_to)],
    [t.form.title, form.join(t.and)],
    [t.remind.title, reminding.filter(Boolean).join(t.and)],
    [t.wartime.title, order.wartime ? wartime(bare(order.wartime)) : ""],
  ];
}

/** @param {import("./plan-draft.js").Wartime} value */
function wartime(value) {
  const t = texts("admin-plans");
  return [value.accept_within ? t.steps.acceptIn(span(value.accept_within)) : "", value.report_within ? t.steps.reportIn(span(value.report_within)) : "",
    value.steps ? value.steps.map((step) => named("steps", step)).join(t.and) : ""].filter(Boolean).join(" · ") || t.wartime.same;
}
