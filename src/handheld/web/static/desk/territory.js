// What places are called: the division that is looked at, those above and below it, and the places of people.
import { computed, signal } from "../vendor/signals.js";
import { get } from "../lib/api.js";
import { shortPlace } from "../components/board/places.js";
import { Asked } from "./asked.js";
import { scope } from "./scope.js";

/** @type {Asked<any>} */
export const divisions = new Asked((key, signal) => get(`/divisions/${key}`, {}, signal), 5000);
/** @type {Asked<any>} */
export const departments = new Asked((key, signal) => get(`/departments/${key}`, {}, signal), 5000);

/** The division of the scope: with those above and below it. */
export const division = computed(() => (scope.value.kind === "division" ? divisions.of(scope.value.key) : null));

/** The department of the scope. */
export const department = computed(() => (scope.value.kind === "department" ? departments.of(scope.value.key) : null));

/** The division of this desk, for starts and warnings: also of a department. */
export const homeDivision = computed(() => (scope.value.kind === "division" ? scope.value.key : department.value?.department?.division?.code ?? ""));

/** @type {import("../vendor/signals.js").Signal<ReadonlyMap<string, string>>} */
const names = signal(new Map());
const asked = new Set();

/** @type {Map<string, string>} learnt, and not shown yet */
const fresh = new Map();

/** Names that come one after the other are shown together. @param {{code: string, name: string}[]} rows */
export function learn(rows) {
  if (fresh.size === 0) setTimeout(() => {
    names.value = new Map([...names.peek(), ...fresh]);
    fresh.clear();
  }, 100);
  for (const row of rows) fresh.set(row.code, row.name);
}

/** @param {string} above */
async function ask(above) {
  if (asked.has(above)) return;
  asked.add(above);
  try {
    const found = await get("/divisions", above ? { below: above } : {});
    learn(found.rows);
  } catch {
    asked.delete(above); // asked again when it is shown again
  }
}

/** The codes of the tiers of a division below a district, itself last. @param {string} code */
function tiersOf(code) {
  return [6, 9, 12, 15].filter((length) => length <= code.length).map((length) => code.slice(0, length));
}

/**
 * A place in everyday words, as seen from the division that is looked at: 湖镇镇 希塘村 第一网格.
 * @param {string} code
 * @param {string} [fallback] what it is called while the rest is not known
 */
export function placeWords(code, fallback = "") {
  const from = scope.value.kind === "division" ? scope.value.key.length : 6;
  const tiers = tiersOf(code).filter((tier) => tier.length > from || tier === code);
  const known = names.value;
  const words = [];
  for (const tier of tiers) {
    const name = known.get(tier) ?? (tier === code ? fallback : "");
    // The place itself comes with its name; only those above it have to be asked for.
    if (!known.has(tier) && !(tier === code && fallback)) ask(tier.length > 6 ? tier.slice(0, tier.length - 3) : "");
    if (name) words.push(shortPlace(name));
  }
  return words.join(" ");
}
