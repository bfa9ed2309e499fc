// Deciding about a finding: dealt with, passed up, routed, returned, an order on it.
import { html } from "../vendor/htm-preact.js";
import { useEffect, useState } from "../vendor/preact-hooks.js";
import { get } from "../lib/api.js";
import { place } from "../lib/route.js";
import { texts } from "../lib/texts.js";
import { Check, SelectField, TextField } from "../components/field.js";
import { Notice } from "../components/notices.js";
import { Working } from "../components/status.js";
import { Phrases } from "./choices.js";
import { FormDialog, tellOutcome } from "./form.js";
import { OrderFields, emptyOrder, orderMissing, orderOf } from "./order-form.js";
import { PhotosField, bringPhotos } from "./photos.js";
import { useRead } from "./pick-tree.js";

const PATHS = { deal_with: "deal-with", pass_up: "pass-up", route: "route", return: "return", add: "additions" };

/** @typedef {{finding: any, onDone?: (() => void) | undefined}} Props */

/** @param {Props & {kind: keyof typeof PATHS}} props */
export function FindingDialog({ kind, finding, onDone }) {
  const t = texts("command");
  const words = t.finding.kinds[kind];
  const [text, setText] = useState("");
  const [wants, setWants] = useState(false);
  const [desk, setDesk] = useState("");
  const [photos, setPhotos] = useState(/** @type {import("./photos.js").Taken[]} */ ([]));
  const isText = kind === "deal_with" || kind === "add";
  const said = text.trim();
  return html`<${FormDialog} title=${words.name} submit=${words.submit} missing=${kind === "route" && !desk ? t.needs.desk : said ? null : isText ? t.needs.text : t.needs.reason}
    run=${async (/** @type {import("./intent.js").Intent} */ send) => {
      await bringPhotos(photos);
      const named = photos.map(({ sha256, media, size }) => ({ sha256, media, size }));
      const body = { ...(isText ? { text: said } : { reason: said }), ...(kind === "pass_up" && wants && { wants_task_force: true }), ...(kind === "route" && { desk }), ...(kind === "add" && named.length && { photos: named }) };
      tellOutcome(await send.post(`/findings/${finding.finding}/${PATHS[kind]}`, body), words.done);
      onDone?.();
    }}>
    <${What} finding=${finding} />
    ${words.hint && html`<p class="quiet small">${words.hint}</p>`}
    ${kind === "route" && html`<${Desks} finding=${finding} value=${desk} onChange=${setDesk} />`}
    <${TextField} label=${isText ? words.text ?? t.fields.text : t.fields.reason} lines=${3} value=${text} onInput=${setText} required autofocus=${kind !== "route"} maxLength=${4000} />
    <${Phrases} phrases=${words.phrases} onChoose=${setText} />
    ${kind === "pass_up" && html`<${Check} label=${t.finding.wants} checked=${wants} onInput=${setWants} />`}
    ${kind === "add" && html`<${PhotosField} label=${t.fields.photos} value=${photos} onChange=${setPhotos} />`}<//>`;
}

/** Where it may be routed: a division below its desk, or a department. @param {{finding: any, value: string, onChange: (desk: string) => void}} props */
function Desks({ finding, value, onChange }) {
  const t = texts("command");
  const unit = String(finding.desk?.unit ?? "");
  const code = /^\d+$/.test(unit) ? unit : finding.division.code.slice(0, 6);
  const [below] = useRead(code.length < 12 ? "/divisions" : `/divisions/${code}`, code.length < 12 ? { below: code } : {});
  const [departments] = useRead("/departments");
  if (!below || !departments) return html`<${Working} />`;
  const options = [
    { value: "", label: t.division.choose },
    ...departments.rows.filter((/** @type {any} */ one) => !one.dissolved).map((/** @type {any} */ one) => ({ value: `department-${one.department}`, label: one.name })),
    ...(below.rows ?? []).map((/** @type {any} */ one) => ({ value: one.code, label: one.name })),
  ];
  return html`<${SelectField} label=${t.finding.desk} value=${value} onInput=${onChange} options=${options} />`;
}

/** What it is about. @param {{finding: any}} props */
function What({ finding }) {
  return html`<blockquote class="clamp">${finding.text ?? texts("command").finding.hidden}<footer class="quiet small">${[finding.division?.name, finding.place].filter(Boolean).join(" · ")}</footer></blockquote>`;
}

/** 下指令 on a finding, in a task force that is running. @param {Props} props */
export function OrderOnFindingDialog({ finding, onDone }) {
  const t = texts("command");
  const words = t.finding.kinds.order;
  const [forces, setForces] = useState(/** @type {any[] | null} */ (null));
  const [force, setForce] = useState(place.value.get("tf") ?? "");
  const [draft, setDraft] = useState(() => ({ ...emptyOrder(), text: String(finding.text ?? ""), accept: "900", report: "7200" }));
  useEffect(() => {
    get("/task-forces", { statuses: "active", drill: finding.drill ? true : false, limit: 50 }).then((found) => setForces(found.rows), () => setForces([]));
  }, [finding.finding]);
  const chosen = forces?.find((one) => one.task_force === force) ?? forces?.[0];
  return html`<${FormDialog} title=${words.name} broad icon="order" submit=${words.submit} missing=${forces === null ? t.needs.reading : !chosen ? t.finding.noForce : orderMissing(draft)}
    run=${async (/** @type {import("./intent.js").Intent} */ send) => {
      const body = { task_force: chosen.task_force, order: orderOf(draft) };
      tellOutcome(await send.post(`/findings/${finding.finding}/order`, body, { query: { drill: finding.drill ? true : null } }), words.done);
      onDone?.();
    }}>
    <${What} finding=${finding} />
    ${forces === null && html`<${Working} />`}
    ${forces?.length === 0 && html`<${Notice} title=${t.finding.noForce} />`}
    ${forces && forces.length > 0 && html`<${SelectField} label=${t.fields.force} value=${chosen?.task_force ?? ""} onInput=${setForce} options=${forces.map((one) => ({ value: one.task_force, label: one.title }))} />`}
    <${OrderFields} value=${draft} onChange=${setDraft} division=${chosen?.division?.code ?? null} autofocus /><//>`;
}
