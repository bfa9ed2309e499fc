// 交班: somebody else is on duty from now on.
import { html } from "../vendor/htm-preact.js";
import { useState } from "../vendor/preact-hooks.js";
import { Button } from "../components/button.js";
import { Dialog } from "../components/dialog.js";
import { SelectField, TextField } from "../components/field.js";
import { Notice, tell, tellProblem } from "../components/notices.js";
import { post } from "../lib/api.js";
import { texts } from "../lib/texts.js";
import { named } from "../lib/names.js";
import { Awaited } from "./parts.js";
import { useHolders } from "./duty-holders.js";

/** @param {{of: import("./duty.js").DutyShown, card: import("./duty.js").DivisionCard, onClose: () => void, onDone: () => void}} props */
export function HandOver({ of, card, onClose, onDone }) {
  const t = texts("admin").duty;
  const department = of.department?.unit.replace(/^department-/, "") ?? null;
  const answer = useHolders(card, of.role, department);
  const others = (answer.found ?? []).filter((one) => one.person !== of.on_duty?.person);
  const [to, setTo] = useState("");
  const [note, setNote] = useState("");
  const [busy, setBusy] = useState(false);
  const chosen = to || others[0]?.person || "";
  const give = async () => {
    setBusy(true);
    try {
      await post("/duty/hand-over", { division: of.division.code, role: of.role, to: chosen, ...(department && { department }), ...(note.trim() && { note: note.trim() }) });
      tell({ tone: "closed", title: t.given });
      onDone();
    } catch (error) {
      tellProblem(error);
      setBusy(false);
    }
  };
  return html`<${Dialog} title=${`${t.handOver} · ${of.department?.name ?? of.division.name ?? ""} ${named("roles", of.role)}`} onClose=${onClose} footer=${html`<${Button} onClick=${onClose}>${texts("common").cancel}<//>
      <${Button} kind="main" onClick=${give} disabled=${!chosen} busy=${busy && t.giving}>${t.give}<//>`}>
    <${Awaited} of=${answer} />${answer.found && (others.length ? html`<${SelectField} label=${t.to} value=${chosen} onInput=${setTo} options=${others.map((one) => ({ value: one.person, label: `${one.name ?? ""} ${one.person.replace(/^person-/, "")}` }))} />
      <${TextField} label=${t.note} value=${note} onInput=${setNote} lines=${3} />` : html`<${Notice} tone="waiting" icon="warning" title=${t.noHolders} />`)}<//>`;
}
