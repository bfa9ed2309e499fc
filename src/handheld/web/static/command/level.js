// Raising and lowering the response level: what that calls is told before.
import { html } from "../vendor/htm-preact.js";
import { useEffect, useState } from "../vendor/preact-hooks.js";
import { get } from "../lib/api.js";
import { named } from "../lib/names.js";
import { texts } from "../lib/texts.js";
import { TextField } from "../components/field.js";
import { capital } from "../components/marks.js";
import { Choices } from "./choices.js";
import { FormDialog, tellOutcome } from "./form.js";

const LEVELS = /** @type {const} */ (["IV", "III", "II", "I"]);

/** 升级, 降级. @param {import("./order.js").Props} props */
export function LevelDialog({ force, onDone }) {
  const t = texts("command");
  const [level, setLevel] = useState("");
  const [reason, setReason] = useState("");
  const [foreseen, setForeseen] = useState(/** @type {any[]} */ ([]));
  useEffect(() => {
    // Without the plan's waves the level can be changed all the same.
    get(`/task-forces/${force.task_force}/orders`).then((found) => setForeseen(found.foreseen ?? []), () => {});
  }, [force.task_force]);
  const before = LEVELS.findIndex((one) => one === force.level);
  const after = LEVELS.findIndex((one) => one === level);
  const up = after > before;
  const calls = up ? foreseen.filter((one) => one.level && rank(one.level) > before && rank(one.level) <= after) : [];
  return html`<${FormDialog} title=${t.force.level.name} icon="level" submit=${!level ? t.force.level.submit : up ? t.force.level.raise(named("levels", level)) : t.force.level.lower(named("levels", level))}
    missing=${!level || level === force.level ? t.needs.level : !reason.trim() ? t.needs.reason : null}
    run=${async (/** @type {import("./intent.js").Intent} */ send) => {
      tellOutcome(await send.post(`/task-forces/${force.task_force}/level`, { level, reason: reason.trim() }), up ? t.force.level.raised(named("levels", level)) : t.force.level.lowered(named("levels", level)));
      onDone?.();
    }}>
    <p>${force.level ? t.force.level.now(named("levels", force.level)) : t.force.level.noneYet}</p>
    <${Choices} label=${t.fields.level} value=${level} onChange=${setLevel} options=${LEVELS.filter((one) => one !== force.level).map((one) => [one, capital(named("levels", one))])} />
    ${calls.length > 0 && html`<div><p><strong>${t.force.level.calls(calls.length)}</strong></p><ul class="plain-list">${calls.map((one) => html`<li key=${one.key} class="clamp">${one.text}</li>`)}</ul></div>`}
    ${level && !up && html`<p class="quiet small">${t.force.level.lowerHint}</p>`}
    <${TextField} label=${t.fields.reason} lines=${2} value=${reason} onInput=${setReason} required /><//>`;
}

/** @param {string} level */
const rank = (level) => LEVELS.findIndex((one) => one === level);
