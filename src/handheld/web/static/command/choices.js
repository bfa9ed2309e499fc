// Small choices of the dialogs: one of a few, a score, phrases that are often said.
import { html } from "../vendor/htm-preact.js";
import { useId } from "../vendor/preact-hooks.js";
import { texts } from "../lib/texts.js";

/**
 * One of a few, all in sight.
 * @param {{label: string, value: string, onChange: (value: string) => void, options: readonly (readonly [string, any])[], hint?: string}} props
 */
export function Choices({ label, value, onChange, options, hint }) {
  const id = useId();
  return html`<div class="field" role="radiogroup" aria-labelledby=${id}><span class="label" id=${id}>${label}</span>
    <div class="segments">${options.map(([key, words]) => html`<label key=${key} class="segment"><input type="radio" name=${id} value=${key} checked=${value === key}
      onChange=${() => onChange(key)} /><span>${words}</span></label>`)}</div>${hint && html`<p class="hint">${hint}</p>`}</div>`;
}

/** One to five. @param {{value: number, onChange: (value: number) => void}} props */
export function Score({ value, onChange }) {
  const t = texts("command");
  return html`<${Choices} label=${t.fields.score} value=${value ? String(value) : ""} onChange=${(/** @type {string} */ to) => onChange(Number(to))}
    options=${[1, 2, 3, 4, 5].map((n) => [String(n), t.scores[n - 1]])} />`;
}

/** Phrases to take as they are and go on from. @param {{phrases: readonly string[] | undefined, onChoose: (words: string) => void}} props */
export function Phrases({ phrases, onChoose }) {
  if (!phrases?.length) return null;
  return html`<div class="phrases" role="group" aria-label=${texts("command").phrases}>${phrases.map(
    (one) => html`<button key=${one} type="button" class="chip" onClick=${() => onChoose(one)}>${one}</button>`)}</div>`;
}
