// The timeline: a fact a line, in the order in which they are given. Nothing is ever taken away: what is void stays, as such.
import { html } from "../../vendor/htm-preact.js";
import { useState } from "../../vendor/preact-hooks.js";
import { clock, exact, isoDay } from "../../lib/time.js";
import { texts } from "../../lib/texts.js";
import { Button } from "../button.js";
import { Icon } from "../icons.js";
import { useKept } from "../kept.js";
import { DrillTag, figure } from "../marks.js";
import { FactDetails } from "./fact-details.js";
import { folded, happened, kindOf, topicWords } from "./facts.js";
import { shortPlace } from "./places.js";

/** Of a group so many are drawn at first. */
const AT_ONCE = 30;

/**
 * `onOpen`: what a press on a fact does; without it the fact shows its times and who did it. `fold`: whether facts of
 * one kind within a minute are told together.
 * @param {{facts: readonly import("./types.js").Fact[], onOpen?: ((fact: import("./types.js").Fact) => void) | undefined,
 *   density?: "normal" | "compact" | "wall" | undefined, fold?: boolean | undefined, current?: number | null | undefined,
 *   empty?: any}} props `current`: the position that is looked at
 */
export function TimelineList({ facts, onOpen, density = "normal", fold = true, current, empty }) {
  const t = texts("board").timeline;
  const kept = useKept();
  if (facts.length === 0) return empty ?? html`<p class="quiet small">${t.empty}</p>`;
  const lines = fold ? folded(facts) : facts.map((fact) => ({ key: String(fact.position), fact, group: null }));
  return html`<ol class="timeline ${density}">${lines.map((line) => line.group
    ? kept(line.key, [onOpen, density, ...line.group], () => html`<${Together} key=${line.key} facts=${line.group} onOpen=${onOpen} density=${density} />`)
    : kept(line.key, [onOpen, density, line.fact, current === line.fact.position], () => html`<${Line} key=${line.key} fact=${line.fact} onOpen=${onOpen} density=${density} current=${current === line.fact.position} />`))}</ol>`;
}

/** @typedef {import("./types.js").Fact} Fact @typedef {{onOpen: ((fact: Fact) => void) | undefined, density: string}} Way */

/** @param {Way & {fact: Fact, current?: boolean}} props */
function Line({ fact, onOpen, density, current }) {
  const [open, setOpen] = useState(false);
  const t = texts("board").timeline;
  const { kind, icon, tone } = kindOf(fact.topic);
  const marks = fact.marks;
  const place = fact.division?.name;
  const names = `fact kind-${kind} ${marks?.struck ? "struck" : ""} ${marks?.overtaken ? "overtaken" : ""} ${current ? "current" : ""}`;
  const words = fact.unreadable ? t.unreadable : fact.words || topicWords(fact.topic);
  const inner = html`<${At} fact=${fact} /><span class="sort ${tone}"><${Icon} name=${icon} size=${0.95} /></span>
    <span class="what"><span class="words">${words}</span>${place && density !== "compact" && !words.includes(place) && html` <span class="where">${shortPlace(place)}</span>`}
      ${fact.drill && html` <${DrillTag} />`}${marks?.words?.map((one) => html` <span key=${one} class="marked">${one}</span>`)}</span>`;
  if (density === "wall") return html`<li class=${names}><div class="line">${inner}</div></li>`;
  return html`<li class=${names} data-position=${fact.position}><button type="button" class="line" aria-expanded=${onOpen ? undefined : String(open)}
      onClick=${() => (onOpen ? onOpen(fact) : setOpen(!open))}>${inner}</button>
    ${open && !onOpen && html`<${FactDetails} fact=${fact} />`}</li>`;
}

/** @param {Way & {facts: Fact[]}} props */
function Together({ facts, onOpen, density }) {
  const t = texts("board").timeline;
  const [shown, setShown] = useState(0);
  const first = /** @type {Fact} */ (facts[0]);
  const { kind, icon, tone } = kindOf(first.topic);
  const people = new Set(facts.map((fact) => fact.person?.person ?? fact.position)).size;
  const who = people === facts.length ? t.people(people, figure(people)) : t.times(facts.length, figure(facts.length), people, figure(people));
  const words = html`<span class="what"><span class="words">${t.group(topicWords(first.topic), who)}</span></span>`;
  const inner = html`<${At} fact=${first} /><span class="sort ${tone}"><${Icon} name=${icon} size=${0.95} /></span>${words}`;
  if (density === "wall") return html`<li class="fact kind-${kind}"><div class="line">${inner}</div></li>`;
  return html`<li class="fact group kind-${kind}"><button type="button" class="line" aria-expanded=${String(shown > 0)} onClick=${() => setShown(shown ? 0 : AT_ONCE)}>${inner}
      <${Icon} name=${shown ? "up" : "down"} size=${0.8} /></button>
    ${shown > 0 && html`<ol class="timeline ${density}">${facts.slice(0, shown).map((fact) => html`<${Line} key=${fact.position} fact=${fact} onOpen=${onOpen} density=${density} />`)}</ol>
      ${facts.length > shown && html`<${Button} kind="bare" icon="down" onClick=${() => setShown(shown + AT_ONCE)}>${t.more(figure(facts.length - shown))}<//>`}`}</li>`;
}

/** @param {{fact: Fact}} props */
function At({ fact }) {
  const at = happened(fact);
  if (!at) return html`<span class="at"></span>`;
  return html`<time class="at number" datetime=${at} title=${exact(at)}>${clock(at)}</time>`;
}

/** The day of a fact, for headings between days. @param {Fact} fact */
export const dayOf = (fact) => { const at = happened(fact); return at ? isoDay(at) : ""; };

