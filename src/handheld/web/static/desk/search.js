// Search: people by name or pinyin initials, tasks by their words, places by name.
import { html } from "../vendor/htm-preact.js";
import { useEffect, useRef, useState } from "../vendor/preact-hooks.js";
import { Icon } from "../components/icons.js";
import { StateMark } from "../components/marks.js";
import { PersonName } from "../components/person.js";
import { shortPlace } from "../components/board/places.js";
import { Problem, get } from "../lib/api.js";
import { named } from "../lib/names.js";
import { address, go } from "../lib/route.js";
import { texts } from "../lib/texts.js";
import { mainKey } from "./state.js";
import { scope } from "./scope.js";
import { division, placeWords } from "./territory.js";
import { toDivision } from "./header.js";

const WAIT_MS = 180;

/** @typedef {{people: any[], tasks: any[], places: any[], problem: string}} Results */

/** @param {string} words @param {AbortSignal} signal @returns {Promise<Results>} */
async function find(words, signal) {
  const { kind, key, tf } = scope.peek();
  const about = { ...(kind === "division" ? { division: key } : { department: key }), ...(tf && { task_force: tf, drill: null }) };
  const [people, tasks] = await Promise.allSettled([
    get("/people", { words, limit: 6 }, signal), get("/tasks", { ...about, words, limit: 6 }, signal),
  ]);
  const places = (division.peek()?.children ?? []).filter((/** @type {any} */ one) => one.name.includes(words)).slice(0, 5);
  const wrong = people.status === "rejected" && tasks.status === "rejected" && people.reason instanceof Problem ? people.reason.title : "";
  return { people: people.status === "fulfilled" ? people.value.rows : [], tasks: tasks.status === "fulfilled" ? tasks.value.rows : [], places, problem: wrong };
}

/** The field with what was found. */
export function Search() {
  const t = texts("desk").search;
  const [words, setWords] = useState("");
  const [found, setFound] = useState(/** @type {Results | null} */ (null));
  const [open, setOpen] = useState(false);
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  useEffect(() => {
    const asked = words.trim();
    setFound(null);
    if (!asked) return;
    const running = new AbortController();
    const timer = setTimeout(() => find(asked, running.signal).then(setFound, () => {}), WAIT_MS);
    return () => { clearTimeout(timer); running.abort(); };
  }, [words, mainKey.value]);
  useEffect(() => {
    /** @param {Event} event */
    const outside = (event) => { if (!box.current?.contains(/** @type {Node} */ (event.target))) setOpen(false); };
    for (const kind of ["mousedown", "focusin"]) addEventListener(kind, outside);
    return () => { for (const kind of ["mousedown", "focusin"]) removeEventListener(kind, outside); };
  }, []);
  const done = () => { setOpen(false); setWords(""); };
  return html`<div class="dk-search" role="search" ref=${box} onKeyDown=${(/** @type {KeyboardEvent} */ event) => keys(event, box.current, done)}>
    <${Icon} name="search" /><input id="search" class="input" type="search" value=${words} placeholder=${t.hint} aria-label=${t.label} autocomplete="off"
      onFocus=${() => setOpen(true)} onInput=${(/** @type {Event} */ event) => { setOpen(true); setWords(/** @type {HTMLInputElement} */ (event.target).value); }} />
    ${open && words.trim() && html`<div class="dk-found" aria-live="polite">${found ? html`<${Found} found=${found} done=${done} />` : html`<p class="quiet small">${t.searching}</p>`}</div>`}</div>`;
}

/**
 * Arrow keys go through what was found; Enter on the field takes the first.
 * @param {KeyboardEvent} event @param {HTMLElement | null} box @param {() => void} done
 */
function keys(event, box, done) {
  const links = /** @type {HTMLElement[]} */ ([...(box?.querySelectorAll(".dk-found a") ?? [])]);
  const at = links.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  if (event.key === "Escape") {
    event.preventDefault();
    done();
    /** @type {HTMLElement | null} */ (document.activeElement)?.blur();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    (links[at + (event.key === "ArrowDown" ? 1 : -1)] ?? box?.querySelector("input"))?.focus();
  } else if (event.key === "Enter" && at < 0 && links[0]) {
    event.preventDefault();
    go(Object.fromEntries(new URL(links[0].getAttribute("href") ?? "", location.href).searchParams));
    done();
  }
}

/** @param {{found: Results, done: () => void}} props */
function Found({ found, done }) {
  const t = texts("desk").search;
  const { people, tasks, places, problem } = found;
  if (people.length + tasks.length + places.length === 0) return html`<p class="quiet small">${problem || t.nothing}</p>`;
  return html`${places.length > 0 && html`<h3>${t.places}</h3><ul>${places.map((one) => html`<li key=${one.code}><a href=${toDivision(one.code)} onClick=${done}>${shortPlace(one.name)}</a></li>`)}</ul>`}
    ${people.length > 0 && html`<h3>${t.people}</h3><ul>${people.map((one) => html`<li key=${one.person.person}><a href=${address({ p: one.person.person })} onClick=${done}><${PersonName} of=${one.person} />
      <span class="quiet small">${(one.posts ?? []).slice(0, 1).map((/** @type {string[]} */ post) => `${placeWords(post[1] ?? "")} ${named("roles", post[0])}`)}</span></a></li>`)}</ul>`}
    ${tasks.length > 0 && html`<h3>${t.tasks}</h3><ul>${tasks.map((one) => html`<li key=${one.task}><a href=${address({ p: one.task })} onClick=${done}><${PersonName} of=${one.person} tag=${false} /> <${StateMark} state=${one.state} />
      <span class="quiet small">${one.division ? placeWords(one.division.code, one.division.name ?? "") : ""}</span></a></li>`)}</ul>`}`;
}
