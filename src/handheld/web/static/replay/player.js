// Playing, pausing, stepping.
import { signal } from "../vendor/signals.js";
import { get } from "../lib/api.js";
import { tellProblem } from "../components/notices.js";
import { force, life, lookAt, moment, settle } from "./state.js";

/** How many times faster than it was. */
export const SPEEDS = /** @type {const} */ ([1, 10, 60, 300, 600]);

/** Whether it plays, and how fast. */
export const playing = signal(false);
/** @type {import("../vendor/signals.js").Signal<number>} */
export const speed = signal(60);

let last = 0;
let frame = 0;

/** Begin, or pause. From the end it begins anew. */
export function toggle() {
  if (playing.peek()) return pause();
  const bounds = life.peek();
  if (!bounds) return;
  if (moment.peek().at >= bounds.end) lookAt(bounds.begin);
  playing.value = true;
  last = performance.now();
  frame = requestAnimationFrame(run);
}

/** Stop where it is. */
export function pause() {
  if (!playing.peek()) return;
  playing.value = false;
  cancelAnimationFrame(frame);
  settle();
}

/** @param {number} time */
function run(time) {
  if (!playing.peek()) return;
  const bounds = life.peek();
  const at = moment.peek().at + (time - last) * speed.peek();
  last = time;
  if (!bounds || at >= bounds.end) {
    if (bounds) lookAt(bounds.end);
    return pause();
  }
  lookAt(at, { lightly: true });
  frame = requestAnimationFrame(run);
}

/**
 * To the next fact, or the one before. Only the last press counts.
 * @param {1 | -1} by
 * @param {string[]} [topics] only such facts
 */
export async function step(by, topics) {
  pause();
  const from = position.peek();
  if (from === null || stepping) return;
  stepping = true;
  const window = by > 0 ? { after: from } : { before: from, newest: true };
  try {
    const page = await get(`/task-forces/${force.peek()}/timeline`, { ...window, limit: 1, ...(topics && { topics }) });
    const fact = page.facts?.[0];
    if (fact?.recorded_at) lookAt(Date.parse(fact.recorded_at), { position: fact.position });
  } catch (error) {
    tellProblem(error);
  } finally {
    stepping = false;
  }
}

let stepping = false;

/** The position of what is shown; null before it is known. @type {import("../vendor/signals.js").Signal<number | null>} */
export const position = signal(/** @type {number | null} */ (null));
