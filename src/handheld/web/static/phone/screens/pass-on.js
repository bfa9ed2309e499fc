// 下派: to people or posts below; whoever passes it on stays answerable.
import { html } from "../../vendor/htm-preact.js";
import { useState } from "../../vendor/preact-hooks.js";
import { TextField } from "../../components/field.js";
import { Notice } from "../../components/notices.js";
import { Working } from "../../components/status.js";
import { texts } from "../../lib/texts.js";
import { perform } from "../do.js";
import { Lazily } from "../lazily.js";
import { picking } from "../lazy.js";
import { back } from "../place.js";
import { tasks } from "../store/store.js";
import { BigButton } from "./parts.js";
import { Top } from "./top.js";

/** @typedef {import("../../command/pick.js").Picked} Picked */

/** @param {{id: string}} props */
export function PassOnScreen({ id }) {
  const t = texts("field").passOn;
  const task = tasks.value.get(id);
  return html`<${Top} title=${t.title} goes above=${{ task: id, view: null }} /><main class="screen">
    ${task ? html`<p class="order short">${task.order.text ?? task.order.title}</p><p class="quiet">${t.intro}</p>
      <${Lazily} fetch=${picking} offline=${t.offline} draw=${(/** @type {typeof import("../../command/pick.js")} */ pick) => html`<${Form} task=${task} pick=${pick} />`} />` : html`<${Working} />`}</main>`;
}

/** @param {{task: import("../store/state.js").Card, pick: typeof import("../../command/pick.js")}} props */
function Form({ task, pick }) {
  const t = texts("field").passOn;
  const [picked, setPicked] = useState(/** @type {Picked} */ (pick.NOBODY));
  const [words, setWords] = useState("");
  const [tried, setTried] = useState(false);
  const send = async () => {
    setTried(true);
    if (!pick.anybody(picked)) return;
    const command = { command: "task.pass_on", task: task.task, ...pick.addressed(picked), ...(words.trim() && { text: words.trim() }) };
    if (await perform(command, { title: task.order.title })) back({ task: task.task, view: null });
  };
  const n = picked.people.length;
  return html`<${pick.Picker} label=${t.who} mode="order" division=${task.division?.code ?? null} value=${picked} onChange=${setPicked} />
    <${TextField} label=${t.words} lines=${3} value=${words} onInput=${setWords} maxLength=${2000} />
    ${tried && !pick.anybody(picked) && html`<${Notice} tone="overdue" title=${t.missing} />`}
    <${BigButton} icon="people" onClick=${send}>${picked.targets.length === 0 && n > 0 ? t.send(n) : t.title}<//>`;
}
