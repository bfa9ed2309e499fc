// The funnel: how many came how far, and how soon.
import { html } from "../../vendor/htm-preact.js";
import { duration } from "../../lib/time.js";
import { texts } from "../../lib/texts.js";
import { figure, percent } from "../marks.js";
import { em, useWidth } from "./width.js";

/** All stages, in their order. @type {readonly import("./types.js").Stage[]} */
export const STAGES = ["dispatched", "delivered", "read", "accepted", "on_scene", "reported", "verified", "closed"];
const ONLY_IF_NEEDED = new Set(["on_scene", "verified"]);
/** Narrower than this the stages stand below each other. */
const NARROW_EM = 32;
const TIMED = /** @type {const} */ (["accepted", "on_scene", "reported", "closed"]);

/**
 * @param {{funnel: Partial<Record<import("./types.js").Stage, import("./types.js").StageRow>>,
 *   stages?: readonly import("./types.js").Stage[] | undefined, size?: import("./types.js").Size | undefined,
 *   href?: ((stage: import("./types.js").Stage) => string | undefined) | undefined}} props
 *   `stages`: those shown whatever they count; by default all that somebody needs
 */
export function Funnel({ funnel, stages, size = "normal", href }) {
  const t = texts("board").funnel;
  const [box, width, element] = useWidth();
  const shown = stages ?? STAGES.filter((stage) => !ONLY_IF_NEEDED.has(stage) || (funnel[stage]?.tasks ?? 0) > 0);
  const all = funnel.dispatched?.tasks ?? 0;
  const form = width && width < NARROW_EM * em(element) ? "lines" : "columns";
  return html`<figure class="funnel ${form} ${size}" ref=${box}>
    <ol key=${form} aria-label=${t.label}>${shown.map((stage) => html`<${Step} key=${stage} stage=${stage} n=${funnel[stage]?.tasks ?? 0} all=${all} to=${href?.(stage)} />`)}</ol>
    <figcaption>${sentences(funnel).map((words) => html`<span key=${words}>${words}</span>`)}</figcaption></figure>`;
}

/** @param {{stage: import("./types.js").Stage, n: number, all: number, to: string | undefined}} props */
function Step({ stage, n, all, to }) {
  const t = texts("board").funnel;
  const share = all > 0 ? n / all : 0;
  const inner = html`<span class="stage">${t.stages[stage]}</span>
    <span class="number">${figure(n)}</span><span class="part number">${all > 0 ? percent(share) : ""}</span>
    <span class="trough" aria-hidden="true"><span class="fill" style=${{ "--share": String(share) }}></span></span>`;
  return html`<li class="step ${stage}">${to ? html`<a href=${to}>${inner}</a>` : html`<div>${inner}</div>`}</li>`;
}

/**
 * "Half within 12 min, nine in ten within 37 min", for each stage that is timed.
 * @param {Partial<Record<import("./types.js").Stage, import("./types.js").StageRow>>} funnel
 * @returns {string[]}
 */
export function sentences(funnel) {
  const t = texts("board").funnel;
  const found = [];
  for (const stage of TIMED) {
    const row = funnel[stage];
    if (!row || row.half === undefined || row.half === null) continue;
    found.push(t.within[stage](duration(row.half), duration(row.nine_in_ten ?? row.half)));
  }
  return found;
}
