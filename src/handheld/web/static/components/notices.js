// What happened, in a corner: done, not done, and what to do about it. Heard by screen readers.
import { html } from "../vendor/htm-preact.js";
import { signal } from "../vendor/signals.js";
import { Problem } from "../lib/api.js";
import { texts } from "../lib/texts.js";
import { Button } from "./button.js";
import { Icon } from "./icons.js";

/**
 * @typedef {{tone?: "closed" | "overdue" | "waiting", title: string, detail?: string | undefined,
 *   action?: {label: string, run: () => void} | undefined, seconds?: number}} Told
 * @type {import("../vendor/signals.js").Signal<(Told & {id: number})[]>}
 */
const shown = signal(/** @type {(Told & {id: number})[]} */ ([]));
let last = 0;

/** Tell something. It stays while it is about a problem, otherwise eight seconds. @param {Told} what */
export function tell(what) {
  const id = (last += 1);
  shown.value = [...shown.value.slice(-3), { ...what, id }];
  const seconds = what.seconds ?? (what.tone === "overdue" ? 0 : 8);
  if (seconds) setTimeout(() => untell(id), seconds * 1000);
  return id;
}

/** Take it away again. @param {number} id */
export function untell(id) {
  shown.value = shown.value.filter((one) => one.id !== id);
}

/** Tell of an error, in the server's words where they are its. @param {unknown} error */
export function tellProblem(error) {
  if (error instanceof Problem) return tell({ tone: "overdue", title: error.title, detail: error.detail });
  console.error(error);
  const words = texts("common").fault;
  return tell({ tone: "overdue", title: words.wrong, detail: words.todo });
}

/** A notice in its place on a page. @param {{tone?: Told["tone"], title: any, children?: any, icon?: import("./icons.js").IconName}} props */
export function Notice({ tone, title, children, icon }) {
  return html`<div class="notice ${tone ? `is-${tone}` : ""}" role=${tone === "overdue" ? "alert" : "status"}>
    <${Icon} name=${icon ?? (tone === "overdue" ? "warning" : tone === "closed" ? "check" : "info")} />
    <div class="grow"><strong>${title}</strong>${children && html`<div class="quiet">${children}</div>`}</div></div>`;
}

/** The corner. Once on every page. */
export function Notices() {
  return html`<div class="notices" aria-live="polite">${shown.value.map(
    (one) => html`<div key=${one.id} class="notice ${one.tone ? `is-${one.tone}` : ""}" role=${one.tone === "overdue" ? "alert" : "status"}>
      <${Icon} name=${one.tone === "overdue" ? "warning" : one.tone === "closed" ? "check" : "info"} />
      <div class="grow"><strong>${one.title}</strong>${one.detail && html`<p class="quiet small">${one.detail}</p>`}
        ${one.action && html`<${Button} kind="bare" onClick=${() => { untell(one.id); one.action?.run(); }}>${one.action.label}<//>`}</div>
      <${Button} kind="bare" icon="cross" label=${texts("common").close} onClick=${() => untell(one.id)} /></div>`,
  )}</div>`;
}
