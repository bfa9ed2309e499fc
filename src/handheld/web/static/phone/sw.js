// The phone's service worker: the page of one build, whole, for when there is no connection; and
// notices while the page is closed. The server writes `self.PHONE` before it. docs/phone.md
/// <reference lib="webworker" />

/** @typedef {{build: string, words: Record<"zh" | "en", {task: string, drill: string, open: string}>}} About */

const worker = /** @type {ServiceWorkerGlobalScope & {PHONE: About}} */ (/** @type {unknown} */ (self));
const { build, words } = worker.PHONE;
const OWN = `phone-${build}`;
const CHOICES = "phone choices";
const FRAME = "/phone/frame";
const LIST = "/phone/files.json";
const LANGUAGE = "/phone/language";
const TOGETHER = 6;

worker.addEventListener("install", (event) => event.waitUntil(fetchAll()));

worker.addEventListener("activate", (event) => event.waitUntil(takeOver()));

/** A build comes whole or not at all: what has come stays for the next try. */
async function fetchAll() {
  const list = await (await fetch(LIST, { cache: "no-store" })).json();
  if (list.build !== build) throw new Error("The server has another version by now.");
  const cache = await caches.open(OWN);
  const waiting = [FRAME, ...list.files];
  const next = async () => {
    for (let path = waiting.shift(); path; path = waiting.shift()) {
      if (await cache.match(path, { ignoreVary: true })) continue;
      const answer = await fetch(path, path === FRAME ? { cache: "no-store" } : {});
      if (!answer.ok || (path !== FRAME && !isOf(answer))) throw new Error(`${path} is not of this version.`);
      await cache.put(path, answer);
    }
  };
  await Promise.all(Array.from({ length: TOGETHER }, next));
}

/** Under the address of another build the server gives the file of today, and says so. @param {Response} answer */
function isOf(answer) {
  return (answer.headers.get("cache-control") ?? "").includes("immutable");
}

async function takeOver() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("phone-") && name !== OWN).map((name) => caches.delete(name)));
  await worker.clients.claim();
}

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== worker.location.origin) return;
  if (request.mode === "navigate") {
    if (pathname === "/phone") event.respondWith(kept(FRAME, request));
  } else if (pathname.startsWith("/web/")) event.respondWith(kept(pathname, request));
});

/** @param {string} path @param {Request} request */
async function kept(path, request) {
  const own = await caches.open(OWN);
  const found = (await own.match(path, { ignoreVary: true })) ?? (await caches.match(path, { ignoreVary: true }));
  if (found) return found;
  const answer = await fetch(request);
  // A font, say, that only some phones need: once fetched it is there without a connection, too.
  if (path.startsWith(`/web/${build}/`) && answer.status === 200 && isOf(answer)) await own.put(path, answer.clone());
  return answer;
}

worker.addEventListener("message", (event) => {
  if (event.data?.takeOver) worker.skipWaiting();
  if (event.data?.language) event.waitUntil(caches.open(CHOICES).then((cache) => cache.put(LANGUAGE, new Response(event.data.language))));
});

async function language() {
  const chosen = await (await caches.open(CHOICES)).match(LANGUAGE);
  const named = chosen ? await chosen.text() : worker.navigator.language;
  return named.startsWith("en") ? "en" : "zh";
}

worker.addEventListener("push", (event) => event.waitUntil(show(event.data)));

/** Nothing of the task stands in what is pushed: the page reads it. @param {PushMessageData | null} data */
async function show(data) {
  /** @type {{task?: string, drill?: boolean}} */
  let told = {};
  try {
    told = data?.json() ?? {};
  } catch {
    // Whatever it was, there is something to look at.
  }
  const said = words[await language()];
  await worker.registration.showNotification(told.drill ? said.drill : said.task, {
    body: said.open, tag: told.task ?? "task", icon: `/web/${build}/icons/icon-192.png`, badge: `/web/${build}/icons/badge-96.png`,
    data: { address: told.task ? `/phone?tab=tasks&task=${encodeURIComponent(told.task)}` : "/phone" },
  });
}

worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data?.address ?? "/phone"));
});

/** The page that is open goes there; else one is opened. @param {string} address */
async function open(address) {
  const windows = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  const page = windows.find((one) => new URL(one.url).pathname === "/phone");
  if (!page) return worker.clients.openWindow(address);
  page.postMessage({ open: address });
  return page.focus();
}
