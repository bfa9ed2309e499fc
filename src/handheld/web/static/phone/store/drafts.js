// What somebody has begun to write and not sent: it survives a reload. Writing to the disk takes a moment; what was
// entered in it lies with the tab until then.
import { core } from "./core.js";

/** @param {string} name */
const noteOf = (name) => `handheld-draft ${core.person} ${name}`;

/** What was begun under a name, or undefined. @param {string} name @returns {any} */
export function draft(name) {
  const noted = atTab((notes) => notes.getItem(noteOf(name)));
  return noted ? JSON.parse(noted) : core.db.all("drafts").get(name)?.value;
}

/** Leave it with the tab, until it is kept. @param {string} name @param {unknown} value made of JSON */
export function noteDraft(name, value) {
  atTab((notes) => notes.setItem(noteOf(name), JSON.stringify(value)));
}

/** Keep what was begun: it is on the disk when this resolves. @param {string} name @param {unknown} value made of JSON */
export async function keepDraft(name, value) {
  const note = JSON.stringify(value);
  await core.db.commit({ put: { drafts: [{ name, value }] } });
  atTab((notes) => notes.getItem(noteOf(name)) === note && notes.removeItem(noteOf(name)));
}

/** It was sent, or thrown away. @param {string} name */
export async function dropDraft(name) {
  atTab((notes) => notes.removeItem(noteOf(name)));
  if (core.db.all("drafts").has(name)) await core.db.commit({ drop: { drafts: [name] } });
}

/**
 * @template T
 * @param {(notes: Storage) => T} run
 * @returns {T | null} null where the browser gives a page no such place
 */
function atTab(run) {
  try {
    return run(sessionStorage);
  } catch {
    return null;
  }
}
