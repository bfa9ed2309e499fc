// A screen without mouse and keyboard: it hides what is for hands, and looks after itself.
import { Problem, get } from "../lib/api.js";
import { place } from "../lib/route.js";

const LOOK_MS = 5 * 60 * 1000;
const SIGNED_IN_MS = 20 * 1000;

/** Whether nobody touches this screen (`?kiosk`). */
export const isKiosk = () => place.value.has("kiosk") && place.value.get("kiosk") !== "0";

/**
 * Look now and then whether the server brings another build; then load it, as soon as nothing is open.
 * @param {() => boolean} idle
 * @returns {() => void} ends it
 */
export function keepCurrent(idle) {
  const look = async () => {
    if (!isKiosk() || !idle()) return;
    const build = await served();
    if (build && build !== document.documentElement.dataset["build"] && idle()) location.reload();
  };
  const timer = setInterval(look, LOOK_MS);
  return () => clearInterval(timer);
}

/** The build that the server brings now; "" where it does not answer. */
export async function served() {
  try {
    const answer = await fetch(location.href, { cache: "no-store", credentials: "same-origin" });
    return answer.ok ? (/data-build="([^"]+)"/.exec(await answer.text())?.[1] ?? "") : "";
  } catch {
    return "";
  }
}

/**
 * After the session has ended: somebody may sign in elsewhere in this browser.
 * @returns {() => void} ends it
 */
export function awaitSession() {
  const timer = setInterval(async () => {
    try {
      await get("/me");
      location.reload();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
    }
  }, SIGNED_IN_MS);
  return () => clearInterval(timer);
}
