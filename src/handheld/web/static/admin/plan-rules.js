// When an order is given, how those are reminded who let it wait, and what is otherwise at war posture.
import { html } from "../vendor/htm-preact.js";
import { Check, SelectField } from "../components/field.js";
import { named } from "../lib/names.js";
import { texts } from "../lib/texts.js";
import { LEVELS } from "./plan-basics.js";
import { NumberField, SpanField } from "./plan-time.js";

/**
 * @typedef {import("./plan-draft.js").Order} Order
 * @typedef {{order: Order, set: (changes: Partial<Order>) => void, wrong: (at: string) => string | null, at: string}} Editing
 */

export const STEPS = /** @type {const} */ (["en_route", "on_scene", "report", "verify"]);
const ALL = /** @type {readonly string[]} */ (["accept", ...STEPS]);
export const STEPS_UNSAID = ["accept", "report"];

/** When it is called. @param {Editing} props */
export function When({ order, set, wrong, at }) {
  const t = texts("admin-plans").when;
  return html`<div class="plan-pairs"><${SelectField} label=${t.level} value=${order.level ?? ""} options=${[{ value: "", label: t.start }, ...LEVELS.map((one) => ({ value: one, label: t.reached(named("levels", one)) }))]}
      onInput=${(/** @type {string} */ to) => set({ level: /** @type {any} */ (to || undefined) })} />
    <${SpanField} label=${t.after} value=${order.after} none=${t.atOnce} wrong=${wrong(`${at}/after`)} onInput=${(/** @type {number | undefined} */ after) => set({ after })} />
    <${SpanField} label=${t.every} value=${order.every} none=${t.once} wrong=${wrong(`${at}/every`)} onInput=${(/** @type {number | undefined} */ every) => set({ every })} /></div>`;
}

/** Which steps it has, and by when. @param {Editing} props */
export function Steps({ order, set, wrong, at }) {
  const t = texts("admin-plans").steps;
  const steps = order.steps ?? STEPS_UNSAID;
  /** @param {string} step @param {boolean} on */
  const toggle = (step, on) => set({ steps: ALL.filter((one) => (one === step ? on : steps.includes(one))) });
  return html`<div class="field" role="group" aria-label=${t.title}><span class="label">${t.title}</span>
      <div class="plan-steps"><span class="check quiet">✓ ${named("steps", "accept")}</span>${STEPS.map((step) => html`<${Check} key=${step} label=${named("steps", step)} checked=${steps.includes(step)} onInput=${(/** @type {boolean} */ on) => toggle(step, on)} />`)}</div>
      ${wrong(`${at}/steps`) && html`<p class="wrong" role="alert">${wrong(`${at}/steps`)}</p>`}</div>
    <div class="plan-pairs"><${SpanField} label=${t.accept} value=${order.accept_within} wrong=${wrong(`${at}/accept_within`)} onInput=${(/** @type {number | undefined} */ to) => set({ accept_within: to })} />
      <${SpanField} label=${t.report} value=${order.report_within} wrong=${wrong(`${at}/report_within`)} onInput=${(/** @type {number | undefined} */ to) => set({ report_within: to })} />
      <${NumberField} label=${t.openTo} value=${order.open_to} placeholder=${t.everybody} wrong=${wrong(`${at}/open_to`)} onInput=${(/** @type {number | undefined} */ to) => set({ open_to: to })} /></div>`;
}

/** Reminders, then whom is told. @param {Editing} props */
export function Reminders({ order, set, wrong, at }) {
  const t = texts("admin-plans").remind;
  const rules = /** @type {const} */ (["remind_accept", "remind_report"]);
  return html`<div class="field" role="group" aria-label=${t.title}><span class="label">${t.title}</span>${rules.map((rule) => {
    const value = order[rule];
    const name = t.of[rule];
    return html`<div key=${rule} class="plan-rule"><${Check} label=${name} checked=${Boolean(value)} onInput=${(/** @type {boolean} */ on) => set({ [rule]: on ? { after: 1800, every: 900, most: 2 } : undefined })} />
      ${value && html`<div class="plan-pairs"><${SpanField} label=${t.first[rule]} value=${value.after} quick=${60} onInput=${(/** @type {number | undefined} */ after) => set({ [rule]: { ...value, after: after ?? 0 } })} />
        <${SpanField} label=${t.every} value=${value.every} quick=${60} onInput=${(/** @type {number | undefined} */ every) => set({ [rule]: { ...value, every: every ?? 0 } })} />
        <${NumberField} label=${t.most} value=${value.most ?? 3} onInput=${(/** @type {number | undefined} */ most) => set({ [rule]: { ...value, most: most ?? 0 } })} /></div>`}
      ${wrong(`${at}/${rule}`) && html`<p class="wrong" role="alert">${wrong(`${at}/${rule}`)}</p>`}</div>`;
  })}${(order.remind_accept || order.remind_report) && html`<p class="hint">${t.then}</p>`}</div>`;
}

/** What is otherwise in a division at war posture. @param {Editing} props */
export function WartimeFields({ order, set, wrong, at }) {
  const t = texts("admin-plans").wartime;
  const value = order.wartime;
  const usual = order.steps ?? STEPS_UNSAID;
  const left = value?.steps ?? usual;
  return html`<div class="plan-rule"><${Check} label=${t.title} checked=${Boolean(value)} onInput=${(/** @type {boolean} */ on) => set({ wartime: on ? { accept_within: half(order.accept_within), report_within: half(order.report_within) } : undefined })} />
    ${value && html`<div class="plan-pairs"><${SpanField} label=${t.accept} value=${value.accept_within} none=${t.same} onInput=${(/** @type {number | undefined} */ to) => set({ wartime: { ...value, accept_within: to } })} />
      <${SpanField} label=${t.report} value=${value.report_within} none=${t.same} onInput=${(/** @type {number | undefined} */ to) => set({ wartime: { ...value, report_within: to } })} /></div>
      <div class="plan-steps" role="group" aria-label=${t.steps}>${usual.filter((step) => step !== "accept").map((step) => html`<${Check} key=${step} label=${named("steps", step)} checked=${left.includes(step)}
        onInput=${(/** @type {boolean} */ on) => set({ wartime: { ...value, steps: wanted(usual.filter((one) => (one === step ? on : left.includes(one))), usual) } })} />`)}</div>`}
    ${wrong(`${at}/wartime`) && html`<p class="wrong" role="alert">${wrong(`${at}/wartime`)}</p>`}</div>`;
}

/** The same steps as usual need not be said. @param {string[]} steps @param {string[]} usual */
function wanted(steps, usual) {
  return steps.length === usual.length ? undefined : steps;
}

/** @param {number | undefined} seconds */
function half(seconds) {
  return seconds && seconds >= 120 ? Math.round(seconds / 120) * 60 : seconds;
}
