// What had been recorded up to that instant, the newest first, with three times per fact and filters.
import { html } from "../vendor/htm-preact.js";
import { useEffect, useState } from "../vendor/preact-hooks.js";
import { Problem, get } from "../lib/api.js";
import { go } from "../lib/route.js";
import { texts } from "../lib/texts.js";
import { Button } from "../components/button.js";
import { tellProblem } from "../components/notices.js";
import { Working } from "../components/status.js";
import { KINDS, kindOf } from "../components/board/facts.js";
import { TimelineList } from "../components/board/timeline.js";
import { useShowing } from "./show.js";
import { PersonFilter } from "./who.js";
import { asAt, division, filters, force, moment } from "./state.js";

const PAGE = 60;

/** The topics of a kind, as the API filters by them. @param {string} kind */
export function topicsOf(kind) {
  return kind ? Object.keys(texts("board").topics).filter((topic) => kindOf(`${topic}.v1`).kind === kind) : [];
}

/** What the timeline is asked for, besides where it begins. */
export function question() {
  const { kind, person, words } = filters.value;
  const topics = topicsOf(kind);
  return { newest: true, limit: PAGE, division: division.value, person, words, ...(topics.length > 0 && { topics }) };
}

/** The panel. */
export function Facts() {
  const t = texts("replay").facts;
  const { answer, trouble, asking } = useShowing(() => ({ path: `/task-forces/${force.value}/timeline`, query: question() }), undefined, []);
  const [more, setMore] = useState(/** @type {{facts: any[], next: number | null, busy: boolean}} */ ({ facts: [], next: null, busy: false }));
  useEffect(() => setMore({ facts: [], next: answer?.next ?? null, busy: false }), [answer]);
  const facts = [...(answer?.facts ?? []), ...more.facts];
  const further = async () => {
    setMore({ ...more, busy: true });
    try {
      const page = await get(`/task-forces/${force.value}/timeline`, { ...question(), at: asAt(moment.value), before: more.next });
      setMore({ facts: [...more.facts, ...(page.facts ?? [])], next: page.next ?? null, busy: false });
    } catch (error) {
      setMore({ ...more, busy: false });
      if (error instanceof Problem) tellProblem(error);
      else throw error;
    }
  };
  // A search looks at so many facts and no more: it goes on by itself until a page is full.
  useEffect(() => {
    if (filters.value.words && more.next !== null && !more.busy && facts.length < PAGE / 2 && answer && !asking) further();
  }, [more, answer, asking]);
  return html`<div class="facts"><${Filters} />
    ${trouble ? html`<p class="quiet">${trouble.title} ${trouble.detail}</p>` : !answer ? html`<p><${Working} /></p>`
      : html`<${TimelineList} facts=${facts} current=${moment.value.position} empty=${more.next === null ? html`<p class="quiet">${t.none}</p>` : html`<p></p>`} />
        ${more.next !== null && html`<p class="more"><${Button} icon="down" wide onClick=${further} busy=${more.busy && (filters.value.words ? t.searching : t.fetching)}>${t.more}<//></p>`}`}</div>`;
}

/** Kind, person, words; the place is that of the board. */
function Filters() {
  const t = texts("replay").facts;
  const { kind, words } = filters.value;
  const [text, setText] = useState(words);
  useEffect(() => setText(words), [words]);
  useEffect(() => {
    if (text === words) return undefined;
    const timer = setTimeout(() => go({ q: text.trim() }, { replace: true }), 500);
    return () => clearTimeout(timer);
  }, [text]);
  const named = /** @type {Record<string, string>} */ (texts("board").kinds);
  return html`<form class="filters" role="search" onSubmit=${(/** @type {Event} */ event) => { event.preventDefault(); go({ q: text.trim() }); }}>
    <label><span class="only-heard">${t.kind}</span><select class="input" value=${kind} onChange=${(/** @type {Event} */ event) => go({ k: /** @type {HTMLSelectElement} */ (event.target).value })}>
      <option value="">${t.allKinds}</option>${KINDS.map((one) => html`<option key=${one} value=${one} selected=${one === kind}>${named[one]}</option>`)}</select></label>
    <label class="grow"><span class="only-heard">${t.words}</span><input class="input" type="search" placeholder=${t.words} value=${text} onInput=${(/** @type {Event} */ event) => setText(/** @type {HTMLInputElement} */ (event.target).value)} /></label>
    <${PersonFilter} /></form>`;
}
