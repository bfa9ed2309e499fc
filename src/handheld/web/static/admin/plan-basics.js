// What a plan is called, where it holds, who leads, and which warnings it answers.
import { html } from "../vendor/htm-preact.js";
import { Button } from "../components/button.js";
import { Check, SelectField, TextField } from "../components/field.js";
import { named } from "../lib/names.js";
import { texts } from "../lib/texts.js";
import { DivisionField } from "./parts.js";

export const LEVELS = /** @type {const} */ (["IV", "III", "II", "I"]);
const COLOURS = /** @type {const} */ (["blue", "yellow", "orange", "red"]);

/**
 * @typedef {import("./plan-draft.js").Plan} Plan
 * @typedef {{plan: Plan, set: (changes: Partial<Plan>) => void, wrong: (at: string) => string | null}} Editing
 * @typedef {{department: string, name: string, dissolved: boolean}} Department
 */

/** The levels to choose from. @param {string} none what is said where none is chosen */
export function levelOptions(none) {
  return [{ value: "", label: none }, ...LEVELS.map((one) => ({ value: one, label: named("levels", one) }))];
}

/** @param {Editing & {departments: Department[], unregistered: {department: string, name: string}[], fresh: boolean}} props */
export function Basics({ plan, set, wrong, departments, unregistered, fresh }) {
  const t = texts("admin-plans").basics;
  const options = departments.map((one) => ({ value: one.department, label: one.name }));
  const lead = plan.lead ?? "";
  const missing = (/** @type {string} */ key) => t.unknown(unregistered.find((one) => one.department === key)?.name ?? key);
  const gone = [lead, ...plan.responding].filter((key) => key && !departments.some((one) => one.department === key));
  return html`<section class="panel plan-part" aria-labelledby="plan-basics"><header><h2 id="plan-basics">${t.title}</h2></header><div class="body form">
    <${TextField} label=${t.name} value=${plan.title} onInput=${(/** @type {string} */ title) => set({ title })} wrong=${wrong("title")} required maxLength=${200} placeholder=${t.nameHint} />
    <div><${DivisionField} label=${t.division} value=${plan.division} onInput=${(/** @type {string} */ division) => set({ division })} />
      ${wrong("division") && html`<p class="wrong" role="alert">${wrong("division")}</p>`}<p class="hint">${t.divisionHint}</p></div>
    <div class="two"><${SelectField} label=${t.level} hint=${t.levelHint} value=${plan.level ?? ""} options=${levelOptions(t.noLevel)}
        onInput=${(/** @type {string} */ to) => set({ level: /** @type {any} */ (to || undefined) })} />
      <${SelectField} label=${t.lead} value=${lead} wrong=${wrong("lead")} options=${[{ value: "", label: t.noLead }, ...options, ...(lead && gone.includes(lead) ? [{ value: lead, label: missing(lead) }] : [])]}
        onInput=${(/** @type {string} */ to) => set({ lead: to || undefined, responding: plan.responding.filter((one) => one !== to) })} /></div>
    <div class="field" role="group" aria-label=${t.responding}><span class="label">${t.responding}</span>
      <div class="chips">${plan.responding.map((key) => html`<button key=${key} type="button" class="chip-button" onClick=${() => set({ responding: plan.responding.filter((one) => one !== key) })}
        title=${t.without(nameOf(departments, key))}>${nameOf(departments, key) || missing(key)}<span aria-hidden="true">×</span><span class="only-heard">${t.remove}</span></button>`)}
        <${Adding} label=${t.addResponding} options=${options.filter((one) => one.value !== lead && !plan.responding.includes(one.value))} onAdd=${(/** @type {string} */ key) => set({ responding: [...plan.responding, key] })} /></div>
      ${wrong("responding") && html`<p class="wrong" role="alert">${wrong("responding")}</p>`}</div>
    ${fresh && html`<details class="quiet-details"><summary>${t.more}</summary><${TextField} label=${t.key} hint=${t.keyHint} value=${plan.plan} wrong=${wrong("plan")} maxLength=${40}
      onInput=${(/** @type {string} */ key) => set({ plan: key.toLowerCase().replace(/[^a-z0-9-]/g, "") })} /></details>`}
  </div></section>`;
}

/** @param {Department[]} departments @param {string} key */
export function nameOf(departments, key) {
  return departments.find((one) => one.department === key)?.name ?? "";
}

/** One more of a list. @param {{label: string, options: {value: string, label: string}[], onAdd: (value: string) => void}} props */
export function Adding({ label, options, onAdd }) {
  if (!options.length) return null;
  return html`<select class="input adding" aria-label=${label} value="" onChange=${(/** @type {Event} */ event) => {
    const at = /** @type {HTMLSelectElement} */ (event.target);
    if (at.value) onAdd(at.value);
    at.value = "";
  }}><option value="">${label}</option>${options.map((one) => html`<option key=${one.value} value=${one.value}>${one.label}</option>`)}</select>`;
}

/** Which warnings it answers. @param {Editing} props */
export function Triggers({ plan, set, wrong }) {
  const t = texts("admin-plans").triggers;
  /** @param {number} at @param {Partial<import("./plan-draft.js").Trigger>} changes */
  const change = (at, changes) => set({ triggers: plan.triggers.map((one, n) => (n === at ? { ...one, ...changes } : one)) });
  return html`<section class="panel plan-part" aria-labelledby="plan-triggers"><header><h2 id="plan-triggers">${t.title}</h2>
      <${Button} icon="plus" onClick=${() => set({ triggers: [...plan.triggers, { event: "", at_least: "orange", does: "propose" }] })}>${t.add}<//></header>
    <div class="body form">${!plan.triggers.length && html`<p class="quiet small">${t.none}</p>`}
      ${plan.triggers.map((one, n) => html`<div key=${n} class="plan-trigger" role="group" aria-label=${t.one(n + 1)}>
        <${TextField} label=${t.event} value=${one.event} onInput=${(/** @type {string} */ event) => change(n, { event })} placeholder=${t.eventHint} wrong=${wrong(`triggers/${n}`)} maxLength=${40} />
        <${SelectField} label=${t.atLeast} value=${one.at_least} onInput=${(/** @type {string} */ to) => change(n, { at_least: to })} options=${COLOURS.map((colour) => ({ value: colour, label: t.orHigher(named("warning_levels", colour), colour === "red") }))} />
        <${SelectField} label=${t.level} value=${one.level ?? ""} onInput=${(/** @type {string} */ to) => change(n, { level: /** @type {any} */ (to || undefined) })} options=${levelOptions(t.ownLevel)} />
        <${Button} kind="bare" icon="cross" label=${t.remove(one.event)} onClick=${() => set({ triggers: plan.triggers.filter((_, at) => at !== n) })} />
        <${Check} label=${t.atOnce} checked=${one.does === "start"} onInput=${(/** @type {boolean} */ on) => change(n, { does: on ? "start" : "propose" })} /></div>`)}
      ${plan.triggers.some((one) => one.does === "start") && html`<p class="hint">${t.atOnceHint}</p>`}</div></section>`;
}
