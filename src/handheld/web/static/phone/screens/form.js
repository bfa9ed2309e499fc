// The report form of an order: numbers with big steppers, choices as large buttons, words.
import { html } from "../../vendor/htm-preact.js";
import { useId } from "../../vendor/preact-hooks.js";
import { Button } from "../../components/button.js";
import { TextField } from "../../components/field.js";
import { Icon } from "../../components/icons.js";
import { texts } from "../../lib/texts.js";

/**
 * @typedef {import("../store/state.js").Field} Field
 * @typedef {{numbers: Record<string, string>, choices: Record<string, string>, texts: Record<string, string>}} Entered
 */

/**
 * @param {{field: Field, entered: Entered, wrong?: string | undefined, onEnter: (kind: keyof Entered, key: string, value: string) => void}} props
 */
export function FormField({ field, entered, wrong, onEnter }) {
  switch (field.kind) {
    case "number":
      return html`<${Stepper} field=${field} wrong=${wrong} value=${entered.numbers[field.key] ?? ""} onInput=${(/** @type {string} */ to) => onEnter("numbers", field.key, to)} />`;
    case "choice":
      return html`<${Choice} field=${field} wrong=${wrong} value=${entered.choices[field.key] ?? ""} onInput=${(/** @type {string} */ to) => onEnter("choices", field.key, to)} />`;
    case "text":
      return html`<${TextField} label=${labelOf(field)} lines=${2} wrong=${wrong} value=${entered.texts[field.key] ?? ""} onInput=${(/** @type {string} */ to) => onEnter("texts", field.key, to)} maxLength=${2000} />`;
    default:
      return null;
  }
}

/** @param {Field} field */
function labelOf(field) {
  return field.required === false ? `${field.label} (${texts("field").report.optional})` : field.label;
}

/** @param {{field: Field, value: string, wrong: string | undefined, onInput: (value: string) => void}} props */
function Stepper({ field, value, wrong, onInput }) {
  const t = texts("field").report;
  const id = useId();
  const number = /^\d+$/.test(value) ? Number(value) : 0;
  const most = field.most ?? 999999;
  /** @param {number} by */
  const step = (by) => onInput(String(Math.min(most, Math.max(0, (value === "" && by < 0 ? 0 : number) + by))));
  return html`<div class="field"><label for=${id}>${labelOf(field)}</label>
    <div class="stepper"><button type="button" class="button" aria-label=${`${field.label} ${t.less}`} disabled=${value !== "" && number <= 0} onClick=${() => step(-1)}><span class="minus" aria-hidden="true"></span></button>
      <input id=${id} class="input number" type="text" inputmode="numeric" pattern="[0-9]*" autocomplete="off" value=${value} aria-invalid=${wrong ? "true" : undefined}
        aria-describedby=${wrong ? `${id}-more` : undefined} onInput=${(/** @type {Event} */ event) => onInput(digits(/** @type {HTMLInputElement} */ (event.target).value))} />
      ${field.unit && html`<span class="unit">${field.unit}</span>`}
      <button type="button" class="button" aria-label=${`${field.label} ${t.more}`} disabled=${number >= most} onClick=${() => step(1)}><${Icon} name="plus" size=${1.3} /></button></div>
    ${wrong && html`<p class="wrong" role="alert" id="${id}-more">${wrong}</p>`}</div>`;
}

/** Full-width digits of Chinese keyboards are digits, too. @param {string} text */
const digits = (text) => text.replace(/[０-９]/g, (one) => String.fromCharCode(one.charCodeAt(0) - 0xfee0)).trim();

/** @param {{field: Field, value: string, wrong: string | undefined, onInput: (value: string) => void}} props */
function Choice({ field, value, wrong, onInput }) {
  const id = useId();
  return html`<div class="field"><span class="label" id=${id}>${labelOf(field)}</span>
    <div class="choices" role="group" aria-labelledby=${id}>${(field.choices ?? []).map((one) => html`<${Button} key=${one} size="large" pressed=${value === one}
      icon=${value === one ? "check" : undefined} onClick=${() => onInput(value === one ? "" : one)}>${one}<//>`)}</div>
    ${wrong && html`<p class="wrong" role="alert">${wrong}</p>`}</div>`;
}
