// Ten seconds to take back a slip: a bar that counts down, with a button and a key.
import { html } from "../vendor/htm-preact.js";
import { useEffect, useLayoutEffect, useRef, useState } from "../vendor/preact-hooks.js";
import { signal } from "../vendor/signals.js";
import { texts } from "../lib/texts.js";
import { Button } from "../components/button.js";
import { Icon } from "../components/icons.js";
import { tellProblem } from "../components/notices.js";

const SECONDS = 10;

/**
 * @typedef {{title: string, detail?: string, label: string, busy: string, run: () => Promise<unknown>}} Offer
 * @type {import("../vendor/signals.js").Signal<(Offer & {id: number}) | null>}
 */
const offered = signal(/** @type {(Offer & {id: number}) | null} */ (null));
let last = 0;

/** Say what was done, and let it be taken back. @param {Offer} offer */
export function offerUndo(offer) {
  last += 1;
  offered.value = { ...offer, id: last };
}

/** The bar, while there is something to take back. */
export function UndoBar() {
  const offer = offered.value;
  return offer ? html`<${Bar} key=${offer.id} offer=${offer} />` : null;
}

/** @param {{offer: Offer}} props */
function Bar({ offer }) {
  const t = texts("command").undo;
  const [left, setLeft] = useState(SECONDS);
  const [busy, setBusy] = useState(false);
  const held = useRef(false);
  useEffect(() => {
    // Whoever points at it, or has reached it with the keyboard, is deciding: it waits.
    const timer = setInterval(() => setLeft((now) => (held.current ? now : now - 1)), 1000);
    return () => clearInterval(timer);
  }, []);
  useEffect(() => {
    if (left <= 0 && !busy) offered.value = null;
  }, [left]);
  const undo = async () => {
    if (busy) return;
    setBusy(true);
    held.current = true;
    try {
      await offer.run();
      offered.value = null;
    } catch (error) {
      tellProblem(error);
      setBusy(false);
    }
  };
  // Before the bar is painted: who sees it can press the key.
  useLayoutEffect(() => {
    /** @param {KeyboardEvent} event */
    const pressed = (event) => {
      const at = /** @type {HTMLElement} */ (event.target);
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z" || at.closest?.("input, textarea, select")) return;
      event.preventDefault();
      undo();
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  });
  const hold = () => (held.current = true);
  const release = () => (held.current = busy);
  return html`<div class="undo-bar" role="status" onMouseEnter=${hold} onMouseLeave=${release} onFocusIn=${hold} onFocusOut=${release}>
    <${Icon} name="check" size=${1.4} /><div class="grow"><strong>${offer.title}</strong>${offer.detail && html`<div class="small">${offer.detail}</div>`}</div>
    <${Button} icon="undo" onClick=${undo} busy=${busy && offer.busy} title=${t.key}>${offer.label}<span class="number" aria-hidden="true">${t.left(Math.max(0, left))}</span><//></div>`;
}
