// IndexedDB, with all but the bytes of photos mirrored in memory: reading is at once, and a change is
// seen only after its transaction has committed. docs/phone.md
import { openDB } from "../../vendor/idb.js";

const VERSION = 1;
/** Store → the field that is its key. */
const KEYS = /** @type {const} */ ({
  meta: "name", items: "seq", cards: "task", acts: "id", files: "sha256", findings: "finding",
  messages: "message", drafts: "name",
});
const NAMES = /** @type {StoreName[]} */ (Object.keys(KEYS));

/**
 * @typedef {keyof typeof KEYS} StoreName
 * @typedef {{
 *   put?: Partial<Record<StoreName, any[]>>, drop?: Partial<Record<StoreName, any[]>>, clear?: StoreName[],
 *   bytes?: {sha256: string, data: ArrayBuffer}[], dropBytes?: string[],
 * }} Change
 */

/** The database is another than this page thinks: another window has written meanwhile. */
export class Moved extends Error {}

export class Database {
  /** @param {string} name */
  constructor(name) {
    this._name = name;
    /** @type {any} */
    this._db = null;
    /** Whether it outlives the page. */
    this.durable = false;
    this._memory = {
      meta: new Map(), items: new Map(), cards: new Map(), acts: new Map(), files: new Map(),
      findings: new Map(), messages: new Map(), drafts: new Map(),
    };
    /** @type {Map<string, ArrayBuffer>} */
    this._bytes = new Map();
    /** Another version wants the database: this page lets go. @type {() => void} */
    this.onBlocking = () => {};
    /** What reads and writes waits for what came before, so that memory never goes back. @type {Promise<unknown>} */
    this._before = Promise.resolve();
  }

  /**
   * @template T
   * @param {() => Promise<T>} run
   * @returns {Promise<T>}
   */
  _inTurn(run) {
    const mine = this._before.then(run, run);
    this._before = mine.catch(() => {});
    return mine;
  }

  /** Open it and read all; without IndexedDB everything is kept in memory only. */
  async open() {
    try {
      await this._connect();
      this.durable = true;
      await this.read();
    } catch (error) {
      console.warn("handheld: nothing can be stored in this browser", error);
      this._db = null;
      this.durable = false;
    }
  }

  async _connect() {
    this._db = await openDB(this._name, VERSION, {
      upgrade(/** @type {any} */ db) {
        for (const name of NAMES) {
          if (!db.objectStoreNames.contains(name)) db.createObjectStore(name, { keyPath: KEYS[name] });
        }
        if (!db.objectStoreNames.contains("bytes")) db.createObjectStore("bytes");
      },
      blocking: () => {
        this._db?.close();
        this._db = null;
        this.onBlocking();
      },
      terminated: () => (this._db = null),
    });
  }

  /** All records of a store, by key. @param {StoreName} store @returns {Map<any, any>} */
  all(store) {
    return this._memory[store];
  }

  /** Read all anew: another window has written. */
  async read() {
    if (this.durable) await this._inTurn(() => this._again(() => this._readAll()));
  }

  async _readAll() {
    const tx = this._db.transaction(NAMES, "readonly");
    const found = await Promise.all(NAMES.map((name) => tx.objectStore(name).getAll()));
    NAMES.forEach((name, index) => {
      const map = this._memory[name];
      map.clear();
      for (const record of found[index]) map.set(record[KEYS[name]], record);
    });
  }

  /**
   * Write; once this resolves it is on the disk, all of it or, where it rejects, nothing.
   * @param {Change} change
   * @param {(read: (store: StoreName, key: any) => Promise<any>, all: (store: StoreName) => Promise<any[]>) => Promise<void>} [first]
   *   looks at what is stored, in the same transaction, before anything is written, and may change
   *   `change`; whatever it throws ends the transaction
   */
  commit(change, first) {
    return this._inTurn(() => this._committed(change, first));
  }

  /** @param {Change} change @param {Parameters<Database["commit"]>[1]} first */
  async _committed(change, first) {
    if (this.durable) await this._again(() => this._written(change, first));
    else if (first) await first(async (store, key) => this._memory[store].get(key), async (store) => [...this._memory[store].values()]);
    for (const name of change.clear ?? []) this._memory[name].clear();
    for (const name of NAMES) {
      for (const record of change.put?.[name] ?? []) this._memory[name].set(record[KEYS[name]], record);
      for (const key of change.drop?.[name] ?? []) this._memory[name].delete(key);
    }
    if (this.durable) return;
    for (const one of change.bytes ?? []) this._bytes.set(one.sha256, one.data);
    for (const key of change.dropBytes ?? []) this._bytes.delete(key);
  }

  /** @param {Change} change @param {Parameters<Database["commit"]>[1]} first */
  async _written(change, first) {
    const tx = this._db.transaction([...NAMES, "bytes"], "readwrite", { durability: "strict" });
    try {
      if (first) await first((store, key) => tx.objectStore(store).get(key), (store) => tx.objectStore(store).getAll());
      for (const name of change.clear ?? []) tx.objectStore(name).clear();
      for (const name of NAMES) {
        for (const record of change.put?.[name] ?? []) tx.objectStore(name).put(record);
        for (const key of change.drop?.[name] ?? []) tx.objectStore(name).delete(key);
      }
      for (const one of change.bytes ?? []) tx.objectStore("bytes").put(one.data, one.sha256);
      for (const key of change.dropBytes ?? []) tx.objectStore("bytes").delete(key);
    } catch (error) {
      tx.done.catch(() => {});
      try { tx.abort(); } catch { /* it has ended by itself */ }
      throw error;
    }
    await tx.done;
  }

  /** The bytes of a photo or a recording. @param {string} sha256 @returns {Promise<ArrayBuffer | undefined>} */
  async bytes(sha256) {
    if (!this.durable) return this._bytes.get(sha256);
    return this._again(() => this._db.get("bytes", sha256));
  }

  /**
   * iOS drops a page's connection to the database when it likes: open another, and try once more.
   * @template T
   * @param {() => Promise<T>} run
   * @returns {Promise<T>}
   */
  async _again(run) {
    if (!this._db) await this._connect();
    try {
      return await run();
    } catch (error) {
      const name = error instanceof DOMException ? error.name : "";
      if (name !== "InvalidStateError" && name !== "UnknownError") throw error;
      await this._connect();
      return run();
    }
  }

  /** Delete it, for good. */
  async remove() {
    this._db?.close();
    this._db = null;
    if (this.durable) await new Promise((done) => {
      const asked = indexedDB.deleteDatabase(this._name);
      asked.onsuccess = asked.onerror = asked.onblocked = done;
    });
    for (const name of NAMES) this._memory[name].clear();
    this.durable = false;
  }
}
