// What was at an instant never changes: it is asked for once, and the last answers are kept.
import { get } from "../lib/api.js";

const KEPT = 80;
/** @type {Map<string, any>} */
const kept = new Map();

/** What is kept, without asking. @param {string} path @param {import("../lib/api.js").Query} query */
export const known = (path, query) => kept.get(keyOf(path, query)) ?? null;

/**
 * Ask, or answer from what is kept.
 * @param {string} path
 * @param {import("../lib/api.js").Query} query
 * @returns {Promise<any>}
 */
export async function ask(path, query) {
  const found = known(path, query);
  if (found) return found;
  const answer = await get(path, query);
  kept.set(keyOf(path, query), answer);
  for (const old of [...kept.keys()].slice(0, Math.max(0, kept.size - KEPT))) kept.delete(old);
  return answer;
}

/** @param {string} path @param {import("../lib/api.js").Query} query */
const keyOf = (path, query) => `${path} ${JSON.stringify(query)}`;
