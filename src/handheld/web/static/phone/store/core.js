// What all parts of the store share: the database, who it is, and the signals made from both.
import { now } from "../../lib/clock.js";
import { Database } from "./database.js";
import { done } from "./effects.js";
import { files, findings, inbox, messages, overtaken, tasks, waiting, warnings } from "./state.js";

/**
 * @typedef {import("./state.js").Act} Act
 * @typedef {import("./state.js").Card} Card
 * @typedef {import("../../lib/live.js").Live} Live
 * @typedef {{name: string, epoch: string | null, last: number}} Cursor
 */

/** @type {{db: Database, person: string, posts: import("../../lib/session.js").Post[], leads: boolean, live: Live | null, tell: (what: string) => void}} */
export const core = { db: new Database(""), person: "", posts: [], leads: false, live: null, tell: () => {} };

/**
 * Write; then show it here, and in other windows.
 * @param {import("./database.js").Change} change
 * @param {Parameters<Database["commit"]>[1]} [first]
 */
export async function commit(change, first) {
  await core.db.commit(change, first);
  redraw();
  core.tell("changed");
}

/** A fact about the store itself. @param {string} name @returns {any} */
export const meta = (name) => core.db.all("meta").get(name);

/** How far the inbox is stored. @returns {Cursor} */
export const cursor = () => meta("inbox") ?? { name: "inbox", epoch: null, last: 0 };

/** Whether the gateway hears. */
export const isLive = () => core.live?.status.value.state === "live";

/** Milliseconds by which the log's clock is ahead of the phone's. */
export const ahead = () => now().getTime() - Date.now();

const UNSENT = new Set(["waiting", "sending"]);

/** What has not been answered yet, in order. @returns {Act[]} */
export function unsent() {
  return [...core.db.all("acts").values()].filter((act) => UNSENT.has(act.state)).sort((a, b) => a.n - b.n);
}

/** @type {Map<string, {card: Card, acts: string, shown: Card}>} */
const drawn = new Map();

/** Make the signals from what is stored. */
export function redraw() {
  const db = core.db;
  const acts = unsent();
  /** @type {Map<string, Card>} */
  const cards = new Map();
  for (const card of db.all("cards").values()) cards.set(card.task, withActs(card, acts));
  tasks.value = cards;
  inbox.value = [...db.all("items").values()].filter((item) => !item.hidden).sort((a, b) => b.seq - a.seq);
  messages.value = [...db.all("messages").values()].sort((a, b) => b.position - a.position);
  warnings.value = meta("warnings")?.rows ?? [];
  files.value = new Map(db.all("files"));
  findings.value = withUnsent([...db.all("findings").values()], acts);
  const seen = acts.filter((act) => !act.quiet);
  const queued = [...files.value.values()].filter((file) => file.state === "queued");
  const bytes = queued.reduce((sum, file) => sum + file.size - file.sent, 0) + seen.reduce((sum, act) => sum + JSON.stringify(act.command).length, 0);
  waiting.value = { actions: seen.length, acts: seen, files: queued, bytes, since: seen[0]?.at ?? queued[0]?.at ?? null };
  overtaken.value = [...db.all("acts").values()].filter((act) => !UNSENT.has(act.state)).sort((a, b) => b.n - a.n);
}

/** A card as its owner left it. What has not changed is the same object, for whatever draws it. @param {Card} card @param {Act[]} acts */
function withActs(card, acts) {
  const own = acts.filter((act) => act.command.task === card.task && !act.on_behalf_of && act.command.command !== "finding.report");
  const key = own.map((act) => act.id + act.state).join();
  const last = drawn.get(card.task);
  if (last && last.card === card && last.acts === key) return last.shown;
  const shown = { ...own.reduce(done, card), pending: own.filter((act) => !act.quiet) };
  drawn.set(card.task, { card, acts: key, shown });
  return shown;
}

/** @param {import("./state.js").Finding[]} stored @param {Act[]} acts */
function withUnsent(stored, acts) {
  /** @type {import("./state.js").Finding[]} */
  const fresh = acts.filter((act) => act.command.command === "finding.report" && !act.on_behalf_of).map((act) => ({
    finding: act.id, state: "unsent", text: act.command.text, place: act.command.place ?? null, division: { code: act.command.division },
    reported_at: act.at, mine: true, photos: act.command.photos ?? [], pending: [act],
  }));
  const kept = stored.map((one) => {
    const about = acts.filter((act) => act.command.finding === one.finding);
    return about.length ? { ...one, pending: about } : one;
  });
  return [...fresh, ...kept].sort((a, b) => ((a.reported_at ?? "") < (b.reported_at ?? "") ? 1 : -1));
}
