// One finding: what was said, with photos; with whom it is; what came of it; more can be added.
import { html } from "../../vendor/htm-preact.js";
import { useEffect, useState } from "../../vendor/preact-hooks.js";
import { Button } from "../../components/button.js";
import { TextField } from "../../components/field.js";
import { DrillTag } from "../../components/marks.js";
import { When } from "../../components/moment.js";
import { Notice } from "../../components/notices.js";
import { Working } from "../../components/status.js";
import { Problem, get } from "../../lib/api.js";
import { texts } from "../../lib/texts.js";
import { perform } from "../do.js";
import { findings } from "../store/store.js";
import { Past } from "./course.js";
import { FindingState } from "./findings.js";
import { Line } from "./parts.js";
import { Photos } from "./photos.js";
import { Top } from "./top.js";

/** @param {{id: string}} props */
export function FindingWhole({ id }) {
  const t = texts("field").finding;
  const kept = findings.value.find((one) => one.finding === id);
  const [card, setCard] = useState(/** @type {any} */ (null));
  const [wrong, setWrong] = useState(/** @type {Problem | null} */ (null));
  const stamp = kept?.last_at;
  useEffect(() => {
    get(`/findings/${id}`).then((found) => { setCard(found); setWrong(null); }, (error) => {
      if (!(error instanceof Problem)) throw error;
      setWrong(error);
    });
  }, [id, stamp]);
  const shown = card ?? kept;
  return html`<${Top} title=${t.title} goes above=${{ finding: null, tab: "finding" }} /><main class="screen">
    ${!shown && !wrong && html`<${Working} />`}
    ${!shown && wrong && html`<${Notice} tone="overdue" title=${wrong.title}>${wrong.detail}<//>`}
    ${shown && html`<span class="marks"><${FindingState} state=${shown.state} />${shown.drill && html`<${DrillTag} />`}</span>
      <p class="order">${shown.text}</p><${Photos} photos=${shown.photos} />
      <dl class="facts"><${Line} icon="place" label=${t.where}>${[shown.division?.name, shown.place].filter(Boolean).join(" · ")}<//>
        ${shown.reported_at && html`<${Line} icon="waiting" label=${t.reported}>${t.reported} <${When} at=${shown.reported_at} /><//>`}
        ${shown.desk?.name && html`<${Line} icon="person" label=${t.details}>${t.desk(shown.desk.name)}<//>`}</dl>
      ${shown.settled_by ? html`<${Notice} tone="closed" title=${t.settled(shown.settled_by)} />` : shown.reason && html`<${Notice} tone="waiting" title=${t.because(shown.reason)} />`}
      ${(shown.added ?? []).map((/** @type {any} */ one) => html`<div class="added" key=${one.recorded_at}><p>${one.text} <span class="quiet small"><${When} at=${one.recorded_at} /></span></p><${Photos} photos=${one.photos} /></div>`)}
      ${(kept?.pending ?? []).filter((one) => one.command.command === "finding.add").map((one) => html`<div class="added" key=${one.id}><p>${one.command.text} <span class="unsent-word">${texts("phone").sent.waiting}</span></p></div>`)}
      ${shown.state !== "dealt_with" && kept?.mine && html`<${More} id=${id} title=${shown.text} />`}
      <${Past} path="/findings/${id}/history" title=${t.details} />`}</main>`;
}

/** @param {{id: string, title: string}} props */
function More({ id, title }) {
  const t = texts("field").finding;
  const [words, setWords] = useState("");
  const add = async () => {
    const text = words.trim();
    if (text && (await perform({ command: "finding.add", finding: id, text }, { title, undone: () => setWords(text) }))) setWords("");
  };
  return html`<div class="add"><${TextField} label=${t.addWords} lines=${2} value=${words} onInput=${setWords} maxLength=${1000} />
    <${Button} icon="plus" disabled=${!words.trim()} onClick=${add}>${t.add}<//></div>`;
}
