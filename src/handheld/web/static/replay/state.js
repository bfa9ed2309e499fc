// Where in time one looks, and at what: all of it stands in the address.
import { computed, signal } from "../vendor/signals.js";
import { address, go, place } from "../lib/route.js";

/**
 * @typedef {{begin: number, end: number}} Life when the task force began and ended, or now (milliseconds)
 * @typedef {{at: number, position: number | null}} Moment `position`: the very fact, where one steps fact by fact
 */

/** @param {string} name */
const text = (name) => computed(() => place.value.get(name) ?? "");

/** The task force. */
export const force = text("tf");
/** The division whose board is shown; empty: the one of the task force. */
export const division = text("d");
/** Which panel is open beside the board. */
export const panel = computed(() => /** @type {"facts" | "change" | "waits" | "curve"} */ (place.value.get("v") ?? "facts"));
/** Whose rows are listed below the board. */
export const listed = text("s");

/** What the timeline is filtered by. */
export const filters = computed(() => ({
  kind: place.value.get("k") ?? "", person: place.value.get("who") ?? "", words: place.value.get("q") ?? "",
}));

/** The two instants that are compared. */
export const marks = computed(() => ({ a: instant(place.value.get("a")), b: instant(place.value.get("b")) }));

/** @param {string | null} said @returns {number | null} */
function instant(said) {
  const found = said ? Date.parse(said) : NaN;
  return Number.isNaN(found) ? null : found;
}

/** The whole life of the task force; null before it is known. */
export const life = signal(/** @type {Life | null} */ (null));

/** The instant that is shown. While it plays it runs ahead of the address. @type {import("../vendor/signals.js").Signal<Moment>} */
export const moment = signal(/** @type {Moment} */ (said() ?? { at: 0, position: null }));

/** What the address says. @returns {Moment | null} */
function said() {
  const at = instant(place.peek().get("t"));
  const position = Number(place.peek().get("p"));
  return at === null ? null : { at, position: position > 0 ? position : null };
}

/** The life is known: begin where the address says, or at the end. @param {Life} found */
export function begin(found) {
  life.value = found;
  const asked = said();
  moment.value = asked ? { ...asked, at: within(asked.at, found) } : { at: found.end, position: null };
}

/** @param {number} at @param {Life} of */
export const within = (at, of) => Math.min(Math.max(at, of.begin), of.end);

let wrote = 0;

/**
 * Look at another instant. The address follows, while something plays or is dragged at most once a second.
 * @param {number} at
 * @param {{position?: number | null, lightly?: boolean}} [how]
 */
export function lookAt(at, { position = null, lightly = false } = {}) {
  const bounds = life.peek();
  moment.value = { at: bounds ? within(at, bounds) : at, position };
  if (lightly && Date.now() - wrote < 1000) return;
  wrote = Date.now();
  settle();
}

/** The address says what is shown. */
export function settle() {
  const { at, position } = moment.peek();
  go({ t: iso(at), p: position }, { replace: true });
}

/** The way back leads to what was looked at before. */
addEventListener("popstate", () => {
  const asked = said();
  if (asked) moment.value = asked;
});

/** An instant as the address and the API write it. @param {number} at */
export const iso = (at) => new Date(at).toISOString();

/** What the API is asked for: the very fact, or the instant. @param {Moment} of */
export const asAt = (of) => (of.position === null ? iso(of.at) : String(of.position));

/**
 * The first millisecond by which it had happened: the server tells microseconds, and what is cut off would lie before it.
 * @param {string} text
 */
export const upTo = (text) => Date.parse(text) + (/\.\d{3}\d*[1-9]/.test(text) ? 1 : 0);

/** Put one of the two marks here. @param {"a" | "b"} which */
export const mark = (which) => go({ [which]: iso(moment.peek().at), v: "change" });

/** The address of another part of the same replay. @param {Record<string, string | number | null | undefined>} changes */
export const to = (changes) => address({ t: iso(moment.peek().at), p: moment.peek().position, ...changes });
