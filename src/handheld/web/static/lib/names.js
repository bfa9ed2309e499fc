// What the field calls its roles, tiers, states and kinds: the same table as the API's words.
import { language } from "./texts.js";

/** @type {Record<string, Record<string, string>>} */
let tables = {};

/** Fetch the table in the page's language; `start()` does. */
export async function loadNames() {
  // Made by the server from its own texts, so that there is one source.
  const module = await import(`../texts/${language}/names.js`);
  tables = module.default;
}

/**
 * The name of something. What this version does not know is left out rather than shown raw.
 * @param {string} table such as "roles"
 * @param {string | null | undefined} key
 */
export function named(table, key) {
  return (key && tables[table]?.[key]) || "";
}
