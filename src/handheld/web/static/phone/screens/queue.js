// What waits to be sent, with its age, and what came too late or was not taken.
import { html } from "../../vendor/htm-preact.js";
import { Button } from "../../components/button.js";
import { Icon } from "../../components/icons.js";
import { Ago, When } from "../../components/moment.js";
import { texts } from "../../lib/texts.js";
import { didWord } from "../do.js";
import { overtaken, putAway, sendNow, tryAgain, undo, waiting } from "../store/store.js";
import { sizeOf } from "./own.js";

/** @typedef {import("../store/state.js").Act} Act */

/** The list of what waits. */
export function Queue() {
  const t = texts("field").own;
  const { acts, files, bytes } = waiting.value;
  if (acts.length === 0 && files.length === 0) return html`<section class="card"><h2>${t.queue}</h2><p class="under"><${Icon} name="check" />${t.queueNone}</p></section>`;
  return html`<section class="card queue"><h2>${t.queue} <span class="number">${acts.length}</span></h2>
    <ul class="did">${acts.map((one) => html`<li key=${one.id}><span class="grow"><strong>${didWord(one.command.command)}</strong>
      ${one.title && html`<span class="about">${one.title}</span>`}<span class="quiet small"><${Ago} at=${one.at} /></span></span>
      ${one.state === "waiting" && html`<${Button} kind="bare" onClick=${() => undo(one.id)}>${texts("phone").undo.back}<//>`}</li>`)}</ul>
    ${files.length > 0 && html`<p class="quiet">${t.photosLeft(files.length)}</p>`}
    ${files.length > 0 && html`<p class="quiet small">${t.queueBytes(acts.length, sizeOf(bytes))}</p>`}
    <${Button} wide icon="upload" onClick=${() => sendNow()}>${t.retry}<//></section>`;
}

/** What had no effect, in the server's words, until it has been seen. */
export function Late() {
  const t = texts("field").own;
  const late = overtaken.value;
  if (late.length === 0) return null;
  return html`<section class="card late"><h2>${t.overtaken} <span class="number">${late.length}</span></h2><p class="quiet small">${t.overtakenIntro}</p>
    <ul class="did">${late.map((one) => html`<li key=${one.id}><span class="grow"><strong>${didWord(one.command.command)}</strong> <span class="quiet small"><${When} at=${one.at} /></span>
      ${one.title && html`<span class="about">${one.title}</span>`}${said(one) && html`<q class="said">${said(one)}</q>`}
      <span class="why"><${Icon} name="info" />${one.words ?? t.failed}</span></span>
      <span class="buttons">${one.state === "failed" && html`<${Button} onClick=${() => tryAgain(one.id)}>${t.again}<//>`}
        <${Button} kind="bare" onClick=${() => putAway(one.id)}>${t.dismiss}<//></span></li>`)}</ul></section>`;
}

/** The words of it, which are not lost. @param {Act} one */
const said = (one) => one.command.text ?? one.command.reason ?? one.command.done ?? "";
