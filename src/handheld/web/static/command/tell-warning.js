// A warning by telephone, typed in within twenty seconds: what, which level, where, who called.
import { html } from "../vendor/htm-preact.js";
import { useState } from "../vendor/preact-hooks.js";
import { get } from "../lib/api.js";
import { named } from "../lib/names.js";
import { texts } from "../lib/texts.js";
import { Check, TextField } from "../components/field.js";
import { tell } from "../components/notices.js";
import { Choices, Phrases } from "./choices.js";
import { FormDialog, tellOutcome } from "./form.js";
import { MomentField, momentOf } from "./moment-field.js";
import { PlacesField } from "./places.js";
import { ownDivision } from "./pick-tree.js";
import { openWarning } from "./warnings.js";

const LEVELS = /** @type {const} */ (["blue", "yellow", "orange", "red"]);

/** @param {{prefill: {division?: string | null, onDone?: (warning: string) => void}}} props */
export function TellDialog({ prefill }) {
  const t = texts("command");
  const words = t.warning.tell;
  const root = ownDivision();
  const [event, setEvent] = useState("");
  const [level, setLevel] = useState("");
  const [divisions, setDivisions] = useState(/** @type {string[]} */ ([prefill.division ?? root].filter((one) => one !== null && one !== undefined)));
  const [toldBy, setToldBy] = useState("");
  const [headline, setHeadline] = useState("");
  const [expires, setExpires] = useState("");
  const [drill, setDrill] = useState(false);
  const missing = !event.trim() ? t.needs.event : !level ? t.needs.warningLevel : divisions.length === 0 ? t.needs.division : !toldBy.trim() ? t.needs.toldBy : null;
  return html`<${FormDialog} title=${words.name} icon="phone" submit=${words.submit} missing=${missing}
    run=${async (/** @type {import("./intent.js").Intent} */ send) => {
      const until = momentOf(expires);
      const body = { event: event.trim(), level, divisions, told_by: toldBy.trim(), ...(headline.trim() && { headline: headline.trim() }), ...(until && { expires: until }) };
      const outcome = await send.post("/warnings/telephoned", body, { query: { drill: drill ? true : null } });
      const made = outcome.made ?? "";
      if (!made) return tellOutcome(outcome, words.done);
      prefill.onDone?.(made);
      // What plans propose is recorded right after it: then the card that opens has it.
      if (await proposed(made)) return void setTimeout(() => openWarning(made));
      return void tell({ tone: "closed", title: words.done, action: { label: words.open, run: () => openWarning(made) } });
    }}>
    <${TextField} label=${words.event} value=${event} onInput=${setEvent} required autofocus maxLength=${40} />
    <${Phrases} phrases=${words.events} onChoose=${setEvent} />
    <${Choices} label=${words.level} value=${level} onChange=${setLevel} options=${LEVELS.map((one) => [one, html`<span class="level level-${one}">${named("warning_levels", one)}</span>`])} />
    <${PlacesField} label=${words.where} value=${divisions} onChange=${setDivisions} root=${root} />
    <${TextField} label=${words.toldBy} hint=${words.toldByHint} value=${toldBy} onInput=${setToldBy} required maxLength=${60} />
    <${Phrases} phrases=${words.offices} onChoose=${setToldBy} />
    <${TextField} label=${words.headline} value=${headline} onInput=${setHeadline} placeholder=${words.headlineHint} maxLength=${200} />
    <${MomentField} label=${words.expires} value=${expires} onChange=${setExpires} optional hint=${words.expiresHint} />
    <${Check} label=${t.start.drill} checked=${drill} onInput=${setDrill} /><//>`;
}

/** Whether a plan proposes a start on it: asked a few times, since that is decided after it was recorded. @param {string} warning */
async function proposed(warning) {
  for (let tries = 0; tries < 8; tries += 1) {
    try {
      const card = await get(`/warnings/${warning}`);
      if (card.proposals.length) return true;
    } catch {
      return false; // it is recorded; the card can be opened from the notice
    }
    await new Promise((done) => setTimeout(done, 150));
  }
  return false;
}
