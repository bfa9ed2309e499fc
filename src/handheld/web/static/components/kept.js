// Rows that have not changed are not drawn again: the very same element is given to the page.
import { useRef } from "../vendor/preact-hooks.js";

/** @typedef {{on: readonly unknown[], drawn: any}} Kept */

/**
 * For lists that are drawn often and change little. What is given back draws one element of the
 * list, or gives the one from before where nothing of `on` is another; what was not asked for in
 * one drawing is forgotten.
 * @returns {(key: string, on: readonly unknown[], draw: () => any) => any}
 */
export function useKept() {
  const before = useRef(/** @type {Map<string, Kept>} */ (new Map()));
  const was = before.current;
  /** @type {Map<string, Kept>} */
  const now = new Map();
  before.current = now;
  return (key, on, draw) => {
    const found = was.get(key);
    const kept = found && found.on.every((one, n) => Object.is(one, on[n])) ? found : { on, drawn: draw() };
    now.set(key, kept);
    return kept.drawn;
  };
}

/** The same function at every drawing, which runs the newest. @template {(...given: any[]) => any} F @param {F} run @returns {F} */
export function useSame(run) {
  const newest = useRef(run);
  newest.current = run;
  const same = useRef(/** @type {any} */ (null));
  same.current = same.current ?? ((/** @type {any[]} */ ...given) => newest.current(...given));
  return same.current;
}
