// Whom a plan would call today: counted by the server while the plan is typed, and what is wrong with it.
import { html } from "../vendor/htm-preact.js";
import { useEffect, useState } from "../vendor/preact-hooks.js";
import { Mark, figure } from "../components/marks.js";
import { Notice } from "../components/notices.js";
import { PersonName } from "../components/person.js";
import { Working } from "../components/status.js";
import { Problem, call } from "../lib/api.js";
import { named } from "../lib/names.js";
import { texts } from "../lib/texts.js";
import { SelectField } from "../components/field.js";
import { LEVELS } from "./plan-basics.js";
import { placeNames, sent } from "./plan-draft.js";
import { DivisionField } from "./parts.js";

/**
 * @typedef {{at: string, code: string, wrong: string, todo: string}} Fault
 * @typedef {{number: number, at_start: boolean, called: any}} Foreseen
 * @typedef {{faults: Fault[], division: {code: string, name?: string}, posture: string, level: string | null, people: number, tasks: number,
 *   departments: {department: {unit: string, name?: string}, part: string}[], orders: Foreseen[], called_twice: {person: any, orders: string[]}[]}} Shown
 * @typedef {{shown: Shown | null, problem: Problem | null, reading: boolean}} Previewed `shown` is of what was typed a moment ago while `reading`
 */

const PAUSE_MS = 300;

/** Asked at once. @param {import("./plan-draft.js").Plan} plan @param {{division: string, level: string}} start @returns {Promise<Shown>} */
export function previewOf(plan, start) {
  return call("POST", "/plans/preview", sent(plan), { query: start });
}

/**
 * @param {import("./plan-draft.js").Plan | null} plan
 * @param {{division: string, level: string}} start
 * @returns {Previewed}
 */
export function usePlanPreview(plan, start) {
  const said = plan && plan.division ? JSON.stringify([sent(plan), start.division, start.level]) : "";
  const [found, setFound] = useState(/** @type {{said: string, shown: Shown | null, problem: Problem | null}} */ ({ said: "", shown: null, problem: null }));
  useEffect(() => {
    if (!said) return undefined;
    const ending = new AbortController();
    const ask = async () => {
      const [body, division, level] = JSON.parse(said);
      try {
        const shown = /** @type {Shown} */ (await call("POST", "/plans/preview", body, { query: { division, level }, signal: ending.signal }));
        if (shown.division.name) placeNames.set(shown.division.code, shown.division.name);
        setFound({ said, shown, problem: null });
      } catch (error) {
        if (!ending.signal.aborted) setFound((before) => ({ said, shown: before.shown, problem: error instanceof Problem ? error : null }));
      }
    };
    const timer = setTimeout(ask, found.said ? PAUSE_MS : 0);
    return () => { clearTimeout(timer); ending.abort(); };
  }, [said]);
  return { shown: found.shown, problem: found.problem, reading: Boolean(said) && found.said !== said };
}

/** A fault in words; advice that is about the command line or the file is left out. @param {Fault} fault */
export function faultWords(fault) {
  const own = /** @type {Record<string, string>} */ (texts("admin-plans").faults)[fault.code];
  return own ?? (/handheld|--|accept/.test(fault.todo) ? fault.wrong : `${fault.wrong}${/[\u3002\uff01]$/.test(fault.wrong) ? "" : " "}${fault.todo}`);
}

/**
 * @param {{preview: Previewed, plan: import("./plan-draft.js").Plan, start: {division: string, level: string}, setStart: (start: {division: string, level: string}) => void,
 *   onOrder: (number: number) => void}} props
 */
export function PlanPreview({ preview, plan, start, setStart, onOrder }) {
  const t = texts("admin-plans").preview;
  const { shown, problem, reading } = preview;
  const later = shown?.orders.filter((one) => !one.at_start) ?? [];
  return html`<aside class="panel plan-preview" aria-labelledby="plan-preview"><header><h2 id="plan-preview">${t.title}</h2>${reading && html`<${Working}>${t.counting}<//>`}</header>
    <div class="body"><details class="quiet-details"><summary>${t.startOf(shown?.division.name ?? "", shown?.level ? named("levels", shown.level) : t.noLevel)}</summary><div class="form">
        <${DivisionField} label=${t.division} value=${start.division || plan.division} onInput=${(/** @type {string} */ division) => setStart({ ...start, division: division === plan.division ? "" : division })} />
        <${SelectField} label=${t.level} value=${start.level} options=${[{ value: "", label: t.ownLevel }, ...LEVELS.map((one) => ({ value: one, label: named("levels", one) }))]} onInput=${(/** @type {string} */ level) => setStart({ ...start, level })} /></div></details>
      ${problem && html`<${Notice} tone="overdue" title=${problem.title}>${problem.detail}<//>`}
      ${shown && html`<p class="plan-total" aria-live="polite"><strong class="number">${figure(shown.people)}</strong> ${t.people} <span class="quiet">${t.tasks(figure(shown.tasks))}</span></p>
        ${shown.posture === "wartime" && html`<p><${Mark} icon="shield" tone="overdue">${named("postures", "wartime")}<//> ${t.wartime}</p>`}
        <ol class="plan-called">${shown.orders.filter((one) => one.at_start).map((one) => html`<${Order} key=${one.number} one=${one} plan=${plan} onOrder=${onOrder} />`)}</ol>
        ${shown.called_twice.length > 0 && html`<details class="quiet-details"><summary>${t.twice(figure(shown.called_twice.length))}</summary><ul class="lines">${shown.called_twice.slice(0, 50).map((one) => html`<li key=${one.person.person}><${PersonName} of=${one.person} /></li>`)}</ul></details>`}
        ${later.length > 0 && html`<h3>${t.later}</h3><ol class="plan-called">${later.map((one) => html`<${Order} key=${one.number} one=${one} plan=${plan} onOrder=${onOrder} />`)}</ol>`}
        ${shown.departments.length > 0 && html`<p class="quiet small">${t.departments(shown.departments.map((one) => `${one.department.name ?? ""}${one.part === "lead" ? t.lead : ""}`).join(t.and))}</p>`}`}
      <p class="hint">${t.hint}</p></div></aside>`;
}

/** @param {{one: Foreseen, plan: import("./plan-draft.js").Plan, onOrder: (number: number) => void}} props */
function Order({ one, plan, onOrder }) {
  const t = texts("admin-plans").preview;
  const order = plan.orders[one.number];
  const called = one.called;
  return html`<li><button type="button" class="plan-jump" onClick=${() => onOrder(one.number)}><span class="plan-order-number number">${one.number + 1}</span><span class="clamp">${order?.text.trim() || texts("admin-plans").order.untold}</span></button>
    ${!called || !order?.to.length ? html`<p class="quiet small">${order?.to.length ? t.notCounted : texts("admin-plans").to.nobody}</p>` : html`
      ${order?.level && !one.at_start && html`<p class="quiet small">${texts("admin-plans").when.reached(named("levels", order.level))}</p>`}
      ${called.tasks === 0 ? html`<p><${Mark} icon="warning" tone="overdue">${t.nobody}<//></p>` : html`<ul class="plan-roles">${called.by_role.map((/** @type {any} */ row) => html`<li key=${row.role + row.tier}><span>${row.role ? named("roles", row.role) : ""} <span class="quiet small">${named("tiers", row.tier)}</span></span><strong class="number">${figure(row.tasks)}</strong></li>`)}</ul>`}
      ${called.vacant.length > 0 && html`<details class="vacant"><summary><${Mark} icon="person" tone="waiting">${t.vacant(figure(called.vacant.length))}<//>${called.stand_ins.length ? t.standIns(figure(called.stand_ins.length)) : ""}</summary>
        <ul class="lines small">${called.stand_ins.slice(0, 50).map((/** @type {any} */ row) => html`<li key=${row.person.person}><${PersonName} of=${row.person} /> <span class="quiet">${row.division?.name ?? ""} ${named("roles", row.role)}</span></li>`)}</ul></details>`}`}</li>`;
}
