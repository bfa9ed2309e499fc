// Where one is on the phone: the tab, what is open in it, and the way back. URL = state.
import { address, go, place } from "../lib/route.js";

/** @typedef {"tasks" | "finding" | "messages" | "own" | "area"} Tab */

const TABS = new Set(["tasks", "finding", "messages", "own", "area"]);

/** The parameters that say what is open within a tab. */
const NOTHING = { task: null, finding: null, view: null, household: null };

/** What is open now. */
export function here() {
  const at = place.value;
  const task = at.get("task");
  const named = at.get("tab") ?? "";
  const tab = /** @type {Tab} */ (TABS.has(named) ? named : "tasks");
  return { tab, task, finding: at.get("finding"), view: at.get("view") ?? "" };
}

/** How many steps of this visit lie behind: whether "back" stays on this page. */
let depth = /** @type {{depth?: number} | null} */ (history.state)?.depth ?? 0;
addEventListener("popstate", (event) => (depth = event.state?.depth ?? 0));

/**
 * A step further in.
 * @param {Record<string, string | null>} changes
 */
export function open(changes) {
  const before = location.href;
  go(changes);
  if (location.href === before) return;
  depth += 1;
  history.replaceState({ depth }, "");
}

/** Something else in place of what is open. @param {Record<string, string | null>} changes */
export function swap(changes) {
  go(changes, { replace: true });
  history.replaceState({ depth }, "");
}

/** @param {Tab} tab */
export function openTab(tab) {
  open(tabPlace(tab));
}

/** The address of a tab. @param {Tab} tab */
export const tabAddress = (tab) => address(tabPlace(tab));

/** @param {Tab} tab */
function tabPlace(tab) {
  return { tab: tab === "tasks" ? null : tab, d: null, s: null, ...NOTHING };
}

/** A step back; where one came from elsewhere, to what lies above. @param {Record<string, string | null>} [above] */
export function back(above = NOTHING) {
  if (depth > 0) history.back();
  else swap(above);
}

/**
 * For links: a press goes there without loading the page anew.
 * @param {Record<string, string | null>} changes
 */
export function linkTo(changes) {
  return {
    href: address(changes),
    onClick: (/** @type {MouseEvent} */ event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      open(changes);
    },
  };
}
