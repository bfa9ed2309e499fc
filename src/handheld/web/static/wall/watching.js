// What the wall knows: the whole division, the task force whose turn it is, and its newest facts.
import { signal } from "../vendor/signals.js";
import { Problem, get } from "../lib/api.js";
import { Live } from "../lib/live.js";

/**
 * @typedef {import("../lib/live.js").Showing} Showing
 * @typedef {import("../components/board/types.js").DivisionBoard} DivisionBoard
 * @typedef {import("../components/board/types.js").Fact} Fact
 * @typedef {{key: string, showing: Showing | null, card: any, facts: Fact[], trouble: string}} Current
 */

const FACTS = 40;
const FACTS_MS = 4000;
const ROWS = 12;

/** What is worth a line on a wall: not that a task was sent, delivered, read. */
const TOPICS = [
  ...["started", "order_issued", "order_amended", "order_withdrawn", "level_changed", "command_handed_over", "department_accepted", "message_sent", "entry_made",
    "stood_down", "closed", "reopened"].map((one) => `task_force.${one}`),
  ...["accepted", "declined", "on_scene", "reported", "verified", "sent_back", "closed", "reassigned", "reminded", "escalated", "overdue", "supervised",
    "suspended"].map((one) => `task.${one}`),
  ...["ordered", "started"].map((one) => `finding.${one}`), "warning.started",
];

/** One wall's watching of one division. Its lists are bounded, its timers few: it runs for months. */
export class Watching {
  /** @param {string} division */
  constructor(division) {
    this.division = division;
    this.live = new Live();
    /** Of the whole division, real work and drills. @type {import("../vendor/signals.js").Signal<{real: Showing | null, drills: Showing | null, both: boolean}>} */
    this.whole = signal(/** @type {{real: Showing | null, drills: Showing | null, both: boolean}} */ ({ real: null, drills: null, both: false }));
    /** @type {import("../vendor/signals.js").Signal<Current | null>} */
    this.current = signal(/** @type {Current | null} */ (null));
    /** What is wrong with the division, in words. */
    this.trouble = signal("");
    this._late = false;
    this._asked = 0;
    this._timer = 0;
    /** @type {(() => void)[]} */
    this._ends = ["real", "drills"].map((which) => this.live.watch(which, { kind: "division", key: division, drills: which === "drills" },
      (showing) => this._whole(which, showing), (trouble) => {
        if (which === "real") this.trouble.value = trouble.words;
        else this._whole(which, null);
      }));
    /** @type {() => void} */
    this._endForce = () => {};
  }

  /** @param {string} which @param {Showing | null} showing */
  _whole(which, showing) {
    const before = this.whole.value;
    this.whole.value = { ...before, [which]: showing, both: before.both || which === "drills" };
  }

  /** Show this task force, or none. @param {string | null} key @param {boolean} drill */
  show(key, drill) {
    if (this.current.value?.key === key || (!key && !this.current.value)) return;
    this._endForce();
    clearTimeout(this._timer);
    this._timer = 0;
    this._late = false;
    if (!key) {
      this.current.value = null;
      return;
    }
    this.current.value = { key, showing: null, card: null, facts: [], trouble: "" };
    this._watch(key, drill);
    this._card(key);
  }

  /** End it for good. */
  close() {
    clearTimeout(this._timer);
    this._endForce();
    for (const end of this._ends) end();
    this.live.close();
  }

  /** @param {string} key @param {boolean} drill */
  _watch(key, drill) {
    const rows = { offset: 0, limit: ROWS, ...(this._late ? { late: true } : { state: "waiting" }) };
    this._endForce = this.live.watch("force", { kind: "division", key: this.division, task_force: key, drills: drill, rows },
      (showing) => this._shown(key, drill, showing), (trouble) => this._change(key, { trouble: trouble.words }));
  }

  /** @param {string} key @param {boolean} drill @param {Showing} showing */
  _shown(key, drill, showing) {
    const before = this.current.value;
    if (before?.key !== key) return;
    this._change(key, { showing, trouble: "" });
    const late = showing.board.count.overdue > 0;
    if (late !== this._late) {
      this._late = late;
      this._endForce();
      this._watch(key, drill);
    }
    const last = before.showing?.board.task_forces[key];
    const now = showing.board.task_forces[key];
    if (before.card && (last?.level !== now?.level || last?.status !== now?.status)) this._card(key);
    this._soon(key);
  }

  /** Facts are fetched after the board has moved, and not with every move. @param {string} key */
  _soon(key) {
    if (this._timer) return;
    const wait = Math.max(FACTS_MS - (Date.now() - this._asked), 0);
    this._timer = setTimeout(() => {
      this._timer = 0;
      this._asked = Date.now();
      this._facts(key);
    }, wait);
  }

  /** @param {string} key */
  async _facts(key) {
    try {
      const page = await get(`/task-forces/${key}/timeline`, { newest: true, limit: FACTS, topics: TOPICS, division: this.division });
      this._change(key, { facts: page.facts });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
    }
  }

  /** @param {string} key */
  async _card(key) {
    try {
      this._change(key, { card: await get(`/task-forces/${key}`) });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this._change(key, { trouble: error.status === 404 ? error.title : "" });
    }
  }

  /** @param {string} key @param {Partial<Current>} changes */
  _change(key, changes) {
    const before = this.current.value;
    if (before?.key === key) this.current.value = { ...before, ...changes };
  }
}
