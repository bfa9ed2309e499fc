// What may be done with a warning that is there: told anew, placed, lifted, its proposal declined.
import { html } from "../vendor/htm-preact.js";
import { useState } from "../vendor/preact-hooks.js";
import { Problem, get } from "../lib/api.js";
import { named } from "../lib/names.js";
import { texts } from "../lib/texts.js";
import { LevelMark } from "../components/marks.js";
import { Notice, tellProblem } from "../components/notices.js";
import { TextField } from "../components/field.js";
import { Choices, Phrases } from "./choices.js";
import { FormDialog, tellOutcome } from "./form.js";
import { MomentField, momentOf } from "./moment-field.js";
import { PlacesField } from "./places.js";
import { ownDivision } from "./pick-tree.js";

const LEVELS = /** @type {const} */ (["blue", "yellow", "orange", "red"]);

/** @param {{kind: import("./warnings.js").WarningKind, warning: any, proposal?: any, onDone?: () => void}} props */
export function WarningDialog({ kind, warning: first, proposal, onDone }) {
  const t = texts("command");
  const words = t.warning[kind];
  const [warning, setWarning] = useState(first);
  const [stale, setStale] = useState(false);
  const [reason, setReason] = useState("");
  const [level, setLevel] = useState(first.level);
  const [headline, setHeadline] = useState(String(first.headline ?? ""));
  const [expires, setExpires] = useState("");
  const [places, setPlaces] = useState(/** @type {string[]} */ (first.divisions.map((/** @type {any} */ one) => one.code)));
  const base = `/warnings/${warning.warning}`;
  const until = momentOf(expires);
  const changes = { ...(level !== warning.level && { level }), ...(headline.trim() !== warning.headline && { headline: headline.trim() }), ...(until && { expires: until }) };
  const missing = kind === "update" ? (Object.keys(changes).length ? null : t.needs.change) : kind === "place" ? (places.length ? null : t.needs.division) : reason.trim() ? null : t.needs.reason;
  /** @param {import("./intent.js").Intent} send */
  const run = async (send) => {
    const edits = { ifMatch: warning.version };
    const outcome = kind === "update" ? await send.post(`${base}/update`, changes, edits)
      : kind === "place" ? await send.post(`${base}/place`, { divisions: places }, edits)
      : kind === "lift" ? await send.post(`${base}/lift`, { reason: reason.trim() })
      : await send.post(`${base}/decline-proposal`, { plan: proposal.plan, division: proposal.division.code, reason: reason.trim() });
    tellOutcome(outcome, words.done);
    onDone?.();
  };
  return html`<${FormDialog} title=${words.name} grave=${kind === "lift"} submit=${stale ? words.submitAnyway ?? words.submit : words.submit} missing=${missing} run=${run}
    onProblem=${(/** @type {Problem} */ problem) => {
      if (problem.status !== 412) return false;
      get(base).then((card) => { setWarning(card); setStale(true); }, tellProblem);
      return true;
    }}>
    ${stale && html`<${Notice} tone="waiting" icon="warning" title=${t.warning.stale}><p>${t.warning.nowSays} <${LevelMark} level=${warning.level} /> ${warning.headline}${" "}
      ${warning.divisions.map((/** @type {any} */ one) => one.name).join(t.warning.comma)}</p><p>${t.force.amend.decide}</p><//>`}
    <p><${LevelMark} level=${first.level} /> <strong>${kind === "decline" ? proposal.title : first.headline}</strong></p>
    ${words.hint && html`<p class="quiet small">${words.hint}</p>`}
    ${kind === "update" && html`<${Choices} label=${t.warning.tell.level} value=${level} onChange=${setLevel} options=${LEVELS.map((one) => [one, html`<span class="level level-${one}">${named("warning_levels", one)}</span>`])} />
      <${TextField} label=${t.warning.tell.headline} value=${headline} onInput=${setHeadline} maxLength=${200} autofocus />
      <${MomentField} label=${t.warning.tell.expires} value=${expires} onChange=${setExpires} optional hint=${t.warning.update.expiresHint} />`}
    ${kind === "place" && html`<${PlacesField} label=${t.warning.tell.where} value=${places} onChange=${setPlaces} root=${ownDivision()} />`}
    ${(kind === "lift" || kind === "decline") && html`<${TextField} label=${t.fields.reason} lines=${2} value=${reason} onInput=${setReason} required autofocus />
      <${Phrases} phrases=${words.phrases} onChoose=${setReason} />`}<//>`;
}
