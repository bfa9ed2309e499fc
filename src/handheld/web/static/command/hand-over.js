// Who commands from now on, and which department leads.
import { html } from "../vendor/htm-preact.js";
import { useState } from "../vendor/preact-hooks.js";
import { texts } from "../lib/texts.js";
import { SelectField, TextField } from "../components/field.js";
import { PersonName } from "../components/person.js";
import { Working } from "../components/status.js";
import { FormDialog, tellOutcome } from "./form.js";
import { NOBODY, Picker } from "./pick.js";
import { useRead } from "./pick-tree.js";

/** 移交指挥. @param {import("./order.js").Props} props */
export function HandOverDialog({ force, onDone }) {
  const t = texts("command");
  const words = t.force.hand_over;
  const [to, setTo] = useState(NOBODY);
  const [note, setNote] = useState("");
  const person = to.people[0];
  return html`<${FormDialog} title=${words.name} broad icon="person" submit=${person ? words.submitTo(person.name ?? "") : words.submit} missing=${person ? null : t.needs.person}
    run=${async (/** @type {import("./intent.js").Intent} */ send) => {
      const body = { to: person?.person, ...(note.trim() && { note: note.trim() }) };
      tellOutcome(await send.post(`/task-forces/${force.task_force}/hand-over`, body), words.done(person?.name ?? ""));
      onDone?.();
    }}>
    ${force.commander && html`<p>${words.now} <${PersonName} of=${force.commander} /></p>`}
    <${Picker} label=${words.to} value=${to} onChange=${setTo} mode="person" division=${null} />
    <${TextField} label=${words.note} lines=${2} value=${note} onInput=${setNote} /><//>`;
}

/** 牵头部门. @param {import("./order.js").Props} props */
export function LeadDialog({ force, onDone }) {
  const t = texts("command");
  const words = t.force.lead;
  const [department, setDepartment] = useState("");
  const [found, wrong] = useRead("/departments");
  const rows = (found?.rows ?? []).filter((/** @type {any} */ one) => !one.dissolved);
  return html`<${FormDialog} title=${words.name} icon="shield" submit=${words.submit} missing=${department ? null : t.needs.department}
    run=${async (/** @type {import("./intent.js").Intent} */ send) => {
      tellOutcome(await send.post(`/task-forces/${force.task_force}/lead`, { department }), words.done);
      onDone?.();
    }}>
    ${force.lead && html`<p>${words.now(force.lead.name ?? "")}</p>`}
    ${wrong && html`<p class="wrong" role="alert">${wrong}</p>`}
    ${!found && !wrong ? html`<${Working} />` : html`<${SelectField} label=${t.fields.department} value=${department} onInput=${setDepartment}
      options=${[{ value: "", label: t.division.choose }, ...rows.map((/** @type {any} */ one) => ({ value: one.department, label: one.name }))]} />`}<//>`;
}
