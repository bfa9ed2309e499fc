// Step four: a drill from a plan, whom it calls, and on to the desk.
import { html } from "../vendor/htm-preact.js";
import { useEffect, useState } from "../vendor/preact-hooks.js";
import { Button } from "../components/button.js";
import { SelectField } from "../components/field.js";
import { DrillTag } from "../components/marks.js";
import { Notice, tellProblem } from "../components/notices.js";
import { Working } from "../components/status.js";
import { Problem, get, post } from "../lib/api.js";
import { address } from "../lib/route.js";
import { texts } from "../lib/texts.js";
import { Awaited, DivisionField, useAnswer } from "./parts.js";

/** @typedef {{plan: string, title: string, division: {code: string, name: string}}} PlanListed */

/** @param {{onStarted: () => void}} props */
export function GuideDrill({ onStarted }) {
  const t = texts("admin").guide;
  const answer = useAnswer(async () => /** @type {PlanListed[]} */ ((await get("/plans")).rows), []);
  const [plan, setPlan] = useState("");
  const [division, setDivision] = useState("");
  const [calls, setCalls] = useState(/** @type {{people: number, tasks: number} | null} */ (null));
  const [problem, setProblem] = useState(/** @type {Problem | null} */ (null));
  const [busy, setBusy] = useState(false);
  const [made, setMade] = useState("");
  const chosen = answer.found?.find((one) => one.plan === plan) ?? answer.found?.[0];
  useEffect(() => {
    if (chosen) setDivision(chosen.division.code);
  }, [chosen?.plan]);
  useEffect(() => {
    setCalls(null);
    setProblem(null);
    if (!chosen || !division) return;
    let current = true;
    const asked = { command: "task_force.start", plan: `plan-${chosen.plan}`, division };
    post("/task-forces/preview", asked, { query: { drill: true } }).then(
      (found) => current && setCalls(found), (error) => current && error instanceof Problem && setProblem(error));
    return () => { current = false; };
  }, [chosen?.plan, division]);
  const start = async () => {
    setBusy(true);
    try {
      const done = await post("/task-forces/from-plan", { plan: `plan-${chosen?.plan}`, division }, { query: { drill: true } });
      setMade(done.made);
      onStarted();
    } catch (error) {
      tellProblem(error);
    }
    setBusy(false);
  };
  if (!answer.found) return html`<${Awaited} of=${answer} />`;
  if (!chosen) return html`<p class="there">${t.drillNone}</p><div class="acts"><${Button} href=${address({ step: "people" })}>${t.people}<//></div>`;
  if (made) {
    return html`<${Notice} tone="closed" title=${t.drillStarted}><div class="acts"><${Button} kind="main" icon="right" href=${`/desk?d=${division}&drills=1&tf=${made}`}>${t.drillGo}<//></div><//>`;
  }
  return html`<div class="form narrow"><${SelectField} label=${t.drillPlan} value=${chosen.plan} onInput=${setPlan} options=${answer.found.map((one) => ({ value: one.plan, label: one.title }))} />
    <${DivisionField} label=${t.drillDivision} value=${division} onInput=${setDivision} deepest="village" />
    ${problem ? html`<${Notice} tone="overdue" title=${problem.title}>${problem.detail}<//>`
      : html`<p class="calls"><${DrillTag} /> ${calls ? t.drillCalls(calls.people, calls.tasks) : html`<${Working}>${t.drillLooking}<//>`}</p>`}
    <div class="acts"><${Button} kind="main" onClick=${start} disabled=${!calls || !calls.tasks} busy=${busy && t.drillStarting}>${t.drillStart}<//></div></div>`;
}
