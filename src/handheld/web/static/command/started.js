// What follows a start: the board goes there, and for ten seconds a slip can be taken back.
import { post, commandId } from "../lib/api.js";
import { go, place } from "../lib/route.js";
import { texts } from "../lib/texts.js";
import { figure } from "../components/marks.js";
import { tell } from "../components/notices.js";
import { offerUndo } from "./undo.js";

/**
 * @param {import("../lib/api.js").Outcome} outcome
 * @param {{title: string, division: string, tasks: number, drill: boolean, onDone?: ((taskForce: string) => void) | undefined}} about
 */
export function started(outcome, { title, division, tasks, drill, onDone }) {
  const t = texts("command").start;
  const made = outcome.made ?? "";
  if (!made) {
    tell({ tone: "waiting", title: texts("command").outcomes.already_done, detail: outcome.words });
    return;
  }
  if (onDone) onDone(made);
  else {
    // Where only a part of it would be seen, the desk goes to the whole.
    const shown = place.value.get("d");
    go({ tf: made, ...(shown && !division.startsWith(shown) && { d: division }) });
  }
  // Made before the first press: pressed again after a lost answer it is the same cancellation.
  const key = commandId();
  offerUndo({
    title: drill ? t.startedDrill(title) : t.started(title),
    detail: t.startedMore(figure(tasks), figure(outcome.first ?? 0)),
    label: t.undo,
    busy: t.undoing,
    run: async () => {
      await post(`/task-forces/${made}/cancel`, { reason: t.slip }, { key });
      tell({ tone: "closed", title: t.undone(title), detail: t.undoneMore });
      if (!onDone) go({ tf: null });
    },
  });
}
