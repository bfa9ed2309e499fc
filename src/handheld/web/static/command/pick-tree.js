// The tree of divisions: each opens to those below it and to the people who hold its posts.
import { html } from "../vendor/htm-preact.js";
import { useEffect, useState } from "../vendor/preact-hooks.js";
import { Problem, get } from "../lib/api.js";
import { named } from "../lib/names.js";
import { me } from "../lib/session.js";
import { texts } from "../lib/texts.js";
import { Icon } from "../components/icons.js";
import { Working } from "../components/status.js";
import { PersonChoice, hasPerson, withPeople } from "./pick.js";

/** @param {import("./pick.js").Picking} props */
export function Tree(props) {
  const root = props.division ?? ownDivision();
  if (root) return html`<ul class="tree" role="tree"><${Node} ...${props} code=${root} name=${null} open=${true} /></ul>`;
  return html`<${Roots} ...${props} />`;
}

/** The widest division that somebody serves. */
export function ownDivision() {
  const codes = (me.value?.posts ?? []).map((post) => post.division).filter((code) => code !== null);
  return codes.sort((a, b) => a.length - b.length)[0] ?? null;
}

/** @param {import("./pick.js").Picking} props */
function Roots(props) {
  const [rows, wrong] = useRead("/divisions");
  if (wrong) return html`<p class="wrong" role="alert">${wrong}</p>`;
  if (!rows) return html`<${Working} />`;
  return html`<ul class="tree" role="tree">${rows.rows.map((/** @type {any} */ one) => html`<${Node} key=${one.code} ...${props} code=${one.code} name=${one.name} />`)}</ul>`;
}

/**
 * Something read once for a panel.
 * @param {string} path
 * @param {import("../lib/api.js").Query} [query]
 * @returns {[any, string | null]}
 */
export function useRead(path, query) {
  const [found, setFound] = useState(/** @type {any} */ (null));
  const [wrong, setWrong] = useState(/** @type {string | null} */ (null));
  useEffect(() => {
    const ending = new AbortController();
    get(path, query, ending.signal).then(setFound, (error) => {
      if (!ending.signal.aborted) setWrong(error instanceof Problem ? `${error.title}${error.detail}` : texts("command").pick.notRead);
    });
    return () => ending.abort();
  }, [path]);
  return [found, wrong];
}

/** @param {import("./pick.js").Picking & {code: string, name: string | null, open?: boolean}} props */
function Node({ code, name, open: first = false, ...picking }) {
  const t = texts("command").pick;
  const [open, setOpen] = useState(first);
  const [card, setCard] = useState(/** @type {any} */ (null));
  const [wrong, setWrong] = useState(/** @type {string | null} */ (null));
  useEffect(() => {
    if (!open || card) return;
    setWrong(null);
    get(`/divisions/${code}`).then(setCard, (error) => setWrong(error instanceof Problem ? error.title : t.notRead));
  }, [open]);
  const called = card?.division.name ?? name ?? "";
  /** @type {import("./pick.js").Chosen[]} */
  const people = merged(card?.posts ?? []);
  const left = people.filter((one) => !hasPerson(picking.value, one.person));
  /** @param {KeyboardEvent} event */
  const keyed = (event) => {
    if (event.key === "ArrowRight" && !open) setOpen(true);
    else if (event.key === "ArrowLeft" && open) setOpen(false);
    else return;
    event.preventDefault();
  };
  return html`<li role="treeitem" aria-expanded=${String(open)}>
    <div class="tree-line"><button type="button" class="tree-open" onClick=${() => setOpen(!open)} onKeyDown=${keyed}>
      <${Icon} name=${open ? "down" : "right"} size=${0.85} />${called || t.reading}</button>
      ${open && picking.mode !== "person" && left.length > 1 && html`<button type="button" class="button bare" onClick=${() => picking.onChange(withPeople(picking.value, left, picking.mode))}>${t.allOf(left.length)}</button>`}</div>
    ${open && wrong && html`<p class="wrong" role="alert">${wrong}</p>`}
    ${open && !card && !wrong && html`<${Working}>${t.reading}<//>`}
    ${open && card && html`<ul role="group">
      ${people.map((one) => html`<li key=${one.person} role="none"><${PersonChoice} ...${picking} one=${one} /></li>`)}
      ${people.length === 0 && card.children.length === 0 && html`<li role="none" class="quiet small">${t.emptyDivision}</li>`}
      ${card.children.map((/** @type {any} */ one) => html`<${Node} key=${one.code} ...${picking} code=${one.code} name=${one.name} />`)}</ul>`}</li>`;
}

/** Each person once, with all that they do there. @param {any[]} posts @returns {import("./pick.js").Chosen[]} */
export function merged(posts) {
  /** @type {Map<string, {one: any, roles: string[]}>} */
  const found = new Map();
  for (const post of posts) {
    const had = found.get(post.person.person) ?? { one: post.person, roles: [] };
    had.roles.push(named("roles", post.role) + (post.on_duty ? ` ${texts("command").pick.onDuty}` : ""));
    found.set(post.person.person, had);
  }
  return [...found.values()].map(({ one, roles }) => ({ ...one, about: [...new Set(roles)].join("、") }));
}
