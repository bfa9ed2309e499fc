// The people of the table: a live window on the board, or pages of the register for what is done with.
import { computed, effect, signal } from "../vendor/signals.js";
import { get } from "../lib/api.js";
import { fromRegister } from "../components/board/rows.js";
import { Asked } from "./asked.js";
import { drills, scope } from "./scope.js";
import { ON_BOARD, WINDOW, board, boardRows, listed, mainKey, offset, position, rowsWindow } from "./state.js";
import { placeWords } from "./territory.js";

/**
 * @typedef {import("../components/board/types.js").RowsPart} RowsPart
 * @typedef {import("../components/board/types.js").TaskRow} TaskRow
 * @typedef {import("../components/board/types.js").PersonName} PersonName
 * @typedef {{rows: RowsPart, names: Record<string, PersonName>}} Listing
 */

/** @type {Map<string, (string | null)[]>} where each page of a list begins */
const cursors = new Map();

/** @type {Asked<Listing>} */
export const register = new Asked(async (key, signal) => {
  const [about = "", state = "", from = "0"] = key.split("|");
  const [kind = "", name = "", more = ""] = about.split(":");
  const page = Math.floor(Number(from) / WINDOW);
  const query = {
    ...(kind === "department" ? { department: name } : { division: name }),
    ...(more.startsWith("tf-") ? { task_force: more, drill: null } : { drill: more === "true" }),
    states: [state], sort: "newest", limit: WINDOW,
  };
  const begins = cursors.get(`${about}|${state}`) ?? [null];
  cursors.set(`${about}|${state}`, begins);
  // A page that was never turned to is reached from the first on: that is what cursors are like.
  let found = null;
  for (let at = Math.min(page, begins.length - 1); at <= page; at += 1) {
    found = await get("/tasks", { ...query, cursor: begins[at] }, signal);
    if (!found.next) break;
    begins[at + 1] = found.next;
  }
  return fromRegister(found?.rows ?? [], found?.count ?? 0, page * WINDOW);
}, 2000);

/** Which page of the register is wanted; empty where the board has the rows. */
export const registerKey = computed(() => (ON_BOARD.has(listed.value) || !mainKey.value ? "" : `${mainKey.value}|${listed.value}|${offset.value}`));

/** @type {import("../vendor/signals.js").Signal<ReadonlyMap<string, string | null>>} */
const phones = signal(new Map());

/** The list as it is shown; null before it has come. */
export const listing = computed(() => {
  /** @type {Listing | null} */
  let found = null;
  if (registerKey.value) found = register.of(registerKey.value);
  else if (boardRows.value) found = { rows: boardRows.value, names: board.value?.names ?? {} };
  return found && described(found);
});

/** With places in everyday words, and the telephone numbers. @param {Listing} found @returns {Listing} */
function described({ rows, names }) {
  /** @type {Record<string, TaskRow>} */
  const tasks = {};
  for (const [task, row] of Object.entries(rows.tasks)) tasks[task] = withWords(row, placeWords(row.division, row.place ?? ""));
  const numbers = phones.value;
  /** @type {Record<string, PersonName>} */
  const named = {};
  for (const [person, name] of Object.entries(names)) named[person] = withNumber(name, name.phone ?? numbers.get(person) ?? null);
  return { rows: { ...rows, tasks }, names: named };
}

/** @type {WeakMap<TaskRow, TaskRow>} a row that has not changed is the same object afterwards, too */
const rowsSaid = new WeakMap();
/** @type {WeakMap<PersonName, PersonName>} */
const namesSaid = new WeakMap();

/** @param {TaskRow} row @param {string} words */
function withWords(row, words) {
  const before = rowsSaid.get(row);
  if (before && before.place === words) return before;
  const said = { ...row, place: words };
  rowsSaid.set(row, said);
  return said;
}

/** @param {PersonName} name @param {string | null} phone */
function withNumber(name, phone) {
  const before = namesSaid.get(name);
  if (before && before.phone === phone) return before;
  const said = { ...name, phone };
  namesSaid.set(name, said);
  return said;
}

/** @param {string} window @param {number} from @param {number} limit @returns {Promise<Listing>} */
async function windowWithPhones(window, from, limit) {
  const { kind, key, tf } = scope.peek();
  const [, division = key] = mainKey.peek().split(":");
  const [state = ""] = window.split(":");
  const path = tf || kind === "division" ? `/boards/divisions/${division}/rows` : `/boards/departments/${key}/rows`;
  const about = tf ? { task_force: tf } : { drills: drills.peek() };
  const found = await get(path, { ...about, offset: from, limit, phones: true, ...(state === "overdue" ? { late: true } : { state }) });
  return { rows: found.rows, names: found.names ?? {} };
}

/** The numbers are asked for once nobody has come or gone for so long; while people keep coming, at the latest after the second. */
const STILL_MS = 600;
const LATEST_MS = 4000;

/** Ask for the telephone numbers of those in the window: a board has none. */
export function bringPhones() {
  let timer = 0;
  let since = 0;
  effect(() => {
    const rows = boardRows.value;
    if (!rows || !board.peek()?.names) return;
    const missing = Object.values(rows.tasks).some((row) => !phones.peek().has(row.person));
    if (!missing) return;
    since = since || Date.now();
    clearTimeout(timer);
    timer = setTimeout(async () => {
      since = 0;
      try {
        const now = boardRows.peek();
        if (now) keep((await windowWithPhones(rowsWindow.peek(), now.offset, WINDOW)).names, Object.values(now.tasks).map((row) => row.person));
      } catch {
        // Without the numbers the table is still right; the card of each has them as well.
      }
    }, Math.max(0, Math.min(STILL_MS, since + LATEST_MS - Date.now())));
  });
}

/** @param {Record<string, PersonName>} names @param {string[]} asked */
function keep(names, asked) {
  const next = new Map(phones.peek());
  for (const person of asked) next.set(person, names[person]?.phone ?? next.get(person) ?? null);
  phones.value = next;
}

/**
 * Everybody on the list, not only those in the window.
 * @param {(done: number, all: number) => void} progress
 * @returns {Promise<Listing>}
 */
export async function everybody(progress) {
  /** @type {Listing} */
  const all = { rows: { total: 0, offset: 0, order: [], tasks: {} }, names: {} };
  const window = rowsWindow.peek();
  for (let from = 0; ; ) {
    const { rows, names } = await windowWithPhones(window, from, 200);
    all.rows.order.push(...rows.order);
    Object.assign(all.rows.tasks, rows.tasks);
    Object.assign(all.names, names);
    all.rows.total = rows.total;
    from += rows.order.length;
    progress(from, rows.total);
    if (rows.order.length === 0 || from >= rows.total) return all;
  }
}

/** What is read again when the log has come further. */
export function watchPeople() {
  bringPhones();
  effect(() => register.want(registerKey.value));
  effect(() => {
    position.value;
    register.again();
  });
}
