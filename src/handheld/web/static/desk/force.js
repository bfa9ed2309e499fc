// The task force that is looked at: its card, read again when it has changed.
import { computed } from "../vendor/signals.js";
import { get } from "../lib/api.js";
import { me } from "../lib/session.js";
import { Asked } from "./asked.js";
import { chosen } from "./scope.js";

/** @type {Asked<any>} */
export const forces = new Asked((key, signal) => get(`/task-forces/${key}`, {}, signal), 1000);

/** Its card; null where none is chosen, or before it has come. */
export const force = computed(() => (chosen.value ? forces.of(chosen.value) : null));

/** The division that it belongs to. */
export const forceDivision = computed(() => String(force.value?.division?.code ?? ""));

/** What whoever is in it may do. */
const OF_ALL = new Set(["entry.make", "message.send", "task_force.rate"]);

/** Whether who looks commands it, or an official of where it was started does: others order and report within it. */
export const commanding = computed(() => {
  const card = force.value;
  const who = me.value;
  if (!card || !who) return false;
  if (card.may) return card.may.some((/** @type {string} */ one) => !OF_ALL.has(one));
  const code = String(card.division?.code ?? "-");
  return card.commander?.person === who.actor || who.posts.some((post) => !post.department && post.division && code.startsWith(post.division));
});

/** Why it cannot be seen. */
export const forceProblem = computed(() => (chosen.value ? forces.wrong(chosen.value) : null));
