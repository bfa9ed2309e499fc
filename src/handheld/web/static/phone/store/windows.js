// Several windows of one person on one phone: one of them takes the inbox and sends, the others read
// what it stores. A window that has gone to sleep in the background loses its turn.

const BEAT_MS = 2000;
const LEASE_MS = 6000;
const ANSWER_MS = 1500;

/** @typedef {{lead: () => void, follow: () => void, hear: (what: string) => void}} Turn */

/** This window among those of one person. */
export class Windows {
  /** @param {string} name @param {Turn} turn */
  constructor(name, turn) {
    this._name = name;
    this._turn = turn;
    this._id = Math.random().toString(36).slice(2);
    this._leads = false;
    this._ended = false;
    this._answer = 0;
    /** @type {() => void} */
    this._release = () => {};
    this._listen();
    if (navigator.locks) this._queue(false);
    else this._lease();
    document.addEventListener("visibilitychange", () => this.nudge());
    this.nudge();
  }

  /** Tell the other windows. @param {string} what */
  tell(what) {
    const message = { from: this._id, what };
    if (this._channel) this._channel.postMessage(message);
    else this._store(`${this._name}-says`, JSON.stringify({ ...message, at: Date.now() }));
  }

  /** Something is to be done: if whoever leads does not answer, this window takes over. */
  nudge() {
    if (this._leads || this._ended || document.visibilityState !== "visible") return;
    clearTimeout(this._answer);
    this._answer = setTimeout(() => {
      if (this._leads || this._ended) return;
      if (navigator.locks) this._queue(true);
      else this._take();
    }, ANSWER_MS);
    this.tell("there?");
  }

  /** Leave it to the others. */
  end() {
    this._ended = true;
    clearTimeout(this._answer);
    clearInterval(this._beat);
    this._release();
    this._channel?.close();
  }

  _listen() {
    if (typeof BroadcastChannel === "function") {
      this._channel = new BroadcastChannel(this._name);
      this._channel.onmessage = (event) => this._hear(event.data);
      return;
    }
    addEventListener("storage", (event) => {
      if (event.key === `${this._name}-says` && event.newValue) this._hear(JSON.parse(event.newValue));
    });
  }

  /** @param {{from: string, what: string}} message */
  _hear(message) {
    if (message.from === this._id || this._ended) return;
    if (message.what === "there?") {
      if (this._leads) this.tell("here");
    } else if (message.what === "here") clearTimeout(this._answer);
    else this._turn.hear(message.what);
  }

  /** @param {boolean} steal */
  _queue(steal) {
    const held = () => {
      if (this._ended) return undefined;
      this._begin();
      return new Promise((/** @type {(value?: unknown) => void} */ done) => (this._release = done));
    };
    // Whoever it was taken from is told by an error, and waits for its turn again.
    navigator.locks.request(this._name, steal ? { steal: true } : {}, held).catch(() => {
      this._stop();
      if (!this._ended) this._queue(false);
    });
  }

  _lease() {
    this._beat = setInterval(() => this._look(), BEAT_MS);
    this._look();
  }

  _look() {
    const held = this._read();
    if (held.id === this._id) this._store(`${this._name}-leads`, JSON.stringify({ id: this._id, at: Date.now() }));
    else {
      this._stop();
      if (!held.id || Math.abs(Date.now() - held.at) > LEASE_MS) this._take();
    }
  }

  _take() {
    this._store(`${this._name}-leads`, JSON.stringify({ id: this._id, at: Date.now() }));
    this._begin();
  }

  /** @returns {{id: string, at: number}} */
  _read() {
    try {
      return JSON.parse(localStorage.getItem(`${this._name}-leads`) ?? '{"id": "", "at": 0}');
    } catch {
      return { id: this._id, at: 0 }; // nothing can be shared: each window is alone
    }
  }

  /** @param {string} key @param {string} value */
  _store(key, value) {
    try {
      localStorage.setItem(key, value);
    } catch {
      // Storage is shut: each window is alone, and what is sent twice takes effect once.
    }
  }

  _begin() {
    clearTimeout(this._answer);
    if (this._leads) return;
    this._leads = true;
    this._turn.lead();
  }

  _stop() {
    if (!this._leads) return;
    this._leads = false;
    this._turn.follow();
  }
}
