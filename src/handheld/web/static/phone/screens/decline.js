// 退单: why it cannot be done, in one tap or a few words.
import { html } from "../../vendor/htm-preact.js";
import { useState } from "../../vendor/preact-hooks.js";
import { Button } from "../../components/button.js";
import { Dialog } from "../../components/dialog.js";
import { TextField } from "../../components/field.js";
import { texts } from "../../lib/texts.js";
import { perform } from "../do.js";
import { Chips } from "./chips.js";

/** @param {{task: import("../store/state.js").Card, onClose: () => void}} props */
export function Decline({ task, onClose }) {
  const t = texts("field").decline;
  const [chosen, setChosen] = useState("");
  const [words, setWords] = useState("");
  const [wrong, setWrong] = useState(false);
  const decline = async () => {
    const said = words.trim();
    const reason = chosen && said ? t.both(chosen, said) : chosen || said;
    if (!reason) return setWrong(true);
    if (await perform({ command: "task.decline", task: task.task, reason }, { title: task.order.title })) onClose();
  };
  return html`<${Dialog} title=${t.title} onClose=${onClose} footer=${html`<${Button} onClick=${onClose}>${texts("common").cancel}<//>
      <${Button} kind="grave" onClick=${decline}>${t.send}<//>`}>
    <p>${t.reason}</p>
    <${Chips} words=${t.quick} chosen=${chosen} onChoose=${(/** @type {string} */ word) => { setChosen(word); setWrong(false); }} label=${t.reason} />
    <${TextField} label=${t.other} lines=${2} value=${words} onInput=${(/** @type {string} */ to) => { setWords(to); setWrong(false); }} wrong=${wrong ? t.missing : null} maxLength=${500} /><//>`;
}
