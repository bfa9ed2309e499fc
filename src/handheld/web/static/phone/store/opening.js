// Who is here, and the store opened for them: at once from this phone, then from the server.
import { effect, signal } from "../../vendor/signals.js";
import { Problem, call } from "../../lib/api.js";
import { setClock } from "../../lib/clock.js";
import { Live } from "../../lib/live.js";
import { me, toSignIn, whoAmI } from "../../lib/session.js";
import { loadTexts } from "../../lib/texts.js";
import { core, redraw } from "./core.js";
import { Database, Moved } from "./database.js";
import { hold, letGo, lookAtStorage } from "./keeping.js";
import { greeting, replaced, tidy, took, welcomed } from "./protocol.js";
import { answered, lostAll, pump } from "./queue.js";
import { readAgain } from "./readings.js";
import { caughtUp, online, opened, status, storage, waiting } from "./state.js";
import { remember, remembered } from "./who.js";
import { Windows } from "./windows.js";

/** @typedef {import("../../lib/session.js").Me} Me */

const AGAIN_MS = 3000;
const ASK_MS = 90000;
const TURN_MS = 400;

/** The connection of this window, for watching boards; another one once this window takes the inbox.
 * @type {import("../../vendor/signals.js").Signal<Live | null>} */
export const theConnection = signal(/** @type {Live | null} */ (null));

/** @type {Windows | null} */
let windows = null;
let stopWatching = () => {};

/**
 * Begin: whoever was here last is here at once, with a connection or without. Where nobody was, the
 * server is asked; where nobody is signed in, it goes to the sign-in page.
 * @returns {Promise<Me | null>}
 */
export async function enter() {
  await loadTexts("store");
  const before = document.documentElement.dataset.session === "none" ? undefined : await remembered();
  if (before) {
    me.value = before.who;
    setClock(new Date(Date.now() + before.ahead));
    await openStore(before.who);
    verify();
    return before.who;
  }
  const who = await whoAmI();
  if (!who) {
    toSignIn();
    return null;
  }
  remember(who);
  await openStore(who);
  return who;
}

/** Who it is really, as soon as the server can be asked. */
async function verify() {
  try {
    const who = await whoAmI();
    if (!who) status.value = { state: "out", since: Date.now() };
    else if (who.actor !== core.person) {
      await remember(who);
      letGo();
      location.reload();
    } else {
      remember(who);
      core.posts = who.posts;
    }
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    setTimeout(verify, AGAIN_MS);
  }
}

/**
 * Open what is stored for somebody, and connect.
 * @param {Me} who
 */
export async function openStore(who) {
  await loadTexts("store");
  core.person = who.actor;
  core.posts = who.posts;
  core.db = new Database(`handheld-${who.actor}`);
  core.db.onBlocking = () => { letGo(); location.reload(); };
  await core.db.open();
  redraw();
  hold();
  opened.value = true;
  caughtUp.value = false;
  windows = new Windows(`handheld-${who.actor}`, {
    lead: () => {
      core.leads = true;
      // Another window may have stored more since this one has read.
      reread().then(() => { connect(); tidy(); });
    },
    follow: () => {
      core.leads = false;
      connect();
    },
    hear: (what) => reread().then(() => (what === "acts" ? pump() : undefined)),
  });
  core.tell = (what) => {
    windows?.tell(what);
    if (what === "acts") windows?.nudge();
  };
  // A window whose turn does not come at once watches boards, and whether there is a connection.
  setTimeout(() => core.live ?? connect(), TURN_MS);
  lookAtStorage();
  setTimeout(fetchLater, 0);
  document.addEventListener("visibilitychange", looked);
  setInterval(looked, ASK_MS * (0.8 + Math.random() * 0.4));
}

/** What the first screen does not need, fetched before the signal is lost. */
async function fetchLater() {
  try {
    const [updates] = await Promise.all([import("./updates.js"), import("./photos.js"), import("./uploads.js")]);
    updates.watchUpdates();
    sendFiles();
  } catch {
    setTimeout(fetchLater, AGAIN_MS);
  }
}

async function sendFiles() {
  if (waiting.value.files.length) (await import("./uploads.js")).pumpFiles();
}

/** Somebody looks at the page: what comes by no inbox is read. */
function looked() {
  if (document.visibilityState === "visible" && online.value) readAgain();
}

/** @type {Promise<void> | null} */
let rereading = null;

/** Another window has written. */
function reread() {
  rereading ??= (async () => {
    await Promise.resolve();
    rereading = null;
    await core.db.read();
    redraw();
    hold();
  })();
  return rereading;
}

/** Connect, as the window that takes the inbox or as another. */
function connect() {
  stopWatching();
  core.live?.close();
  lostAll();
  const live = new Live(core.leads ? { greeting: async () => greeting(), hear } : { greeting: async () => ({ person: core.person }) });
  core.live = live;
  theConnection.value = live;
  stopWatching = effect(() => {
    const found = live.status.value;
    // What the page knew before the first connection, such as since when it has none, stays.
    status.value = found;
    online.value = found.state === "live";
    if (found.state === "live") setTimeout(looked, 0);
    else lostAll();
  });
}

/** One message after the other: each is stored before the next is looked at. */
let inTurn = Promise.resolve();

/** @param {any} message */
function hear(message) {
  const live = core.live;
  inTurn = inTurn.then(async () => {
    if (live !== core.live) return;
    try {
      await heard(message);
    } catch (error) {
      if (!(error instanceof Moved)) console.error(error);
      // Nothing was acknowledged: what is stored is read again, and the rest asked for anew.
      storage.value = { ...storage.value, kept: core.db.durable };
      await core.db.read().catch(() => {});
      redraw();
      setTimeout(() => live === core.live && connect(), error instanceof Moved ? 0 : AGAIN_MS);
    }
  });
}

/** @param {any} message */
async function heard(message) {
  switch (message.type) {
    case "welcome":
      if (me.value) remember(me.value);
      await welcomed(message);
      pump();
      sendFiles();
      return;
    case "items":
      return took(message.items);
    case "snapshot":
      return replaced(message);
    case "done":
    case "failed":
      await answered(message);
      sendFiles();
  }
}

/**
 * Sign out. What is stored here is deleted, and with it what waits: `waiting` says whether anything does.
 * @returns {Promise<void>}
 */
export async function leave() {
  // The session ends first: if the server cannot be asked, nothing is deleted.
  await call("POST", "/sign-out", {});
  letGo();
  windows?.end();
  core.live?.close();
  await core.db.remove();
  await remember(null);
  location.assign("/sign-in");
}
