// 走访: the households, one after the other: what was done, satisfied or not. Each is noted by itself.
import { html } from "../../vendor/htm-preact.js";
import { useState } from "../../vendor/preact-hooks.js";
import { Button } from "../../components/button.js";
import { TextField } from "../../components/field.js";
import { Icon } from "../../components/icons.js";
import { Empty, Working } from "../../components/status.js";
import { texts } from "../../lib/texts.js";
import { perform } from "../do.js";
import { linkTo, swap } from "../place.js";
import { opened, tasks } from "../store/store.js";
import { BigButton, NotSent } from "./parts.js";
import { Chips } from "./chips.js";
import { isOpen, visiting } from "./steps.js";
import { Top } from "./top.js";

/** @typedef {import("../store/state.js").Card} Card */

/** @param {{id: string}} props */
export function VisitsScreen({ id }) {
  const t = texts("field").visits;
  const task = tasks.value.get(id);
  const above = { task: id, view: null };
  return html`<${Top} title=${t.title} goes above=${above} /><main class="screen">
    ${task && isOpen(task) ? html`<${Households} task=${task} />` : opened.value
      ? html`<${Empty} icon="closed" title=${texts("field").report.already}><a class="button" ...${linkTo(above)}>${texts("common").back}</a><//>`
      : html`<${Working} />`}</main>`;
}

/** @param {{task: Card}} props */
function Households({ task }) {
  const t = texts("field").visits;
  const { all, done } = visiting(task);
  const visits = new Map((task.visits ?? []).map((one) => [one.household, one]));
  const firstLeft = all.find((one) => !visits.has(one)) ?? null;
  const [chosen, setChosen] = useState(/** @type {string | null | undefined} */ (undefined));
  const at = chosen === undefined ? firstLeft : chosen;
  /** @param {string} household */
  const noted = (household) => setChosen(all.find((one) => one !== household && !visits.has(one)) ?? null);
  const unsent = new Set(task.pending.filter((one) => one.command.command === "task.visit").map((one) => one.command.household));
  return html`<div class="progress" role="status"><p>${t.progress(done, all.length)}</p>
      <span class="bar" aria-hidden="true"><span style=${{ width: `${all.length ? (done / all.length) * 100 : 0}%` }}></span></span></div>
    ${all.length === 0 && html`<p class="quiet">${t.none}</p>`}
    <ul class="households">${all.map((household) => html`<li key=${household} class=${at === household ? "now" : ""}>
      <${Household} household=${household} visit=${visits.get(household)} pending=${unsent.has(household)} expanded=${at === household}
        onToggle=${() => setChosen(at === household ? null : household)} />
      ${at === household && html`<${Note} key=${household} task=${task} household=${household} before=${visits.get(household)} onNoted=${() => noted(household)} />`}</li>`)}
      <li class=${at === "" ? "now" : ""}><button type="button" class="household" aria-expanded=${String(at === "")} onClick=${() => setChosen(at === "" ? null : "")}>
        <${Icon} name="plus" /><span class="grow">${t.other}</span></button>
        ${at === "" && html`<${Note} key="other" task=${task} household="" onNoted=${() => setChosen(null)} />`}</li></ul>
    ${done > 0 && task.steps.includes("report") && (firstLeft === null
      ? html`<${BigButton} icon="upload" onClick=${() => toReport(task.task)}>${t.toReport}<//>`
      : html`<${Button} icon="upload" wide onClick=${() => toReport(task.task)}>${t.toReport}<//>`)}`;
}

/** @param {string} task */
function toReport(task) {
  // In place of this step, so that "back" from the report leads to the task.
  swap({ task, view: "report" });
}

/** @param {{household: string, visit: {done?: string | null, satisfied?: boolean | null} | undefined, pending: boolean, expanded: boolean, onToggle: () => void}} props */
function Household({ household, visit, pending, expanded, onToggle }) {
  const t = texts("field").visits;
  const how = visit?.satisfied === true ? t.satisfied : visit?.satisfied === false ? t.dissatisfied : "";
  return html`<button type="button" class="household ${visit ? "visited" : ""}" aria-expanded=${String(expanded)} onClick=${onToggle}>
    <span class="tick"><${Icon} name=${visit ? "check" : "home"} /></span>
    <span class="grow"><strong>${t.household(household)}</strong>${visit && html`<span class="quiet small">${[visit.done, how].filter(Boolean).join(" · ")}</span>`}
      ${pending && html`<${NotSent} pending=${[1]} />`}</span>
    <${Icon} name=${expanded ? "up" : "down"} /></button>`;
}

/** @param {{task: Card, household: string, before?: {done?: string | null, satisfied?: boolean | null} | undefined, onNoted: () => void}} props */
function Note({ task, household, before, onNoted }) {
  const t = texts("field").visits;
  const [number, setNumber] = useState(household);
  const [done, setDone] = useState(before?.done ?? "");
  const [satisfied, setSatisfied] = useState(/** @type {boolean | null} */ (before?.satisfied ?? null));
  const [tried, setTried] = useState(false);
  const numberWrong = !/^[0-9A-Za-z][0-9A-Za-z\-_.]{0,19}$/.test(number.trim()) || /\d{11}/.test(number);
  const note = async () => {
    setTried(true);
    if (!done.trim() || numberWrong) return;
    const visit = { command: "task.visit", task: task.task, household: number.trim(), done: done.trim(), satisfied };
    if (await perform(visit, { title: `${task.order.title ?? ""} · ${t.household(number.trim())}` })) onNoted();
  };
  const answers = /** @type {const} */ ([[true, t.satisfied], [false, t.dissatisfied], [null, t.notAsked]]);
  return html`<div class="note">
    ${household === "" && html`<${TextField} label=${t.otherNumber} value=${number} onInput=${setNumber} inputMode="numeric" maxLength=${20} wrong=${tried && numberWrong ? t.numberMissing : null} />`}
    <${Chips} words=${t.quick} chosen=${done} onChoose=${setDone} label=${t.done} />
    <${TextField} label=${t.done} lines=${2} value=${done} onInput=${setDone} maxLength=${500} wrong=${tried && !done.trim() ? t.missing : null} />
    <div class="field"><span class="label">${t.how}</span><div class="choices three" role="group" aria-label=${t.how}>${answers.map(([value, word]) => html`<${Button} key=${word}
      pressed=${satisfied === value} onClick=${() => setSatisfied(value)}>${word}<//>`)}</div></div>
    <${Button} kind="main" size="large" wide icon="check" onClick=${note}>${t.save}<//></div>`;
}
