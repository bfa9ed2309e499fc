// What somebody has begun to write and not sent: it survives a reload.
import { core } from "./core.js";

/** What was begun under a name, or undefined. @param {string} name @returns {any} */
export const draft = (name) => core.db.all("drafts").get(name)?.value;

/** Keep what was begun. @param {string} name @param {unknown} value anything that can be cloned */
export async function keepDraft(name, value) {
  await core.db.commit({ put: { drafts: [{ name, value }] } });
}

/** It was sent, or thrown away. @param {string} name */
export async function dropDraft(name) {
  if (core.db.all("drafts").has(name)) await core.db.commit({ drop: { drafts: [name] } });
}
