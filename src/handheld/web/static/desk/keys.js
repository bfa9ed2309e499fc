// The keys of the desk. `?` lists them.
import { html } from "../vendor/htm-preact.js";
import { useMemo } from "../vendor/preact-hooks.js";
import { Keys } from "../components/keys.js";
import { openForceAction } from "../command/later.js";
import { go } from "../lib/route.js";
import { texts } from "../lib/texts.js";
import { acknowledgeAll } from "./alarms.js";
import { force } from "./force.js";
import { startByKey } from "./left.js";
import { chosen } from "./scope.js";
import { wholeBoard } from "./state.js";
import { current, move, select, toggle } from "./selection.js";
import { act } from "./table.js";

/** @param {string} kind */
function say(kind) {
  const card = force.peek();
  if (card?.inside && card.status === "active") openForceAction(/** @type {any} */ (kind), card);
}

/** The next task force, or the one before it. @param {number} by */
function turn(by) {
  const all = Object.keys(wholeBoard.peek()?.task_forces ?? {});
  if (all.length === 0) return;
  const at = all.indexOf(chosen.peek());
  const next = at + by;
  go({ tf: next < 0 || next >= all.length ? null : all[next], o: null, p: null });
}

/** They listen as long as this is drawn. */
export function DeskKeys() {
  const t = texts("desk").keys;
  const keys = useMemo(() => [
    { key: "n", words: t.start, run: startByKey },
    { key: "/", words: t.search, run: () => document.getElementById("search")?.focus() },
    { key: "j", words: t.down, run: () => move(1) },
    { key: "k", words: t.up, run: () => move(-1) },
    { key: "x", words: t.select, run: toggle },
    { key: "Enter", words: t.open, run: openCurrent },
    { key: "u", words: t.none, run: () => select(new Set()) },
    { key: "r", words: t.remind, run: () => act("remind") },
    { key: "d", words: t.supervise, run: () => act("supervise") },
    { key: "v", words: t.verify, run: () => act("verify") },
    { key: "e", words: t.entry, run: () => say("entry") },
    { key: "o", words: t.order, run: () => say("order") },
    { key: "m", words: t.message, run: () => say("message") },
    { key: "]", words: t.next, run: () => turn(1) },
    { key: "[", words: t.before, run: () => turn(-1) },
    { key: "a", words: t.seen, run: acknowledgeAll },
  ], []);
  return html`<${Keys} keys=${keys} />`;
}

function openCurrent() {
  // Enter on a link or a button is theirs.
  const at = document.activeElement;
  if (at && at.closest("a, button, select, summary, [data-place]")) {
    /** @type {HTMLElement} */ (at).click();
    return;
  }
  if (current.peek()) go({ p: current.peek() });
}
