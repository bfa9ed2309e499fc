// Who was here last, for opening the page without a connection. In a database rather than in
// localStorage, which a browser that is killed may not have written.
import { openDB } from "../../vendor/idb.js";
import { now } from "../../lib/clock.js";

/** @typedef {import("../../lib/session.js").Me} Me */

const NAME = "handheld";
const STORE = "who";
const KEY = "last";

const database = () => openDB(NAME, 1, { upgrade: (/** @type {any} */ db) => { db.createObjectStore(STORE); } });

/**
 * Who was here last, and by how many milliseconds the log's clock is ahead of this phone's.
 * @returns {Promise<{who: Me, ahead: number} | undefined>}
 */
export async function remembered() {
  try {
    const db = await database();
    const found = await db.get(STORE, KEY);
    db.close();
    return found;
  } catch {
    return undefined; // nothing is stored in this browser: the server is asked each time
  }
}

/** For the next time. @param {Me | null} who null: nobody */
export async function remember(who) {
  try {
    const db = await database();
    const tx = db.transaction(STORE, "readwrite", { durability: "strict" });
    if (who) tx.store.put({ who, ahead: now().getTime() - Date.now() }, KEY);
    else tx.store.delete(KEY);
    await tx.done;
    db.close();
  } catch {
    // As above.
  }
}
