// The tokens: colours with what is written on them, and measures.
import { html } from "../vendor/htm-preact.js";
import { texts } from "../lib/texts.js";
import { Both, Part } from "./both.js";

/** What is read on what; the test computes the contrast of each. @type {readonly [string, string][]} */
export const READ_ON = [
  ["text", "ground"], ["text", "surface"], ["text", "surface-2"], ["text", "surface-3"], ["text-2", "ground"], ["text-2", "surface"], ["text-2", "surface-2"],
  ["text-2", "surface-3"], ["text-3", "surface"], ["text-3", "surface-2"], ["accent", "surface"], ["accent", "ground"], ["accent-strong", "accent-soft"], ["on-accent", "accent"], ["on-accent", "accent-strong"],
  ["text", "accent-soft"], ["text-2", "accent-soft"],
];
const STATES = ["waiting", "progress", "verify", "closed", "declined", "withdrawn", "overdue"];
const LEVELS = ["blue", "yellow", "orange", "red"];
const RAMPS = ["waiting", "progress", "closed", "overdue"];
const STEPS = [1, 2, 3, 4, 5];

/** @param {{ink: string, ground: string}} props */
function Sample({ ink, ground }) {
  return html`<div class="colour" data-ink=${ink} data-ground=${ground} style=${{ background: `var(--${ground})`, color: `var(--${ink})` }}><strong>${texts("styleguide").letters}</strong> <code>${ink}</code> <code>${ground}</code></div>`;
}

/** Colours. */
export function ColourPart() {
  const t = texts("styleguide");
  return html`<${Part} id="colour" title=${t.parts.colour}>
    <${Both} title=${t.colour.ground} note=${t.colour.groundNote} of=${() => html`<div class="colours">${READ_ON.map(([ink, ground]) => html`<${Sample} key=${ink + ground} ink=${ink} ground=${ground} />`)}</div>`} />
    <${Both} title=${t.colour.states} note=${t.colour.statesNote} of=${() => html`<div class="colours">${STATES.map((state) => html`<${Sample} key=${state} ink="${state}-text" ground="${state}-soft" />`)}
      ${STATES.map((state) => html`<div key=${state} class="colour strong" data-mark=${state} data-ground="surface"><span style=${{ background: `var(--${state})` }}></span><code>${state}</code></div>`)}</div>`} />
    <${Both} title=${t.colour.levels} of=${() => html`<div class="colours">${LEVELS.map((level) => html`<${Sample} key=${level} ink="on-level-${level}" ground="level-${level}" />`)}</div>`} />
    <${Both} title=${t.colour.shares} note=${t.colour.sharesNote} of=${() => html`${RAMPS.map((ramp) => html`<div key=${ramp} class="ramp">${STEPS.map((step) => html`<${Sample} key=${step} ink=${step === 5 ? "on-most" : "text"} ground="${ramp}-${step}" />`)}</div>`)}`} /><//>`;
}

/** Type, space, corners, shadows. */
export function MeasurePart() {
  const t = texts("styleguide");
  return html`<${Part} id="measure" title=${t.parts.measure}>
    <${Both} title=${t.measure.type} of=${() => html`<div class="type">${[7, 6, 5, 4, 3, 2, 1].map((size) => html`<p key=${size} style=${{ fontSize: `var(--size-${size})`, lineHeight: "var(--line-tight)" }}>${t.measure.sentence} <span class="number">11,124</span> <code>size-${size}</code></p>`)}</div>`} />
    <${Both} title=${t.measure.space} of=${() => html`<div class="spaces">${[1, 2, 3, 4, 5, 6, 7].map((space) => html`<div key=${space}><span style=${{ width: `var(--space-${space})` }}></span><code>space-${space}</code></div>`)}</div>`} />
    <${Both} title=${t.measure.corners} of=${() => html`<div class="boxes">${["1", "2", "3", "round"].map((radius) => html`<div key=${radius} style=${{ borderRadius: `var(--radius-${radius})` }}><code>radius-${radius}</code></div>`)}
      ${["1", "2"].map((shadow) => html`<div key=${shadow} class="plain" style=${{ boxShadow: `var(--shadow-${shadow})` }}><code>shadow-${shadow}</code></div>`)}</div>`} /><//>`;
}
