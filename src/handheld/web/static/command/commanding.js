// The dialogs of commanding: one at a time, drawn in one place of the page, with what can still be undone.
import { html } from "../vendor/htm-preact.js";
import { signal } from "../vendor/signals.js";
import { UndoBar } from "./undo.js";

/** @type {import("../vendor/signals.js").Signal<{id: number, draw: () => any} | null>} */
const shown = signal(/** @type {{id: number, draw: () => any} | null} */ (null));
let last = 0;

/** Show a dialog instead of the one that is there. @param {() => any} draw gives what is drawn */
export function openDialog(draw) {
  last += 1;
  shown.value = { id: last, draw };
}

/** Away with it. */
export function closeDialog() {
  shown.value = null;
}

/** Whether a dialog is open. */
export const dialogOpen = () => shown.value !== null;

/** Where the dialogs are drawn: once, at the end of a page's tree. */
export function Commanding() {
  const now = shown.value;
  return html`${now && html`<${Drawn} key=${now.id} draw=${now.draw} />`}<${UndoBar} key="undo" />`;
}

/** @param {{draw: () => any}} props */
function Drawn({ draw }) {
  return draw();
}
