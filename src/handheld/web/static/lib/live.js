// The connection to the gateway: boards that move by themselves, and the inbox of a phone.
// docs/pushing.md has the protocol. It comes back by itself, and says since when it is away.
import { signal } from "../vendor/signals.js";
import { setClock } from "./clock.js";
import { merged } from "./merge.js";
import { device } from "./session.js";
import { language } from "./texts.js";

const SUBPROTOCOL = "handheld.v1";
const QUIET_MS = 20000;
const WELCOME_MS = 10000;
const AWAY_MS = [500, 1000, 2000, 4000, 8000, 15000];
const SIGNED_OUT = new Set([4401, 4410]);

/** Where there are several gateways, or one elsewhere, any of them: the next time another one. */
let turn = Math.floor(Math.random() * 1000);

/** The address of a gateway. */
function gateway() {
  const told = (document.documentElement.dataset.gateways ?? "").split(" ").filter(Boolean);
  return (told[turn++ % told.length] ?? location.origin).replace(/^http/, "ws");
}

/**
 * @typedef {{state: "connecting" | "live" | "lost" | "out", since: number}} Status
 * `since` in milliseconds of the device's clock; `out`: the session has ended.
 * @typedef {{kind: "division" | "department", key: string, task_force?: string, drills?: boolean,
 *   rows?: {offset?: number, limit?: number, late?: boolean}}} Wanted
 * @typedef {{n: number, position: number, at: string, digest: string, board: any}} Showing
 * @typedef {{code: string, words: string}} Trouble
 * @typedef {{id: string, command: Record<string, unknown>, occurred_at?: string, on_behalf_of?: string,
 *   drill?: boolean}} Sent
 * @typedef {{board: Wanted, shown: (showing: Showing) => void, trouble: (trouble: Trouble) => void,
 *   last: Showing | null}} Watch
 */

/** One connection. */
export class Live {
  /**
   * @param {{
   *   greeting?: () => Promise<{epoch?: string | null, last_seq?: number, person?: string}>,
   *   hear?: (message: any) => void,
   * }} [inbox] what is stored on this device, and who takes what comes; without it only boards
   */
  constructor(inbox = {}) {
    this._inbox = inbox;
    /** @type {import("../vendor/signals.js").Signal<Status>} */
    this.status = signal(/** @type {Status} */ ({ state: "connecting", since: Date.now() }));
    /** @type {Map<string, Watch>} */
    this._watches = new Map();
    /** @type {WebSocket | null} */
    this._socket = null;
    this._greeted = false;
    this._tries = 0;
    this._heard = Date.now();
    this._began = Date.now();
    this._timer = 0;
    this._ended = false;
    this._beat = setInterval(() => this._look(), 5000);
    this._online = () => this._again(0);
    addEventListener("online", this._online);
    this._connect();
  }

  /**
   * Show a board from now on; the same name again replaces it.
   * @param {string} name
   * @param {Wanted} board
   * @param {(showing: Showing) => void} shown
   * @param {(trouble: Trouble) => void} [trouble]
   * @returns {() => void} ends it
   */
  watch(name, board, shown, trouble = () => {}) {
    /** @type {Watch} */
    const watch = { board, shown, trouble, last: null };
    this._watches.set(name, watch);
    if (this._greeted) this.say({ type: "watch", watch: name, board });
    return () => {
      if (this._watches.get(name) !== watch) return;
      this._watches.delete(name);
      if (this._greeted) this.say({ type: "unwatch", watch: name });
    };
  }

  /** Say something to the gateway; false where it is not there. @param {Record<string, unknown>} message */
  say(message) {
    if (!this._greeted || !this._socket || this._socket.readyState !== WebSocket.OPEN) return false;
    this._socket.send(JSON.stringify(message));
    return true;
  }

  /** End it for good. */
  close() {
    this._ended = true;
    clearInterval(this._beat);
    clearTimeout(this._timer);
    removeEventListener("online", this._online);
    this._socket?.close(1000);
  }

  async _connect() {
    clearTimeout(this._timer);
    const known = this._inbox.greeting ? await this._inbox.greeting() : {};
    if (this._ended || this._socket) return;
    const socket = new WebSocket(`${gateway()}/api/v1/live?lang=${language}`, SUBPROTOCOL);
    this._socket = socket;
    this._heard = this._began = Date.now();
    socket.onopen = () => {
      const hello = { type: "hello", device: device(), clock: new Date().toISOString(), inbox: Boolean(this._inbox.hear) };
      socket.send(JSON.stringify({ ...hello, ...known }));
    };
    socket.onmessage = (event) => {
      if (this._socket === socket) this._take(JSON.parse(String(event.data)));
    };
    socket.onclose = (event) => this._gone(socket, event.code);
  }

  /** @param {any} message */
  _take(message) {
    this._heard = Date.now();
    switch (message.type) {
      case "welcome":
        setClock(message.clock);
        this._greeted = true;
        this._tries = 0;
        this._say_status("live");
        for (const [name, watch] of this._watches) this.say({ type: "watch", watch: name, board: watch.board });
        this._inbox.hear?.(message);
        return;
      case "board":
      case "delta":
        this._show(message);
        return;
      case "problem":
        if (message.about) {
          this._watches.get(message.about)?.trouble(message);
          return;
        }
    }
    this._inbox.hear?.(message);
  }

  /** @param {any} message */
  _show(message) {
    const watch = this._watches.get(message.watch);
    if (!watch) return;
    const last = watch.last;
    let board = message.board;
    if (message.type === "delta") {
      if (!last || message.n !== last.n + 1) {
        this.say({ type: "watch", watch: message.watch, board: watch.board });
        return;
      }
      board = merged(last.board, message.patch);
    }
    const { n, position, at, digest } = message;
    watch.last = { n, position, at, digest, board };
    watch.shown(watch.last);
  }

  /** @param {WebSocket} socket @param {number} code */
  _gone(socket, code) {
    if (this._socket !== socket) return;
    this._socket = null;
    this._greeted = false;
    for (const watch of this._watches.values()) watch.last = null;
    if (this._ended) return;
    if (SIGNED_OUT.has(code)) {
      this._say_status("out");
      return;
    }
    this._say_status("lost");
    const wait = /** @type {number} */ (AWAY_MS[Math.min(this._tries, AWAY_MS.length - 1)]);
    this._tries += 1;
    this._again(wait * (0.75 + Math.random() / 2));
  }

  /** @param {number} wait */
  _again(wait) {
    if (this._ended || this._socket || this.status.value.state === "out") return;
    clearTimeout(this._timer);
    this._timer = setTimeout(() => this._connect(), wait);
  }

  /**
   * A connection that has died in silence is not noticed by the browser: ask, where nothing was heard.
   * One that was never greeted is given up, later each time: a slow signal is not a dead one.
   */
  async _look() {
    const socket = this._socket;
    if (!socket) return;
    if (!this._greeted && Date.now() - this._began > WELCOME_MS * (1 + Math.min(this._tries, 5))) {
      socket.close();
      this._gone(socket, 1006);
      return;
    }
    if (Date.now() - this._heard < QUIET_MS) return;
    try {
      const answer = await fetch("/health/live", { cache: "no-store" });
      if (answer.ok) this._heard = Date.now();
    } catch {
      socket.close();
      this._gone(socket, 1006);
    }
  }

  /** @param {Status["state"]} state */
  _say_status(state) {
    if (this.status.value.state !== state) this.status.value = { state, since: Date.now() };
  }
}
