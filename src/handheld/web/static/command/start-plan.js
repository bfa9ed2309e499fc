// Starting what a plan foresees: where and at which level, whom that calls, and twice the button.
import { html } from "../vendor/htm-preact.js";
import { useState } from "../vendor/preact-hooks.js";
import { named } from "../lib/names.js";
import { texts } from "../lib/texts.js";
import { Button } from "../components/button.js";
import { Check, TextField } from "../components/field.js";
import { DrillTag, capital, figure } from "../components/marks.js";
import { Choices } from "./choices.js";
import { DivisionField } from "./division.js";
import { FormDialog } from "./form.js";
import { ownDivision, useRead } from "./pick-tree.js";
import { Running } from "./preview-names.js";
import { Preview, usePreview } from "./preview.js";
import { started } from "./started.js";

const LEVELS = /** @type {const} */ (["IV", "III", "II", "I"]);

/** @param {{prefill: import("./start.js").Prefill, onBack?: (() => void) | undefined}} props */
export function StartPlanDialog({ prefill, onBack }) {
  const t = texts("command");
  const key = String(prefill.plan).replace(/^plan-/, "");
  const [plan] = useRead(`/plans/${key}`);
  const [division, setDivision] = useState(prefill.division ?? ownDivision() ?? "");
  const [title, setTitle] = useState(prefill.title ?? "");
  const [place, setPlace] = useState(prefill.place ?? "");
  const [level, setLevel] = useState(prefill.level ?? "");
  const [drill, setDrill] = useState(prefill.drill ?? false);
  const [again, setAgain] = useState(false);
  const command = {
    command: "task_force.start", plan: String(prefill.plan), division,
    ...(title.trim() && { title: title.trim() }), ...(place.trim() && { place: place.trim() }), ...(level && { level }),
    ...(prefill.warning && { warning: prefill.warning }), ...(prefill.finding && { finding: prefill.finding }), ...(again && { again }),
  };
  const preview = usePreview(division ? { ...command, title: "-" } : null, drill);
  const shown = preview.shown;
  const running = shown?.running ?? [];
  const people = shown ? figure(shown.people) : "";
  const root = plan?.division.code && (ownDivision() ?? "").length < 6 ? plan.division.code : (ownDivision() ?? plan?.division.code ?? null);
  return html`<${FormDialog} title=${plan ? t.start.titleOf(plan.title) : t.start.title} broad icon="forward" ready=${Boolean(shown)}
    submit=${shown ? t.start.submit(people) : t.start.counting} confirm=${t.start.confirm(people)} about=${JSON.stringify([command, drill, shown?.people])}
    missing=${!division ? t.needs.division : !shown ? (preview.wrong ?? t.needs.preview) : running.length > 0 && !again ? t.needs.again : null}
    extra=${onBack && html`<${Button} kind="bare" icon="left" onClick=${onBack}>${texts("common").back}<//><span class="grow"></span>`}
    side=${html`<${Preview} preview=${preview} />`}
    run=${async (/** @type {import("./intent.js").Intent} */ send) => {
      const { command: _, ...body } = command;
      started(await send.post("/task-forces/from-plan", body, { query: { drill: drill ? true : null } }), { title: title.trim() || plan?.title || "", division, tasks: shown?.tasks ?? 0, drill, onDone: prefill.onDone });
    }}>
    ${drill && html`<p><${DrillTag} /> ${t.start.drillHint}</p>`}
    ${prefill.about && html`<p class="quiet small">${t.start.because(prefill.about)}</p>`}
    ${running.length > 0 && html`<div class="again"><${Running} running=${running} /><${Check} label=${t.start.again} checked=${again} onInput=${setAgain} /></div>`}
    <${DivisionField} label=${t.fields.division} value=${division} onChange=${setDivision} root=${root} />
    <${Choices} label=${t.fields.level} value=${level || plan?.level || ""} onChange=${setLevel} options=${LEVELS.map((one) => [one, capital(named("levels", one))])} />
    <${TextField} label=${t.fields.title} value=${title} onInput=${setTitle} placeholder=${plan?.title ?? ""} hint=${t.start.titleHint} maxLength=${200} />
    <${TextField} label=${t.fields.place} value=${place} onInput=${setPlace} placeholder=${t.start.placeHint} maxLength=${200} />
    <${Check} label=${t.start.drill} checked=${drill} onInput=${setDrill} disabled=${Boolean(prefill.warning || prefill.finding)} /><//>`;
}
