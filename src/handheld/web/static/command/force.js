// Doing something with a task force: a dialog each, and the buttons that fit.
import { html } from "../vendor/htm-preact.js";
import { useState } from "../vendor/preact-hooks.js";
import { me } from "../lib/session.js";
import { texts } from "../lib/texts.js";
import { Button } from "../components/button.js";
import { openDialog } from "./commanding.js";
import { AmendDialog } from "./amend.js";
import { KINDS, fitting } from "./force-kinds.js";
import { LevelDialog } from "./level.js";
import { OrderDialog, WithdrawOrderDialog } from "./order.js";
import { PullInDialog } from "./pull-in.js";
import { EntryDialog, MessageDialog } from "./talk.js";
import { EndDialog } from "./ending.js";
import { HandOverDialog, LeadDialog } from "./hand-over.js";

/** @typedef {import("./force-kinds.js").ForceKind} ForceKind */
/** @typedef {import("./force-kinds.js").Force} Force */

/**
 * What an action may be told besides: the order that is meant, the entry, the message that is answered.
 * @typedef {{order?: string | undefined, entry?: string | undefined, answers?: string | undefined, text?: string | undefined,
 *   onDone?: (() => void) | undefined}} More
 */

/** @type {Record<ForceKind, any>} */
const DIALOGS = {
  order: OrderDialog, amend: AmendDialog, withdraw_order: WithdrawOrderDialog, entry: EntryDialog, message: MessageDialog,
  pull_in: PullInDialog, level: LevelDialog, hand_over: HandOverDialog, lead: LeadDialog,
  stand_down: EndDialog, close: EndDialog, cancel: EndDialog, reopen: EndDialog, archive: EndDialog, evaluate: EndDialog, rate: EndDialog, strike: EndDialog,
};

/**
 * Open the dialog of an action.
 * @param {ForceKind} kind
 * @param {Force} force
 * @param {More} [more]
 */
export function openForceAction(kind, force, more = {}) {
  openDialog(() => html`<${DIALOGS[kind]} kind=${kind} force=${force} ...${more} />`);
}

/**
 * The buttons that fit a task force: `only` those kinds, or the usual ones with the others behind "more".
 * @param {{force: Force, only?: readonly ForceKind[], first?: number, onDone?: () => void}} props
 */
export function ForceActions({ force, only, first = 5, onDone }) {
  const t = texts("command");
  const [all, setAll] = useState(false);
  const kinds = fitting(force, me.value?.actor ?? "").filter((kind) => !only || only.includes(kind));
  if (kinds.length === 0) return null;
  const shown = all || only || kinds.length <= first + 1 ? kinds : kinds.slice(0, first);
  return html`<div class="actions" role="group" aria-label=${t.actions}>
    ${shown.map((kind) => html`<${Button} key=${kind} kind=${KINDS[kind].grave ? "grave" : "plain"} icon=${KINDS[kind].icon}
      onClick=${() => openForceAction(kind, force, onDone ? { onDone } : {})}>${t.force[kind].name}<//>`)}
    ${shown.length < kinds.length && html`<${Button} kind="bare" icon="more" onClick=${() => setAll(true)}>${t.moreActions}<//>`}</div>`;
}
