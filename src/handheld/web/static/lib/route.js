// URL = state: what is looked at stands in the address, for reloads and for colleagues.
import { signal } from "../vendor/signals.js";

/** The address's parameters now. */
export const place = signal(new URLSearchParams(location.search));

addEventListener("popstate", () => (place.value = new URLSearchParams(location.search)));

// A link to another state of the same page draws it, without fetching the page again.
addEventListener("click", (event) => {
  const link = /** @type {Element} */ (event.target).closest?.("a[href]");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  if (link.hasAttribute("target") || link.hasAttribute("download")) return;
  const to = new URL(link.getAttribute("href") ?? "", location.href);
  if (to.origin !== location.origin || to.pathname !== location.pathname || to.hash) return;
  event.preventDefault();
  if (to.search !== location.search) history.pushState(null, "", to.pathname + to.search);
  place.value = to.searchParams;
});

/**
 * Go to another state of this page. A value of null takes the parameter away.
 * @param {Record<string, string | number | null | undefined>} changes
 * @param {{replace?: boolean}} [how] without a step in the history, for what changes often
 */
export function go(changes, how = {}) {
  const to = address(changes);
  if (to === location.pathname + location.search) return;
  if (how.replace) history.replaceState(null, "", to);
  else history.pushState(null, "", to);
  place.value = new URLSearchParams(location.search);
}

/**
 * The address of another state of this page, for links.
 * @param {Record<string, string | number | null | undefined>} changes
 */
export function address(changes) {
  const next = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === undefined || value === "") next.delete(name);
    else next.set(name, String(value));
  }
  const text = next.toString();
  return location.pathname + (text ? `?${text}` : "");
}
