// What changed between two instants: counts, places, sums, what was done, and by whom.
import { html } from "../vendor/htm-preact.js";
import { useEffect, useState } from "../vendor/preact-hooks.js";
import { Problem } from "../lib/api.js";
import { duration, exact } from "../lib/time.js";
import { texts } from "../lib/texts.js";
import { Icon } from "../components/icons.js";
import { STATES, figure } from "../components/marks.js";
import { Empty, Working } from "../components/status.js";
import { kindOf, topicWords } from "../components/board/facts.js";
import { shortPlace } from "../components/board/places.js";
import { TimelineList } from "../components/board/timeline.js";
import { ask } from "./past.js";
import { division, iso, marks } from "./state.js";

const WHO = ["task.accepted", "task.reported"];
const LISTED = 30;

/** @typedef {{a: any, b: any, density: any, who: any}} Found */

/** @param {{card: any}} props */
export function Change({ card }) {
  const t = texts("replay").change;
  const { a, b } = marks.value;
  const code = division.value || card.division.code;
  const [found, setFound] = useState(/** @type {Found | null} */ (null));
  const [trouble, setTrouble] = useState("");
  const from = Math.min(a ?? 0, b ?? 0);
  const until = Math.max(a ?? 0, b ?? 0);
  useEffect(() => {
    setFound(null);
    setTrouble("");
    if (a === null || b === null) return undefined;
    let gone = false;
    compare(card, code, from, until).then((one) => !gone && setFound(one), (error) => {
      if (!(error instanceof Problem)) throw error;
      if (!gone) setTrouble(error.title);
    });
    return () => { gone = true; };
  }, [a, b, code, card.task_force]);
  if (a === null || b === null) return html`<${Empty} icon="wait" title=${a === null && b === null ? t.noMarks : t.oneMark}>${t.how}<//>`;
  return html`<div class="change"><p class="span"><span class="number">${exact(new Date(from))}</span> → <span class="number">${exact(new Date(until))}</span> <span class="quiet">${t.lasting(duration((until - from) / 1000))}</span></p>
    ${trouble ? html`<p>${trouble}</p>` : !found ? html`<p><${Working}>${t.comparing}<//></p>` : html`<${Differences} found=${found} />`}</div>`;
}

/** @param {any} card @param {string} code @param {number} from @param {number} until @returns {Promise<Found>} */
async function compare(card, code, from, until) {
  const query = { task_force: card.task_force, ...(card.drill && { drills: true }) };
  const [a, b] = await Promise.all([from, until].map((at) => ask(`/boards/divisions/${code}`, { ...query, at: iso(at) })));
  const between = { division: code === card.division.code ? "" : code, at: iso(until) };
  const [density, who] = await Promise.all([
    ask(`/task-forces/${card.task_force}/density`, { ...between, since: iso(from), buckets: 1 }),
    ask(`/task-forces/${card.task_force}/timeline`, { ...between, after: a.position, newest: true, limit: LISTED, topics: WHO }),
  ]);
  return { a, b, density, who };
}

/** @param {{found: Found}} props */
function Differences({ found }) {
  const t = texts("replay").change;
  const before = found.a.board;
  const after = found.b.board;
  const states = texts("common").states;
  const topics = Object.entries(/** @type {Record<string, number[]>} */ (found.density.topics ?? {})).map(([topic, [n]]) => ({ topic: `${topic}.v1`, n: n ?? 0 })).sort((x, y) => y.n - x.n);
  const sums = Object.entries(/** @type {Record<string, any>} */ (after.sums)).map(([key, row]) => ({ key, label: row.label, unit: row.unit, was: before.sums[key]?.sum ?? 0, is: row.sum })).filter((one) => one.was !== one.is);
  const visits = { was: before.visits.households, is: after.visits.households };
  const places = Object.entries(/** @type {Record<string, any>} */ (after.children)).map(([code, row]) => ({ code, name: row.name ?? code, was: before.children[code]?.count, is: row.count }))
    .map((one) => ({ ...one, waiting: one.is.waiting - (one.was?.waiting ?? 0), closed: one.is.closed - (one.was?.closed ?? 0) })).filter((one) => one.waiting || one.closed).sort((x, y) => y.closed - x.closed);
  return html`<table class="table differences"><caption class="only-heard">${t.counts}</caption><thead><tr><th>${t.state}</th><th class="figure">A</th><th class="figure">B</th><th class="figure">${t.difference}</th></tr></thead><tbody>
      ${[...STATES, /** @type {const} */ ("overdue")].map((state) => html`<tr key=${state} class="is-${state}" data-state=${state}><th scope="row"><span class="state-word"><${Icon} name=${state} size=${0.95} />${states[state]}</span></th><${Three} was=${before.count[state]} is=${after.count[state]} /></tr>`)}
      <tr><th scope="row">${t.all}</th><${Three} was=${before.count.tasks} is=${after.count.tasks} /></tr>
      ${sums.map((one) => html`<tr key=${one.key}><th scope="row">${one.label} <span class="quiet">${one.unit}</span></th><${Three} was=${one.was} is=${one.is} /></tr>`)}
      ${visits.was !== visits.is && html`<tr><th scope="row">${t.visits}</th><${Three} was=${visits.was} is=${visits.is} /></tr>`}</tbody></table>
    <h2>${t.facts(figure(found.density.total ?? 0))}</h2>
    ${topics.length === 0 ? html`<p class="quiet">${t.nothing}</p>` : html`<ul class="topic-counts">${topics.map((one) => html`<li key=${one.topic}><${Icon} name=${kindOf(one.topic).icon} size=${0.95} /><span>${topicWords(one.topic)}</span> <strong class="number">${figure(one.n)}</strong></li>`)}</ul>`}
    ${places.length > 0 && html`<h2>${t.places}</h2><table class="table"><thead><tr><th>${t.place}</th><th class="figure">${states.waiting}</th><th class="figure">${states.closed}</th></tr></thead><tbody>${places.map((one) => html`<tr key=${one.code}><th scope="row">${shortPlace(one.name)}</th><td class="figure">${signed(one.waiting)}</td><td class="figure">${signed(one.closed)}</td></tr>`)}</tbody></table>`}
    <h2>${t.who}</h2><${TimelineList} facts=${found.who.facts ?? []} fold=${false} density="compact" empty=${html`<p class="quiet">${t.nobody}</p>`} />
    ${found.who.next && html`<p class="quiet small">${t.last(LISTED)}</p>`}`;
}

/** @param {{was: number, is: number}} props */
function Three({ was, is }) {
  return html`<td class="figure">${figure(was)}</td><td class="figure">${figure(is)}</td><td class="figure"><strong>${signed(is - was)}</strong></td>`;
}

/** @param {number} n */
const signed = (n) => (n > 0 ? `+${figure(n)}` : n < 0 ? `−${figure(-n)}` : "0");
