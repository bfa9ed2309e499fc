// The inbox: what comes is acknowledged once it is on this phone's disk. docs/pushing.md
import { isOpen, folded } from "./cards.js";
import { commit, core, cursor } from "./core.js";
import { Moved } from "./database.js";
import { readCard, readFindings } from "./readings.js";
import { caughtUp } from "./state.js";

/** @typedef {import("./state.js").Item} Item @typedef {import("./state.js").Card} Card */

const KEPT_ITEMS = 400;
const KEPT_CARDS = 200;
const SPREAD_MS = 15000;

/** The last number that the gateway was asked to go on from: it is asked once. */
let asked = -1;
let head = 0;

/** How far this phone is, for the hello. */
export function greeting() {
  const { epoch, last } = cursor();
  asked = -1;
  return { epoch, last_seq: last, person: core.person };
}

/** The answer to the hello. @param {{epoch: string, head: number, after: number}} welcome */
export async function welcomed(welcome) {
  const { epoch, last } = cursor();
  head = welcome.head;
  if (epoch === null && head === 0) await commit({ put: { meta: [{ name: "inbox", epoch: welcome.epoch, last: 0 }] } });
  if (cursor().epoch === welcome.epoch && last >= head) caughtUp.value = true;
}

/**
 * Items in gapless order. What is here already is passed over; after a gap the rest is asked for.
 * @param {Item[]} items
 */
export async function took(items) {
  const { epoch, last } = cursor();
  /** @type {Item[]} */
  const fresh = [];
  for (const item of items) {
    head = Math.max(head, item.seq);
    if (item.seq === last + fresh.length + 1) fresh.push({ ...item, unread: true });
    else if (item.seq > last + fresh.length + 1) break;
  }
  const upto = last + fresh.length;
  if (fresh.length) {
    const change = { put: { items: fresh, cards: /** @type {Card[]} */ ([]), meta: [{ name: "inbox", epoch, last: upto }] } };
    await commit(change, async (read, all) => {
      const stored = (await read("meta", "inbox")) ?? { epoch: null, last: 0 };
      if (stored.epoch !== epoch || stored.last !== last) throw new Moved();
      change.put.cards = afterItems(new Map((await all("cards")).map((card) => [card.task, card])), fresh);
    });
    acknowledge(upto);
    learnMore(fresh);
  }
  const beyond = items[items.length - 1];
  if (beyond && beyond.seq > upto && asked !== upto) {
    asked = upto;
    core.live?.say({ type: "resend", after: upto });
  }
  if (upto >= head) caughtUp.value = true;
}

/**
 * All that matters now, in place of all that is stored. What its owner did and was not answered
 * stays, and so does what they have begun to write.
 * @param {{epoch: string, head: number, items: Item[], open: string[]}} snapshot
 */
export async function replaced(snapshot) {
  const before = core.db.all("items");
  const items = snapshot.items.map((item) => {
    const known = before.get(item.seq);
    return { ...item, unread: known?.topic === item.topic && known?.stream === item.stream ? known.unread : true };
  });
  const open = new Set(snapshot.open);
  const sameLog = cursor().epoch?.split(".")[0] === snapshot.epoch.split(".")[0];
  /** @type {Map<string, Card>} */
  const known = new Map();
  // What the server's own reading said of a task is as true as before, if it is the same log.
  if (sameLog) for (const [task, card] of core.db.all("cards")) if (card.whole && open.has(task)) known.set(task, card);
  afterItems(known, items);
  const cards = [...known.values()].map((card) => (isOpen(card) && !open.has(card.task) ? { ...card, status: /** @type {const} */ ("closed") } : card));
  await commit({
    clear: ["items", "cards"],
    put: { items, cards, meta: [{ name: "inbox", epoch: snapshot.epoch, last: snapshot.head }] },
  });
  head = snapshot.head;
  acknowledge(snapshot.head);
  caughtUp.value = true;
  for (const stream of snapshot.open) if (stream.startsWith("task-")) readCard(stream);
  readFindings();
}

/** Stored on this device: only ever said after the transaction has committed. @param {number} seq */
function acknowledge(seq) {
  if (core.db.durable && seq > 0) core.live?.say({ type: "ack", seq });
}

/** @param {Map<string, Card>} cards @param {Item[]} items @returns {Card[]} those that changed */
function afterItems(cards, items) {
  /** @type {Set<string>} */
  const touched = new Set();
  for (const item of items) {
    if (item.hidden || !item.stream?.startsWith("task-") || item.topic?.startsWith("task.escalated")) continue;
    const card = folded(cards.get(item.stream), item);
    if (!card || (item.data?.person && item.data.person !== core.person)) continue;
    cards.set(item.stream, card);
    touched.add(item.stream);
  }
  return [...touched].map((task) => /** @type {Card} */ (cards.get(task)));
}

/** Some items say less than there is to know. @param {Item[]} items */
function learnMore(items) {
  let findings = false;
  for (const item of items) {
    if (item.hidden) continue;
    if (item.stream?.startsWith("finding-")) findings = true;
    else if (item.task && !(item.topic ?? "").startsWith("task.escalated") && needsReading(item)) later(item.task);
  }
  if (findings) readFindings();
}

/** Thousands are given a task at the same moment: they do not all ask at once. @param {string} task */
function later(task) {
  setTimeout(() => readCard(task), Math.random() * SPREAD_MS);
}

/** Which households are to be visited stands in no item; nor does what a task was before this phone knew of it. @param {Item} item */
function needsReading(item) {
  const card = core.db.all("cards").get(item.task);
  if (!card) return true;
  const visits = (card.order.form ?? []).some((/** @type {any} */ field) => field.kind === "visits");
  return (visits && !card.whole) || /^task\.(verified|sent_back|resumed|reopened|reassigned)/.test(item.topic ?? "");
}

/** Let go of what is old and done; what waits and what is open stays. */
export async function tidy() {
  const cards = [...core.db.all("cards").values()];
  const open = new Set(cards.filter(isOpen).map((card) => card.task));
  const items = [...core.db.all("items").values()].sort((a, b) => b.seq - a.seq);
  const oldItems = items.slice(KEPT_ITEMS).filter((item) => !open.has(item.task)).map((item) => item.seq);
  const oldCards = cards.filter((card) => !isOpen(card)).sort((a, b) => ((a.last_at ?? "") < (b.last_at ?? "") ? 1 : -1))
    .slice(KEPT_CARDS).map((card) => card.task);
  if (oldItems.length || oldCards.length) await commit({ drop: { items: oldItems, cards: oldCards } });
}
