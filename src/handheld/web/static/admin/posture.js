// 平战转换: over to wartime procedure, and back, with a reason and a second look.
import { html } from "../vendor/htm-preact.js";
import { useState } from "../vendor/preact-hooks.js";
import { Button } from "../components/button.js";
import { Dialog } from "../components/dialog.js";
import { TextField } from "../components/field.js";
import { Mark } from "../components/marks.js";
import { tell, tellProblem } from "../components/notices.js";
import { post } from "../lib/api.js";
import { texts } from "../lib/texts.js";

/** @param {{card: import("./duty.js").DivisionCard, onDone: () => void}} props */
export function PosturePanel({ card, onDone }) {
  const t = texts("admin").duty;
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  const at = card.division.posture;
  const wartime = at === "wartime";
  const to = wartime ? "peacetime" : "wartime";
  const above = card.above[card.above.length - 1];
  const run = async () => {
    setBusy(true);
    try {
      await post("/posture", { division: card.division.code, posture: to, reason: reason.trim() }, { ifMatch: card.version });
      tell({ tone: "closed", title: t.switched });
      setOpen(false);
      setReason("");
      onDone();
    } catch (error) {
      tellProblem(error);
    }
    setBusy(false);
  };
  const act = wartime ? t.toPeacetime : t.toWartime;
  return html`<section class="panel posture"><header><h2>${t.posture}</h2>
      <${Mark} icon=${wartime ? "warning" : "check"} tone=${wartime ? "overdue" : "closed"}>${wartime ? t.postures.wartime : t.postures.peacetime}<//>
      ${!card.own_posture && above && html`<span class="quiet small">${t.inherited(above.name ?? "")}</span>`}
      ${card.may_command && html`<${Button} kind=${wartime ? "plain" : "grave"} onClick=${() => setOpen(true)}>${act}<//>`}</header></section>
    ${open && html`<${Dialog} title=${`${card.division.name} ${act}`} onClose=${() => setOpen(false)} footer=${html`<${Button} onClick=${() => setOpen(false)}>${texts("common").cancel}<//>
        <${Button} kind=${wartime ? "main" : "grave"} onClick=${run} disabled=${!reason.trim()} busy=${busy && t.switching}>${t.switchNow}<//>`}>
      <p>${wartime ? t.peacetimeWhat : t.wartimeWhat}</p><${TextField} label=${t.reason} value=${reason} onInput=${setReason} lines=${2} required autofocus /><//>`}`;
}
