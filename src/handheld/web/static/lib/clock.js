// The log's clock, which may be a simulated one: what "now" and "three minutes ago" go by.
import { signal } from "../vendor/signals.js";

let offset = 0;

/** Changes every second, for whatever shows a time. */
export const tick = signal(0);
setInterval(() => (tick.value += 1), 1000);

/** The log's clock now. */
export function now() {
  return new Date(Date.now() + offset);
}

/** What the server's clock said just now. @param {string | Date} clock */
export function setClock(clock) {
  offset = new Date(clock).getTime() - Date.now();
  tick.value += 1;
}
