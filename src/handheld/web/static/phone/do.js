// Doing something: kept on the phone first, and ten seconds to take a slip back.
import { texts } from "../lib/texts.js";
import { tell, tellProblem } from "../components/notices.js";
import { act, undo } from "./store/store.js";

const UNDO_SECONDS = 10;

/**
 * Do something. It is kept when this resolves; sending is the store's business. False where it could not even be kept.
 * @param {{command: string, [field: string]: any}} command
 * @param {{slip?: boolean, quiet?: boolean, title?: string | null | undefined, undone?: () => void}} [how] `slip`: offer ten
 *   seconds to take it back, `undone`: when that was done; `quiet`: not counted among what waits
 * @returns {Promise<boolean>}
 */
export async function perform(command, { slip = true, quiet = false, title, undone } = {}) {
  try {
    const done = await act(command, { quiet, undoSeconds: slip ? UNDO_SECONDS : 0, ...(title && { title }) });
    if (slip) offerUndo(done.id, command.command, undone);
    return true;
  } catch (error) {
    tellProblem(error);
    return false;
  }
}

/** @param {string} id @param {string} command @param {(() => void) | undefined} then */
function offerUndo(id, command, then) {
  const t = texts("phone").undo;
  tell({
    tone: "closed",
    title: t.did(didWord(command)),
    seconds: UNDO_SECONDS,
    action: {
      label: t.back,
      run: async () => {
        const back = await undo(id).catch(() => false);
        if (back) then?.();
        tell(back ? { title: t.undone, seconds: 4 } : { tone: "waiting", title: t.tooLate });
      },
    },
  });
}

/** What was done, in a word. @param {string} command */
export function didWord(command) {
  const words = /** @type {Record<string, string>} */ (texts("phone").task.did);
  return words[command] ?? texts("phone").task.other;
}
