// What a report of an order has to tell: numbers that are summed up the tiers, choices, words, photos, visits.
import { html } from "../vendor/htm-preact.js";
import { Button } from "../components/button.js";
import { Check, SelectField, TextField } from "../components/field.js";
import { texts } from "../lib/texts.js";
import { newKey } from "./plan-draft.js";
import { NumberField } from "./plan-time.js";

/** @typedef {import("./plan-draft.js").FormField} FormField */

const KINDS = /** @type {const} */ (["number", "choice", "text", "photo", "visits"]);
const MOST = 12;

/**
 * @param {{value: FormField[], onChange: (form: FormField[]) => void, wrong: (at: string) => string | null, at: string,
 *   others: {key: string, label: string, unit: string | undefined, number: number}[]}} props `others`: the numbers that other orders ask for
 */
export function FormFields({ value, onChange, wrong, at, others }) {
  const t = texts("admin-plans").form;
  /** @param {number} n @param {Partial<FormField>} changes */
  const change = (n, changes) => onChange(value.map((one, place) => (place === n ? { ...one, ...changes } : one)));
  /** @param {typeof KINDS[number]} kind */
  const add = (kind) => onChange([...value, { key: newKey(kind), label: kind === "photo" || kind === "visits" ? t.usual[kind] : "", kind, ...(kind === "choice" && { choices: ["", ""] }), required: true }]);
  return html`<div class="field" role="group" aria-label=${t.title}><span class="label">${t.title}</span>${!value.length && html`<p class="hint">${t.none}</p>`}
    ${value.map((one, n) => html`<${Field} key=${one.key + n} one=${one} others=${others} wrong=${wrong(`${at}/${n}`)} change=${(/** @type {Partial<FormField>} */ changes) => change(n, changes)}
      remove=${() => onChange(value.filter((_, place) => place !== n))} up=${n ? () => onChange(swapped(value, n)) : undefined} />`)}
    ${wrong(at) && html`<p class="wrong" role="alert">${wrong(at)}</p>`}
    ${value.length < MOST && html`<div class="acts">${KINDS.map((kind) => html`<${Button} key=${kind} icon="plus" onClick=${() => add(kind)}>${t.kinds[kind]}<//>`)}</div>`}</div>`;
}

/** One place earlier. @template T @param {T[]} list @param {number} at */
export function swapped(list, at) {
  const next = [...list];
  next.splice(at - 1, 0, ...next.splice(at, 1));
  return next;
}

/** @param {{one: FormField, others: {key: string, label: string, unit: string | undefined, number: number}[], wrong: string | null, change: (changes: Partial<FormField>) => void, remove: () => void, up?: (() => void) | undefined}} props */
function Field({ one, others, wrong, change, remove, up }) {
  const t = texts("admin-plans").form;
  const kind = /** @type {typeof KINDS[number]} */ (one.kind);
  const summed = others.find((other) => other.key === one.key);
  return html`<div class="plan-field" role="group" aria-label=${t.one(t.kinds[kind], one.label)}>
    <div class="plan-field-head"><span class="tag">${t.kinds[kind]}</span><${Check} label=${t.required} checked=${one.required !== false} onInput=${(/** @type {boolean} */ on) => change({ required: on })} />
      ${up && html`<${Button} kind="bare" icon="up" label=${t.up(one.label)} onClick=${up} />`}<${Button} kind="bare" icon="cross" label=${t.remove(one.label)} onClick=${remove} /></div>
    <div class="plan-field-parts kind-${kind}"><${TextField} label=${t.label} value=${one.label} onInput=${(/** @type {string} */ label) => change({ label })} placeholder=${t.hints[kind]} maxLength=${60} wrong=${wrong} />
    ${kind === "number" && html`<${TextField} label=${t.unit} value=${one.unit ?? ""} onInput=${(/** @type {string} */ unit) => change({ unit: unit || undefined })} placeholder=${t.unitHint} maxLength=${10} />
      <${NumberField} label=${t.most} value=${one.most} onInput=${(/** @type {number | undefined} */ most) => change({ most })} placeholder=${t.mostHint} />
      ${others.length > 0 && html`<${SelectField} label=${t.sum} value=${summed ? summed.key : ""} options=${[{ value: "", label: t.alone }, ...others.map((other) => ({ value: other.key, label: t.with(other.number, other.label) }))]}
        onInput=${(/** @type {string} */ key) => change({ key: key || newKey("number") })} />`}`}
    ${kind === "choice" && html`<${TextField} label=${t.choices} hint=${t.choicesHint} lines=${3} value=${(one.choices ?? []).join("\n")} onInput=${(/** @type {string} */ text) => change({ choices: text.split("\n") })} />`}</div></div>`;
}
