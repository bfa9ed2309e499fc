// A dialog with a form: sends once, keeps what was typed, shows problems where they are.
import { html } from "../vendor/htm-preact.js";
import { useEffect, useRef, useState } from "../vendor/preact-hooks.js";
import { Problem } from "../lib/api.js";
import { texts } from "../lib/texts.js";
import { Button } from "../components/button.js";
import { Dialog } from "../components/dialog.js";
import { Notice, tell, tellProblem } from "../components/notices.js";
import { closeDialog } from "./commanding.js";
import { Intent, isUncertain } from "./intent.js";

/**
 * @typedef {{
 *   title: any, submit: any, run: (send: Intent) => Promise<unknown>, missing?: string | null | undefined,
 *   grave?: boolean, broad?: boolean, busy?: string, extra?: any, children?: any, onClose?: () => void,
 *   onProblem?: (problem: Problem) => boolean | void, icon?: import("../components/icons.js").IconName,
 *   confirm?: any, about?: string, side?: any, ready?: boolean,
 * }} FormProps
 */

/**
 * A form that does one thing. `missing`: what is still to be filled in, in words, told on the press.
 * `run` sends it, with an `Intent` that lives as long as the dialog, and closes nothing: that
 * happens here when it returns, unless it returns false. `onProblem` returns true for a problem
 * that it shows by itself. `confirm`: words of the second press that it takes; what is meant by it
 * stands in `about`, and another `about` asks for the first press again. `ready`: the button is next.
 * @param {FormProps} props
 */
export function FormDialog({ title, submit, run, missing, grave, broad, busy, extra, children, onClose = closeDialog, onProblem, icon, confirm, about, side, ready }) {
  const t = texts("command").form;
  const sending = useSending({ run, missing, onProblem, onDone: onClose });
  const { working, wrong, uncertain, told } = sending;
  const [armed, setArmed] = useState(/** @type {string | null} */ (null));
  const sure = confirm === undefined || uncertain || armed === (about ?? "");
  const go = () => {
    if (sure || missing) return sending.go();
    setArmed(about ?? "");
    return undefined;
  };
  const next = useRef(/** @type {HTMLSpanElement | null} */ (null));
  useEffect(() => { if (ready) next.current?.querySelector("button")?.focus(); }, [ready]);
  const close = () => {
    if (working) return;
    if (uncertain) tell({ tone: "overdue", title: t.uncertain, detail: t.uncertainLeft });
    onClose();
  };
  /** @param {KeyboardEvent} event */
  const onKeyDown = (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      go();
    }
  };
  const footer = html`${extra}<${Button} onClick=${close} disabled=${working}>${texts("common").cancel}<//>
    <span class="next" ref=${next}><${Button} kind=${grave ? "grave" : "main"} class=${confirm !== undefined && sure ? "armed" : ""} icon=${icon} onClick=${go}
      busy=${working && (busy ?? t.working)}>${uncertain ? t.again : confirm !== undefined && sure ? confirm : submit}<//></span>`;
  return html`<${Dialog} title=${title} broad=${broad} onClose=${close} footer=${footer}>
    <div class=${side ? "with-side" : ""}><form class="command-form" onKeyDown=${onKeyDown} onSubmit=${(/** @type {Event} */ event) => { event.preventDefault(); go(); }} noValidate>
      <fieldset disabled=${working || uncertain}>${children}</fieldset>
      <button type="submit" hidden></button></form>${side}</div>
    <${Wrong} wrong=${wrong} told=${told} uncertain=${uncertain} /><//>`;
}

/**
 * The sending of a form: what is under way, and what went wrong.
 * @param {{run: (send: Intent) => Promise<unknown>, missing?: string | null | undefined,
 *   onProblem?: ((problem: Problem) => boolean | void) | undefined, onDone: () => void}} how
 */
export function useSending({ run, missing, onProblem, onDone }) {
  const intent = useRef(/** @type {Intent | null} */ (null));
  if (!intent.current) intent.current = new Intent();
  const [working, setWorking] = useState(false);
  const [uncertain, setUncertain] = useState(false);
  const [wrong, setWrong] = useState(/** @type {Problem | null} */ (null));
  const [told, setTold] = useState(/** @type {string | null} */ (null));
  const go = async () => {
    if (working) return;
    setWrong(null);
    setTold(missing ?? null);
    if (missing) return;
    setWorking(true);
    try {
      const stays = (await run(/** @type {Intent} */ (intent.current))) === false;
      setUncertain(false);
      setWorking(false);
      if (!stays) onDone();
    } catch (error) {
      setWorking(false);
      setUncertain(isUncertain(error));
      if (!(error instanceof Problem)) tellProblem(error);
      else if (!onProblem?.(error)) setWrong(error);
    }
  };
  return { working, uncertain, wrong, told: missing ? told : null, go };
}

/** What is wrong, in words, where the eye is. @param {{wrong: Problem | null, told?: string | null, uncertain?: boolean}} props */
export function Wrong({ wrong, told, uncertain }) {
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  useEffect(() => box.current?.scrollIntoView?.({ block: "nearest" }), [wrong, told]);
  if (!wrong && !told) return null;
  const t = texts("command").form;
  return html`<div ref=${box}>${wrong
    ? html`<${Notice} tone="overdue" title=${wrong.title}>${wrong.detail}${uncertain ? ` ${t.uncertainAgain}` : ""}<//>`
    : html`<${Notice} tone="overdue" title=${told} />`}</div>`;
}

/**
 * Tell what came of one command. @param {import("../lib/api.js").Outcome} outcome
 * @param {string} done the words where it was done @param {{detail?: string, action?: {label: string, run: () => void}}} [more]
 */
export function tellOutcome(outcome, done, more = {}) {
  if (outcome.outcome === "accepted") tell({ tone: "closed", title: done, detail: outcome.words || more.detail, action: more.action });
  else tell({ tone: "waiting", title: texts("command").outcomes[outcome.outcome === "overtaken" ? "overtaken" : "already_done"], detail: outcome.words });
}
