// Dialogs: what is behind waits; Escape closes; the focus stays within and goes back afterwards.
import { html } from "../vendor/htm-preact.js";
import { useId, useLayoutEffect, useRef } from "../vendor/preact-hooks.js";
import { texts } from "../lib/texts.js";
import { Icon } from "./icons.js";

const FOCUSABLE = 'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), [tabindex="0"]';

/**
 * @param {{title: string, onClose: () => void, broad?: boolean, footer?: any, children?: any}} props
 */
export function Dialog({ title, onClose, broad, footer, children }) {
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  const id = useId();
  // Before it is painted: what is typed next is for the dialog, not for what is behind it.
  useLayoutEffect(() => {
    const before = /** @type {HTMLElement | null} */ (document.activeElement);
    const dialog = /** @type {HTMLDivElement} */ (box.current);
    const first = /** @type {HTMLElement | null} */ (dialog.querySelector("[autofocus]") ?? dialog.querySelector(`.body ${FOCUSABLE.replace(/, /g, ", .body ")}`));
    (first ?? dialog).focus();
    return () => before?.focus?.();
  }, []);
  /** @param {KeyboardEvent} event */
  const onKeyDown = (event) => {
    event.stopPropagation();
    if (event.key === "Escape") onClose();
    if (event.key === "Tab" && box.current) keepWithin(event, box.current);
  };
  return html`<div class="veil" onMouseDown=${(/** @type {MouseEvent} */ event) => event.target === event.currentTarget && onClose()}>
    <div class="dialog ${broad ? "broad" : ""}" role="dialog" aria-modal="true" aria-labelledby=${id} tabindex="-1" ref=${box} onKeyDown=${onKeyDown}>
      <header role="none"><h2 id=${id}>${title}</h2>
        <button type="button" class="button bare" aria-label=${texts("common").close} onClick=${onClose}><${Icon} name="cross" /></button></header>
      <div class="body">${children}</div>
      ${footer && html`<footer role="none">${footer}</footer>`}
    </div></div>`;
}

/** @param {KeyboardEvent} event @param {HTMLElement} box */
function keepWithin(event, box) {
  const all = /** @type {HTMLElement[]} */ ([...box.querySelectorAll(FOCUSABLE)]).filter((one) => one.offsetParent !== null);
  const first = all[0];
  const last = all[all.length - 1];
  if (!first || !last) return;
  const at = document.activeElement;
  if (event.shiftKey && (at === first || at === box)) {
    event.preventDefault();
    last.focus();
  } else if (!event.shiftKey && at === last) {
    event.preventDefault();
    first.focus();
  }
}
