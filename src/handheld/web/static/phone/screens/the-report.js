// What was reported back: words, the form's figures, photos and recordings.
import { html } from "../../vendor/htm-preact.js";
import { texts } from "../../lib/texts.js";
import { Photos } from "./photos.js";
import { formOf, visiting } from "./steps.js";

/** @param {{task: import("../store/state.js").Card, others?: boolean}} props `others`: of somebody else */
export function TheReport({ task, others = false }) {
  const t = texts("field").task;
  const report = task.report;
  const { asked, all, done } = visiting(task);
  if (!report && !(asked && done)) return null;
  const filled = report?.filled ?? {};
  const lines = formOf(task).flatMap((field) => {
    const value = filled.numbers?.[field.key] ?? filled.choices?.[field.key] ?? filled.texts?.[field.key];
    return value === undefined ? [] : [{ field, value: typeof value === "number" ? `${value} ${field.unit ?? ""}` : value }];
  });
  return html`<section class="the-report"><h2 class="part">${others ? t.report : t.myReport}</h2>
    ${asked && done > 0 && html`<p>${texts("field").visits.progress(done, all.length)}</p>`}
    ${report?.text && html`<p>${report.text}</p>`}
    ${lines.length > 0 && html`<dl class="figures">${lines.map(({ field, value }) => html`<div key=${field.key}><dt>${field.label}</dt><dd class="number">${value}</dd></div>`)}</dl>`}
    <${Photos} photos=${report?.photos ?? []} />
    ${report?.reported_by && html`<p class="quiet small">${t.reportBy(report.reported_by.name ?? texts("common").unnamed)}</p>`}</section>`;
}
