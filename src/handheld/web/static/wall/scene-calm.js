// Nothing is going on: which division this is, what is in force, who is on duty, what was closed last.
import { html } from "../vendor/htm-preact.js";
import { named } from "../lib/names.js";
import { texts } from "../lib/texts.js";
import { Icon } from "../components/icons.js";
import { LevelMark } from "../components/marks.js";
import { Lasting, When } from "../components/moment.js";
import { PersonName } from "../components/person.js";
import { useQuiet } from "./beside.js";

const SHOWN = 4;

/** @param {{division: string, place: any}} props */
export function CalmScene({ division, place }) {
  const t = texts("wall").calm;
  const quiet = useQuiet(division);
  const posture = place?.posture;
  return html`<div class="scene calm">
    <p class="calm-word"><${Icon} name="closed" size=${2.2} /><span>${t.title}</span>${posture && html`<span class="posture">${named("postures", posture)}</span>`}</p>
    <section class="wall-panel"><header><h2>${t.warnings}</h2></header>
      ${!quiet ? null : quiet.warnings.length === 0 ? html`<p class="good"><${Icon} name="closed" size=${1.4} />${t.noWarnings}</p>`
        : html`<ul class="warnings">${quiet.warnings.slice(0, SHOWN).map((one) => html`<li key=${one.warning}><${LevelMark} level=${one.level} /><span class="headline">${one.headline || one.event}</span>
          <span class="quiet">${one.expires && html`${t.until} <${When} at=${one.expires} />`}</span></li>`)}</ul>`}</section>
    <section class="wall-panel"><header><h2>${t.duty}</h2></header>
      ${!quiet ? null : quiet.duty.length === 0 ? html`<p class="quiet">${t.noDuty}</p>`
        : html`<ul class="on-duty">${quiet.duty.slice(0, SHOWN).map((one) => html`<li key=${`${one.role} ${one.division?.code ?? one.department?.key}`}><span class="quiet">${named("roles", one.role)}</span>
          <strong>${one.on_duty ? html`<${PersonName} of=${one.on_duty} tag=${false} />` : t.vacant}</strong></li>`)}</ul>`}</section>
    <section class="wall-panel"><header><h2>${t.last}</h2></header>
      ${!quiet ? null : !quiet.last ? html`<p class="quiet">${t.noLast}</p>`
        : html`<p class="last-title">${quiet.last.title}</p><p class="quiet">${t.closedAt} <${When} at=${quiet.last.ended_at ?? quiet.last.last_at} /> · ${t.took} <${Lasting} from=${quiet.last.started_at} to=${quiet.last.ended_at ?? quiet.last.last_at} /></p>`}</section></div>`;
}
