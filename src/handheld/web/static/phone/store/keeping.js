// Keeping safe what waits: the browser's promise, and a word to whoever closes the page.
import { core } from "./core.js";
import { storage, waiting } from "./state.js";

let asked = false;
let leaving = false;

/** Whether this browser deletes what a page stored after seven days without a visit: Safari does, and
 * whatever is drawn by it on iOS, unless the page was put on the home screen. */
function forgets() {
  const agent = navigator.userAgent;
  const apple = /iPhone|iPad|Macintosh/.test(agent) && /AppleWebKit/.test(agent) && !/Chrome|Chromium|Edg\//.test(agent);
  return apple && !matchMedia("(display-mode: standalone)").matches && !(/** @type {any} */ (navigator).standalone);
}

/** What there is to say about the storage now. */
export async function lookAtStorage() {
  const manager = navigator.storage;
  const persisted = (await manager?.persisted?.().catch(() => false)) ?? false;
  const { usage = 0, quota = 0 } = (await manager?.estimate?.().catch(() => null)) ?? {};
  storage.value = { kept: core.db.durable, persisted, sevenDays: forgets() && !persisted, used: usage, quota };
}

/** Ask the browser to keep it, once somebody has done something that waits here: some browsers ask
 * the person, who then knows what for. */
export async function keepSafe() {
  hold();
  if (asked || !core.db.durable) return;
  asked = true;
  if (!storage.value.persisted) await navigator.storage?.persist?.().catch(() => false);
  await lookAtStorage();
}

/** Warn whoever closes the page while something waits. */
export function hold() {
  const waits = waiting.value.actions > 0 || waiting.value.files.length > 0;
  if (waits === (onbeforeunload === warn)) return;
  // With a listener some browsers keep no page for going back: only while it is needed.
  onbeforeunload = waits ? warn : null;
}

/** @param {BeforeUnloadEvent} event */
function warn(event) {
  if (leaving) return;
  event.preventDefault();
  event.returnValue = "";
}

/** The page itself reloads: nothing is lost by that. */
export function letGo() {
  leaving = true;
}
