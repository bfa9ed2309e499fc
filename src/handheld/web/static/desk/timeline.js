// The right column: what has just happened, and what is said and ordered.
import { html } from "../vendor/htm-preact.js";
import { TimelineList } from "../components/board/timeline.js";
import { Button } from "../components/button.js";
import { Empty, Working } from "../components/status.js";
import { openFinding, openForceAction } from "../command/later.js";
import { address, go } from "../lib/route.js";
import { texts } from "../lib/texts.js";
import { KINDS, course, courseKey, earlier, kind } from "./course.js";
import { commanding, force } from "./force.js";
import { stale, wholeBoard } from "./state.js";

/** @param {import("../components/board/types.js").Fact} fact */
function open(fact) {
  const stream = fact.stream ?? "";
  if (stream.startsWith("task-")) go({ p: stream });
  else if (stream.startsWith("finding-")) openFinding(stream);
}

/** What was said stands here at once. */
const onDone = () => course.again();

/** The column. */
export function Course() {
  const t = texts("desk").course;
  const card = force.value;
  return html`<section class="panel dk-course" aria-labelledby="course-title"><header><h2 id="course-title">${t.title}</h2>
      <label class="only-heard" for="course-kind">${t.kind}</label><select id="course-kind" class="input" value=${kind.value} onChange=${(/** @type {Event} */ event) => {
        const to = /** @type {HTMLSelectElement} */ (event.target).value;
        go({ f: to === "main" ? null : to }, { replace: true });
      }}>${Object.keys(KINDS).map((one) => html`<option key=${one} value=${one}>${t.kinds[/** @type {"main"} */ (one)]}</option>`)}</select></header>
    ${card?.inside && card.status !== "cancelled" && !card.archived && html`<div class="dk-says">
      <${Button} icon="entry" onClick=${() => openForceAction("entry", card, { onDone })}>${t.entry}<//>
      ${commanding.value && card.status === "active" && html`<${Button} icon="order" onClick=${() => openForceAction("order", card, { onDone })}>${t.order}<//>`}
      <${Button} icon="message" onClick=${() => openForceAction("message", card, { onDone })}>${t.message}<//></div>`}
    <${Facts} /></section>`;
}

function Facts() {
  const t = texts("desk").course;
  const key = courseKey.value;
  if (!key) return wholeBoard.value ? html`<${Empty} icon="list" title=${t.none}>${t.noneMore}<//>` : html`<p class="body"><${Working} /></p>`;
  const found = course.of(key);
  const wrong = course.wrong(key);
  if (!found) return wrong ? html`<${Empty} icon="shield" title=${wrong.status === 404 ? t.notYours : wrong.title}>${wrong.status === 404 ? "" : wrong.detail}<//>` : html`<p class="body"><${Working} /></p>`;
  return html`<div class="dk-facts-list ${stale.value || wrong ? "stale" : ""}"><${TimelineList} facts=${found.facts} onOpen=${open} density="compact"
      empty=${html`<${Empty} icon="list" title=${kind.value === "all" ? t.empty : t.emptyKind} />`} />
    ${found.more && html`<p class="dk-center"><${Button} kind="bare" onClick=${earlier}>${t.earlier}<//></p>`}
    ${!found.more && found.facts.length > 0 && kind.value !== "all" && html`<p class="dk-center small"><a href=${address({ f: "all" })}>${t.showAll}</a></p>`}</div>`;
}
