// One thin bar: how a number of tasks is shared out among the states.
import { html } from "../../vendor/htm-preact.js";
import { texts } from "../../lib/texts.js";
import { STATES, figure } from "../marks.js";

/** @param {{count: import("./types.js").Count}} props */
export function Shares({ count }) {
  const words = texts("common").states;
  const some = STATES.filter((state) => count[state] > 0);
  const label = some.map((state) => `${words[state]} ${figure(count[state])}`).join(texts("board").and);
  return html`<span class="shares" role="img" aria-label=${label} title=${label}>${some.map(
    (state) => html`<span key=${state} class="is-${state}" style=${{ flexGrow: count[state] }}></span>`)}</span>`;
}
