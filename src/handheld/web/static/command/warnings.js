// Warnings: the card, what may be done about one, and one that comes by telephone.
import { html } from "../vendor/htm-preact.js";
import { useEffect, useState } from "../vendor/preact-hooks.js";
import { get } from "../lib/api.js";
import { named } from "../lib/names.js";
import { address } from "../lib/route.js";
import { texts } from "../lib/texts.js";
import { Button } from "../components/button.js";
import { Dialog } from "../components/dialog.js";
import { Ago, When } from "../components/moment.js";
import { DrillTag, LevelMark, Mark, ResponseLevel } from "../components/marks.js";
import { tellProblem } from "../components/notices.js";
import { Working } from "../components/status.js";
import { closeDialog, openDialog } from "./commanding.js";
import { openStart } from "./start.js";
import { TellDialog } from "./tell-warning.js";
import { WarningDialog } from "./warning-dialogs.js";

/** @typedef {"update" | "lift" | "place" | "decline"} WarningKind */

/**
 * What may be done with a warning.
 * @param {WarningKind} kind
 * @param {any} warning its card
 * @param {{proposal?: any, onDone?: (() => void) | undefined}} [more] `proposal`: the one that is declined
 */
export function openWarningAction(kind, warning, more = {}) {
  openDialog(() => html`<${WarningDialog} kind=${kind} warning=${warning} ...${more} />`);
}

/** A warning that somebody tells by telephone. @param {{division?: string | null, onDone?: (warning: string) => void}} [prefill] */
export function openTellWarning(prefill = {}) {
  openDialog(() => html`<${TellDialog} prefill=${prefill} />`);
}

/** The warning in a dialog, with all that may be done. @param {string} warning its stream @param {{onDone?: () => void}} [more] */
export function openWarning(warning, { onDone } = {}) {
  openDialog(() => html`<${Opened} warning=${warning} onDone=${onDone} />`);
}

/** @param {{warning: string, onDone?: (() => void) | undefined}} props */
function Opened({ warning, onDone }) {
  const [card, setCard] = useState(/** @type {any} */ (null));
  useEffect(() => {
    get(`/warnings/${warning}`).then(setCard, (error) => { closeDialog(); tellProblem(error); });
  }, [warning]);
  return html`<${Dialog} title=${texts("command").warning.title} onClose=${closeDialog}>${card ? html`<${WarningCard} warning=${card} onDone=${onDone} />` : html`<${Working} />`}<//>`;
}

/** Starts what a plan proposes. @param {any} warning @param {any} one the proposal */
function startFrom(warning, one) {
  openStart({ plan: one.plan, division: one.division.code, warning: warning.warning, title: one.title, level: one.level, drill: warning.drill, about: warning.headline });
}

/**
 * A warning with its proposals. @param {{warning: any, onDone?: (() => void) | undefined, compact?: boolean}} props `warning`: the card
 */
export function WarningCard({ warning, onDone, compact }) {
  const t = texts("command").warning;
  /** @type {any[]} */
  const proposals = warning.proposals ?? [];
  return html`<article class="card warning-card"><header><${LevelMark} level=${warning.level} /><strong class="grow">${warning.event}</strong>
      ${warning.drill && html`<${DrillTag} />`}${!warning.in_force && html`<${Mark}>${named("warning_statuses", warning.status)}<//>`}</header>
    <p><strong>${warning.headline}</strong></p>
    ${!compact && warning.description && html`<p class="quiet">${warning.description}</p>`}
    ${!compact && warning.instruction && html`<p class="quiet">${warning.instruction}</p>`}
    <p class="quiet small">${warning.divisions.length ? warning.divisions.map((/** @type {any} */ one) => one.name ?? one.code).join(t.comma) : t.unplaced(warning.area ?? "")} · ${named("sources", warning.source)}${warning.told_by ? ` ${warning.told_by}` : ""} · <${Ago} at=${warning.received_at} />${
      warning.expires && html` · ${t.until} <${When} at=${warning.expires} />`}</p>
    ${proposals.filter((one) => one.waits).map((one) => html`<div key=${one.plan + one.division.code} class="proposal">
      <p><strong>${t.proposes}</strong> ${one.title} ${one.level && html`<${ResponseLevel} level=${one.level} />`}</p>
      ${one.may_start ? html`<div class="actions"><${Button} kind="main" icon="forward" onClick=${() => startFrom(warning, one)}>${t.start}<//>
        <${Button} onClick=${() => openWarningAction("decline", warning, { proposal: one, onDone })}>${t.decline}<//></div>` : html`<p class="quiet small">${t.waitsFor}</p>`}</div>`)}
    ${proposals.filter((one) => one.declined).map((one) => html`<p key=${one.plan} class="quiet small">${t.declined(one.title, one.declined)}</p>`)}
    ${(warning.task_forces ?? []).map((/** @type {any} */ one) => html`<p key=${one.task_force} class="small">${t.startedOn} ${one.title ? html`<a onClick=${closeDialog} href=${address({ tf: one.task_force })}>${one.title}</a>` : t.hidden}</p>`)}
    ${!compact && warning.in_force && html`<${WarningActions} warning=${warning} onDone=${onDone} />`}</article>`;
}

/** The buttons of a warning. @param {{warning: any, onDone?: (() => void) | undefined}} props */
export function WarningActions({ warning, onDone }) {
  const t = texts("command").warning;
  const may = (/** @type {string} */ command) => !warning.may || warning.may.includes(command);
  const where = warning.divisions[0]?.code ?? null;
  return html`<div class="actions" role="group" aria-label=${texts("command").actions}>
    ${may("warning.place") && warning.divisions.length === 0 && html`<${Button} kind="main" icon="place" onClick=${() => openWarningAction("place", warning, { onDone })}>${t.place.name}<//>`}
    <${Button} icon="forward" onClick=${() => openStart({ warning: warning.warning, division: where, title: warning.headline, drill: warning.drill, about: warning.headline })}>${t.startOther}<//>
    ${may("warning.update") && html`<${Button} onClick=${() => openWarningAction("update", warning, { onDone })}>${t.update.name}<//>`}
    ${may("warning.lift") && html`<${Button} onClick=${() => openWarningAction("lift", warning, { onDone })}>${t.lift.name}<//>`}
    ${may("warning.place") && warning.divisions.length > 0 && html`<${Button} kind="bare" onClick=${() => openWarningAction("place", warning, { onDone })}>${t.place.name}<//>`}</div>`;
}

/** A warning that is no more than a line. @param {{line: any}} props */
export function WarningLine({ line }) {
  return html`<button type="button" class="line-button" onClick=${() => openWarning(line.warning)}><${LevelMark} level=${line.level} /><span class="grow clamp">${line.headline || line.event}</span></button>`;
}

