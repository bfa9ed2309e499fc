// The course of a task: what the server has recorded, when it is asked for; offline what this phone did.
import { html } from "../../vendor/htm-preact.js";
import { useState } from "../../vendor/preact-hooks.js";
import { Notice } from "../../components/notices.js";
import { When } from "../../components/moment.js";
import { Working } from "../../components/status.js";
import { get } from "../../lib/api.js";
import { texts } from "../../lib/texts.js";
import { didWord } from "../do.js";

/** @typedef {{position: number, occurred_at: string, words: string}} Fact */

/** @param {{task: import("../store/state.js").Card}} props */
export function Course({ task }) {
  const t = texts("field").task;
  return html`<section class="course"><${Own} task=${task} />
    <${Past} key=${task.task} path="/tasks/${task.task}/history" title=${t.history} /></section>`;
}

/** What was done here, and whether it has arrived. @param {{task: import("../store/state.js").Card}} props */
function Own({ task }) {
  const t = texts("phone");
  const arrived = (task.mine ?? []).map((one) => ({ id: one.id, command: one.did, at: one.at, sent: true }));
  const pending = task.pending.map((one) => ({ id: one.id, command: /** @type {string} */ (one.command.command), at: one.at, sent: false }));
  const all = [...arrived, ...pending].filter((one) => one.command !== "task.read");
  if (all.length === 0) return null;
  return html`<h2 class="part">${texts("field").task.mine}</h2><ul class="did">${all.map((one) => html`<li key=${one.id}>
    <span class="grow">${didWord(one.command)} <span class="quiet"><${When} at=${one.at} /></span></span>
    <span class=${one.sent ? "sent" : "unsent-word"}>${one.sent ? t.sent.done : t.sent.waiting}</span></li>`)}</ul>`;
}

/** The facts, fetched only when somebody wants to see them. @param {{path: string, title: string}} props */
export function Past({ path, title }) {
  const t = texts("field").task;
  const [facts, setFacts] = useState(/** @type {Fact[] | null | undefined} */ (undefined));
  /** @param {Event} event */
  const toggled = async (event) => {
    if (!(/** @type {HTMLDetailsElement} */ (event.currentTarget).open)) return;
    try {
      setFacts((await get(path)).facts);
    } catch {
      setFacts(null);
    }
  };
  return html`<details onToggle=${toggled}><summary>${title}</summary>
    ${facts === undefined && html`<p><${Working} /></p>`}
    ${facts === null && html`<${Notice} title=${t.historyOffline} />`}
    ${facts && (facts.length === 0 ? html`<p class="quiet">${t.historyNone}</p>` : html`<ol class="past">${facts.map((fact) => html`<li key=${fact.position}>
      <${When} at=${fact.occurred_at} /><span>${fact.words}</span></li>`)}</ol>`)}</details>`;
}
