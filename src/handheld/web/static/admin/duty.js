// Who is on duty, who comes next, and by which procedure a division goes.
import { html } from "../vendor/htm-preact.js";
import { useEffect, useState } from "../vendor/preact-hooks.js";
import { Button } from "../components/button.js";
import { Mark } from "../components/marks.js";
import { When } from "../components/moment.js";
import { Call } from "../components/person.js";
import { Empty } from "../components/status.js";
import { get } from "../lib/api.js";
import { named } from "../lib/names.js";
import { go, place } from "../lib/route.js";
import { me } from "../lib/session.js";
import { texts } from "../lib/texts.js";
import { HandOver } from "./duty-hand-over.js";
import { Roster } from "./duty-roster.js";
import { Awaited, DivisionField, Head, Who, useAnswer } from "./parts.js";
import { PosturePanel } from "./posture.js";

/**
 * @typedef {import("./parts.js").Named} Named
 * @typedef {{person: Named, begins: string, ends: string}} Shift
 * @typedef {{role: string, division: {code: string, name?: string}, department: {unit: string, name?: string} | null, version: number,
 *   on_duty: Named | null, taken_at: string | null, running: Shift | null, shifts: Shift[]}} DutyShown
 * @typedef {{person: Named, role: string, division: {code: string, name?: string}, stationed: boolean, on_duty: boolean}} Holding
 * @typedef {{division: import("./parts.js").Division, version: number, own_posture: string | null, above: {code: string, name?: string}[],
 *   posts: Holding[], departments: {department: string, name: string}[], may_command: boolean}} DivisionCard
 */

/** The tab. */
export function Duty() {
  const t = texts("admin").duty;
  const asked = place.value.get("d") ?? "";
  const own = me.value?.posts[0]?.division?.slice(0, 9) ?? "";
  useEffect(() => { if (!asked && own) go({ d: own }, { replace: true }); }, []);
  const answer = useAnswer(async () => {
    if (!asked) return { card: null, rosters: [] };
    const [card, duty] = await Promise.all([get(`/divisions/${asked}`), get("/duty", { division: asked })]);
    return { card: /** @type {DivisionCard | null} */ (card), rosters: /** @type {DutyShown[]} */ (duty.rows) };
  }, [asked]);
  const [open, setOpen] = useState(/** @type {{what: "roster" | "hand-over", of: DutyShown | null} | null} */ (null));
  const found = answer.found;
  const card = found?.card ?? null;
  const may = card?.may_command ?? false;
  const closed = () => { setOpen(null); answer.again(); };
  return html`<${Head} title=${t.title} intro=${t.intro} />
    <div class="narrow"><${DivisionField} label=${t.division} value=${asked} onInput=${(/** @type {string} */ code) => go({ d: code }, { replace: true })} deepest="township" alone /></div>
    ${(answer.problem || !found) && html`<${Awaited} of=${answer} />`}
    ${card && found && html`<${PosturePanel} card=${card} onDone=${answer.again} />
      <section class="panel"><header><h2>${t.rosters}</h2>${may && html`<${Button} icon="plus" onClick=${() => setOpen({ what: "roster", of: null })}>${t.add}<//>`}</header>
        ${found.rosters.length ? html`<ul class="rosters">${found.rosters.map((one) => html`<${Row} key=${`${one.role} ${one.department?.unit ?? ""}`} of=${one} may=${may}
          onOpen=${(/** @type {"roster" | "hand-over"} */ what) => setOpen({ what, of: one })} />`)}</ul>` : html`<${Empty} icon="person" title=${t.none}>${may ? t.noneMore : t.notYours}<//>`}</section>
      ${open?.what === "roster" && html`<${Roster} card=${card} of=${open.of} onClose=${() => setOpen(null)} onDone=${closed} />`}
      ${open?.what === "hand-over" && open.of && html`<${HandOver} of=${open.of} card=${card} onClose=${() => setOpen(null)} onDone=${closed} />`}`}`;
}

/** @param {{of: DutyShown, may: boolean, onOpen: (what: "roster" | "hand-over") => void}} props */
function Row({ of, may, onOpen }) {
  const t = texts("admin").duty;
  const mine = me.value?.actor === of.on_duty?.person;
  const after = of.shifts.find((shift) => !of.running || shift.begins >= of.running.ends);
  return html`<li><div><strong>${of.department?.name ?? ""} ${named("roles", of.role)}</strong></div>
    <div class="on-now">${of.on_duty ? html`<${Mark} icon="check" tone="closed">${t.onDuty}<//><span><${Who} of=${of.on_duty} /></span><${Call} phone=${of.on_duty.phone} name=${of.on_duty.name} />` : html`<${Mark} icon="overdue" tone="overdue">${t.nobody}<//>`}
      ${of.running && html`<span class="quiet small"> ${t.untilWord} <${When} at=${of.running.ends} /></span>`}</div>
    <div class="on-now quiet small">${after ? html`<span>${t.next} <${When} at=${after.begins} /></span><span><${Who} of=${after.person} /></span>` : null} ${of.shifts.length ? t.shifts(of.shifts.length) : ""}</div>
    <div class="row-acts">${(may || mine) && html`<${Button} onClick=${() => onOpen("hand-over")}>${t.handOver}<//>`}${may && html`<${Button} onClick=${() => onOpen("roster")}>${t.edit}<//>`}</div></li>`;
}
