// What a report still lacks, in words, before it is sent. Pure.
import { texts } from "../../lib/texts.js";
import { isPhoto } from "./media.js";
import { formOf, visiting } from "./steps.js";

/**
 * @typedef {import("./media.js").Piece} Piece
 * @typedef {{words: string, numbers: Record<string, string>, choices: Record<string, string>,
 *   texts: Record<string, string>, pieces: Piece[]}} Draft
 */

/** @returns {Draft} */
export const emptyDraft = () => ({ words: "", numbers: {}, choices: {}, texts: {}, pieces: [] });

/**
 * What is wrong field by field, and what is missing by its name.
 * @param {import("../store/state.js").Card} task
 * @param {Draft} draft
 */
export function lacking(task, draft) {
  const t = texts("field").report;
  /** @type {Record<string, string>} */
  const wrong = {};
  /** @type {string[]} */
  const missing = [];
  for (const field of formOf(task)) {
    const required = field.required !== false;
    if (field.kind === "number") {
      const value = draft.numbers[field.key] ?? "";
      if (value === "") { if (required) missing.push(field.label); continue; }
      if (!/^\d{1,9}$/.test(value)) wrong[field.key] = t.notNumber(field.label);
      else if (field.most !== undefined && field.most !== null && Number(value) > field.most) wrong[field.key] = t.tooMuch(field.label, field.most);
    }
    if (!required) continue;
    if (field.kind === "choice" && !draft.choices[field.key]) missing.push(field.label);
    if (field.kind === "text" && !draft.texts[field.key]?.trim()) missing.push(field.label);
    if (field.kind === "photo" && !draft.pieces.some(isPhoto)) missing.push(field.label);
    if (field.kind === "visits" && visiting(task).done === 0) missing.push(t.visitsMissing);
  }
  if (missing.length === 0 && !draft.words.trim() && draft.pieces.length === 0 && !filledIn(draft)) missing.push(t.wordsMissing);
  return { wrong, missing };
}

/** @param {Draft} draft */
function filledIn(draft) {
  return [draft.numbers, draft.choices, draft.texts].some((kind) => Object.values(kind).some((value) => value.trim() !== ""));
}

/** The command, as the rules want it: a report always has words. @param {string} task @param {Draft} draft */
export function reportOf(task, draft) {
  const t = texts("field").report;
  const said = draft.words.trim();
  const bare = draft.pieces.some((piece) => !isPhoto(piece)) ? t.onlyVoice : draft.pieces.length > 0 ? t.onlyPhotos : t.onlyForm;
  const entries = (/** @type {Record<string, string>} */ kind) => Object.entries(kind).filter(([, value]) => value.trim() !== "");
  const numbers = Object.fromEntries(entries(draft.numbers).map(([key, value]) => [key, Number(value)]));
  const filled = { numbers, choices: Object.fromEntries(entries(draft.choices)),
    texts: Object.fromEntries(entries(draft.texts).map(([key, value]) => [key, value.trim()])) };
  const photos = draft.pieces.map(({ sha256, media, size }) => ({ sha256, media, size }));
  return { command: "task.report", task, text: said || bare, filled, photos };
}
