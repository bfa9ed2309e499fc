// What must be noticed: new warnings, refusals, findings, a lost connection. It sounds until somebody says "seen".
import { computed, effect, signal } from "../vendor/signals.js";
import { texts } from "../lib/texts.js";
import { tone } from "./sound.js";
import { live, wholeBoard } from "./state.js";
import { findings, todoKey, warnings, warningsKey } from "./todo.js";

const AGAIN_MS = 8000;
const LOST_MS = 3000;

/**
 * @typedef {{id: string, kind: "warning" | "finding" | "declined" | "lost", words: string, count?: number, what?: string}} Alarm
 * `what`: the warning or finding that it is about
 * @type {import("../vendor/signals.js").Signal<Alarm[]>}
 */
export const alarms = signal(/** @type {Alarm[]} */ ([]));

/** @param {Alarm} alarm */
function raise(alarm) {
  alarms.value = [...alarms.peek().filter((one) => one.id !== alarm.id), alarm];
}

/** It was seen. @param {string} id */
export function acknowledge(id) {
  alarms.value = alarms.peek().filter((one) => one.id !== id);
}

/** All were seen. */
export function acknowledgeAll() {
  alarms.value = [];
}

/**
 * Tell of what was not there before; what is there at first is no news.
 * @template T
 * @param {() => [key: string, found: T[] | null]} look
 * @param {(one: T) => string} name
 * @param {(one: T) => Alarm} said
 */
function news(look, name, said) {
  let of = "";
  /** @type {Set<string> | null} */
  let known = null;
  effect(() => {
    const [key, found] = look();
    if (key !== of) [of, known] = [key, null];
    if (!found) return;
    const before = known;
    known = new Set([...(before ?? []), ...found.map(name)]);
    if (before) for (const one of found) if (!before.has(name(one))) raise(said(one));
  });
}

/** Begin to watch for them. */
export function watchAlarms() {
  const t = texts("desk").alarms;
  // A warning that was raised to another level is news as well.
  news(() => [warningsKey.value, warnings.value], (one) => `${one.warning}:${one.level}`,
    (one) => ({ id: one.warning, kind: "warning", words: t.warning(one.headline || one.event), what: one.warning }));
  news(() => [todoKey.value, findings.value], (one) => one.finding,
    (one) => ({ id: one.finding, kind: "finding", words: t.finding(one.text || one.place || one.division?.name || ""), what: one.finding }));
  watchDeclined();
  watchConnection();
  let timer = 0;
  const some = computed(() => alarms.value.length > 0);
  effect(() => {
    clearInterval(timer);
    if (!some.value) return;
    tone();
    timer = setInterval(tone, AGAIN_MS);
  });
}

function watchDeclined() {
  let of = "";
  let before = 0;
  effect(() => {
    const now = wholeBoard.value?.count?.declined;
    if (now === undefined) return;
    const key = todoKey.peek();
    if (key === of && now > before) {
      const already = alarms.peek().find((one) => one.id === "declined")?.count ?? 0;
      const more = already + now - before;
      raise({ id: "declined", kind: "declined", words: texts("desk").alarms.declined(more), count: more });
    }
    [of, before] = [key, now];
  });
}

function watchConnection() {
  let timer = 0;
  effect(() => {
    const state = live.status.value.state;
    clearTimeout(timer);
    if (state === "lost") timer = setTimeout(() => raise({ id: "lost", kind: "lost", words: texts("desk").alarms.lost }), LOST_MS);
    if (state === "live") acknowledge("lost");
  });
}
