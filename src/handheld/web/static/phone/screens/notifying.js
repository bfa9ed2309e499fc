// Notices when the page is closed: only where this browser can, and only when asked for.
import { html } from "../../vendor/htm-preact.js";
import { useState } from "../../vendor/preact-hooks.js";
import { Button } from "../../components/button.js";
import { tellProblem } from "../../components/notices.js";
import { Working } from "../../components/status.js";
import { texts } from "../../lib/texts.js";
import { askForNotices, noticesState, stopNotices } from "../store/store.js";

/** Switched on or off by a press; whether they can be had is asked when somebody wants to know. */
export function Notifying() {
  const t = texts("field").own;
  const [state, setState] = useState(/** @type {"no" | "off" | "on" | "denied" | null} */ (null));
  const look = () => noticesState().then(setState, () => setState("no"));
  const press = () => (state === "on" ? stopNotices() : askForNotices()).then(look, tellProblem);
  /** @param {Event} event */
  const toggled = (event) => { if (/** @type {HTMLDetailsElement} */ (event.currentTarget).open) look(); };
  return html`<section class="card"><details onToggle=${toggled}><summary>${t.notices}</summary><p>${state ? t.noticesWords[state] : html`<${Working} />`}</p>
    ${(state === "on" || state === "off") && html`<${Button} wide icon="bell" onClick=${press}>${state === "on" ? t.noticesStop : t.noticesStart}<//>`}</details></section>`;
}
