// Where one is signed in, and what this phone is called.
import { html } from "../../vendor/htm-preact.js";
import { useState } from "../../vendor/preact-hooks.js";
import { Button } from "../../components/button.js";
import { TextField } from "../../components/field.js";
import { Ago } from "../../components/moment.js";
import { tell, tellProblem } from "../../components/notices.js";
import { Working } from "../../components/status.js";
import { call, get } from "../../lib/api.js";
import { me } from "../../lib/session.js";
import { texts } from "../../lib/texts.js";

/** @typedef {{session: string, device: string | null, device_kind: string | null, device_name: string | null, seen_at: string}} Session */

/** Looked up only when somebody opens it. */
export function Devices() {
  const t = texts("field").own;
  const [sessions, setSessions] = useState(/** @type {Session[] | null | undefined} */ (undefined));
  const load = async () => {
    try {
      setSessions((await get("/me/sessions")).sessions);
    } catch {
      setSessions(null);
    }
  };
  /** @param {Event} event */
  const toggled = (event) => { if (/** @type {HTMLDetailsElement} */ (event.currentTarget).open) load(); };
  /** @param {string} session */
  const end = (session) => call("DELETE", `/me/sessions/${session}`, undefined, {}).then(load, tellProblem);
  const here = me.value?.session;
  return html`<section class="card"><details onToggle=${toggled}><summary>${t.sessions}</summary>
    ${sessions === undefined && html`<p><${Working} /></p>`}${sessions === null && html`<p class="quiet">${t.needsSignal}</p>`}
    ${sessions && html`<${Name} of=${sessions.find((one) => one.session === here)} onSaved=${load} />
      <ul class="did">${sessions.map((one) => html`<li key=${one.session}><span class="grow"><strong>${one.device_name || kindOf(one.device_kind)}</strong>${one.session === here ? ` (${t.sessionHere})` : ""}
        <span class="quiet small">${t.sessionSeen("")}<${Ago} at=${one.seen_at} /></span></span>
        ${one.session !== here && html`<${Button} onClick=${() => end(one.session)}>${t.sessionEnd}<//>`}</li>`)}</ul>`}</details></section>`;
}

/** @param {string | null} kind */
function kindOf(kind) {
  const t = texts("field").own;
  return /** @type {Record<string, string>} */ (t.sessionKinds)[kind ?? ""] ?? t.sessionOther;
}

/** @param {{of: Session | undefined, onSaved: () => void}} props */
function Name({ of, onSaved }) {
  const t = texts("field").own;
  const [name, setName] = useState(of?.device_name ?? "");
  if (!of?.device) return null;
  const save = async () => {
    try {
      await call("PUT", `/me/devices/${of.device}`, { name: name.trim() }, {});
      tell({ tone: "closed", title: t.deviceSaved });
      onSaved();
    } catch (error) {
      tellProblem(error);
    }
  };
  return html`<div class="add"><${TextField} label=${t.deviceName} value=${name} onInput=${setName} maxLength=${40} />
    <${Button} disabled=${name.trim() === (of.device_name ?? "")} onClick=${save}>${t.deviceSave}<//></div>`;
}
