// How the installation is: log, views, disk, attachments.
import { html } from "../vendor/htm-preact.js";
import { useEffect } from "../vendor/preact-hooks.js";
import { Button } from "../components/button.js";
import { Mark, figure } from "../components/marks.js";
import { When } from "../components/moment.js";
import { Notice } from "../components/notices.js";
import { get } from "../lib/api.js";
import { texts } from "../lib/texts.js";
import { Awaited, Head, size, useAnswer } from "./parts.js";

/**
 * @typedef {{view: string, fold: string, position: number, lag: number, stopped: boolean, checkpoints: number, checkpoint: number | null}} View
 * @typedef {{status: string, problems: string[], version: string, log: {log_id: string, position: number, simulated: boolean}, views: View[],
 *   queued: number, sessions: number, disk_free: number, disk_size: number, files: {name: string, bytes: number}[],
 *   attachments: {count: number, bytes: number, uploads: number}, checked_at: string}} Found
 */

const SCARCE = 1024 ** 3;
const EVERY_MS = 10000;

/** The tab. It asks again by itself. */
export function Condition() {
  const t = texts("admin").condition;
  const answer = useAnswer(async () => /** @type {Found} */ (await get("/condition")), []);
  useEffect(() => {
    const timer = setInterval(() => !document.hidden && answer.again(), EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  const found = answer.found;
  return html`<${Head} title=${t.title}>${found && html`<p class="quiet small">${t.checked} <${When} at=${found.checked_at} /> <${Button} kind="bare" onClick=${answer.again}>${texts("admin").again}<//></p>`}<//>
    ${(answer.problem || !found) && html`<${Awaited} of=${answer} />`}
    ${found && html`<div class=${answer.problem ? "stale" : ""}><${Told} of=${found} /></div>`}`;
}

/** @param {{of: Found}} props */
function Told({ of }) {
  const t = texts("admin").condition;
  const words = /** @type {Record<string, {wrong: string, todo: string}>} */ (t.problems);
  const scarce = of.disk_free < SCARCE;
  return html`${of.problems.length ? of.problems.map((code) => html`<${Notice} key=${code} tone="overdue" title=${words[code]?.wrong ?? t.trouble}>${words[code]?.todo ?? ""}<//>`)
    : html`<${Notice} tone="closed" title=${t.ok} />`}
    ${scarce && html`<${Notice} tone="waiting" title=${t.scarce} icon="warning" />`}
    <div class="cards">
      <section class="panel"><header><h2>${t.log}</h2></header><dl class="facts body"><dt>${t.position}</dt><dd class="number">${figure(of.log.position)}</dd><dt>${t.queue}</dt><dd class="number">${figure(of.queued)}</dd>
        <dt>${t.sessions}</dt><dd class="number">${figure(of.sessions)}</dd><dt>${t.clock}</dt><dd>${of.log.simulated ? t.simulated : t.real}</dd><dt>${t.logId}</dt><dd class="number">${of.log.log_id}</dd><dt>${t.version}</dt><dd class="number">${of.version}</dd></dl></section>
      <section class="panel"><header><h2>${t.disk}</h2></header><dl class="facts body"><dt>${t.disk}</dt><dd>${t.free(size(of.disk_free), size(of.disk_size))}</dd>
        ${of.files.filter((one) => one.bytes > 0).map((one) => html`<dt key=${one.name}>${/** @type {Record<string, string>} */ (t.fileNames)[one.name] ?? one.name}</dt><dd class="number">${size(one.bytes)}</dd>`)}
        <dt>${t.attachments}</dt><dd>${t.attachmentsMore(of.attachments.count, size(of.attachments.bytes), of.attachments.uploads)}</dd></dl></section></div>
    <section class="panel scroll" tabindex="0"><header><h2>${t.views}</h2></header><table class="table"><thead><tr><th>${t.view}</th><th>${t.state}</th><th class="figure">${t.reached}</th><th class="figure">${t.lag}</th><th class="figure">${t.checkpoints}</th><th class="figure">${t.last}</th><th>${t.fold}</th></tr></thead>
      <tbody>${of.views.map((one) => html`<tr key=${one.view}><td>${/** @type {Record<string, string>} */ (t.names)[one.view] ?? ""}</td>
        <td>${one.stopped ? html`<${Mark} icon="overdue" tone="overdue">${t.stopped}<//>` : one.lag ? html`<${Mark} icon="wait" tone="waiting">${t.behind}<//>` : html`<${Mark} icon="check" tone="closed">${t.current}<//>`}</td>
        <td class="figure">${figure(one.position)}</td><td class="figure">${figure(one.lag)}</td><td class="figure">${figure(one.checkpoints)}</td><td class="figure">${one.checkpoint === null ? texts("admin").none : figure(one.checkpoint)}</td><td class="number">${one.fold.split(".").pop()}</td></tr>`)}</tbody></table></section>
    <${Notice} title=${t.backup}>${t.backupMore}<//>`;
}
