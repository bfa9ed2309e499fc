// What is read from the API for a place on the screen: kept while it is asked again, never of another place.
import { signal } from "../vendor/signals.js";
import { Problem } from "../lib/api.js";

/**
 * @template T
 * @typedef {{key: string, value: T | null, problem: Problem | null, at: number}} Found
 */

/**
 * Something that is read, and read again when it may have changed.
 * @template T
 */
export class Asked {
  /**
   * @param {(key: string, signal: AbortSignal) => Promise<T>} load
   * @param {number} [pause] milliseconds between two readings of the same
   */
  constructor(load, pause = 1500) {
    this._load = load;
    this._pause = pause;
    this._key = "";
    this._timer = 0;
    this._last = 0;
    /** @type {AbortController | null} */
    this._running = null;
    this._wanted = false;
    /** @type {import("../vendor/signals.js").Signal<Found<T>>} */
    this.found = signal(/** @type {Found<T>} */ ({ key: "", value: null, problem: null, at: 0 }));
  }

  /** What was read of this; null while it is not there. @param {string} key @returns {T | null} */
  of(key) {
    const found = this.found.value;
    return found.key === key ? found.value : null;
  }

  /** Why it cannot be read. @param {string} key */
  wrong(key) {
    const found = this.found.value;
    return found.key === key ? found.problem : null;
  }

  /** Want it from now on; an empty key wants nothing. @param {string} key */
  want(key) {
    if (key === this._key) return;
    this._key = key;
    this._running?.abort();
    this._running = null;
    clearTimeout(this._timer);
    this._timer = 0;
    if (key) this._read();
  }

  /** It may have changed. */
  again() {
    if (!this._key || this._timer) return;
    if (this._running) {
      this._wanted = true;
      return;
    }
    const wait = Math.max(0, this._last + this._pause - Date.now());
    this._timer = setTimeout(() => this._read(), wait);
  }

  async _read() {
    clearTimeout(this._timer);
    this._timer = 0;
    this._wanted = false;
    const key = this._key;
    const running = new AbortController();
    this._running = running;
    try {
      const value = await this._load(key, running.signal);
      if (this._running === running) this.found.value = { key, value, problem: null, at: Date.now() };
    } catch (error) {
      if (running.signal.aborted) return;
      const problem = error instanceof Problem ? error : new Problem(-1, {});
      if (!(error instanceof Problem)) console.error(error);
      // What was read before stays: without a connection it is still the last that is known.
      const kept = this.found.peek().key === key && problem.status !== 404 ? this.found.peek().value : null;
      if (this._running === running) this.found.value = { key, value: kept, problem, at: Date.now() };
    } finally {
      if (this._running === running) {
        this._running = null;
        this._last = Date.now();
        if (this._wanted) this.again();
      }
    }
  }
}
