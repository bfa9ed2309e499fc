// Whom an order is for: posts, a department as a whole, a group.
import { html } from "../vendor/htm-preact.js";
import { Button } from "../components/button.js";
import { Check, SelectField } from "../components/field.js";
import { named } from "../lib/names.js";
import { texts } from "../lib/texts.js";

/** @typedef {import("./plan-draft.js").Target} Target */

const ROLES = ["village_team_leader", "grid_head", "grid_worker", "household_contact", "village_official", "township_official", "township_commander", "duty_officer",
  "district_commander", "department_head", "department_officer", "enforcement_officer"];
/** @type {Record<string, string>} The tier at which a post usually is: a place there without a holder is vacant. */
const USUAL = { village_team_leader: "village", village_official: "village", grid_head: "grid", grid_worker: "grid", household_contact: "grid", township_official: "township", township_commander: "township", district_commander: "district" };
const TIERS = ["district", "township", "village", "grid"];
const KINDS = ["villagers_committee", "residents_committee", "other"];

/** A target in words. @param {Target} one @param {{departments: {department: string, name: string}[], groups: {group: string, name: string}[]}} known */
export function targetWords(one, known) {
  const t = texts("admin-plans").to;
  if (one.group) return known.groups.find((group) => group.group === one.group)?.name ?? t.unknown;
  const department = one.department ? (known.departments.find((each) => each.department === one.department)?.name ?? t.unknown) : "";
  if (!one.role) return department || t.nobody;
  return t.words(department, one.tier ? named("tiers", one.tier) : "", one.kind ? named("kinds", one.kind) : "", named("roles", one.role), Boolean(one.on_duty));
}

/**
 * @param {{value: Target[], onChange: (to: Target[]) => void, wrong: (at: string) => string | null, at: string,
 *   known: {departments: {department: string, name: string, dissolved: boolean}[], groups: {group: string, name: string, dissolved: boolean}[]}}} props
 */
export function Targets({ value, onChange, wrong, at, known }) {
  const t = texts("admin-plans").to;
  /** @param {number} n @param {Target} target */
  const put = (n, target) => onChange(value.map((one, place) => (place === n ? target : one)));
  return html`<div class="field" role="group" aria-label=${t.title}><span class="label">${t.title}</span>
    ${value.map((one, n) => html`<div key=${n} class="plan-target"><${TargetFields} one=${one} known=${known} put=${(/** @type {Target} */ target) => put(n, target)} />
      <${Button} kind="bare" icon="cross" label=${t.remove(targetWords(one, known))} onClick=${() => onChange(value.filter((_, place) => place !== n))} />
      ${wrong(`${at}/${n}`) && html`<p class="wrong" role="alert">${wrong(`${at}/${n}`)}</p>`}</div>`)}
    ${wrong(at) && html`<p class="wrong" role="alert">${wrong(at)}</p>`}
    <div class="acts"><${Button} icon="plus" onClick=${() => onChange([...value, { role: "grid_head", tier: "grid" }])}>${t.addPost}<//>
      ${known.departments.length > 0 && html`<${Button} icon="plus" onClick=${() => onChange([...value, { department: firstFree(value, known.departments.map((each) => each.department)) }])}>${t.addDepartment}<//>`}
      ${known.groups.length > 0 && html`<${Button} icon="plus" onClick=${() => onChange([...value, { group: known.groups[0]?.group ?? "" }])}>${t.addGroup}<//>`}</div></div>`;
}

/** As a line of its own begins. @param {string} words */
function sentence(words) {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** @param {Target[]} value @param {string[]} keys */
function firstFree(value, keys) {
  return keys.find((key) => !value.some((one) => one.department === key && !one.role)) ?? keys[0] ?? "";
}

/** @param {{one: Target, put: (target: Target) => void, known: {departments: {department: string, name: string}[], groups: {group: string, name: string}[]}}} props */
function TargetFields({ one, put, known }) {
  const t = texts("admin-plans").to;
  const departments = known.departments.map((each) => ({ value: each.department, label: each.name }));
  if (one.department && !departments.some((each) => each.value === one.department)) departments.push({ value: one.department, label: t.unknown });
  if (one.group !== undefined) {
    return html`<${SelectField} label=${t.group} value=${one.group} options=${known.groups.map((each) => ({ value: each.group, label: each.name }))} onInput=${(/** @type {string} */ group) => put({ group })} />`;
  }
  if (one.role === undefined) {
    return html`<${SelectField} label=${t.department} hint=${t.departmentHint} value=${one.department ?? ""} options=${departments} onInput=${(/** @type {string} */ department) => put({ department })} />`;
  }
  /** @param {Partial<Target>} changes */
  const set = (changes) => put(/** @type {Target} */ ({ ...one, ...changes }));
  return html`<div class="plan-post"><${SelectField} label=${t.role} value=${one.role} options=${ROLES.map((role) => ({ value: role, label: sentence(named("roles", role)) }))}
      onInput=${(/** @type {string} */ role) => put(/** @type {Target} */ ({ role, tier: USUAL[role], department: one.department, on_duty: one.on_duty || undefined }))} />
    <${SelectField} label=${t.tier} value=${one.tier ?? ""} options=${[{ value: "", label: t.anyTier }, ...TIERS.map((tier) => ({ value: tier, label: t.everyTier(named("tiers", tier)) }))]}
      onInput=${(/** @type {string} */ tier) => set({ tier: tier || undefined, kind: tier === "village" || !tier ? one.kind : undefined })} />
    ${(one.tier === "village" || one.kind) && html`<${SelectField} label=${t.kind} value=${one.kind ?? ""} options=${[{ value: "", label: t.anyKind }, ...KINDS.map((kind) => ({ value: kind, label: sentence(named("kinds", kind)) }))]}
      onInput=${(/** @type {string} */ kind) => set({ kind: kind || undefined })} />`}
    ${(one.department || /department|enforcement|duty/.test(one.role)) && html`<${SelectField} label=${t.ofDepartment} value=${one.department ?? ""} options=${[{ value: "", label: t.anyDepartment }, ...departments]}
      onInput=${(/** @type {string} */ department) => set({ department: department || undefined })} />`}
    <${Check} label=${t.onDuty} checked=${Boolean(one.on_duty)} onInput=${(/** @type {boolean} */ on) => set({ on_duty: on || undefined })} /></div>`;
}
