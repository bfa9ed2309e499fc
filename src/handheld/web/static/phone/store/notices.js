// Web Push: a notice when the page is closed. Only where browser and server can, and only when asked for.
import { Problem, call, get } from "../../lib/api.js";

/**
 * "no": this browser or this server cannot; "off": it can; "on"; "denied": the person has said no
 * to the browser.
 * @returns {Promise<"no" | "off" | "on" | "denied">}
 */
export async function noticesState() {
  if (!("PushManager" in window) || !("Notification" in window) || !navigator.serviceWorker) return "no";
  const worker = await navigator.serviceWorker.getRegistration("/phone");
  if (!worker?.pushManager) return "no";
  if (Notification.permission === "denied") return "denied";
  const found = await worker.pushManager.getSubscription().catch(() => null);
  if (found && Notification.permission === "granted") return "on";
  return (await key()) ? "off" : "no";
}

/** @returns {Promise<string | null>} */
async function key() {
  try {
    return (await get("/push/key")).key;
  } catch (error) {
    if (error instanceof Problem) return null;
    throw error;
  }
}

/** Ask the person, and tell the server where to; call it from a press. @returns {Promise<boolean>} */
export async function askForNotices() {
  if ((await Notification.requestPermission()) !== "granted") return false;
  const [worker, applicationServerKey] = await Promise.all([navigator.serviceWorker.ready, key()]);
  if (!applicationServerKey) return false;
  const subscription = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey });
  const told = subscription.toJSON();
  await call("PUT", "/push/subscription", { endpoint: told.endpoint, keys: { p256dh: told.keys?.p256dh, auth: told.keys?.auth } });
  return true;
}

/** No more notices on this phone. */
export async function stopNotices() {
  const worker = await navigator.serviceWorker.getRegistration("/phone");
  const found = await worker?.pushManager.getSubscription();
  await found?.unsubscribe();
  await call("DELETE", "/push/subscription", undefined);
}
