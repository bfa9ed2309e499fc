// Starting without a plan: a title, a place, people from the tree, a first order.
import { html } from "../vendor/htm-preact.js";
import { useState } from "../vendor/preact-hooks.js";
import { named } from "../lib/names.js";
import { texts } from "../lib/texts.js";
import { Button } from "../components/button.js";
import { Check, SelectField, TextField } from "../components/field.js";
import { DrillTag, capital, figure } from "../components/marks.js";
import { DivisionField } from "./division.js";
import { FormDialog } from "./form.js";
import { OrderFields, emptyOrder, orderMissing, orderOf } from "./order-form.js";
import { ownDivision } from "./pick-tree.js";
import { Preview, usePreview } from "./preview.js";
import { started } from "./started.js";

const LEVELS = /** @type {const} */ (["IV", "III", "II", "I"]);

/** @param {{prefill: import("./start.js").Prefill, onBack?: (() => void) | undefined}} props */
export function StartAdHocDialog({ prefill, onBack }) {
  const t = texts("command");
  const [title, setTitle] = useState(prefill.title ?? "");
  const [division, setDivision] = useState(prefill.division ?? ownDivision() ?? "");
  const [place, setPlace] = useState(prefill.place ?? "");
  const [level, setLevel] = useState(prefill.level ?? "");
  const [draft, setDraft] = useState(() => ({ ...emptyOrder(), text: prefill.text ?? "" }));
  const [drill, setDrill] = useState(prefill.drill ?? false);
  const lacking = orderMissing(draft);
  const order = orderOf(draft);
  const command = {
    command: "task_force.start_ad_hoc", title: title.trim(), division, orders: [order],
    ...(place.trim() && { place: place.trim() }), ...(level && { level }),
    ...(prefill.warning && { warning: prefill.warning }), ...(prefill.finding && { finding: prefill.finding }),
  };
  const asks = division && (order.to || order.people) ? { ...command, title: "-", place: undefined, orders: [{ ...order, text: order.text || "-" }] } : null;
  const preview = usePreview(asks, drill);
  const shown = preview.shown;
  const people = shown ? figure(shown.people) : "";
  return html`<${FormDialog} title=${t.start.adHoc} broad icon="forward"
    submit=${shown ? t.start.submit(people) : t.start.submitPlain} confirm=${t.start.confirm(people)} about=${JSON.stringify([command, drill, shown?.people])}
    missing=${!title.trim() ? t.needs.title : !division ? t.needs.division : lacking ?? (shown ? null : (preview.wrong ?? t.needs.preview))}
    extra=${onBack && html`<${Button} kind="bare" icon="left" onClick=${onBack}>${texts("common").back}<//><span class="grow"></span>`}
    side=${html`<${Preview} preview=${preview} waits=${t.start.waits} />`}
    run=${async (/** @type {import("./intent.js").Intent} */ send) => {
      const { command: _, ...body } = command;
      started(await send.post("/task-forces", body, { query: { drill: drill ? true : null } }), { title: title.trim(), division, tasks: shown?.tasks ?? 0, drill, onDone: prefill.onDone });
    }}>
    ${drill && html`<p><${DrillTag} /> ${t.start.drillHint}</p>`}
    ${prefill.about && html`<p class="quiet small">${t.start.because(prefill.about)}</p>`}
    <${TextField} label=${t.fields.title} value=${title} onInput=${setTitle} required autofocus placeholder=${t.start.adHocTitleHint} maxLength=${200} />
    <${DivisionField} label=${t.fields.division} value=${division} onChange=${setDivision} root=${ownDivision()} />
    <div class="pair"><${TextField} label=${t.fields.place} value=${place} onInput=${setPlace} placeholder=${t.start.placeHint} maxLength=${200} />
      <${SelectField} label=${t.fields.level} value=${level} onInput=${setLevel} options=${[{ value: "", label: t.start.noLevel }, ...LEVELS.map((one) => ({ value: one, label: capital(named("levels", one)) }))]} /></div>
    <h3>${t.start.firstOrder}</h3>
    <${OrderFields} value=${draft} onChange=${setDraft} division=${division || null} />
    <${Check} label=${t.start.drill} checked=${drill} onInput=${setDrill} disabled=${Boolean(prefill.warning || prefill.finding)} /><//>`;
}
