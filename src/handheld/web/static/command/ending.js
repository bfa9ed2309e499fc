// Ending a task force and what comes after: stand down, close, cancel, reopen, rate, evaluate, archive.
import { html } from "../vendor/htm-preact.js";
import { useEffect, useState } from "../vendor/preact-hooks.js";
import { get } from "../lib/api.js";
import { me } from "../lib/session.js";
import { texts } from "../lib/texts.js";
import { Check, TextField } from "../components/field.js";
import { figure } from "../components/marks.js";
import { Choices, Phrases, Score } from "./choices.js";
import { FormDialog, tellOutcome } from "./form.js";
import { Intent } from "./intent.js";
import { KINDS } from "./force-kinds.js";

/** @typedef {"stand_down" | "close" | "cancel" | "reopen" | "archive" | "evaluate" | "rate" | "strike"} EndKind */

const PATHS = { stand_down: "stand-down", close: "close", cancel: "cancel", reopen: "reopen", archive: "archive", evaluate: "evaluation", rate: "rating", strike: "entries" };

/** One of these. @param {import("./order.js").Props & {kind: EndKind}} props */
export function EndDialog({ kind, force, entry, onDone }) {
  const t = texts("command");
  const words = t.force[kind];
  const [text, setText] = useState("");
  const [withdraw, setWithdraw] = useState(false);
  const [satisfied, setSatisfied] = useState("");
  const [score, setScore] = useState(0);
  const open = useOpen(force, kind === "close" || kind === "stand_down");
  const needsText = !["archive", "rate", "evaluate"].includes(kind);
  const leads = force.commander?.person === me.value?.actor;
  const missing = kind === "evaluate" && !score ? t.needs.score
    : kind === "rate" && !satisfied ? t.needs.satisfied
    : needsText && !text.trim() ? (kind === "close" ? t.needs.outcome : t.needs.reason)
    : kind === "close" && open && open.all > 0 && !withdraw ? t.needs.withdrawOpen(open.all) : null;
  /** @param {Intent} send */
  const run = async (send) => {
    const base = `/task-forces/${force.task_force}`;
    const path = kind === "strike" ? `${base}/entries/${entry}/strike` : `${base}/${PATHS[kind]}`;
    const said = text.trim();
    const body = kind === "close" ? { outcome: said, ...(withdraw && { withdraw_open: true }) }
      : kind === "evaluate" ? { score, ...(said && { text: said }) }
      : kind === "rate" ? { satisfied: satisfied === "yes", ...(said && { text: said }) }
      : kind === "archive" ? {} : { reason: said };
    const outcome = await send.post(path, body);
    if (kind === "close" && satisfied) await new Intent().post(`${base}/rating`, { satisfied: satisfied === "yes" });
    tellOutcome(outcome, words.done);
    onDone?.();
  };
  return html`<${FormDialog} title=${words.name} icon=${KINDS[kind].icon} grave=${KINDS[kind].grave} submit=${words.submit} missing=${missing} run=${run}>
    <p><strong>${force.title ?? ""}</strong></p>
    ${words.hint && html`<p class="quiet small">${words.hint}</p>`}
    ${kind === "stand_down" && open && open.waiting > 0 && html`<p>${words.waiting?.(figure(open.waiting))}</p>`}
    ${kind === "rate" && html`<${Choices} label=${t.fields.satisfied} value=${satisfied} onChange=${setSatisfied} options=${[["yes", t.satisfied.yes], ["no", t.satisfied.no]]} />`}
    ${kind === "evaluate" && html`<${Score} value=${score} onChange=${setScore} />`}
    ${kind !== "archive" && html`<${TextField} label=${kind === "close" ? t.fields.outcome : needsText ? t.fields.reason : t.fields.remark} lines=${3} value=${text} onInput=${setText} required=${needsText} autofocus />
      <${Phrases} phrases=${words.phrases} onChoose=${setText} />`}
    ${kind === "close" && open && open.all > 0 && html`<${Check} label=${t.force.close.withdrawOpen(figure(open.all))} checked=${withdraw} onInput=${setWithdraw} />`}
    ${kind === "close" && !leads && html`<${Choices} label=${t.force.close.satisfied} value=${satisfied} onChange=${setSatisfied} options=${[["yes", t.satisfied.yes], ["no", t.satisfied.no]]} />`}<//>`;
}

/** How many tasks are open, as its card says now. @param {import("./force-kinds.js").Force} force @param {boolean} wanted */
function useOpen(force, wanted) {
  const [open, setOpen] = useState(/** @type {{all: number, waiting: number} | null} */ (null));
  useEffect(() => {
    if (!wanted) return;
    // Without the figure the server still refuses to close over open tasks.
    get(`/task-forces/${force.task_force}`).then((card) => {
      const tasks = card.tasks ?? {};
      const waiting = tasks.waiting ?? 0;
      setOpen({ waiting, all: waiting + (tasks.in_progress ?? 0) + (tasks.to_verify ?? 0) });
    }, () => {});
  }, [force.task_force, wanted]);
  return open;
}
