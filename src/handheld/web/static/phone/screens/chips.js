// Words that one may choose instead of typing.
import { html } from "../../vendor/htm-preact.js";
import { Button } from "../../components/button.js";

/** @param {{words: readonly string[], chosen: string, onChoose: (word: string) => void, label: string}} props */
export function Chips({ words, chosen, onChoose, label }) {
  return html`<div class="quick" role="group" aria-label=${label}>${words.map((word) => html`<${Button} key=${word} pressed=${chosen === word}
    onClick=${() => onChoose(chosen === word ? "" : word)}>${word}<//>`)}</div>`;
}
