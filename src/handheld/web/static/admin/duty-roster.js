// 排班: the shifts of one post; what is saved takes the place of what was set before.
import { html } from "../vendor/htm-preact.js";
import { useState } from "../vendor/preact-hooks.js";
import { Button } from "../components/button.js";
import { Dialog } from "../components/dialog.js";
import { SelectField } from "../components/field.js";
import { Notice, tell, tellProblem } from "../components/notices.js";
import { post } from "../lib/api.js";
import { now } from "../lib/clock.js";
import { named } from "../lib/names.js";
import { texts } from "../lib/texts.js";
import { forInput, fromInput, isoDay } from "../lib/time.js";
import { useHolders } from "./duty-holders.js";
import { Awaited } from "./parts.js";

/** @typedef {{person: string, begins: string, ends: string}} Line times as their fields have them */

const DAY_MS = 86400000;
const SHIFT_MS = DAY_MS / 2;
const DUTY_ROLES = ["duty_officer", "district_commander", "township_commander", "township_official"];

/** @param {{card: import("./duty.js").DivisionCard, of: import("./duty.js").DutyShown | null, onClose: () => void, onDone: () => void}} props */
export function Roster({ card, of, onClose, onDone }) {
  const t = texts("admin").duty;
  const roles = DUTY_ROLES.filter((role) => card.posts.some((one) => one.role === role));
  const [role, setRole] = useState(of?.role ?? roles[0] ?? "duty_officer");
  const department = of?.department?.unit.replace(/^department-/, "") ?? null;
  const holders = useHolders(card, role, department);
  const [lines, setLines] = useState(/** @type {Line[]} */ ((of?.shifts ?? []).map((one) => ({ person: one.person.person, begins: forInput(one.begins), ends: forInput(one.ends) }))));
  const [busy, setBusy] = useState(false);
  const [tried, setTried] = useState(false);
  const wrongs = lines.map((line, i) => wrongIn(line, lines[i - 1]));
  const people = holders.found ?? [];
  /** @param {number} at @param {Partial<Line>} change */
  const change = (at, change) => setLines(lines.map((line, i) => (i === at ? { ...line, ...change } : line)));
  const add = () => setLines([...lines, nextLine(lines, people.map((one) => one.person))]);
  const week = () => {
    let all = lines;
    const until = instant((all[0] ?? nextLine([], [])).begins) + 7 * DAY_MS;
    while (all.length < 100 && instant(nextLine(all, people.map((one) => one.person)).begins) < until) all = [...all, nextLine(all, people.map((one) => one.person))];
    setLines(all);
  };
  const save = async () => {
    setTried(true);
    if (wrongs.some(Boolean)) return;
    setBusy(true);
    try {
      const shifts = lines.map((line) => ({ person: line.person, begins: fromInput(line.begins), ends: fromInput(line.ends) }));
      await post("/duty/roster", { division: card.division.code, role, shifts, ...(department && { department }) }, { ifMatch: card.version });
      tell({ tone: "closed", title: t.saved });
      onDone();
    } catch (error) {
      tellProblem(error);
      setBusy(false);
    }
  };
  return html`<${Dialog} broad title=${`${t.edit} · ${of?.department?.name ?? card.division.name}`} onClose=${onClose} footer=${html`<${Button} onClick=${onClose}>${texts("common").cancel}<//>
      <${Button} kind="main" onClick=${save} disabled=${!people.length || (!of && !lines.length)} busy=${busy && t.saving}>${t.save}<//>`}>
    ${of ? html`<p><strong>${named("roles", role)}</strong></p>` : html`<${SelectField} label=${t.post} value=${role} onInput=${(/** @type {string} */ to) => { setRole(to); setLines([]); }} options=${roles.map((value) => ({ value, label: named("roles", value) }))} />`}
    <${Awaited} of=${holders} />
    ${holders.found && (people.length ? html`<ol class="shifts">${lines.map((line, i) => html`<li key=${i}>
        <select class="input" aria-label=${t.person} value=${line.person} onChange=${(/** @type {Event} */ event) => change(i, { person: /** @type {HTMLSelectElement} */ (event.target).value })}>
          ${people.map((one) => html`<option key=${one.person} value=${one.person} selected=${one.person === line.person}>${one.name ?? ""} ${one.person.replace(/^person-/, "")}</option>`)}</select>
        <input class="input" type="datetime-local" aria-label=${t.begins} value=${line.begins} onInput=${(/** @type {Event} */ event) => change(i, { begins: /** @type {HTMLInputElement} */ (event.target).value })} />
        <input class="input" type="datetime-local" aria-label=${t.ends} value=${line.ends} onInput=${(/** @type {Event} */ event) => change(i, { ends: /** @type {HTMLInputElement} */ (event.target).value })} />
        <${Button} kind="bare" icon="cross" label=${t.removeShift} onClick=${() => setLines(lines.filter((_, at) => at !== i))} />
        ${tried && wrongs[i] && html`<p class="wrong" role="alert">${t[/** @type {"overlaps" | "backwards" | "incomplete"} */ (wrongs[i])]}</p>`}</li>`)}</ol>
      <div class="acts"><${Button} icon="plus" onClick=${add}>${t.addShift}<//>${lines.length > 0 && lines.length < 14 && html`<${Button} onClick=${week}>${t.repeat}<//>`}</div>`
      : html`<${Notice} tone="waiting" icon="warning" title=${t.noHolders} />`)}<//>`;
}

/** @param {string} field */
const instant = (field) => new Date(fromInput(field)).getTime();

/** The shift after the last one, as long as it, for whoever comes next in turn. @param {Line[]} lines @param {string[]} people */
function nextLine(lines, people) {
  const last = lines[lines.length - 1];
  const from = last?.ends ? instant(last.ends) : new Date(fromInput(`${isoDay(now())}T08:00`)).getTime();
  const long = last?.begins && last.ends ? Math.max(instant(last.ends) - instant(last.begins), 3600000) : SHIFT_MS;
  const turn = last ? (people.indexOf(last.person) + 1) % Math.max(people.length, 1) : 0;
  return { person: people[turn] ?? "", begins: forInput(new Date(from)), ends: forInput(new Date(from + long)) };
}

/** @param {Line} line @param {Line | undefined} before */
function wrongIn(line, before) {
  if (!line.person || !line.begins || !line.ends) return "incomplete";
  if (instant(line.ends) <= instant(line.begins)) return "backwards";
  if (before?.ends && instant(line.begins) < instant(before.ends)) return "overlaps";
  return null;
}
