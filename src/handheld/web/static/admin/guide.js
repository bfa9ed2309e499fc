// The first hour: what is there already, and the next step. Each can be skipped and come back to.
import { html } from "../vendor/htm-preact.js";
import { useEffect } from "../vendor/preact-hooks.js";
import { Button } from "../components/button.js";
import { Mark } from "../components/marks.js";
import { get } from "../lib/api.js";
import { address, go, place } from "../lib/route.js";
import { texts } from "../lib/texts.js";
import { GuideDrill } from "./guide-drill.js";
import { GuideSample } from "./guide-sample.js";
import { Awaited as Waiting, Head, useAnswer } from "./parts.js";

/**
 * @typedef {{divisions: Record<string, number>, departments: number, people: number, synthetic: number, plans: number}} Registered
 * @typedef {{counties: {code: string, name: string, divisions: number, taken: boolean}[],
 *   plans: {plan: string, title: string, adopted: boolean}[], registered: Registered}} Samples
 */

const STEPS = /** @type {const} */ (["accounts", "people", "sheets", "drill"]);

/** The tab. */
export function Guide() {
  const t = texts("admin").guide;
  const answer = useAnswer(look, []);
  const state = answer.found;
  // The step that was next when one came stays open while it gets done.
  useEffect(() => { if (state && !place.value.get("step")) go({ step: nextOf(state) }, { replace: true }); }, [state, place.value]);
  if (!state) return html`<${Head} title=${t.title} intro=${t.intro} /><${Waiting} of=${answer} />`;
  const done = doneIn(state);
  const asked = place.value.get("step");
  const at = STEPS.find((step) => step === asked) ?? nextOf(state);
  /** @param {number} i */
  const next = (i) => go({ step: STEPS[i + 1] ?? null });
  const bodies = {
    accounts: html`<p>${t.accountsWhat}</p><p class="there">${t.accountsThere(state.accounts, state.operators)}</p>
      <div class="acts"><${Button} kind="main" onClick=${() => next(0)}>${t.next}<//><${Button} href=${address({ tab: "accounts", step: null })}>${t.toAccounts}<//></div>`,
    people: html`<p>${t.peopleWhat}</p><p class="there">${state.samples.registered.divisions.district ? t.peopleThere(state.samples.registered) : t.peopleNone}</p>
      <${GuideSample} samples=${state.samples} onTaken=${answer.again} onNext=${() => next(1)} />`,
    sheets: html`<p>${t.sheetsWhat}</p><p class="there">${state.open + state.used ? t.sheetsThere(state.open, state.used) : t.sheetsNone}</p>
      <div class="acts"><${Button} kind="main" icon="print" href=${address({ tab: "sheets", step: null })}>${t.toSheets}<//><${Button} onClick=${() => next(2)}>${done.sheets ? t.next : t.skip}<//></div>`,
    drill: html`<p>${t.drillWhat}</p>${state.drills > 0 && html`<p class="there">${t.drillThere(state.drills)}</p>`}<${GuideDrill} onStarted=${answer.again} />`,
  };
  return html`<${Head} title=${t.title} intro=${t.intro} /><ol class="guide">${STEPS.map((step, i) => html`<li key=${step} class="panel step ${step === at ? "now" : ""}">
    <header><h2><button type="button" class="step-head" aria-expanded=${String(step === at)} onClick=${() => go({ step })}>
      <span class="step-number">${t.step(i)}</span><span class="step-name">${t[step]}</span>
      <${Mark} icon=${done[step] ? "check" : "wait"} tone=${done[step] ? "closed" : "plain"}>${done[step] ? t.done : t.open}<//></button></h2></header>
    ${step === at && html`<div class="body">${bodies[step]}</div>`}</li>`)}</ol>`;
}

/** @param {Awaited<ReturnType<typeof look>>} state */
function doneIn(state) {
  return { accounts: state.accounts > 0, people: state.samples.registered.people > 0, sheets: state.open + state.used > 0, drill: state.drills > 0 };
}

/** @param {Awaited<ReturnType<typeof look>>} state */
function nextOf(state) {
  const done = doneIn(state);
  return STEPS.find((step) => !done[step]) ?? "drill";
}

async function look() {
  const [samples, accounts, batches, drills] = await Promise.all([
    get("/samples"), get("/accounts"), get("/links/batches"), get("/task-forces", { drill: true, limit: 1 }),
  ]);
  /** @type {{open: number, redeemed: number}[]} */
  const sheets = batches.rows;
  return {
    samples: /** @type {Samples} */ (samples),
    accounts: accounts.rows.length,
    operators: accounts.rows.filter((/** @type {{role: string}} */ one) => one.role === "operator").length,
    open: sheets.reduce((sum, one) => sum + one.open, 0),
    used: sheets.reduce((sum, one) => sum + one.redeemed, 0),
    drills: drills.count,
  };
}
