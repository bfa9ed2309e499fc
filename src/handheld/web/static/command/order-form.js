// An order as it is written: the words, for whom, by when, what a report has to tell.
import { html } from "../vendor/htm-preact.js";
import { useState } from "../vendor/preact-hooks.js";
import { texts } from "../lib/texts.js";
import { Button } from "../components/button.js";
import { Check, SelectField, TextField } from "../components/field.js";
import { NOBODY, Picker, addressed, anybody } from "./pick.js";

/**
 * @typedef {{text: string, picked: import("./pick.js").Picked, accept: string, report: string, scene: boolean,
 *   verify: boolean, photo: boolean, numbers: {label: string, unit: string}[], openTo: string}} Draft
 */

const WITHIN = [900, 1800, 3600, 7200, 14400, 28800, 86400, 259200];

/** An order of which nothing is known yet. @returns {Draft} */
export const emptyOrder = () => ({ text: "", picked: NOBODY, accept: "1800", report: "14400", scene: false, verify: false, photo: false, numbers: [], openTo: "" });

/** What is still to be said, in words. @param {Draft} draft */
export function orderMissing(draft) {
  const t = texts("command");
  if (!draft.text.trim()) return t.needs.orderText;
  if (!anybody(draft.picked)) return t.needs.whom;
  if (draft.openTo && !/^[1-9]\d*$/.test(draft.openTo)) return t.needs.openTo;
  return draft.numbers.some((one) => !one.label.trim()) ? t.needs.numberLabel : null;
}

/** The order as a command says it. @param {Draft} draft */
export function orderOf(draft) {
  const form = [
    ...draft.numbers.map((one) => ({ key: keyOf(one), label: one.label.trim(), kind: "number", ...(one.unit.trim() && { unit: one.unit.trim() }) })),
    ...(draft.photo ? [{ key: "photo", label: texts("command").order.photoLabel, kind: "photo" }] : []),
  ];
  return {
    text: draft.text.trim(),
    ...addressed(draft.picked),
    steps: ["accept", ...(draft.scene ? ["en_route", "on_scene"] : []), "report", ...(draft.verify ? ["verify"] : [])],
    ...(draft.accept && { accept_within: Number(draft.accept) }),
    ...(draft.report && { report_within: Number(draft.report) }),
    ...(form.length && { form }),
    ...(draft.openTo && { open_to: Number(draft.openTo) }),
  };
}

/** Numbers of one key are summed up the tiers: what is called the same is summed together, nothing else. @param {{label: string, unit: string}} one */
function keyOf(one) {
  let sum = 0;
  for (const sign of `${one.label.trim()}|${one.unit.trim()}`) sum = (Math.imul(sum, 31) + (sign.codePointAt(0) ?? 0)) >>> 0;
  return `n${sum.toString(36)}`;
}

/** So long, to choose from. @param {number | null} [also] seconds that must be among them */
export function withinOptions(also) {
  const t = texts("command").moment;
  const all = also && !WITHIN.includes(also) ? [...WITHIN, also].sort((a, b) => a - b) : WITHIN;
  return all.map((seconds) => ({ value: String(seconds), label: t.within(seconds) }));
}

/**
 * @param {{value: Draft, onChange: (value: Draft) => void, division: string | null, autofocus?: boolean}} props
 */
export function OrderFields({ value, onChange, division, autofocus }) {
  const t = texts("command");
  const [more, setMore] = useState(false);
  /** @param {Partial<Draft>} changes */
  const set = (changes) => onChange({ ...value, ...changes });
  const none = { value: "", label: t.moment.none };
  return html`<${TextField} label=${t.order.text} lines=${3} value=${value.text} onInput=${(/** @type {string} */ text) => set({ text })} required autofocus=${autofocus}
      placeholder=${t.order.textHint} maxLength=${4000} />
    <${Picker} label=${t.order.whom} value=${value.picked} onChange=${(/** @type {import("./pick.js").Picked} */ picked) => set({ picked })} mode="order" division=${division} />
    <div class="pair"><${SelectField} label=${t.order.accept} value=${value.accept} onInput=${(/** @type {string} */ accept) => set({ accept })} options=${[none, ...withinOptions()]} />
      <${SelectField} label=${t.order.report} value=${value.report} onInput=${(/** @type {string} */ report) => set({ report })} options=${[none, ...withinOptions()]} /></div>
    <div class="checks"><${Check} label=${t.order.photo} checked=${value.photo} onInput=${(/** @type {boolean} */ photo) => set({ photo })} />
      <${Check} label=${t.order.verify} checked=${value.verify} onInput=${(/** @type {boolean} */ verify) => set({ verify })} />
      ${!more && html`<${Button} kind="bare" icon="more" onClick=${() => setMore(true)}>${t.order.more}<//>`}</div>
    ${more && html`<${More} value=${value} set=${set} />`}`;
}

/** @param {{value: Draft, set: (changes: Partial<Draft>) => void}} props */
function More({ value, set }) {
  const t = texts("command");
  /** @param {number} at @param {Partial<{label: string, unit: string}>} changes */
  const change = (at, changes) => set({ numbers: value.numbers.map((one, n) => (n === at ? { ...one, ...changes } : one)) });
  return html`<${Check} label=${t.order.scene} checked=${value.scene} onInput=${(/** @type {boolean} */ scene) => set({ scene })} />
    <${TextField} label=${t.order.openTo} hint=${t.order.openToHint} value=${value.openTo} inputMode="numeric" onInput=${(/** @type {string} */ openTo) => set({ openTo })} />
    <div class="field" role="group" aria-label=${t.order.numbers}><span class="label">${t.order.numbers}</span><p class="hint">${t.order.numbersHint}</p>
      ${value.numbers.map((one, at) => html`<div key=${at} class="number-line">
        <${TextField} label=${t.order.numberLabel} value=${one.label} onInput=${(/** @type {string} */ label) => change(at, { label })} placeholder=${t.order.numberHint} maxLength=${40} />
        <${TextField} label=${t.order.numberUnit} value=${one.unit} onInput=${(/** @type {string} */ unit) => change(at, { unit })} placeholder=${t.order.unitHint} maxLength=${10} />
        <${Button} kind="bare" icon="cross" label=${t.order.numberRemove(one.label)} onClick=${() => set({ numbers: value.numbers.filter((_, n) => n !== at) })} /></div>`)}
      ${value.numbers.length < 8 && html`<div><${Button} icon="plus" onClick=${() => set({ numbers: [...value.numbers, { label: "", unit: "" }] })}>${t.order.numberAdd}<//></div>`}</div>`;
}
