// The rotation as it runs: it goes by the page's one clock and keeps nothing that grows.
import { useEffect, useMemo, useRef, useState } from "../vendor/preact-hooks.js";
import { effect, untracked } from "../vendor/signals.js";
import { tick } from "../lib/clock.js";
import { broken, noticed, stepped, turned } from "./rotation.js";

/**
 * @typedef {import("./rotation.js").Alert} Alert
 * @typedef {import("./rotation.js").Turn} Turn
 * @typedef {{turn: Turn, breaks: readonly import("./rotation.js").Break[]}} State
 */

/**
 * Shows the task forces in turn, and what breaks in. A task force that has come in is shown next.
 * @param {import("./watching.js").Watching} watching
 * @param {string | null} fixed the one that stays
 */
export function useRotation(watching, fixed) {
  const [state, setState] = useState(/** @type {State} */ ({ turn: { at: null, since: Date.now(), held: false }, breaks: [] }));
  const known = useRef(/** @type {Set<string> | null} */ (null));
  const held = useRef(state);
  const fix = useRef(fixed);
  fix.current = fixed;
  /** @param {State} next */
  const keep = (next) => {
    held.current = next;
    setState(next);
  };
  useEffect(() => effect(() => {
    tick.value;
    const { real, drills, both } = watching.whole.value;
    if (!real) return;
    untracked(() => {
      const { known: names, fresh } = noticed(known.current, alertsOf(real, drills));
      if (both) known.current = names; // both have come: from now on what is new is new
      const before = held.current;
      const breaks = broken(before.breaks, fresh, Date.now());
      const order = orderOf(watching);
      let turn = turned(before.turn, order, Date.now());
      const started = fresh.filter((one) => one.kind === "force").pop();
      if (started && !fix.current) turn = { at: started.key, since: breaks.length ? /** @type {any} */ (breaks[breaks.length - 1]).until : Date.now(), held: false };
      const at = fix.current ?? turn.at;
      watching.show(at, at !== null && Boolean(drills?.board.task_forces[at]));
      if (turn !== before.turn || breaks !== before.breaks) keep({ turn, breaks });
    });
  }), [watching, fixed]);
  const order = orderOf(watching);
  const step = useMemo(() => (/** @type {number} */ by) => keep({ ...held.current, turn: stepped(held.current.turn, orderOf(watching), by, Date.now()) }), [watching]);
  const dismiss = useMemo(() => () => keep({ ...held.current, breaks: [] }), []);
  return { turn: state.turn, order, alert: state.breaks[0]?.alert ?? null, step, dismiss };
}

/** The open task forces, the newest first; drills after what is real. @param {import("./watching.js").Watching} watching */
function orderOf(watching) {
  const { real, drills } = watching.whole.value;
  return [real, drills].flatMap((one) => Object.entries(one?.board.task_forces ?? {})
    .sort(([, a], [, b]) => b.started_at.localeCompare(a.started_at)).map(([key]) => key));
}

/**
 * @param {import("./watching.js").Showing} real
 * @param {import("./watching.js").Showing | null} drills
 * @returns {Alert[]}
 */
function alertsOf(real, drills) {
  /** @type {Alert[]} */
  const found = [];
  for (const [showing, drill] of /** @type {[import("./watching.js").Showing | null, boolean][]} */ ([[real, false], [drills, true]])) {
    for (const [key, row] of Object.entries(showing?.board.warnings ?? {})) found.push({ kind: "warning", key, row: /** @type {any} */ (row), drill });
    for (const [key, row] of Object.entries(showing?.board.task_forces ?? {})) found.push({ kind: "force", key, row: /** @type {any} */ (row), drill });
  }
  return found;
}
