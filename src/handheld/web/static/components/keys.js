// Keys: each page says which it has; `?` lists them.
import { html } from "../vendor/htm-preact.js";
import { useLayoutEffect, useState } from "../vendor/preact-hooks.js";
import { texts } from "../lib/texts.js";
import { Dialog } from "./dialog.js";

/** @typedef {{key: string, words: string, run: () => void}} Key `key` as KeyboardEvent.key says it */

/** Listens for keys outside of fields, and lists them on `?`. @param {{keys: Key[]}} props */
export function Keys({ keys }) {
  const [open, setOpen] = useState(false);
  // Before it is painted: who sees a page or a bar can press its keys.
  useLayoutEffect(() => {
    /** @param {KeyboardEvent} event */
    const pressed = (event) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      const at = /** @type {HTMLElement} */ (event.target);
      if (at.closest?.("input, textarea, select, [role=dialog]")) return;
      if (event.key === "?") {
        event.preventDefault();
        setOpen(true);
        return;
      }
      const found = keys.find((one) => one.key.toLowerCase() === event.key.toLowerCase());
      if (found) {
        event.preventDefault();
        found.run();
      }
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, [keys]);
  if (!open) return null;
  const t = texts("common").keys;
  return html`<${Dialog} title=${t.title} onClose=${() => setOpen(false)}>
    <dl class="keys">${[...keys, { key: "?", words: t.list }, { key: "Esc", words: t.escape }].map(
      (one) => html`<dt key=${one.key}><kbd>${one.key === " " ? t.space : one.key}</kbd></dt><dd>${one.words}</dd>`)}</dl><//>`;
}
