// Marks: a state, a warning level, a drill. Each is colour and icon and word.
import { html } from "../vendor/htm-preact.js";
import { named } from "../lib/names.js";
import { texts } from "../lib/texts.js";
import { Icon } from "./icons.js";

/** The states of tasks in the order in which every board shows them; `overdue` is a mark beside them. */
export const STATES = /** @type {const} */ (["waiting", "in_progress", "to_verify", "closed", "declined", "withdrawn"]);

/** @typedef {(typeof STATES)[number] | "overdue"} State */

/**
 * The state of a task, with a number where it is of many.
 * @param {{state: State, count?: number}} props
 */
export function StateMark({ state, count }) {
  return html`<span class="mark is-${state}"><${Icon} name=${state} size=${0.95} />${texts("common").states[state]}${
    count === undefined ? "" : html` <span class="number">${figure(count)}</span>`}</span>`;
}

/** Another mark with a word. @param {{icon?: import("./icons.js").IconName, tone?: State | "plain", children?: any}} props */
export function Mark({ icon, tone = "plain", children }) {
  return html`<span class="mark is-${tone}">${icon && html`<${Icon} name=${icon} size=${0.95} />`}${children}</span>`;
}

/** The level of a warning. @param {{level: "blue" | "yellow" | "orange" | "red"}} props */
export function LevelMark({ level }) {
  return html`<span class="level level-${level}"><${Icon} name="warning" size=${0.95} />${capital(named("warning_levels", level))}</span>`;
}

/** The response level of a task force, Ⅳ to Ⅰ. @param {{level: "I" | "II" | "III" | "IV"}} props */
export function ResponseLevel({ level }) {
  return html`<span class="mark is-plain"><${Icon} name="level" size=${0.95} />${capital(named("levels", level))}</span>`;
}

/** That it is a drill. */
export function DrillTag() {
  return html`<span class="tag drill">${texts("common").drill}</span>`;
}

/** That this person is made up. */
export function SyntheticTag() {
  return html`<span class="tag">${texts("common").synthetic}</span>`;
}

/** Names of the server begin small in English; on a mark of its own a name begins with a capital. @param {string} words */
export const capital = (words) => words.charAt(0).toUpperCase() + words.slice(1);

const whole = new Intl.NumberFormat("en-US");

/** A number with its thousands apart. @param {number} n */
export const figure = (n) => whole.format(n);

/**
 * A share of one as a percentage. Only none is 0 %, and only all is 100 %.
 * @param {number | undefined} share
 */
export function percent(share) {
  if (share === undefined) return "–";
  if (share > 0 && share < 0.001) return "<0.1%";
  if (share > 0.99 && share < 1) return `${Math.floor(share * 1000) / 10}%`;
  return `${(share * 100).toFixed(share > 0.0995 ? 0 : 1).replace(/\.0$/, "")}%`;
}

/** The same where there is little room. @param {number} share */
export function shortPercent(share) {
  if (share > 0 && share < 0.01) return "<1%";
  return `${share < 1 ? Math.min(99, Math.round(share * 100)) : 100}%`;
}
