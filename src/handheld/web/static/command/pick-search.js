// Finding people and departments by name or by the initials of its pinyin.
import { html } from "../vendor/htm-preact.js";
import { useEffect, useState } from "../vendor/preact-hooks.js";
import { Problem, get } from "../lib/api.js";
import { named } from "../lib/names.js";
import { texts } from "../lib/texts.js";
import { TextField } from "../components/field.js";
import { Working } from "../components/status.js";
import { PersonChoice } from "./pick.js";

const PAUSE_MS = 180;
const MOST = 12;

/** @param {import("./pick.js").Picking} props */
export function BySearch(props) {
  const t = texts("command").pick;
  const [words, setWords] = useState("");
  const [found, setFound] = useState(/** @type {{rows: any[], count: number} | null} */ (null));
  const [wrong, setWrong] = useState(/** @type {string | null} */ (null));
  const asked = words.trim();
  useEffect(() => {
    setFound(null);
    setWrong(null);
    if (!asked) return undefined;
    const ending = new AbortController();
    const timer = setTimeout(async () => {
      try {
        setFound(await get("/people", { words: asked, limit: MOST }, ending.signal));
      } catch (error) {
        if (!ending.signal.aborted) setWrong(error instanceof Problem ? error.title : t.notRead);
      }
    }, PAUSE_MS);
    return () => { clearTimeout(timer); ending.abort(); };
  }, [asked]);
  return html`<div class="picker-search">
    <${TextField} label=${t.search} type="search" value=${words} onInput=${setWords} placeholder=${t.searchHint} autocomplete="off" wrong=${wrong} />
    ${asked && !found && !wrong && html`<${Working}>${t.searching}<//>`}
    ${found && html`<div class="choices" role="group" aria-label=${t.found(found.count)}>
      ${found.rows.length === 0 && html`<p class="quiet small">${t.nothing}</p>`}
      ${found.rows.map((row) => html`<${PersonChoice} key=${row.person.person} ...${props} one=${chosenOf(row)} />`)}
      ${found.count > MOST && html`<p class="quiet small">${t.moreFound(found.count)}</p>`}</div>`}</div>`;
}

/** @param {any} row a line of `/people` @returns {import("./pick.js").Chosen} */
function chosenOf(row) {
  const roles = row.posts.map((/** @type {any} */ post) => named("roles", Array.isArray(post) ? post[0] : post.role));
  return { ...row.person, synthetic: row.synthetic, about: [...new Set(roles)].filter(Boolean).join("、") };
}
