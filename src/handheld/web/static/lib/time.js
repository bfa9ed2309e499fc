// Times in words. Stored in UTC, shown in the division's zone.
import { now } from "./clock.js";
import { locale, texts } from "./texts.js";

/** All of China keeps one time. */
export const ZONE = "Asia/Shanghai";

const exactly = new Intl.DateTimeFormat(locale, {
  timeZone: ZONE, year: "numeric", month: "2-digit", day: "2-digit",
  hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
});
const clockly = new Intl.DateTimeFormat("en-GB", { timeZone: ZONE, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const secondly = new Intl.DateTimeFormat("en-GB", {
  timeZone: ZONE, hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
});
const daily = new Intl.DateTimeFormat(locale, { timeZone: ZONE, month: "short", day: "numeric" });
const sortable = new Intl.DateTimeFormat("sv-SE", { timeZone: ZONE, year: "numeric", month: "2-digit", day: "2-digit" });

/** @type {Map<string | Date, string>} */
const formatted = new Map();

/** Date, time, seconds: for hovering and for records. @param {string | Date} at */
export function exact(at) {
  let found = formatted.get(at);
  if (found === undefined) {
    // A list says the same instants again at every drawing, and the browser's own formatting is slow.
    if (formatted.size > 2000) formatted.clear();
    found = exactly.format(new Date(at));
    formatted.set(at, found);
  }
  return found;
}

/** 16:05. @param {string | Date} at */
export const clock = (at) => clockly.format(new Date(at));

/** 16:05:12. @param {string | Date} at */
export const clockSeconds = (at) => secondly.format(new Date(at));

/** 2021-07-23, for forms and addresses. @param {string | Date} at */
export const isoDay = (at) => sortable.format(new Date(at));

/** 16:05 today, otherwise with its day. @param {string | Date} at */
export function when(at) {
  const date = new Date(at);
  const sameDay = isoDay(date) === isoDay(now());
  return sameDay ? clock(date) : `${daily.format(date)} ${clock(date)}`;
}

/** "3 minutes ago", by the log's clock. @param {string | Date} at */
export function ago(at) {
  const seconds = Math.round((now().getTime() - new Date(at).getTime()) / 1000);
  const t = texts("common").time;
  if (Math.abs(seconds) < 10) return t.justNow;
  const words = roughly(Math.abs(seconds));
  return seconds >= 0 ? t.ago(words) : t.in(words);
}

/** One unit is enough for what is long ago. @param {number} seconds */
function roughly(seconds) {
  const t = texts("common").time;
  if (seconds < 60) return t.seconds(seconds);
  if (seconds < 3600) return t.minutes(Math.floor(seconds / 60));
  if (seconds < 86400) return t.hours(Math.floor(seconds / 3600));
  return t.days(Math.floor(seconds / 86400));
}

/** 1小时5分, 1 h 5 min: two units at most. @param {number} seconds */
export function duration(seconds) {
  const t = texts("common").time;
  const whole = Math.max(0, Math.round(seconds));
  const units = /** @type {const} */ ([
    [86400, t.shortDays], [3600, t.shortHours], [60, t.shortMinutes], [1, t.shortSeconds],
  ]);
  const first = units.findIndex(([size]) => whole >= size);
  if (first < 0) return t.shortSeconds(0);
  const [size, words] = /** @type {[number, (n: number) => string]} */ (units[first]);
  const next = units[first + 1];
  const rest = next ? Math.floor((whole % size) / next[0]) : 0;
  return words(Math.floor(whole / size)) + (next && rest ? t.between + next[1](rest) : "");
}

/** Whole minutes, once there are some: where many times stand below each other, none of them counts seconds. @param {number} seconds */
export const inMinutes = (seconds) => (seconds < 60 ? seconds : Math.floor(seconds / 60) * 60);

/** From an instant to now, or to another. @param {string | Date} from @param {string | Date} [to] */
export function since(from, to) {
  return duration((new Date(to ?? now()).getTime() - new Date(from).getTime()) / 1000);
}

/** An instant in the zone, as text for `<input type="datetime-local">`. @param {string | Date} at */
export function forInput(at) {
  return `${isoDay(at)}T${clock(at)}`;
}

/** What `<input type="datetime-local">` says, in the zone, as an instant. @param {string} text */
export function fromInput(text) {
  return new Date(`${text.length === 16 ? `${text}:00` : text}+08:00`).toISOString();
}
