// Sample data for the style guide. None of it is of any log, and nobody in it exists.
import { now } from "../lib/clock.js";
import { texts } from "../lib/texts.js";

const began = now().getTime();

/** So many seconds before the page was opened; before 0 it is still to come. @param {number} seconds */
export const sampleTime = (seconds) => new Date(began - seconds * 1000).toISOString();

/** @param {number} n @returns {import("../components/board/types.js").PersonName} */
export const person = (n) => ({ number: `S${String(n).padStart(7, "0")}`, name: texts("styleguide").sampleData.person(n), synthetic: true, phone: `000 0000 ${String(n).padStart(4, "0")}` });

/**
 * Counts that sum up.
 * @param {number} tasks @param {number} waiting @param {number} closed @param {number} [overdue]
 * @returns {import("../components/board/types.js").Count}
 */
export function count(tasks, waiting, closed, overdue = 0) {
  const verify = Math.min(Math.round(tasks * 0.01), tasks - waiting - closed);
  const declined = Math.min(tasks > 200 ? 2 : 0, tasks - waiting - closed - verify);
  return { waiting, in_progress: tasks - waiting - closed - verify - declined, to_verify: verify, closed, declined, withdrawn: 0, overdue, open: tasks - closed - declined, tasks };
}

export const ALL = { waiting: 714, in_progress: 8571, to_verify: 44, closed: 1792, declined: 9, withdrawn: 21, overdue: 38, open: 9329, tasks: 11151 };
export const NOTHING = { waiting: 0, in_progress: 0, to_verify: 0, closed: 0, declined: 0, withdrawn: 0, overdue: 0, open: 0, tasks: 0 };

const DOTS = "东西南北青白清长上下新大小高石云松竹梅柳";

/** Tiles of a tier: streets, towns and townships; villages; grids. @param {9 | 12 | 15} digits @param {number} n */
export function tiles(digits, n) {
  const t = texts("styleguide").sampleData;
  return Array.from({ length: n }, (_, at) => {
    const central = digits === 9 ? at < 2 : digits === 12 ? at < 4 : false;
    const town = digits === 9 && !central && at < 8;
    const code = `999999${digits === 9 ? `${central ? "00" : town ? "10" : "20"}${(at % 10)}` : ""}`.padEnd(digits - 3, "1").slice(0, digits - 3);
    const last = digits === 9 ? "" : String((central ? 1 : digits === 12 ? 200 : 1) + at).padStart(3, "0");
    const name = digits === 15 ? t.grid(at + 1) : `${DOTS[at % 20]}${DOTS[(at * 7 + 4) % 20]}${digits === 9 ? (central ? "街道" : town ? "镇" : at === 9 ? "畲族乡" : "乡") : central ? "社区居民委员会" : "村村民委员会"}`;
    const tasks = at === n - 2 ? 0 : digits === 9 ? 257 + ((at * 397) % 1400) : 24 + ((at * 17) % 60);
    const share = ([0.02, 0.07, 0.14, 0, 0.31, 0.04, 0.62, 0.08][at % 8] ?? 0);
    return { code: digits === 9 ? `999999${central ? "0" : town ? "1" : "2"}${String(at).padStart(2, "0")}` : code + last, name, count: tasks ? count(tasks, Math.round(tasks * share), Math.round(tasks * (1 - share) * ((at % 5) / 5)), at % 7 === 4 ? 3 + at : 0) : undefined };
  });
}

/** Outlines for the first of the tiles, drawn by a rule: no real place looks like this. @param {readonly {code: string}[]} of */
export function outlines(of) {
  const across = 4;
  /** @param {number} column @param {number} row */
  const corner = (column, row) => [119 + column * 0.1 + Math.sin(column * 3.1 + row * 1.7) * 0.028, 29 - row * 0.08 + Math.cos(column * 2.3 - row * 2.9) * 0.022];
  const features = of.slice(0, 12).map((tile, at) => {
    const [column, row] = [at % across, Math.floor(at / across)];
    const ring = [corner(column, row), corner(column + 1, row), corner(column + 1, row + 1), corner(column, row + 1), corner(column, row)];
    return { type: "Feature", properties: { code: tile.code }, geometry: { type: "Polygon", coordinates: [ring] } };
  });
  return { type: "FeatureCollection", features };
}

export const FUNNEL = {
  dispatched: { tasks: 11151 }, delivered: { tasks: 11151 }, read: { tasks: 10407 }, accepted: { tasks: 10407, half: 252, nine_in_ten: 2280, longest: 3900 },
  on_scene: { tasks: 0 }, reported: { tasks: 1836, half: 3296, nine_in_ten: 3798 }, verified: { tasks: 20 }, closed: { tasks: 1792, half: 3303, nine_in_ten: 3798 },
};

/** Rows of the table of people. @param {number} [total] @returns {import("../components/board/types.js").RowsPart} */
export function rows(total = 714) {
  const t = texts("styleguide").sampleData;
  /** @type {Record<string, import("../components/board/types.js").TaskRow>} */
  const tasks = {};
  const states = /** @type {const} */ (["waiting", "waiting", "in_progress", "to_verify", "waiting", "closed"]);
  for (let at = 0; at < 6; at += 1) {
    tasks[`sample-${at + 1}`] = {
      person: `person-${at + 1}`, division: "999999101201001", place: at === 2 ? t.longPlace : t.grid(at + 1), role: /** @type {const} */ (["grid_worker", "grid_head", "household_contact"])[at % 3] ?? null, state: states[at] ?? "waiting", order: "order", task_force: "tf",
      dispatched_at: sampleTime(3900 - at * 300), delivered: at !== 4, overdue: at < 2, suspended: at === 2, open: false, reminded: at < 3 ? 3 - at : 0, escalated: at === 0 ? 1 : 0, due_at: sampleTime([2100, 300, -900, -9000, -5400, 0][at] ?? 0),
    };
  }
  return { total, offset: 0, order: Object.keys(tasks), tasks };
}

/** Who is named in the rows. */
export const names = () => Object.fromEntries([1, 2, 3, 4, 5, 6].map((n) => [`person-${n}`, n === 5 ? { ...person(n), phone: null } : person(n)]));

/** A timeline with everything that one can show, the newest first. @returns {import("../components/board/types.js").Fact[]} */
export function facts() {
  const t = texts("styleguide").sampleData;
  const division = { code: "999999101", name: t.town };
  /** @param {number} n */
  const who = (n) => ({ person: `person-${n}`, name: person(n).name ?? "", synthetic: true });
  const at = Math.floor(now().getTime() / 60_000) * 60_000 - 60_000;
  /** @param {number} position @param {number} ago @param {string} topic @param {string} words @param {object} [more] @returns {import("../components/board/types.js").Fact} */
  const fact = (position, ago, topic, words, more = {}) => ({
    position, topic, words, division, actor: who(1), person: who(position % 30), ...times(at - ago * 1000, ago), ...more,
  });
  return [
    fact(34981, 4, "task.reported.v1", t.told.reported, { data: { photos: [{ sha256: "0".repeat(64), media: "image/jpeg" }] } }),
    ...Array.from({ length: 20 }, (_, n) => fact(34979 - n, 70, "task.reminded.v1", t.told.reminded(n + 2), { person: who(n + 2) })),
    fact(34958, 150, "finding.reported.v1", t.told.finding), fact(34957, 200, "task_force.entry_made.v1", t.told.struck, { marks: { struck: true, words: [t.told.struckMark] } }),
    fact(34956, 230, "task.accepted.v1", t.told.accepted, { on_behalf_of: who(7), marks: { claim: t.told.claim, judged_at: sampleTime(200), words: [t.told.claimMark] } }),
    fact(34955, 260, "task_force.message_sent.v1", t.told.message, { marks: { corrected: { text: t.told.right, reason: t.told.why }, words: [t.told.rightMark] } }),
    fact(34954, 300, "task.overtaken.v1", t.told.overtaken, { marks: { overtaken: true } }), fact(34953, 320, "task.declined.v1", t.told.declined),
    fact(34952, 380, "task_force.level_changed.v1", t.told.level), fact(34951, 440, "warning.received.v1", t.told.warning, { drill: true, actor: { person: "reactions" } }), { position: 34950, topic: "unknown.v9", unreadable: true },
  ];
}

/** Claimed a little before the log took it. @param {number} at @param {number} ago */
function times(at, ago) {
  const iso = new Date(at).toISOString();
  return { occurred_at: iso, reported_at: new Date(at + 2000).toISOString(), recorded_at: new Date(at + 2500 + (ago % 3) * 9000).toISOString() };
}
