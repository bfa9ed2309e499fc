// What stands behind a line of the timeline: the three times, who did it for whom, what the device claimed, what was sent with it.
import { html } from "../../vendor/htm-preact.js";
import { exact } from "../../lib/time.js";
import { texts } from "../../lib/texts.js";
import { figure } from "../marks.js";
import { PersonName } from "../person.js";
import { attachmentsOf, happened } from "./facts.js";

/** @param {{fact: import("./types.js").Fact}} props */
export function FactDetails({ fact }) {
  const t = texts("board").details;
  const marks = fact.marks ?? {};
  const files = attachmentsOf(fact);
  const corrected = marks.corrected;
  /** @type {[string, any][]} */
  const rows = [[t.occurred, happened(fact)], [t.reported, fact.reported_at], [t.recorded, fact.recorded_at]].map(([word, at]) => [String(word), at && html`<time datetime=${at} class="number">${exact(/** @type {string} */ (at))}</time>`]);
  if (marks.judged_at) rows.push([t.judged, html`<span class="number">${exact(marks.judged_at)}</span> ${marks.claim ?? ""}`]);
  if (corrected?.occurred_at) rows.push([t.right, html`<span class="number">${exact(corrected.occurred_at)}</span>`]);
  if (corrected?.text) rows.push([t.right, corrected.text]);
  if (corrected?.reason) rows.push([t.reason, corrected.reason]);
  rows.push([t.actor, fact.actor && html`<${Who} of=${fact.actor} />`], [t.behalf, fact.on_behalf_of && html`<${Who} of=${fact.on_behalf_of} />`]);
  if (fact.person && fact.person.person !== fact.actor?.person && fact.person.person !== fact.on_behalf_of?.person) rows.push([t.person, html`<${Who} of=${fact.person} />`]);
  rows.push([t.place, fact.division?.name], [t.position, html`<span class="number">${figure(fact.position)}</span>`]);
  return html`<dl class="fact-details">${rows.filter(([, value]) => value).map(([word, value], at) => html`<div key=${at}><dt>${word}</dt><dd>${value}</dd></div>`)}
    ${files.length > 0 && html`<div><dt>${t.files}</dt><dd class="files">${files.map((one, at) => html`<a key=${one.sha256} href="/api/v1/attachments/${one.sha256}" target="_blank" rel="noopener">${t.file(at + 1)}</a>`)}</dd></div>`}</dl>`;
}

/** Somebody, or a process by what it is called. @param {{of: import("./types.js").Named}} props */
function Who({ of }) {
  const own = /** @type {Record<string, string>} */ (texts("board").processes);
  if (own[of.person]) return html`<span>${own[of.person]}</span>`;
  return html`<${PersonName} of=${{ ...of, number: of.person.replace(/^person-/, ""), erased: of.name === "erased", phone: null, synthetic: Boolean(of.synthetic) }} />`;
}
