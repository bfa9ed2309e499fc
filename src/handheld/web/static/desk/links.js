// Links to another state of this page are followed without leaving it; all others as always.
import { go } from "../lib/route.js";

/** @param {MouseEvent} event */
function follow(event) {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const at = /** @type {Element} */ (event.target).closest?.("a[href]");
  if (!(at instanceof HTMLAnchorElement) && !(at instanceof SVGAElement)) return;
  const href = at.getAttribute("href") ?? "";
  if (href.startsWith("#")) return;
  const to = new URL(href, location.href);
  if (to.origin !== location.origin || to.pathname !== location.pathname || at.hasAttribute("download") || at.getAttribute("target")) return;
  event.preventDefault();
  /** @type {Record<string, string | null>} */
  const changes = {};
  for (const name of new URLSearchParams(location.search).keys()) changes[name] = null;
  for (const [name, value] of to.searchParams) changes[name] = value;
  go(changes);
}

/** From now on. @returns {() => void} ends it */
export function followLinks() {
  addEventListener("click", follow);
  return () => removeEventListener("click", follow);
}
