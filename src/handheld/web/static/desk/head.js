// The head of the board: the task force that is looked at, or the place with all of them.
import { html } from "../vendor/htm-preact.js";
import { useState } from "../vendor/preact-hooks.js";
import { Icon } from "../components/icons.js";
import { Mark, DrillTag, LevelMark, ResponseLevel, capital, figure } from "../components/marks.js";
import { Lasting, When } from "../components/moment.js";
import { PersonName } from "../components/person.js";
import { Button } from "../components/button.js";
import { ForceActions, openWarning } from "../command/later.js";
import { shortPlace } from "../components/board/places.js";
import { named } from "../lib/names.js";
import { address } from "../lib/route.js";
import { texts } from "../lib/texts.js";
import { commanding, force, forceProblem, forces } from "./force.js";
import { chosen, scope } from "./scope.js";
import { board, wholeBoard } from "./state.js";
import { department, division } from "./territory.js";
import { course } from "./course.js";
import { warnings } from "./todo.js";

/** The head. */
export function Head() {
  return chosen.value ? html`<${ForceHead} />` : html`<${PlaceHead} />`;
}

function ForceHead() {
  const t = texts("desk").head;
  const card = force.value;
  const row = board.value?.task_forces?.[chosen.value] ?? wholeBoard.value?.task_forces?.[chosen.value];
  const title = card?.title ?? row?.title ?? "";
  const status = card?.status ?? row?.status;
  const level = row?.level ?? card?.level;
  const problem = forceProblem.value;
  const ended = card?.ended_at;
  const warning = warnings.value?.find((one) => one.warning === card?.warning);
  return html`<section class="dk-head" aria-labelledby="head-title"><div class="dk-head-line"><a class="dk-up" href=${address({ tf: null, o: null, p: null })}
      title=${t.all}><${Icon} name="left" /><span class="only-heard">${t.all}</span></a><h1 id="head-title" title=${title}>${title || (problem ? t.unseen : t.reading)}</h1>
      ${(card?.drill || board.value?.drills) && html`<${DrillTag} />`}
      ${level && html`<${ResponseLevel} level=${level} />`}
      ${status && html`<${Mark} tone=${status === "active" ? "in_progress" : status === "closed" ? "closed" : "plain"}>${capital(named("statuses", status))}<//>`}
      ${card?.archived && html`<${Mark}>${named("statuses", "archived")}<//>`}</div>
    ${problem && html`<p class="quiet">${problem.status === 404 ? t.unseenMore : `${problem.title} ${problem.detail}`}</p>`}
    ${card && html`<dl class="dk-facts">
      <${Fact} word=${ended ? t.lasted : t.elapsed}><${Lasting} from=${card.started_at} to=${ended} /> <span class="quiet small">${t.since} <${When} at=${card.started_at} /> ${t.started}</span><//>
      <${Sent} />
      ${card.commander && html`<${Fact} word=${t.commander}><${PersonName} of=${card.commander} tag=${false} /> ${card.commander.phone && html`<a class="number" href="tel:${card.commander.phone}" aria-label=${texts("common").call(card.commander.name ?? "", card.commander.phone)}>${card.commander.phone}</a>`}<//>`}
      ${card.lead && html`<${Fact} word=${t.lead}>${card.lead.name ?? ""}<//>`}
      ${warning && html`<${Fact} word=${t.warning}><button type="button" class="dk-as-link" onClick=${() => openWarning(warning.warning)}><${LevelMark} level=${warning.level} /> ${warning.event}</button><//>`}
      ${card.place && html`<${Fact} word=${t.place}>${card.place}<//>`}
      ${card.outcome && html`<${Fact} word=${t.outcome}>${card.outcome}<//>`}</dl>
      <div class="dk-head-actions">${commanding.value && html`<${Actions} card=${card} />`}
        <${Button} kind="bare" icon="back" href=${`/replay?tf=${card.task_force}`}>${t.replay}<//></div>`}</section>`;
}

/** What is used most; orders, entries and messages stand beside the timeline. @type {import("../command/force-kinds.js").ForceKind[]} */
const USUAL = ["pull_in", "level", "stand_down", "close", "reopen", "archive"];

/** @param {{card: any}} props */
function Actions({ card }) {
  const [all, setAll] = useState(false);
  const onDone = () => { forces.again(); course.again(); };
  return html`<${ForceActions} force=${card} onDone=${onDone} ...${all ? { first: 99 } : { only: USUAL }} />
    <${Button} kind="bare" icon="more" onClick=${() => setAll(!all)}>${all ? texts("desk").head.fewer : texts("common").more}<//>`;
}

function Sent() {
  const t = texts("desk").head;
  const funnel = board.value?.funnel;
  if (!funnel?.dispatched) return null;
  return html`<${Fact} word=${t.sent}><span class="number">${figure(funnel.dispatched.tasks)}</span><//>
    <${Fact} word=${t.delivered}><span class="number">${figure(funnel.delivered?.tasks ?? 0)}</span><//>`;
}

/** @param {{word: string, children?: any}} props */
function Fact({ word, children }) {
  return html`<div><dt>${word}</dt><dd>${children}</dd></div>`;
}

function PlaceHead() {
  const t = texts("desk").head;
  const { kind, drills } = scope.value;
  const card = division.value;
  const name = kind === "department" ? department.value?.department?.name : card?.division?.name;
  const open = Object.keys(wholeBoard.value?.task_forces ?? {}).length;
  const inForce = warnings.value ?? [];
  return html`<section class="dk-head" aria-labelledby="head-title"><div class="dk-head-line"><h1 id="head-title">${name ? shortPlace(name) : ""}</h1>
      ${drills && html`<${DrillTag} />`}
      ${wholeBoard.value && html`<span class="quiet">${open ? t.together(open) : t.calm}</span>`}
      ${card && html`<${Mark} icon="shield" tone=${card.division.posture === "wartime" ? "overdue" : "plain"}>${named("postures", card.division.posture)}<//>`}
      ${inForce.slice(0, 3).map((one) => html`<button key=${one.warning} type="button" class="dk-as-link" title=${one.headline} onClick=${() => openWarning(one.warning)}><${LevelMark} level=${one.level} /> ${one.event}</button>`)}</div></section>`;
}
