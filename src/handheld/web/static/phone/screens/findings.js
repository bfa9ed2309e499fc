// What became of one's own findings.
import { html } from "../../vendor/htm-preact.js";
import { Ago } from "../../components/moment.js";
import { Mark } from "../../components/marks.js";
import { Empty } from "../../components/status.js";
import { texts } from "../../lib/texts.js";
import { linkTo } from "../place.js";
import { findings, opened } from "../store/store.js";
import { NotSent } from "./parts.js";
import { Photos } from "./photos.js";

/** @typedef {import("../store/state.js").Finding} Finding */

/** @type {Record<string, {icon: import("../../components/icons.js").IconName, tone: import("../../components/marks.js").State | "plain"}>} */
const LOOKS = {
  open: { icon: "waiting", tone: "waiting" },
  returned: { icon: "undo", tone: "declined" },
  ordered: { icon: "order", tone: "in_progress" },
  started: { icon: "people", tone: "in_progress" },
  dealt_with: { icon: "closed", tone: "closed" },
};

/** @param {{state: string | undefined}} props */
export function FindingState({ state }) {
  const t = texts("field").finding;
  const looks = LOOKS[state ?? ""];
  const word = /** @type {Record<string, string>} */ (t.states)[state ?? ""];
  return looks && word ? html`<${Mark} icon=${looks.icon} tone=${looks.tone}>${word}<//>` : null;
}

/** The list below the form. */
export function MyFindings() {
  const t = texts("field").finding;
  const mine = findings.value.filter((one) => one.mine || one.state === "unsent");
  return html`<section class="my-findings"><h2 class="part">${t.mine}</h2>
    ${mine.length === 0 && opened.value && html`<${Empty} icon="finding" title=${t.none}>${t.noneTodo}<//>`}
    <ul class="lines">${mine.map((one) => html`<${Line} key=${one.finding} finding=${one} />`)}</ul></section>`;
}

/** @param {{finding: Finding}} props */
function Line({ finding }) {
  const t = texts("field").finding;
  const here = finding.state === "unsent" || finding.state === "reported";
  const inner = html`<span class="grow">${finding.text}</span>
    <span class="under"><${FindingState} state=${finding.state} /><${NotSent} pending=${finding.pending} />
      ${finding.state === "reported" && html`<${Mark} icon="check" tone="closed">${t.reported}<//>`}
      ${finding.reported_at && html`<span class="quiet small"><${Ago} at=${finding.reported_at} /></span>`}</span>
    ${finding.desk?.name && finding.state === "open" && html`<span class="quiet small">${t.desk(finding.desk.name)}</span>`}`;
  if (here) return html`<li><div class="line-link">${inner}<${Photos} photos=${finding.photos} /></div></li>`;
  return html`<li><a class="line-link" ...${linkTo({ finding: finding.finding })}>${inner}</a></li>`;
}
