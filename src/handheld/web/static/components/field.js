// Fields: a label, the control, a hint, and what is wrong with what was entered.
import { html } from "../vendor/htm-preact.js";
import { useId } from "../vendor/preact-hooks.js";

/**
 * @typedef {{label: string, hint?: string, wrong?: string | null, required?: boolean}} FieldProps
 */

/**
 * A text field, or with `lines` a field of several lines.
 * @param {FieldProps & {value: string, onInput: (value: string) => void, type?: string, lines?: number,
 *   placeholder?: string, autocomplete?: string, maxLength?: number, inputMode?: string, autofocus?: boolean,
 *   min?: string, max?: string}} props
 */
export function TextField({ label, hint, wrong, required, value, onInput, type = "text", lines, ...more }) {
  const id = useId();
  const said = { id, class: "input", value, required, "aria-invalid": wrong ? "true" : undefined,
    "aria-describedby": hint || wrong ? `${id}-more` : undefined,
    onInput: (/** @type {Event} */ event) => onInput(/** @type {HTMLInputElement} */ (event.target).value), ...more };
  return html`<div class="field"><label for=${id}>${label}</label>
    ${lines ? html`<textarea rows=${lines} ...${said} />` : html`<input type=${type} ...${said} />`}
    <${More} id=${id} hint=${hint} wrong=${wrong} /></div>`;
}

/**
 * One of several.
 * @param {FieldProps & {value: string, onInput: (value: string) => void,
 *   options: {value: string, label: string}[]}} props
 */
export function SelectField({ label, hint, wrong, required, value, onInput, options }) {
  const id = useId();
  return html`<div class="field"><label for=${id}>${label}</label>
    <select id=${id} class="input" value=${value} required=${required} aria-invalid=${wrong ? "true" : undefined}
      aria-describedby=${hint || wrong ? `${id}-more` : undefined}
      onChange=${(/** @type {Event} */ event) => onInput(/** @type {HTMLSelectElement} */ (event.target).value)}>
      ${options.map((one) => html`<option key=${one.value} value=${one.value} selected=${one.value === value}>${one.label}</option>`)}
    </select><${More} id=${id} hint=${hint} wrong=${wrong} /></div>`;
}

/** Yes or no. @param {{label: any, checked: boolean, onInput: (checked: boolean) => void, disabled?: boolean}} props */
export function Check({ label, checked, onInput, disabled }) {
  return html`<label class="check"><input type="checkbox" checked=${checked} disabled=${disabled}
    onChange=${(/** @type {Event} */ event) => onInput(/** @type {HTMLInputElement} */ (event.target).checked)} /><span>${label}</span></label>`;
}

/** @param {{id: string, hint?: string | undefined, wrong?: string | null | undefined}} props */
function More({ id, hint, wrong }) {
  if (!hint && !wrong) return null;
  return html`<div id="${id}-more">${wrong && html`<p class="wrong" role="alert">${wrong}</p>`}${hint && html`<p class="hint">${hint}</p>`}</div>`;
}
