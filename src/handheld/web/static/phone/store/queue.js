// What somebody does: stored first, shown at once, sent in order when there is a connection, and kept
// until the server has answered. docs/phone.md
import { Problem, commandId } from "../../lib/api.js";
import { now } from "../../lib/clock.js";
import { texts } from "../../lib/texts.js";
import { ahead, commit, core, isLive, unsent } from "./core.js";
import { done } from "./effects.js";
import { hold, keepSafe } from "./keeping.js";
import { readCard, readFindings } from "./readings.js";

/** @typedef {import("./state.js").Act} Act */

const TOGETHER = 64;
/** Below the gateway's limit of 64 KiB a frame. */
const FRAME = 48 * 1024;
const LARGEST = 40 * 1024;
const AGAIN_MS = 2000;
/** A clock that was set back makes nothing wait longer. */
const LONGEST_WAIT_MS = 30000;

/** Sent over this connection and not answered. @type {Set<string>} */
const flying = new Set();
let busy = false;
let timer = 0;
/** Those who wait for the answer: where nothing can be stored. @type {Map<string, (act: Act | null, problem?: Problem) => void>} */
const hoping = new Map();

/**
 * Do something. It resolves once it is on this phone's disk; from then on it is shown as done, and
 * is sent when there is a connection. Where the browser stores nothing it is sent at once and
 * resolves with the server's answer; without a connection it rejects.
 * @param {Record<string, any>} command its name under `command`, and its fields
 * @param {{occurredAt?: string | Date, attachments?: string[], onBehalfOf?: string, undoSeconds?: number,
 *   drill?: boolean, quiet?: boolean, title?: string}} [options] `occurredAt` by the log's clock;
 *   `attachments`: hashes of photos and recordings besides those under `photos`; `quiet`: not
 *   counted among what waits; `title`: what it is about, for the list of what waits
 * @returns {Promise<Act>} with its `id`
 */
export async function act(command, options = {}) {
  if (JSON.stringify(command).length > LARGEST) throw new Problem(0, problem("tooLong"));
  const at = new Date(options.occurredAt ?? now());
  const named = [...(options.attachments ?? []), ...(command.photos ?? []).map((/** @type {any} */ photo) => photo.sha256)];
  /** @type {Act} */
  const one = {
    id: commandId(), n: 0, command, at: at.toISOString(), device_at: new Date(at.getTime() - ahead()).toISOString(),
    due: Date.now() + (options.undoSeconds ?? 0) * 1000, files: [...new Set(named)], state: "waiting", tries: 0,
    ...(options.onBehalfOf && { on_behalf_of: options.onBehalfOf }), ...(options.drill && { drill: true }),
    ...(options.quiet && { quiet: true }), ...(options.title && { title: options.title }),
  };
  if (!core.db.durable) return sentAtOnce(one);
  const change = { put: { acts: [one], files: /** @type {any[]} */ ([]) } };
  try {
    await commit(change, async (read, all) => {
      one.n = 1 + Math.max(0, ...(await all("acts")).map((other) => other.n));
      const found = await Promise.all(one.files.map((sha256) => read("files", sha256)));
      change.put.files = found.filter((file) => file?.state === "draft").map((file) => ({ ...file, state: "queued" }));
    });
  } catch (error) {
    throw new Problem(0, problem(error instanceof DOMException && error.name === "QuotaExceededError" ? "full" : "notStored"));
  }
  keepSafe();
  core.tell("acts");
  pump();
  return one;
}

/** @param {"tooLong" | "full" | "notStored" | "atOnceOnly"} which */
function problem(which) {
  const words = texts("store")[which];
  return { code: `phone.${which}`, title: words.wrong, detail: words.todo };
}

/** @param {Act} one @returns {Promise<Act>} */
async function sentAtOnce(one) {
  if (!isLive()) throw new Problem(0, problem("atOnceOnly"));
  const queued = one.files.map((sha256) => core.db.all("files").get(sha256)).filter((file) => file?.state === "draft");
  const n = 1 + Math.max(0, ...[...core.db.all("acts").values()].map((other) => other.n));
  await commit({ put: { acts: [{ ...one, n, due: 0 }], files: queued.map((file) => ({ ...file, state: "queued" })) } });
  return new Promise((resolve, reject) => {
    hoping.set(one.id, (answer, wrong) => (wrong ? reject(wrong) : resolve(answer ?? one)));
    pump();
  });
}

/** Take something back; false where it is on its way already. @param {string} id @returns {Promise<boolean>} */
export async function undo(id) {
  const change = { drop: { acts: [id] }, put: { files: /** @type {any[]} */ ([]) } };
  try {
    await commit(change, async (read, all) => {
      const found = /** @type {Act | undefined} */ (await read("acts", id));
      if (found?.state !== "waiting") throw new Late();
      const needed = new Set((await all("acts")).filter((other) => other.id !== id).flatMap((other) => other.files));
      const held = await Promise.all(found.files.filter((sha256) => !needed.has(sha256)).map((sha256) => read("files", sha256)));
      change.put.files = held.filter((file) => file?.state === "queued").map((file) => ({ ...file, state: "draft" }));
    });
  } catch (error) {
    if (error instanceof Late) return false;
    throw error;
  }
  core.tell("acts");
  pump();
  return true;
}

class Late extends Error {}

/** Wait no longer for anything. */
export async function sendNow() {
  const acts = unsent().filter((one) => one.state === "waiting" && one.due > Date.now());
  if (acts.length) await commit({ put: { acts: acts.map((one) => ({ ...one, due: Date.now() })) } });
  core.tell("acts");
  pump();
}

/** Send once more what could not be taken; nothing of it was kept, so it cannot be done twice. @param {string} id */
export async function tryAgain(id) {
  const found = core.db.all("acts").get(id);
  if (found?.state !== "failed") return;
  await commit({ put: { acts: [{ ...found, state: "waiting", due: Date.now() }] } });
  core.tell("acts");
  pump();
}

/** Somebody has seen what became of it: it need not be shown any more. @param {string} id */
export async function putAway(id) {
  const found = core.db.all("acts").get(id);
  if (found && !["waiting", "sending"].includes(found.state)) await commit({ drop: { acts: [id] } });
}

/** Send what can be sent; only the window that leads does. */
export async function pump() {
  if (!core.leads || busy || flying.size || !isLive()) return;
  busy = true;
  clearTimeout(timer);
  try {
    const batch = await taken();
    if (!batch.length) return;
    for (const one of batch) flying.add(one.id);
    if (!core.live?.say({ type: "do", commands: batch.map(sent) })) flying.clear();
  } finally {
    busy = false;
  }
}

/** What goes out now, marked as on its way before it goes: after that nothing of it is taken back. @returns {Promise<Act[]>} */
async function taken() {
  /** @type {Act[]} */
  const batch = [];
  let size = 0;
  for (const one of unsent()) {
    const wait = one.state === "waiting" ? one.due - Date.now() : 0;
    if (wait > 0 && wait <= LONGEST_WAIT_MS) {
      timer = setTimeout(pump, wait + 20);
      break;
    }
    size += JSON.stringify(one.command).length * 2 + 300;
    if (batch.length === TOGETHER || (batch.length && size > FRAME)) break;
    batch.push(one);
  }
  if (!batch.length) return batch;
  /** @type {Act[]} */
  let still = [];
  const change = { put: { acts: /** @type {Act[]} */ ([]) } };
  await core.db.commit(change, async (read) => {
    const found = await Promise.all(batch.map((one) => read("acts", one.id)));
    still = found.filter((one) => one && ["waiting", "sending"].includes(one.state)).map((one) => ({ ...one, state: "sending", tries: one.tries + 1 }));
    change.put.acts = still;
  });
  return still;
}

/** @param {Act} one */
function sent(one) {
  return { id: one.id, command: one.command, occurred_at: one.device_at,
    ...(one.on_behalf_of && { on_behalf_of: one.on_behalf_of }), ...(one.drill && { drill: true }) };
}

/** The connection is gone: whatever was on its way will be sent once more. */
export function lostAll() {
  flying.clear();
  clearTimeout(timer);
  for (const [id, tell] of hoping) {
    hoping.delete(id);
    tell(null, new Problem(0, problem("atOnceOnly")));
    commit({ drop: { acts: [id] } });
  }
}

/**
 * The server has answered.
 * @param {{type: "done" | "failed", id: string, outcome?: string, code?: string, words?: string, again?: boolean, recorded_at?: string}} answer
 */
export async function answered(answer) {
  const one = /** @type {Act | undefined} */ (core.db.all("acts").get(answer.id));
  if (one && !answer.again) {
    const counts = answer.type === "done" && (answer.outcome === "accepted" || answer.outcome === "already_done");
    if (counts) await arrived(one, answer.recorded_at ?? one.at, answer.outcome === "accepted");
    else await commit({ put: { acts: [told(one, answer)] } });
    afterwards(one, counts && answer.outcome === "accepted");
    const tell = hoping.get(one.id);
    hoping.delete(one.id);
    tell?.(one, counts ? undefined : new Problem(0, { ...(answer.code && { code: answer.code }), title: answer.words ?? "" }));
  }
  flying.delete(answer.id);
  if (flying.size) return;
  if (answer.again) timer = setTimeout(pump, AGAIN_MS);
  else pump();
}

/** @param {Act} one @param {any} answer @returns {Act} */
function told(one, answer) {
  const state = answer.type === "failed" ? "failed" : answer.outcome === "overtaken" ? "overtaken" : "refused";
  return { ...one, state, answered_at: answer.recorded_at ?? now().toISOString(),
    ...(answer.code && { code: answer.code }), ...(answer.words && { words: answer.words }) };
}

/**
 * It counts: what was shown as done is stored as such.
 * @param {Act} one
 * @param {string} at when it was recorded
 * @param {boolean} plain it was recorded now: at least one fact more, so an older reading is older
 */
function arrived(one, at, plain) {
  const own = !one.on_behalf_of;
  const found = one.command.command === "finding.report";
  const change = { drop: { acts: [one.id] }, put: { cards: /** @type {any[]} */ ([]), findings: /** @type {any[]} */ ([]) } };
  if (found && own) {
    // Shown as reported until the list of findings has it.
    change.put.findings = [{ finding: one.id, local: true, state: "reported", text: one.command.text, mine: true,
      place: one.command.place ?? null, division: { code: one.command.division }, reported_at: one.at, photos: one.command.photos ?? [] }];
  }
  return commit(change, async (read) => {
    const card = own && !found && one.command.task ? await read("cards", one.command.task) : undefined;
    if (!card) return;
    const mine = [...(card.mine ?? []), { id: one.id, did: one.command.command, at: one.at, arrived_at: at }].slice(-20);
    change.put.cards = [{ ...done(card, one), version: card.version + (plain ? 1 : 0), mine }];
  });
}

/** What the server knows now and this phone does not. @param {Act} one @param {boolean} plain */
function afterwards(one, plain) {
  hold();
  if (one.command.command.startsWith("finding.")) readFindings();
  else if (!plain && one.command.task && !one.on_behalf_of) readCard(one.command.task);
}
