// Starting a task force, in three steps at most: what, who will be called, sure.
import { html } from "../vendor/htm-preact.js";
import { useState } from "../vendor/preact-hooks.js";
import { openDialog } from "./commanding.js";
import { StartAdHocDialog } from "./start-ad-hoc.js";
import { ChooseDialog } from "./start-choose.js";
import { StartPlanDialog } from "./start-plan.js";

export { Commanding } from "./commanding.js";

/**
 * What is known already where a start begins: a warning's proposal, a finding, the place that is looked at.
 * @typedef {{plan?: string | null, division?: string | null, warning?: string | null, finding?: string | null,
 *   title?: string | null, place?: string | null, level?: string | null, drill?: boolean, text?: string | null,
 *   about?: string | null, adHoc?: boolean, onDone?: (taskForce: string) => void}} Prefill
 *   `plan`: its stream, `plan-…`; `text`: of the first order; `about`: what it is about, in words
 */

/** Begin a start; with what is known already filled in. @param {Prefill} [prefill] */
export function openStart(prefill = {}) {
  openDialog(() => html`<${StartDialog} prefill=${prefill} />`);
}

/** The dialog of a start. @param {{prefill: Prefill}} props */
export function StartDialog({ prefill }) {
  const [chosen, setChosen] = useState(/** @type {Prefill | null} */ (prefill.plan || prefill.adHoc ? prefill : null));
  const back = prefill.plan || prefill.adHoc ? undefined : () => setChosen(null);
  if (!chosen) return html`<${ChooseDialog} prefill=${prefill} onChoose=${(/** @type {Prefill} */ more) => setChosen({ ...prefill, ...more })} />`;
  return chosen.plan ? html`<${StartPlanDialog} prefill=${chosen} onBack=${back} />` : html`<${StartAdHocDialog} prefill=${chosen} onBack=${back} />`;
}
