// Commanding for the desk: it is fetched once the board is drawn, not before. What is pressed
// earlier waits for it.
import { html } from "../vendor/htm-preact.js";
import { signal } from "../vendor/signals.js";
import { tellProblem } from "../components/notices.js";

/** @typedef {typeof import("./all.js")} All */

/** @type {import("../vendor/signals.js").Signal<All | null>} */
const here = signal(/** @type {All | null} */ (null));
/** @type {Promise<All> | null} */
let coming = null;

/** Fetch the dialogs; once they are here this costs nothing. @returns {Promise<All>} */
export function fetchCommands() {
  coming = coming ?? import("./all.js").then(
    (all) => (here.value = all),
    (error) => {
      coming = null; // without a connection: with the next press again
      throw error;
    },
  );
  return coming;
}

/**
 * Something that opens a dialog, when it is here.
 * @template {"openStart" | "openTellWarning" | "openWarning" | "openFinding" | "openTaskAction" | "openForceAction"} N
 * @param {N} name
 * @returns {(...told: Parameters<All[N]>) => void}
 */
const opener = (name) => (...told) => {
  fetchCommands().then((all) => /** @type {(...told: any[]) => void} */ (all[name])(...told)).catch(tellProblem);
};

export const openStart = opener("openStart");
export const openTellWarning = opener("openTellWarning");
export const openWarning = opener("openWarning");
export const openFinding = opener("openFinding");
export const openTaskAction = opener("openTaskAction");
export const openForceAction = opener("openForceAction");

/** The buttons for a task. @param {Parameters<All["TaskActions"]>[0]} props */
export function TaskActions(props) {
  return here.value && html`<${here.value.TaskActions} ...${props} />`;
}

/** The buttons for a task force. @param {Parameters<All["ForceActions"]>[0]} props */
export function ForceActions(props) {
  return here.value && html`<${here.value.ForceActions} ...${props} />`;
}
