// What is read from the server besides the inbox, and kept for when there is no connection.
import { Problem, get } from "../../lib/api.js";
import { isOpen, reread } from "./cards.js";
import { commit, core, meta } from "./core.js";

const LINES = 50;
const FIELD = new Set(["grid_head", "grid_worker", "household_contact"]);
const FRESH_MS = 20000;

/** @type {Map<string, Promise<void>>} */
const reading = new Map();
let lastAll = 0;

/** One reading of a kind at a time; without a connection what is stored stays. @param {string} name @param {() => Promise<void>} run */
function once(name, run) {
  const before = reading.get(name);
  if (before) return before;
  const mine = run()
    .catch((error) => {
      if (!(error instanceof Problem)) throw error;
    })
    .finally(() => reading.delete(name));
  reading.set(name, mine);
  return mine;
}

/** Read a task whole: its households, its visits, what another device did. @param {string} task */
export function readCard(task) {
  return once(task, async () => {
    const read = await get(`/tasks/${task}`);
    const change = { put: { cards: /** @type {any[]} */ ([]) } };
    // Against what is stored by then: another window may have learnt more meanwhile.
    await commit(change, async (stored) => {
      change.put.cards = [reread(await stored("cards", task), read)];
    });
  });
}

/** Read the cards of all that is still to be done. */
export async function readCards() {
  const open = [...core.db.all("cards").values()].filter(isOpen).map((card) => card.task);
  for (const task of open) await readCard(task);
}

/** One's own findings, and those on one's desks. */
export function readFindings() {
  return once("findings", async () => {
    const desks = core.posts.filter((post) => !FIELD.has(post.role) && (post.department || post.division))
      .map((post) => (post.department ? `department-${post.department}` : post.division));
    const [own, ...here] = await Promise.all([
      get("/findings", { person: core.person, limit: LINES }),
      ...[...new Set(desks)].map((desk) => get("/findings", { desk, limit: LINES }).catch(() => ({ rows: [] }))),
    ]);
    /** @type {Map<string, any>} */
    const found = new Map(own.rows.map((/** @type {any} */ row) => [row.finding, { ...row, mine: true }]));
    for (const list of here) {
      for (const row of list.rows) found.set(row.finding, { ...found.get(row.finding), ...row, here: true });
    }
    await commit({ clear: ["findings"], put: { findings: [...found.values()] } });
  });
}

/** The messages of the task forces in which one has something to do. */
export function readMessages() {
  return once("messages", async () => {
    const forces = new Set([...core.db.all("cards").values()].filter(isOpen).map((card) => card.task_force ?? card.order?.task_force).filter(Boolean));
    const before = core.db.all("messages");
    /** @type {any[]} */
    const found = [];
    for (const force of forces) {
      const title = [...core.db.all("cards").values()].find((card) => card.task_force === force)?.order.title ?? null;
      const page = await get(`/task-forces/${force}/messages`, { limit: LINES }).catch((error) => {
        if (error instanceof Problem && error.status) return { messages: [] };
        throw error;
      });
      for (const one of page.messages) {
        const own = one.by?.person === core.person;
        found.push({ ...one, task_force: force, title, unread: before.get(one.message)?.unread ?? !own });
      }
    }
    if (found.length) await commit({ put: { messages: found } });
  });
}

/** The warnings in force. */
export function readWarnings() {
  return once("warnings", async () => {
    const read = await get("/warnings/in-force", { division: core.posts[0]?.division ?? null });
    await commit({ put: { meta: [{ name: "warnings", rows: read.rows, at: new Date().toISOString() }] } });
  });
}

/** Read all of it anew; not more often than makes sense unless it is asked for. @param {{now?: boolean}} [how] */
export async function readAgain(how = {}) {
  if (!how.now && Date.now() - lastAll < FRESH_MS) return;
  lastAll = Date.now();
  await Promise.all([readCards(), readFindings(), readMessages(), readWarnings()]);
}

/**
 * Somebody has looked at these.
 * @param {{items?: number[], messages?: string[], task?: string}} what
 */
export async function markRead(what) {
  const { db } = core;
  const items = [...db.all("items").values()].filter((item) => item.unread && (what.items?.includes(item.seq) || (what.task && item.task === what.task)));
  const told = (what.messages ?? []).map((id) => db.all("messages").get(id)).filter((one) => one?.unread);
  const card = what.task ? db.all("cards").get(what.task) : undefined;
  if (!items.length && !told.length && !card?.unread) return;
  const change = { put: {
    items: items.map((item) => ({ ...item, unread: false })), messages: told.map((one) => ({ ...one, unread: false })), cards: /** @type {any[]} */ ([]),
  } };
  await commit(change, async (stored) => {
    const now = card && (await stored("cards", card.task));
    if (now) change.put.cards = [{ ...now, unread: false }];
  });
}

/** When the warnings were read last, for saying how old they are. @returns {string | null} */
export const warningsAt = () => meta("warnings")?.at ?? null;
