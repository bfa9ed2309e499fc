// What this desk is of: a division or a department, perhaps of one task force. It stands in the address.
import { computed, signal } from "../vendor/signals.js";
import { get } from "../lib/api.js";
import { me } from "../lib/session.js";
import { place } from "../lib/route.js";

/**
 * @typedef {{kind: "division" | "department", key: string, tf: string, drills: boolean}} Scope
 * `key`: a division code or a department; empty where there is none yet. `tf`: one task force
 */

/** Where those begin who hold no post: the widest division that there is. */
const widest = signal("");

/** Whether it is known where one begins. */
export const ready = signal(false);

/** The posts' own scopes, without doubles. */
export const ownScopes = computed(() => {
  /** @type {{kind: "division" | "department", key: string, name: string | null, role: string}[]} */
  const found = [];
  for (const post of me.value?.posts ?? []) {
    const kind = post.department ? "department" : "division";
    const key = post.department ?? post.division ?? "";
    const name = (post.department ? post.department_name : post.division_name) ?? null;
    if (key && !found.some((one) => one.kind === kind && one.key === key)) found.push({ kind, key, name, role: post.role });
  }
  return found;
});

/** The desk's scope. */
export const scope = computed(() => {
  const at = place.value;
  const own = ownScopes.value[0];
  const d = at.get("d") ?? "";
  const dep = at.get("dep") ?? "";
  /** @type {Scope} */
  const found = { kind: "division", key: d, tf: at.get("tf") ?? "", drills: at.get("drills") === "1" };
  if (dep && !d) return { ...found, kind: /** @type {const} */ ("department"), key: dep };
  if (!d && own) return { ...found, kind: own.kind, key: own.key };
  if (!d) return { ...found, key: widest.value };
  return found;
});

/** Of the scope alone, as text: for what does not depend on anything else in the address. */
export const scopeKey = computed(() => `${scope.value.kind}:${scope.value.key}`);

/** Which task force is looked at; empty for all of them. */
export const chosen = computed(() => scope.value.tf);

/** Whether drills are looked at instead of the real thing. */
export const drills = computed(() => scope.value.drills);

/** Find out where to begin. */
export async function findBeginning() {
  const who = me.peek();
  if (who && who.posts.length === 0 && !place.peek().get("d")) {
    const found = await get("/divisions");
    widest.value = found.rows[0]?.code ?? "";
  }
  ready.value = true;
}

/** Whether a division is within what is theirs: only there the path upwards can be followed. @param {string} code */
export function mine(code) {
  const who = me.value;
  if (!who) return false;
  const territory = who.posts.filter((post) => !post.department && post.division);
  if (territory.length === 0) return true;
  return territory.some((post) => code.startsWith(post.division ?? "-"));
}
