// Findings: the card, and what whoever has it on their desk may do.
import { html } from "../vendor/htm-preact.js";
import { useEffect, useState } from "../vendor/preact-hooks.js";
import { get } from "../lib/api.js";
import { named } from "../lib/names.js";
import { address } from "../lib/route.js";
import { me } from "../lib/session.js";
import { texts } from "../lib/texts.js";
import { Button } from "../components/button.js";
import { Dialog } from "../components/dialog.js";
import { Ago } from "../components/moment.js";
import { DrillTag, Mark } from "../components/marks.js";
import { tellProblem } from "../components/notices.js";
import { Call, PersonName } from "../components/person.js";
import { Working } from "../components/status.js";
import { closeDialog, openDialog } from "./commanding.js";
import { FindingDialog, OrderOnFindingDialog } from "./finding-dialogs.js";
import { openStart } from "./start.js";

/** @typedef {"deal_with" | "pass_up" | "route" | "return" | "order" | "start" | "add"} FindingKind */

const ICONS = /** @type {Record<FindingKind, import("../components/icons.js").IconName>} */ ({
  deal_with: "check", order: "order", start: "forward", route: "right", pass_up: "up", return: "undo", add: "plus",
});
const TONES = /** @type {Record<string, import("../components/marks.js").State | "plain">} */ ({
  open: "waiting", returned: "declined", ordered: "in_progress", started: "in_progress", dealt_with: "closed",
});

/**
 * What may be done with a finding.
 * @param {FindingKind} kind
 * @param {any} finding its card
 * @param {{onDone?: (() => void) | undefined}} [more]
 */
export function openFindingAction(kind, finding, { onDone } = {}) {
  if (kind === "start") {
    const text = String(finding.text ?? "");
    openStart({
      finding: finding.finding, division: finding.division.code.slice(0, 9), place: finding.place, drill: finding.drill, text,
      title: text.length > 20 ? `${text.slice(0, 20)}…` : text, about: text,
    });
  } else if (kind === "order") openDialog(() => html`<${OrderOnFindingDialog} finding=${finding} onDone=${onDone} />`);
  else openDialog(() => html`<${FindingDialog} kind=${kind} finding=${finding} onDone=${onDone} />`);
}

/** The finding in a dialog, with all that may be done. @param {string} finding its stream @param {{onDone?: () => void}} [more] */
export function openFinding(finding, { onDone } = {}) {
  openDialog(() => html`<${Opened} finding=${finding} onDone=${onDone} />`);
}

/** @param {{finding: string, onDone?: (() => void) | undefined}} props */
function Opened({ finding, onDone }) {
  const [card, setCard] = useState(/** @type {any} */ (null));
  useEffect(() => {
    get(`/findings/${finding}`).then(setCard, (error) => { closeDialog(); tellProblem(error); });
  }, [finding]);
  return html`<${Dialog} title=${texts("command").finding.title} onClose=${closeDialog}>${card ? html`<${FindingCard} finding=${card} onDone=${onDone} />` : html`<${Working} />`}<//>`;
}

/** The kinds that fit. @param {any} finding @returns {FindingKind[]} */
function fitting(finding) {
  /** @type {FindingKind[]} */
  const found = [];
  const open = finding.state === "open" || finding.state === "returned";
  if (finding.may_decide && open) found.push("order", "deal_with", "start", "route", "pass_up", "return");
  else if (finding.may_decide && finding.state === "ordered") found.push("order", "deal_with", "start");
  if (finding.reporter?.person === me.value?.actor && finding.state !== "dealt_with") found.push("add");
  return found;
}

/** A finding, whole. @param {{finding: any, onDone?: (() => void) | undefined, actions?: boolean}} props `finding`: the card */
export function FindingCard({ finding, onDone, actions = true }) {
  const t = texts("command").finding;
  const kinds = actions ? fitting(finding) : [];
  return html`<article class="card finding-card"><header><${Mark} icon="finding" tone=${TONES[finding.state] ?? "plain"}>${named("finding_states", finding.state)}<//>
      ${finding.wants_task_force && html`<${Mark} icon="up" tone="waiting">${t.wantsForce}<//>`}${finding.drill && html`<${DrillTag} />`}<span class="grow"></span><span class="quiet small"><${Ago} at=${finding.reported_at} /></span></header>
    <p class="finding-text">${finding.text ?? t.hidden}</p>
    <p class="quiet small">${[finding.division?.name, finding.place].filter(Boolean).join(" · ")}</p>
    <p class="small"><${PersonName} of=${finding.reporter} /> <${Call} phone=${finding.reporter?.phone} name=${finding.reporter?.name} /></p>
    ${finding.photos?.length > 0 && html`<div class="photos">${finding.photos.map((/** @type {any} */ one, /** @type {number} */ n) => one.awaited
      ? html`<p key=${one.sha256} class="photo-awaited quiet small">${t.awaited}</p>`
      : html`<a key=${one.sha256} href="/api/v1/attachments/${one.sha256}" target="_blank" rel="noopener"><img src="/api/v1/attachments/${one.sha256}" alt=${t.photo(n + 1)} loading="lazy" /></a>`)}</div>`}
    <p class="small">${t.liesWith} <strong>${finding.desk?.name ?? ""}</strong>${finding.reason ? html`<span class="quiet">${t.because(finding.reason)}</span>` : null}</p>
    ${(finding.added ?? []).map((/** @type {any} */ one, /** @type {number} */ n) => html`<p key=${n} class="small">${t.added} ${one.text ?? ""}</p>`)}
    ${(finding.orders ?? []).map((/** @type {any} */ one) => html`<p key=${one.order} class="small">${t.ordered} <a onClick=${closeDialog} href=${address({ tf: one.task_force })}>${one.text ?? one.title ?? ""}</a></p>`)}
    ${finding.task_force && html`<p class="small">${t.started} <a onClick=${closeDialog} href=${address({ tf: finding.task_force.task_force })}>${finding.task_force.title ?? ""}</a></p>`}
    ${finding.settled_by && html`<p class="small">${t.settled} ${finding.settled_by}</p>`}
    ${kinds.length > 0 && html`<div class="actions" role="group" aria-label=${texts("command").actions}>${kinds.map((kind, n) => html`<${Button} key=${kind} kind=${n === 0 && kind !== "add" ? "main" : "plain"} icon=${ICONS[kind]}
      onClick=${() => openFindingAction(kind, finding, { onDone })}>${t.kinds[kind].name}<//>`)}</div>`}</article>`;
}
