// Who is signed in, on which device, and where they belong.
import { signal } from "../vendor/signals.js";
import { Problem, call, get } from "./api.js";
import { setClock } from "./clock.js";

/**
 * @typedef {{role: string, division: string | null, division_name: string | null,
 *   department: string | null, department_name?: string | null}} Post
 * @typedef {{actor: string, account: string | null, role: string | null, names: boolean, session: string,
 *   device: string | null, name: string | null, synthetic: boolean, posts: Post[], clock?: string}} Me
 */

/** Who is signed in; null before that is known. @type {import("../vendor/signals.js").Signal<Me | null>} */
export const me = signal(/** @type {Me | null} */ (null));

const FIELD = new Set(["grid_head", "grid_worker", "household_contact", "village_team_leader"]);

/** Ask who is signed in; null where nobody is. @returns {Promise<Me | null>} */
export async function whoAmI() {
  if (document.documentElement.dataset.session === "none") return null;
  try {
    const found = /** @type {Me} */ (await get("/me"));
    if (found.clock) setClock(found.clock);
    me.value = found;
    return found;
  } catch (error) {
    if (error instanceof Problem && error.status === 401) return null;
    throw error;
  }
}

/** The page where somebody's work is. @param {Me} who */
export function homeOf(who) {
  if (who.role === "operator" || who.role === "administrator") return "/admin";
  if (who.posts.length && who.posts.every((post) => FIELD.has(post.role))) return "/phone";
  if (who.posts.length && who.posts.every((post) => (post.division ?? "").length >= 12)) return "/phone";
  return "/desk";
}

/** To the sign-in page, and back here afterwards. */
export function toSignIn() {
  const here = location.pathname + location.search;
  location.assign(`/sign-in?next=${encodeURIComponent(here)}`);
}

/** End this session. */
export async function signOut() {
  await call("POST", "/sign-out", {});
  location.assign("/sign-in");
}

/** The id that this browser made for itself, once. */
export function device() {
  let found = null;
  try {
    found = localStorage.getItem("handheld_device");
    if (!found) {
      const random = crypto.getRandomValues(new Uint8Array(12));
      found = `web-${Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
      localStorage.setItem("handheld_device", found);
    }
  } catch {
    found = found ?? `web-${Date.now().toString(36)}-once`; // storage is shut: of this visit only
  }
  return found;
}
