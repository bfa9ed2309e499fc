// Choosing people and units: by search, by post, in the tree of divisions, by department, by group.
import { html } from "../vendor/htm-preact.js";
import { useId, useRef, useState } from "../vendor/preact-hooks.js";
import { named } from "../lib/names.js";
import { texts } from "../lib/texts.js";
import { Icon } from "../components/icons.js";
import { PersonName } from "../components/person.js";
import { ByDepartment, ByGroup } from "./pick-units.js";
import { ByPost } from "./pick-posts.js";
import { BySearch } from "./pick-search.js";
import { Tree } from "./pick-tree.js";

/**
 * @typedef {{person: string, name?: string | null, synthetic?: boolean, phone?: string | null, about?: string}} Chosen
 * @typedef {{role?: string, tier?: string, kind?: string, department?: string, group?: string, on_duty?: boolean}} Target
 * @typedef {{people: Chosen[], targets: {target: Target, label: string}[]}} Picked
 * @typedef {"order" | "people" | "person"} Mode
 *   `order`: people, posts, units and groups; `people`: several people; `person`: one
 * @typedef {{value: Picked, onChange: (value: Picked) => void, mode: Mode, division: string | null}} Picking
 */

const WAYS = /** @type {const} */ (["post", "tree", "department", "group"]);

/** Nobody yet. @type {Picked} */
export const NOBODY = { people: [], targets: [] };

/** What an order says of whom it is for. @param {Picked} picked */
export function addressed(picked) {
  return {
    ...(picked.targets.length > 0 && { to: picked.targets.map((one) => one.target) }),
    ...(picked.people.length > 0 && { people: picked.people.map((one) => one.person) }),
  };
}

/** Whether anybody is chosen. @param {Picked} picked */
export const anybody = (picked) => picked.people.length + picked.targets.length > 0;

/** With these people as well, each once; in mode `person` instead. @param {Picked} picked @param {Chosen[]} more @param {Mode} mode @returns {Picked} */
export function withPeople(picked, more, mode) {
  if (mode === "person") return { people: more.slice(0, 1), targets: [] };
  const had = new Set(picked.people.map((one) => one.person));
  return { ...picked, people: [...picked.people, ...more.filter((one) => !had.has(one.person))] };
}

/** Without this one. @param {Picked} picked @param {string} person @returns {Picked} */
export const withoutPerson = (picked, person) => ({ ...picked, people: picked.people.filter((one) => one.person !== person) });

/** Whether this one is chosen. @param {Picked} picked @param {string} person */
export const hasPerson = (picked, person) => picked.people.some((one) => one.person === person);

/**
 * Choose whom it is for.
 * @param {Picking & {label: string, hint?: string, wrong?: string | null}} props
 */
export function Picker({ label, hint, wrong, ...picking }) {
  const t = texts("command").pick;
  const id = useId();
  const ways = picking.mode === "order" ? WAYS : WAYS.slice(1);
  const [way, setWay] = useState(/** @type {(typeof WAYS)[number]} */ (ways[0] ?? "tree"));
  const bar = useRef(/** @type {HTMLDivElement | null} */ (null));
  /** @param {KeyboardEvent} event */
  const move = (event) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (!step) return;
    event.preventDefault();
    const at = (ways.findIndex((one) => one === way) + step + ways.length) % ways.length;
    setWay(ways[at] ?? "tree");
    /** @type {HTMLElement | undefined} */ (bar.current?.children[at])?.focus();
  };
  return html`<div class="field picker" role="group" aria-labelledby=${id}>
    <span class="label" id=${id}>${label}</span>
    ${hint && html`<p class="hint">${hint}</p>`}
    <${ChosenOnes} ...${picking} />
    ${wrong && html`<p class="wrong" role="alert">${wrong}</p>`}
    <${BySearch} ...${picking} />
    <div class="tabs" role="tablist" aria-label=${t.ways} ref=${bar} onKeyDown=${move}>${ways.map((one) => html`<button key=${one} type="button" role="tab"
      id="${id}-${one}" aria-selected=${String(way === one)} aria-controls="${id}-panel" tabindex=${way === one ? 0 : -1} onClick=${() => setWay(one)}>${t.by[one]}</button>`)}</div>
    <div class="picker-panel" role="tabpanel" id="${id}-panel" aria-labelledby="${id}-${way}">
      ${way === "post" && html`<${ByPost} ...${picking} />`}
      ${way === "tree" && html`<${Tree} ...${picking} />`}
      ${way === "department" && html`<${ByDepartment} ...${picking} />`}
      ${way === "group" && html`<${ByGroup} ...${picking} />`}</div></div>`;
}

const SHOWN = 12;

/** @param {Picking} props */
function ChosenOnes({ value, onChange, mode }) {
  const t = texts("command").pick;
  const [all, setAll] = useState(false);
  if (!anybody(value)) return html`<p class="quiet small">${mode === "person" ? t.nobodyOne : t.nobody}</p>`;
  const people = all ? value.people : value.people.slice(0, SHOWN);
  return html`<ul class="chips" aria-label=${t.chosen}>
    ${value.targets.map((one) => html`<li key=${JSON.stringify(one.target)} class="chip unit"><span>${one.label}</span>
      <button type="button" aria-label=${t.without(one.label)} onClick=${() => onChange({ ...value, targets: value.targets.filter((other) => other !== one) })}><${Icon} name="cross" size=${0.85} /></button></li>`)}
    ${people.map((one) => html`<li key=${one.person} class="chip" title=${one.about}><${PersonName} of=${one} tag=${false} />
      <button type="button" aria-label=${t.without(one.name ?? "")} onClick=${() => onChange(withoutPerson(value, one.person))}><${Icon} name="cross" size=${0.85} /></button></li>`)}
    ${value.people.length > SHOWN && html`<li><button type="button" class="button bare" onClick=${() => setAll(!all)}>${all ? t.fewer : t.andMore(value.people.length - SHOWN)}</button></li>`}
    ${value.people.length + value.targets.length > 2 && html`<li><button type="button" class="button bare" onClick=${() => onChange(NOBODY)}>${t.clear}</button></li>`}</ul>`;
}

/** What somebody does, in words: the post and where. @param {{role: string, division?: {name?: string | null} | null}} post @param {string} [where] */
export function postWords(post, where) {
  return [where ?? post.division?.name, named("roles", post.role)].filter(Boolean).join(" ");
}

/**
 * Somebody to be chosen: a tick, the name, what they do.
 * @param {Picking & {one: Chosen}} props
 */
export function PersonChoice({ one, value, onChange, mode }) {
  const chosen = hasPerson(value, one.person);
  return html`<label class="choice"><input type=${mode === "person" ? "radio" : "checkbox"} checked=${chosen}
    onChange=${() => onChange(chosen ? withoutPerson(value, one.person) : withPeople(value, [one], mode))} />
    <span class="grow"><${PersonName} of=${one} /></span>${one.about && html`<span class="quiet small">${one.about}</span>`}</label>`;
}
