// How wide the place is in which something stands: the same component is in a column and on a wall.
import { useLayoutEffect, useState } from "../../vendor/preact-hooks.js";

/**
 * The width of an element in pixels, kept up to date; 0 before it is known.
 * @returns {[(element: any) => void, number, HTMLElement | null]} what to give as `ref`, the width, and the element
 */
export function useWidth() {
  const [element, setElement] = useState(/** @type {HTMLElement | null} */ (null));
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    if (!element) return undefined;
    setWidth(Math.round(element.clientWidth));
    const observer = new ResizeObserver(() => setWidth(Math.round(element.clientWidth)));
    observer.observe(element);
    return () => observer.disconnect();
  }, [element]);
  return [setElement, width, element];
}

/** @type {WeakMap<Element, {width: number, text: string | undefined, pixels: number}>} */
const measured = new WeakMap();

/**
 * The size of an element's text. To ask the browser lays the whole page out, so it is asked again only where
 * the answer may be another: boards are drawn five times a second.
 * @param {Element} element
 */
function textSize(element) {
  const text = document.documentElement.dataset.text;
  const width = innerWidth;
  const before = measured.get(element);
  if (before && before.width === width && before.text === text) return before.pixels;
  const pixels = parseFloat(getComputedStyle(element).fontSize) || 16;
  measured.set(element, { width, text, pixels });
  return pixels;
}

/** Pixels of one rem: large text and zoom change it. */
export const rem = () => textSize(document.documentElement);

/** Pixels of one em of an element: on the wall its text is larger than that of the page. @param {Element | null} element */
export const em = (element) => (element ? textSize(element) : rem());
