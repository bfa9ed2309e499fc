// The side panel: somebody's task, or somebody. It stands in the address as `p`.
import { html } from "../vendor/htm-preact.js";
import { useLayoutEffect, useRef } from "../vendor/preact-hooks.js";
import { computed, effect } from "../vendor/signals.js";
import { Button } from "../components/button.js";
import { Empty, Working } from "../components/status.js";
import { get } from "../lib/api.js";
import { go, place } from "../lib/route.js";
import { texts } from "../lib/texts.js";
import { Asked } from "./asked.js";
import { PersonPanel } from "./person-panel.js";
import { position } from "./state.js";
import { TaskPanel } from "./task-panel.js";

/** What the panel is of: a task or a person; empty where it is closed. */
export const opened = computed(() => {
  const asked = place.value.get("p") ?? "";
  return /^(task|person)-/.test(asked) ? asked : "";
});

/** Close it. */
export const closePanel = () => go({ p: null });

/** @type {Asked<any>} */
const card = new Asked(async (key, signal) => {
  if (key.startsWith("task-")) {
    const task = await get(`/tasks/${key}`, {}, signal);
    const history = task.history ? await get(`/tasks/${key}/history`, { newest: true, limit: 200 }, signal) : null;
    return { task, facts: history?.facts ?? [] };
  }
  const [person, tasks] = await Promise.all([get(`/people/${key}`, {}, signal), get("/tasks", { person: key, drill: null, limit: 20 }, signal)]);
  return { person, tasks: tasks.rows };
}, 2500);

effect(() => card.want(opened.value));
effect(() => {
  position.value;
  card.again();
});

/** The panel, where something is opened. */
export function Panel() {
  const key = opened.value;
  return key ? html`<${Opened} key=${key} name=${key} />` : null;
}

/** @param {{name: string}} props */
function Opened({ name }) {
  const t = texts("desk").panel;
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  useLayoutEffect(() => {
    const before = /** @type {HTMLElement | null} */ (document.activeElement);
    box.current?.focus();
    /** @param {KeyboardEvent} event */
    const pressed = (event) => {
      const at = /** @type {Element} */ (event.target);
      if (event.key === "Escape" && !event.defaultPrevented && !at.closest?.("[role=dialog]")) closePanel();
    };
    addEventListener("keydown", pressed);
    return () => {
      removeEventListener("keydown", pressed);
      if (before?.isConnected) before.focus();
    };
  }, []);
  const found = card.of(name);
  const wrong = card.wrong(name);
  const again = () => card.again();
  return html`<aside class="dk-side" aria-label=${name.startsWith("task-") ? t.task : t.person} tabindex="-1" ref=${box}>
    <header><h2>${name.startsWith("task-") ? t.task : t.person}</h2><${Button} kind="bare" icon="cross" label=${t.close} onClick=${closePanel} /></header>
    ${wrong && !found ? html`<${Empty} icon="shield" title=${wrong.status === 404 ? t.unseen : wrong.title}>${wrong.status === 404 ? t.unseenMore : wrong.detail}<//>` : !found ? html`<p class="body"><${Working} /></p>`
      : found.task ? html`<${TaskPanel} task=${found.task} facts=${found.facts} onDone=${again} />` : html`<${PersonPanel} person=${found.person} tasks=${found.tasks} />`}</aside>`;
}
