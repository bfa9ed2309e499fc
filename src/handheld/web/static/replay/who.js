// One person's part of a course: found by name or initials.
import { html } from "../vendor/htm-preact.js";
import { useEffect, useId, useState } from "../vendor/preact-hooks.js";
import { Problem, get } from "../lib/api.js";
import { named } from "../lib/names.js";
import { go } from "../lib/route.js";
import { texts } from "../lib/texts.js";
import { Button } from "../components/button.js";
import { PersonName } from "../components/person.js";
import { filters } from "./state.js";

const FOUND = 8;

/** The person whose facts are shown, or a field to find one. */
export function PersonFilter() {
  const t = texts("replay").facts;
  const { person } = filters.value;
  const [card, setCard] = useState(/** @type {any} */ (null));
  const [text, setText] = useState("");
  const [found, setFound] = useState(/** @type {any[]} */ ([]));
  const id = useId();
  useEffect(() => {
    setCard(null);
    if (person) get(`/people/${person}`).then(setCard, quiet);
  }, [person]);
  useEffect(() => {
    const words = text.trim();
    if (!words) {
      setFound([]);
      return undefined;
    }
    const timer = setTimeout(() => get("/people", { words, limit: FOUND }).then((page) => setFound(page.rows), quiet), 300);
    return () => clearTimeout(timer);
  }, [text]);
  if (person) return html`<p class="person-filter"><span>${t.only} ${card ? html`<${PersonName} of=${card.person ?? card} />` : person.replace(/^person-/, "")}</span>
    <${Button} kind="bare" icon="cross" label=${t.everybody} onClick=${() => go({ who: null })} /></p>`;
  return html`<div class="person-filter grow"><label class="only-heard" for=${id}>${t.person}</label>
    <input id=${id} class="input" type="search" autocomplete="off" placeholder=${t.person} value=${text} onInput=${(/** @type {Event} */ event) => setText(/** @type {HTMLInputElement} */ (event.target).value)} />
    ${found.length > 0 && html`<ul class="found">${found.map((one) => html`<li key=${one.person.person}><button type="button" class="button bare" onClick=${() => { setText(""); go({ who: one.person.person }); }}>
      <${PersonName} of=${one.person} /> <span class="quiet small">${one.posts[0] ? named("roles", one.posts[0].role) : ""}</span></button></li>`)}</ul>`}</div>`;
}

/** A search that finds nothing, or is not for them, leaves the list empty. @param {unknown} error */
function quiet(error) {
  if (!(error instanceof Problem)) throw error;
}
