// The service worker: the page opens without a connection, and a new version is fetched whole beside
// the old one and taken over when somebody says so. docs/phone.md
import { effect } from "../../vendor/signals.js";
import { language } from "../../lib/texts.js";
import { letGo } from "./keeping.js";
import { online, update } from "./state.js";

const LOOK_MS = 30 * 60000;

/** @type {ServiceWorkerRegistration | null} */
let registration = null;

/** Look for new versions from now on. Without service workers the page is whole all the same. */
export async function watchUpdates() {
  const workers = navigator.serviceWorker;
  if (!workers) return;
  // Whichever window took the new version over: none goes on with files that are gone. The first
  // worker of all changes nothing.
  const had = Boolean(workers.controller);
  workers.addEventListener("controllerchange", () => {
    if (!had) return;
    letGo();
    location.reload();
  });
  workers.addEventListener("message", (event) => event.data?.open && opened(event.data.open));
  try {
    registration = await workers.register("/phone/sw.js", { scope: "/phone", updateViaCache: "none" });
  } catch (error) {
    console.warn("handheld: without a service worker", error); // a web view may forbid it
    return;
  }
  const found = registration;
  found.addEventListener("updatefound", () => found.installing?.addEventListener("statechange", look));
  look();
  workers.ready.then((ready) => ready.active?.postMessage({ language }));
  let last = Date.now();
  const again = () => {
    if (Date.now() - last < LOOK_MS) return;
    last = Date.now();
    found.update().catch(() => {});
  };
  effect(() => {
    if (online.value) again();
  });
  setInterval(again, LOOK_MS);
}

/** A version waits only where an older one is at work. */
function look() {
  const ready = Boolean(registration?.waiting && navigator.serviceWorker.controller);
  if (ready !== update.value.ready) update.value = { ...update.value, ready };
}

/** Take over the version that waits: the page loads anew, what waits to be sent stays. */
export function takeUpdate() {
  if (!registration?.waiting) return;
  registration.waiting.postMessage({ takeOver: true });
}

/** A notice was pressed: to its task, without loading the page anew. @param {string} address */
function opened(address) {
  history.pushState(null, "", address);
  dispatchEvent(new PopStateEvent("popstate"));
}
