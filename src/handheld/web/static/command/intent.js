// One intent, one command id: what is sent again after a lost answer takes effect once.
import { Problem, commandId, post } from "../lib/api.js";

/** @typedef {import("../lib/api.js").Options} Options */
/** @typedef {import("../lib/api.js").Outcome} Outcome */

/**
 * Whether nobody can say if the server has taken it: the very same must be sent again.
 * @param {unknown} error
 */
export function isUncertain(error) {
  return error instanceof Problem && (error.status === 0 || error.status === 429 || (error.status >= 500 && error.status !== 507));
}

/** What somebody means to do, from the first press until it is answered. */
export class Intent {
  constructor() {
    this._key = "";
    this._said = "";
  }

  /**
   * Send it. The same words with the same key as long as no answer has come.
   * @param {string} path
   * @param {unknown} body
   * @param {Options} [options]
   * @returns {Promise<any>}
   */
  async post(path, body, options = {}) {
    const said = JSON.stringify([path, body, options.query ?? null, options.ifMatch ?? null]);
    if (!this._key || this._said !== said) {
      this._key = commandId();
      this._said = said;
    }
    try {
      const answer = await post(path, body, { ...options, key: this._key });
      this._key = "";
      return answer;
    } catch (error) {
      if (!isUncertain(error)) this._key = "";
      throw error;
    }
  }
}
