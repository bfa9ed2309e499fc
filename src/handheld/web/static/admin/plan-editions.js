// Editions of a plan, each to be looked at again; and taking a plan out of use.
import { html } from "../vendor/htm-preact.js";
import { useState } from "../vendor/preact-hooks.js";
import { Button } from "../components/button.js";
import { Dialog } from "../components/dialog.js";
import { TextField } from "../components/field.js";
import { tell, tellProblem } from "../components/notices.js";
import { commandId, post } from "../lib/api.js";
import { address } from "../lib/route.js";
import { texts } from "../lib/texts.js";

/** @param {{card: any}} props */
export function Editions({ card }) {
  const t = texts("admin-plans").editions;
  const all = /** @type {number[]} */ (card.editions);
  const earlier = all.filter((one) => one !== card.edition);
  return html`<section class="panel plan-part" aria-labelledby="plan-editions"><header><h2 id="plan-editions">${t.title}</h2></header><div class="body">
    <p class="quiet small">${t.what}</p><ul class="plan-editions"><li><strong>${t.number(all.indexOf(card.edition) + 1)}</strong> ${card.retired ? t.retired : t.inForce}</li>
      ${[...earlier].reverse().map((one) => html`<li key=${one}><a href=${address({ edition: one })}>${t.number(all.indexOf(one) + 1)}</a></li>`)}</ul></div></section>`;
}

/** @param {{card: any, onDone: () => void}} props */
export function Retire({ card, onDone }) {
  const t = texts("admin-plans").retire;
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState("");
  const [wrong, setWrong] = useState(/** @type {string | null} */ (null));
  const [working, setWorking] = useState(false);
  const [command] = useState(commandId);
  const retire = async () => {
    if (!reason.trim()) return setWrong(t.needsReason);
    setWorking(true);
    try {
      await post(`/plans/${card.plan}/retire`, { reason: reason.trim() }, { key: command });
      tell({ tone: "closed", title: t.done, detail: t.doneMore });
      setAsking(false);
      onDone();
    } catch (error) {
      tellProblem(error);
    }
    setWorking(false);
  };
  return html`<p><${Button} kind="grave" onClick=${() => setAsking(true)}>${t.name}<//></p>
    ${asking && html`<${Dialog} title=${t.title(card.title)} onClose=${() => setAsking(false)} footer=${html`<${Button} onClick=${() => setAsking(false)}>${texts("common").cancel}<//><${Button} kind="grave" onClick=${retire} busy=${working && t.working}>${t.name}<//>`}>
      <p>${t.more}</p><${TextField} label=${t.reason} lines=${2} value=${reason} wrong=${wrong} required onInput=${(/** @type {string} */ text) => { setReason(text); setWrong(null); }} /><//>`}`;
}
