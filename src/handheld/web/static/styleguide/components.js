// The components that all pages share.
import { html } from "../vendor/htm-preact.js";
import { useState } from "../vendor/preact-hooks.js";
import { Button } from "../components/button.js";
import { Dialog } from "../components/dialog.js";
import { Check, SelectField, TextField } from "../components/field.js";
import { ICONS, Icon } from "../components/icons.js";
import { DrillTag, LevelMark, Mark, ResponseLevel, STATES, StateMark, SyntheticTag, figure, percent } from "../components/marks.js";
import { Ago, Clock, Lasting, When } from "../components/moment.js";
import { Notice, tell } from "../components/notices.js";
import { Call, PersonName } from "../components/person.js";
import { Connection, Empty, Working } from "../components/status.js";
import { texts } from "../lib/texts.js";
import { Both, Part } from "./both.js";
import { person, sampleTime } from "./sample.js";

/** Buttons, fields, tabs, dialogs. */
export function ControlPart() {
  const t = texts("styleguide");
  const c = t.controls;
  const [open, setOpen] = useState(false);
  return html`<${Part} id="controls" title=${t.parts.controls}>
    <${Both} title=${c.buttons} note=${c.buttonsNote} of=${() => html`<div class="row"><${Button} kind="main">${c.main}<//><${Button}>${c.plain}<//><${Button} kind="grave">${c.grave}<//><${Button} kind="bare">${c.bare}<//>
        <${Button} icon="plus" kind="main">${c.withIcon}<//><${Button} icon="bell" label=${c.onlyIcon} /><${Button} disabled>${c.disabled}<//><${Button} busy=${c.busy}>${c.plain}<//><${Button} pressed=${true}>${c.pressed}<//><${Button} href="#controls">${c.link}<//></div>
      <div class="row"><${Button} kind="main" size="large" wide>${c.large}<//></div>`} />
    <${Both} title=${c.fields} of=${() => html`<div class="fields"><${Fields} /></div>`} />
    <${Both} title=${c.tabs} of=${() => html`<div class="tabs" role="tablist">${c.tabNames.map((name, at) => html`<button key=${name} type="button" role="tab" aria-selected=${String(at === 0)}>${name}</button>`)}</div>`} />
    <${Both} title=${c.panel} of=${() => html`<section class="panel"><header><h3>${c.panelTitle}</h3><${Button} kind="bare">${texts("common").more}<//></header><div class="body">${c.panelText}</div></section>`} />
    <div class="example"><h3>${c.dialog}</h3><div class="row"><${Button} onClick=${() => setOpen(true)}>${c.openDialog}<//><${Button} onClick=${() => tell({ title: c.told, tone: "closed" })}>${c.tell}<//>
      <${Button} onClick=${() => tell({ title: c.wrong, detail: c.wrongDetail, tone: "overdue" })}>${c.tellWrong}<//></div>
      ${open && html`<${Dialog} title=${c.dialogTitle} onClose=${() => setOpen(false)} footer=${html`<${Button} onClick=${() => setOpen(false)}>${texts("common").cancel}<//><${Button} kind="main" onClick=${() => setOpen(false)}>${c.main}<//>`}><p>${c.dialogText}</p><${Fields} /><//>`}</div><//>`;
}

/** All kinds of fields. */
function Fields() {
  const c = texts("styleguide").controls;
  const [words, setWords] = useState("");
  const [choice, setChoice] = useState("a");
  const [on, setOn] = useState(true);
  return html`<${TextField} label=${c.field} hint=${c.hint} value=${words} onInput=${setWords} placeholder=${c.placeholder} />
    <${TextField} label=${c.wrongField} wrong=${c.wrongWords} value=${words} onInput=${setWords} required />
    <${TextField} label=${c.lines} lines=${3} value=${words} onInput=${setWords} />
    <${SelectField} label=${c.choice} value=${choice} onInput=${setChoice} options=${c.options.map((label, at) => ({ value: "abc"[at] ?? "", label }))} />
    <${Check} label=${c.check} checked=${on} onInput=${setOn} />`;
}

/** Marks, icons, people and times. */
export function MarkPart() {
  const t = texts("styleguide");
  const m = t.marks;
  return html`<${Part} id="marks" title=${t.parts.marks}>
    <${Both} title=${m.states} note=${m.statesNote} of=${() => html`<div class="row">${[...STATES, /** @type {const} */ ("overdue")].map((state) => html`<${StateMark} key=${state} state=${state} />`)}</div>
      <div class="row">${[...STATES, /** @type {const} */ ("overdue")].map((state, at) => html`<${StateMark} key=${state} state=${state} count=${at * 812} />`)}</div>`} />
    <${Both} title=${m.levels} of=${() => html`<div class="row">${/** @type {const} */ (["blue", "yellow", "orange", "red"]).map((level) => html`<${LevelMark} key=${level} level=${level} />`)}</div>
      <div class="row">${/** @type {const} */ (["IV", "III", "II", "I"]).map((level) => html`<${ResponseLevel} key=${level} level=${level} />`)}<${Mark} icon="pause">${m.other}<//><${DrillTag} /><${SyntheticTag} /></div>`} />
    <${Both} title=${m.people} of=${() => html`<div class="row"><${PersonName} of=${person(1)} /><${PersonName} of=${null} /><${PersonName} of=${{ erased: true }} /><${Call} phone=${person(1).phone} name=${person(1).name} /></div>`} />
    <${Both} title=${m.times} note=${m.timesNote} of=${() => html`<div class="row"><${Ago} at=${sampleTime(200)} /><${When} at=${sampleTime(3900)} /><${When} at=${sampleTime(90000)} /><${Lasting} from=${sampleTime(3900)} /><${Clock} /><span class="number">${figure(11124)}</span><span class="number">${percent(0.934)}</span></div>`} />
    <${Both} title=${m.icons} of=${() => html`<ul class="icons">${ICONS.map((name) => html`<li key=${name}><${Icon} name=${name} /><code>${name}</code></li>`)}</ul>`} /><//>`;
}

/** What the pages say: connection, nothing here, under way, notices. */
export function SayingPart() {
  const t = texts("styleguide");
  const s = t.saying;
  const since = Date.now() - 95_000;
  return html`<${Part} id="saying" title=${t.parts.saying}>
    <${Both} title=${s.connection} note=${s.connectionNote} of=${() => html`<div class="row">${/** @type {const} */ (["live", "connecting", "lost", "out"]).map((state) => html`<${Connection} key=${state} status=${{ state, since }} />`)}</div><p class="stale">${s.stale}</p>`} />
    <${Both} title=${s.empty} note=${s.emptyNote} of=${() => html`<${Empty} icon="order" title=${s.emptyTitle}><p>${s.emptyText}</p><${Button} kind="main" icon="plus">${s.emptyAction}<//><//>`} />
    <${Both} title=${s.working} of=${() => html`<div class="row"><${Working} /><${Working}>${s.workingWords}<//></div>`} />
    <${Both} title=${s.notices} of=${() => html`<div class="stack"><${Notice} title=${s.remark}>${s.remarkText}<//><${Notice} tone="closed" title=${s.done} /><${Notice} tone="waiting" title=${s.care}>${s.careText}<//><${Notice} tone="overdue" title=${t.controls.wrong}>${t.controls.wrongDetail}<//></div>`} /><//>`;
}
