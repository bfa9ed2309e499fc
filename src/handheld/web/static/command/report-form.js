// Reporting for somebody who was reached by telephone: the order's form, filled in by an official.
import { html } from "../vendor/htm-preact.js";
import { useEffect, useState } from "../vendor/preact-hooks.js";
import { get } from "../lib/api.js";
import { texts } from "../lib/texts.js";
import { TextField } from "../components/field.js";
import { tellProblem } from "../components/notices.js";
import { Working } from "../components/status.js";
import { Choices } from "./choices.js";
import { PhotosField, bringPhotos } from "./photos.js";

/**
 * @typedef {{key: string, label: string, kind: "number" | "choice" | "text" | "photo" | "visits", required?: boolean,
 *   choices?: string[], unit?: string | null, most?: number | null}} FormField
 * @typedef {import("./photos.js").Taken} Photo
 * @typedef {ReturnType<typeof useForm>} Form
 */

/** The form of a task's order, and what has been filled in. Without a task: nothing is asked. @param {import("./task-kinds.js").Taken | undefined} task */
export function useForm(task) {
  const [fields, setFields] = useState(/** @type {FormField[] | null} */ (task ? null : []));
  const [values, setValues] = useState(/** @type {Record<string, string>} */ ({}));
  const [photos, setPhotos] = useState(/** @type {Photo[]} */ ([]));
  useEffect(() => {
    if (!task) return;
    get(`/tasks/${task.task}`).then((card) => setFields(card.order.form ?? []), tellProblem);
  }, [task?.task]);
  const t = texts("command");
  return {
    reading: fields === null,
    fields: fields ?? [],
    values,
    photos,
    setPhotos,
    /** @param {string} key @param {string} value */
    set: (key, value) => setValues({ ...values, [key]: value }),
    bring: () => bringPhotos(photos),
    /** What is still to be filled in, in words. @returns {string | null} */
    missing: () => {
      for (const one of fields ?? []) {
        const value = (values[one.key] ?? "").trim();
        if (one.kind === "number" && value && !/^\d+$/.test(value)) return t.form.number(one.label);
        if (one.kind === "number" && one.most && Number(value) > one.most) return t.form.most(one.label, one.most);
        if (one.required === false || one.kind === "visits") continue;
        if (one.kind === "photo" ? photos.length === 0 : !value) return t.form.field(one.label);
      }
      return null;
    },
    /** The fields of the command. */
    said: () => {
      /** @type {{numbers: Record<string, number>, choices: Record<string, string>, texts: Record<string, string>}} */
      const filled = { numbers: {}, choices: {}, texts: {} };
      for (const one of fields ?? []) {
        const value = (values[one.key] ?? "").trim();
        if (!value) continue;
        if (one.kind === "number") filled.numbers[one.key] = Number(value);
        if (one.kind === "choice") filled.choices[one.key] = value;
        if (one.kind === "text") filled.texts[one.key] = value;
      }
      const named = photos.map(({ sha256, media, size }) => ({ sha256, media, size }));
      return { ...(fields?.length && { filled }), ...(named.length && { photos: named }) };
    },
  };
}

/** @param {{form: Form}} props */
export function ReportFields({ form }) {
  const t = texts("command");
  if (form.reading) return html`<${Working} />`;
  const wantsPhoto = form.fields.some((one) => one.kind === "photo" && one.required !== false);
  return html`${form.fields.map((one) => html`<${Field} key=${one.key} one=${one} form=${form} />`)}
    <${PhotosField} label=${t.fields.photos} needed=${wantsPhoto} value=${form.photos} onChange=${form.setPhotos} />`;
}

/** @param {{one: FormField, form: Form}} props */
function Field({ one, form }) {
  const t = texts("command");
  const value = form.values[one.key] ?? "";
  const label = `${one.label}${one.unit ? t.form.unit(one.unit) : ""}${one.required === false ? t.form.may : ""}`;
  /** @param {string} to */
  const set = (to) => form.set(one.key, to);
  if (one.kind === "number") return html`<${TextField} label=${label} value=${value} onInput=${set} inputMode="numeric" />`;
  if (one.kind === "choice") return html`<${Choices} label=${label} value=${value} onChange=${set} options=${(one.choices ?? []).map((word) => [word, word])} />`;
  if (one.kind === "text") return html`<${TextField} label=${label} value=${value} onInput=${set} lines=${2} />`;
  if (one.kind === "visits") return html`<p class="hint">${t.form.visits}</p>`;
  return null;
}
