// Keeps what is shown at the instant that is looked at: one question at a time, and in the end the newest.
import { effect, signal } from "../vendor/signals.js";
import { useEffect, useMemo } from "../vendor/preact-hooks.js";
import { Problem } from "../lib/api.js";
import { ask, known } from "./past.js";
import { playing, position } from "./player.js";
import { asAt, moment } from "./state.js";

/** So long the newest instant is waited for: while it plays, and while somebody drags. */
const PLAYING_MS = 350;
const MOVING_MS = 60;

/**
 * @typedef {{answer: any, trouble: Problem | null, asking: boolean}} Shown `answer`: the last one, while another is asked for
 * @typedef {{path: string, query: import("../lib/api.js").Query}} Question
 */

/** Shows the answer to a question, as of the instant that is looked at. */
export class Showing {
  /**
   * @param {() => Question | null} question signals that are read in it ask anew; null: nothing to ask
   * @param {(answer: any) => void} [told]
   */
  constructor(question, told = () => {}) {
    /** @type {import("../vendor/signals.js").Signal<Shown>} */
    this.shown = signal(/** @type {Shown} */ ({ answer: null, trouble: null, asking: true }));
    this._told = told;
    /** @type {Question | null} */
    this._wanted = null;
    this._busy = false;
    this._timer = 0;
    this._stop = effect(() => {
      const found = question();
      const at = asAt(moment.value);
      this._want(found && moment.value.at ? { path: found.path, query: { ...found.query, at } } : null);
    });
  }

  /** No more. */
  end() {
    this._stop();
    clearTimeout(this._timer);
    this._wanted = null;
  }

  /** @param {Question | null} wanted */
  _want(wanted) {
    const other = wanted?.path !== this._wanted?.path;
    this._wanted = wanted;
    if (!wanted) return;
    clearTimeout(this._timer);
    if (known(wanted.path, wanted.query)) {
      this._take(wanted);
      return;
    }
    this.shown.value = { answer: other ? null : this.shown.peek().answer, trouble: null, asking: true };
    this._timer = setTimeout(() => this._ask(), other ? 0 : playing.peek() ? PLAYING_MS : MOVING_MS);
  }

  async _ask() {
    const wanted = this._wanted;
    if (this._busy || !wanted) return;
    this._busy = true;
    try {
      await ask(wanted.path, wanted.query);
      if (this._wanted === wanted || playing.peek()) this._take(wanted);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (this._wanted === wanted) this.shown.value = { answer: null, trouble: error, asking: false };
    } finally {
      this._busy = false;
      if (this._wanted && this._wanted !== wanted) this._timer = setTimeout(() => this._ask(), playing.peek() ? PLAYING_MS : 0);
    }
  }

  /** @param {Question} wanted */
  _take(wanted) {
    const answer = known(wanted.path, wanted.query);
    if (!answer) return;
    this.shown.value = { answer, trouble: null, asking: false };
    this._told(answer);
  }
}

/**
 * A showing for as long as a component is drawn.
 * @param {() => Question | null} question
 * @param {(answer: any) => void} [told]
 * @param {unknown[]} [over] it begins anew when one of these changes
 */
export function useShowing(question, told, over = []) {
  const showing = useMemo(() => new Showing(question, told), over);
  useEffect(() => () => showing.end(), [showing]);
  return showing.shown.value;
}

/** The board's position is where stepping goes on from. @param {any} answer */
export const noted = (answer) => {
  position.value = moment.peek().position ?? answer.position;
};
