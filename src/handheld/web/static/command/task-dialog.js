// The dialog of an action on tasks: what it asks for, the sending, and what came of it.
import { html } from "../vendor/htm-preact.js";
import { useMemo, useRef, useState } from "../vendor/preact-hooks.js";
import { texts } from "../lib/texts.js";
import { Button } from "../components/button.js";
import { Dialog } from "../components/dialog.js";
import { TextField } from "../components/field.js";
import { PersonName } from "../components/person.js";
import { Notice, tell } from "../components/notices.js";
import { batchOf, problemOf, sendAll, summed } from "./bulk.js";
import { FormDialog } from "./form.js";
import { Choices, Phrases, Score } from "./choices.js";
import { MomentField, momentOf } from "./moment-field.js";
import { NOBODY, Picker } from "./pick.js";
import { ReportFields, useForm } from "./report-form.js";
import { wordsOf } from "./task-words.js";
import { KINDS, forThem, personOf, somebodyOf } from "./task-kinds.js";

/** @typedef {import("./task-kinds.js").TaskKind} TaskKind */
/** @typedef {import("./task-kinds.js").Taken} Taken */

/**
 * @param {{kind: TaskKind, tasks: readonly Taken[], onDone?: (() => void) | undefined, onClose: () => void}} props
 */
export function TaskDialog({ kind, tasks, onDone, onClose }) {
  const t = texts("command");
  const how = KINDS[kind];
  const words = wordsOf(kind, tasks[0]);
  const [text, setText] = useState("");
  const [until, setUntil] = useState("");
  const [to, setTo] = useState(NOBODY);
  const [satisfied, setSatisfied] = useState("");
  const [score, setScore] = useState(0);
  const form = useForm(how.form ? tasks[0] : undefined);
  const [answered, setAnswered] = useState(0);
  const [came, setCame] = useState(/** @type {ReturnType<typeof summed> | null} */ (null));
  const batch = useRef(/** @type {{said: string, batch: import("./bulk.js").Batch} | null} */ (null));
  const commands = useMemo(() => {
    const said = text.trim();
    return tasks.map((task) => ({
      command: {
        command: how.command, task: task.task,
        ...(how.reason ? { reason: said } : said && { text: said }),
        ...(how.until && until && { [kind === "extend" ? "report_by" : "until"]: momentOf(until) }),
        ...(how.to && to.people[0] && { to: to.people[0].person }),
        ...(how.satisfied && satisfied && { satisfied: satisfied === "yes" }),
        ...(how.score && { score }),
        ...(how.form && form.said()),
      },
      ...(forThem(task, how) && { on_behalf_of: personOf(task) }),
    }));
  }, [tasks, text, until, to, satisfied, score, form]);
  const missing = form.reading ? t.needs.reading
    : how.to && !to.people[0] ? t.needs.person
    : how.until === "needed" && !momentOf(until) ? t.needs.until
    : how.satisfied && !satisfied ? t.needs.satisfied
    : how.score && !score ? t.needs.score
    : form.missing() ?? (how.reason && !text.trim() ? t.needs.reason : how.text === "needed" && !text.trim() ? t.needs.text : null);
  const run = async () => {
    const said = JSON.stringify(commands);
    if (batch.current?.said !== said) batch.current = { said, batch: batchOf(commands) };
    await form.bring();
    const answers = await sendAll(batch.current.batch, setAnswered);
    const problem = answers.length === 1 && answers[0] ? problemOf(answers[0]) : null;
    if (problem) {
      batch.current = null;
      throw problem;
    }
    const sum = summed(answers);
    if (sum.done + sum.already > 0) onDone?.();
    if (sum.refused.length) {
      setCame(sum);
      return false;
    }
    if (sum.done) tell({ tone: "closed", title: words.done(sum.done), ...(sum.already > 0 && { detail: t.bulk.already(sum.already) }) });
    else tell({ tone: "waiting", title: t.outcomes.already_done, detail: answers[0]?.done?.words });
    return true;
  };
  if (came) return html`<${Came} came=${came} tasks=${tasks} title=${words.name} onClose=${onClose} done=${words.done} />`;
  const busy = tasks.length > 500 ? t.bulk.progress(answered, tasks.length) : undefined;
  return html`<${FormDialog} title=${words.name} icon=${how.icon} grave=${how.grave} broad=${how.to} submit=${words.submit(tasks.length)}
    busy=${busy} missing=${missing} run=${run} onClose=${onClose}>
    <${Whom} tasks=${tasks} />
    ${words.hint && html`<p class="quiet small">${words.hint}</p>`}
    ${how.to && html`<${Picker} label=${t.fields.to} value=${to} onChange=${setTo} mode="person" division=${null} />`}
    ${how.until && html`<${MomentField} label=${kind === "extend" ? t.fields.reportBy : t.fields.until} value=${until} onChange=${setUntil} optional=${how.until === "may"} />`}
    ${how.satisfied && html`<${Choices} label=${t.fields.satisfied} value=${satisfied} onChange=${setSatisfied} options=${[["yes", t.satisfied.yes], ["no", t.satisfied.no]]} />`}
    ${how.score && html`<${Score} value=${score} onChange=${setScore} />`}
    ${how.form && html`<${ReportFields} form=${form} />`}
    ${(how.text || how.reason) && html`<${TextField} label=${how.reason ? t.fields.reason : words.text ?? t.fields.text} lines=${3} value=${text} onInput=${setText}
      required=${how.reason || how.text === "needed"} autofocus=${!how.to && !how.until && !how.satisfied && !how.score && !how.form} />
    <${Phrases} phrases=${words.phrases} onChoose=${setText} />`}<//>`;
}

const NAMES_SHOWN = 4;

/** For whom it is. @param {{tasks: readonly Taken[]}} props */
function Whom({ tasks }) {
  const t = texts("command").bulk;
  if (tasks.length === 1 && tasks[0]) {
    const order = tasks[0].order;
    const what = typeof order === "object" ? order?.text : tasks[0].text;
    return html`<p class="whom"><strong><${PersonName} of=${somebodyOf(tasks[0])} /></strong>${what && html`<span class="quiet small clamp">${what}</span>`}</p>`;
  }
  return html`<details class="whom"><summary><strong>${t.people(tasks.length)}</strong>${" "}<span class="quiet">${t.amongThem(
    tasks.slice(0, NAMES_SHOWN).map((one) => somebodyOf(one).name).filter(Boolean).join(t.comma))}</span></summary>
    <ul class="names">${tasks.slice(0, 500).map((one) => html`<li key=${one.task}><${PersonName} of=${somebodyOf(one)} tag=${false} /></li>`)}</ul></details>`;
}

/** What came of many. @param {{came: ReturnType<typeof summed>, tasks: readonly Taken[], title: string, done: (n: number) => string, onClose: () => void}} props */
function Came({ came, tasks, title, done, onClose }) {
  const t = texts("command").bulk;
  return html`<${Dialog} title=${title} onClose=${onClose} footer=${html`<${Button} kind="main" onClick=${onClose}>${texts("common").close}<//>`}>
    ${came.done > 0 && html`<${Notice} tone="closed" title=${done(came.done)} />`}
    ${came.already > 0 && html`<${Notice} title=${t.already(came.already)} />`}
    ${came.refused.map((one) => html`<${Notice} key=${one.title} tone="overdue" title=${t.refused(one.at.length, one.title)}>
      ${one.detail}<ul class="names">${one.at.slice(0, 200).map((at) => { const task = tasks[at]; return task && html`<li key=${at}><${PersonName} of=${somebodyOf(task)} tag=${false} /></li>`; })}</ul><//>`)}<//>`;
}
