// Findings that lie on one's desk: to be dealt with, passed up, routed, returned, or ordered on.
import { html } from "../../vendor/htm-preact.js";
import { Button } from "../../components/button.js";
import { DrillTag } from "../../components/marks.js";
import { Ago } from "../../components/moment.js";
import { PersonName } from "../../components/person.js";
import { openFinding } from "../../command/findings.js";
import { texts } from "../../lib/texts.js";
import { FindingState } from "../screens/findings.js";
import { findings, readAgain } from "../store/store.js";

const TO_DECIDE = new Set(["open", "returned"]);

/** The list. */
export function ToDecide() {
  const t = texts("area");
  const here = findings.value.filter((one) => one.here && TO_DECIDE.has(one.state ?? ""));
  if (here.length === 0) return null;
  const done = () => { readAgain({ now: true }); };
  return html`<section><h2 class="part">${t.findings} <span class="number quiet">${here.length}</span></h2>
    <ul class="lines">${here.map((one) => html`<li key=${one.finding} class="to-decide">
      <span class="marks"><${FindingState} state=${one.state} />${one.drill && html`<${DrillTag} />`}</span><p>${one.text}</p>
      <p class="quiet small">${[one.division?.name, one.place].filter(Boolean).join(" · ")}</p>
      <p class="quiet small">${one.reporter && html`<${PersonName} of=${one.reporter} tag=${false} /> · `}${one.reported_at && html`<${Ago} at=${one.reported_at} />`}</p>
      <${Button} kind="main" wide icon="right" onClick=${() => openFinding(one.finding, { onDone: done })}>${t.findingOpen}<//></li>`)}</ul></section>`;
}
