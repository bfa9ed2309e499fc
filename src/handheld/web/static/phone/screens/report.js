// 回单: the order's form, words or a spoken note, photos. What is entered survives a reload.
import { html } from "../../vendor/htm-preact.js";
import { useEffect, useRef, useState } from "../../vendor/preact-hooks.js";
import { TextField } from "../../components/field.js";
import { Notice } from "../../components/notices.js";
import { Empty, Working } from "../../components/status.js";
import { texts } from "../../lib/texts.js";
import { perform } from "../do.js";
import { back, linkTo } from "../place.js";
import { keepDraft, opened, dropDraft, tasks } from "../store/store.js";
import { FormField } from "./form.js";
import { Media } from "./media.js";
import { BigButton } from "./parts.js";
import { Chips } from "./chips.js";
import { emptyDraft, lacking, reportOf } from "./report-check.js";
import { formOf, isOpen } from "./steps.js";
import { Top } from "./top.js";
import { useDraft } from "./use-draft.js";

/** @param {{id: string}} props */
export function ReportScreen({ id }) {
  const t = texts("field").report;
  const task = tasks.value.get(id);
  const [draft, change] = useDraft(`report-${id}`, emptyDraft);
  const above = { task: id, view: null };
  const may = task && (isOpen(task) || task.status === "to_verify");
  return html`<${Top} title=${t.title} goes above=${above} /><main class="screen">
    ${(!task && !opened.value) || !draft ? html`<${Working} />` : !may
      ? html`<${Empty} icon="closed" title=${t.already}><a class="button" ...${linkTo(above)}>${texts("common").back}</a><//>`
      : html`<${Form} task=${task} draft=${draft} change=${change} />`}</main>`;
}

/**
 * @param {{task: import("../store/state.js").Card, draft: import("./report-check.js").Draft,
 *   change: (to: (now: import("./report-check.js").Draft) => import("./report-check.js").Draft) => void}} props
 */
function Form({ task, draft, change }) {
  const t = texts("field").report;
  const [tried, setTried] = useState(false);
  const [sending, setSending] = useState(false);
  const told = useRef(/** @type {HTMLDivElement | null} */ (null));
  const form = formOf(task);
  const { wrong, missing } = lacking(task, draft);
  const photo = form.find((field) => field.kind === "photo");
  const asked = form.filter((field) => field.kind !== "photo" && field.kind !== "visits");
  useEffect(() => { if (tried && missing.length) told.current?.scrollIntoView({ block: "nearest" }); }, [tried]);
  const send = async () => {
    setTried(true);
    if (missing.length || Object.keys(wrong).length) {
      told.current?.scrollIntoView({ block: "center" });
      return;
    }
    setSending(true);
    const name = `report-${task.task}`;
    const done = await perform(reportOf(task.task, draft), { title: task.order.title, undone: () => keepDraft(name, draft) });
    setSending(false);
    if (!done) return;
    await dropDraft(name);
    back({ task: task.task, view: null });
  };
  /** @param {"numbers" | "choices" | "texts"} kind @param {string} key @param {string} value */
  const enter = (kind, key, value) => change((now) => ({ ...now, [kind]: { ...now[kind], [key]: value } }));
  return html`<p class="order short">${task.order.text ?? task.order.title}</p>
    ${asked.length > 0 && html`<fieldset class="group"><legend class="part">${t.form}</legend>${asked.map((field) => html`<${FormField} key=${field.key}
      field=${field} entered=${draft} wrong=${wrong[field.key]} onEnter=${enter} />`)}</fieldset>`}
    <fieldset class="group"><legend class="part">${t.photos}${photo && photo.required !== false ? html` <span class="must">${photo.label} · ${t.photoRequired}</span>` : null}</legend>
      <${Media} pieces=${draft.pieces} required=${Boolean(photo && photo.required !== false)} onChange=${(/** @type {(pieces: any[]) => any[]} */ to) => change((now) => ({ ...now, pieces: to(now.pieces) }))} /></fieldset>
    <fieldset class="group"><legend class="part">${t.words}</legend>
      <${Chips} words=${t.quick} chosen=${draft.words} onChoose=${(/** @type {string} */ word) => change((now) => ({ ...now, words: word }))} label=${t.words} />
      <${TextField} label=${t.wordsHint} lines=${3} value=${draft.words} onInput=${(/** @type {string} */ to) => change((now) => ({ ...now, words: to }))} maxLength=${2000} /></fieldset>
    <div ref=${told} class="before-sending">${tried && missing.length > 0 && html`<${Notice} tone="overdue" title=${t.missing(missing)} />`}
      <${BigButton} icon="upload" disabled=${sending} onClick=${send}>${t.send}<//><p class="quiet small">${t.draft}</p></div>`;
}
