// Entries in the log of a task force, and messages to its members.
import { html } from "../vendor/htm-preact.js";
import { useState } from "../vendor/preact-hooks.js";
import { get } from "../lib/api.js";
import { texts } from "../lib/texts.js";
import { Check, SelectField, TextField } from "../components/field.js";
import { FormDialog, tellOutcome } from "./form.js";
import { openForceAction } from "./force.js";
import { PhotosField, bringPhotos } from "./photos.js";

/** 记事. @param {import("./order.js").Props} props */
export function EntryDialog({ force, text: first = "", onDone }) {
  const t = texts("command");
  const [text, setText] = useState(first);
  const path = `/task-forces/${force.task_force}/entries`;
  return html`<${FormDialog} title=${t.force.entry.name} icon="entry" submit=${t.force.entry.submit} missing=${text.trim() ? null : t.needs.text}
    run=${async (/** @type {import("./intent.js").Intent} */ send) => {
      const outcome = await send.post(path, { text: text.trim() });
      const strike = async () => {
        const found = await get(path, { after: (outcome.first ?? 1) - 1, limit: 1 });
        const entry = found.entries[0]?.entry;
        if (entry) openForceAction("strike", force, { entry, onDone });
      };
      tellOutcome(outcome, t.force.entry.done, { action: { label: t.force.entry.undo, run: strike } });
      onDone?.();
    }}>
    <${TextField} label=${t.force.entry.text} hint=${t.force.entry.hint} lines=${4} value=${text} onInput=${setText} required autofocus maxLength=${4000} /><//>`;
}

/** 发消息. @param {import("./order.js").Props} props */
export function MessageDialog({ force, answers, onDone }) {
  const t = texts("command");
  const words = t.force.message;
  const [text, setText] = useState("");
  const [to, setTo] = useState("");
  const [question, setQuestion] = useState(false);
  const [photos, setPhotos] = useState(/** @type {import("./photos.js").Taken[]} */ ([]));
  const units = (force.departments ?? []).map((/** @type {any} */ one) => ({ value: `department-${one.department.key}`, label: one.department.name ?? "" }));
  return html`<${FormDialog} title=${answers ? words.answer : words.name} icon="message" submit=${words.submit} missing=${text.trim() ? null : t.needs.text}
    run=${async (/** @type {import("./intent.js").Intent} */ send) => {
      await bringPhotos(photos);
      const named = photos.map(({ sha256, media, size }) => ({ sha256, media, size }));
      const body = { text: text.trim(), ...(to && { to }), ...(question && { question }), ...(answers && { answers }), ...(named.length && { photos: named }) };
      tellOutcome(await send.post(`/task-forces/${force.task_force}/messages`, body), words.done);
      onDone?.();
    }}>
    ${!answers && units.length > 0 && html`<${SelectField} label=${words.to} value=${to} onInput=${setTo} options=${[{ value: "", label: words.toAll }, ...units]} />`}
    <${TextField} label=${words.text} lines=${4} value=${text} onInput=${setText} required autofocus maxLength=${4000} />
    <${PhotosField} label=${t.fields.photos} value=${photos} onChange=${setPhotos} />
    ${!answers && html`<${Check} label=${words.question} checked=${question} onInput=${setQuestion} />`}<//>`;
}
