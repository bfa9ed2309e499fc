// What came of a task: the report with its form, photos and visits, and how it was rated.
import { html } from "../vendor/htm-preact.js";
import { Icon } from "../components/icons.js";
import { PersonName } from "../components/person.js";
import { figure } from "../components/marks.js";
import { texts } from "../lib/texts.js";

const SHOWN_VISITS = 12;

/** @param {{task: any}} props */
export function Report({ task }) {
  const t = texts("desk").panel;
  const { report, visits = [], rated, evaluated } = task;
  return html`${report && html`<section><h3>${t.report}</h3>
      ${report.reported_by && html`<p class="quiet small">${t.onBehalf} <${PersonName} of=${report.reported_by} tag=${false} /></p>`}
      ${report.text && html`<p class="dk-words">${report.text}</p>`}
      <dl class="dk-lines">${answers(task).map(([label, value]) => html`<div key=${label}><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>
      ${report.photos?.length > 0 && html`<${Photos} photos=${report.photos} />`}</section>`}
    ${visits.length > 0 && html`<section><h3>${t.visits(figure(visits.length), figure(task.households?.length ?? 0))}</h3>
      <ul class="dk-visits">${visits.slice(0, SHOWN_VISITS).map((/** @type {any} */ one) => html`<li key=${one.household}><span class="number">${t.household(one.household)}</span>
        <span>${one.satisfied === false ? t.dissatisfied : one.satisfied ? t.satisfied : ""}</span><span class="quiet">${one.done ?? ""}</span></li>`)}</ul>
      ${visits.length > SHOWN_VISITS && html`<p class="quiet small">${t.moreVisits(figure(visits.length - SHOWN_VISITS))}</p>`}</section>`}
    ${[rated, evaluated].filter(Boolean).map((one, at) => html`<p key=${at} class="dk-said"><strong>${at === 0 && rated ? t.rated : t.evaluated}</strong>
      ${one.satisfied === undefined || one.satisfied === null ? "" : one.satisfied ? t.satisfied : t.dissatisfied} ${one.score ? t.score(one.score) : ""} ${one.text ?? ""}</p>`)}`;
}

/** What the form was filled in with, by the labels of its fields. @param {any} task @returns {[string, string][]} */
function answers(task) {
  const filled = task.report?.filled ?? {};
  /** @type {[string, string][]} */
  const found = [];
  for (const field of task.order?.form ?? []) {
    const n = filled.numbers?.[field.key];
    if (n !== undefined) found.push([field.label, `${figure(n)} ${field.unit ?? ""}`.trim()]);
    const words = filled.choices?.[field.key] ?? filled.texts?.[field.key];
    if (words) found.push([field.label, words]);
  }
  return found;
}

/** @param {{photos: any[]}} props */
export function Photos({ photos }) {
  const t = texts("desk").panel;
  return html`<ul class="dk-photos">${photos.map((one, at) => html`<li key=${one.sha256}>${one.awaited ? html`<span class="dk-awaited"><${Icon} name="camera" />${t.awaited}</span>`
    : html`<a href=${`/api/v1/attachments/${one.sha256}`} target="_blank" rel="noopener"><img src=${`/api/v1/attachments/${one.sha256}`} alt=${t.photo(at + 1)} loading="lazy" /></a>`}</li>`)}</ul>`;
}
