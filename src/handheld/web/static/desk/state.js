// The boards that are shown, kept up to date over one connection. Each part of a page reads only its own part.
import { computed, effect, signal } from "../vendor/signals.js";
import { paced } from "../lib/pace.js";
import { place } from "../lib/route.js";
import { live } from "./connection.js";
import { forceDivision } from "./force.js";
import { drills, ready, scope } from "./scope.js";

/**
 * @typedef {import("../components/board/types.js").DivisionBoard} DivisionBoard
 * @typedef {import("../components/board/types.js").DepartmentBoard} DepartmentBoard
 * @typedef {{key: string, window: string, position: number, at: string, board: any}} Shown
 * `key`: of what it is; `window`: which rows stand in it
 */

/** So many rows stand in the table. */
export const WINDOW = matchMedia("(max-width: 30rem)").matches ? 20 : 50;
/** The states whose people a board gives row by row; the others come from the register. */
export const ON_BOARD = new Set(["overdue", "waiting", "in_progress", "to_verify"]);

export { live };

const whole = signal(/** @type {Shown | null} */ (null));
const one = signal(/** @type {Shown | null} */ (null));

/** Why the board cannot be seen, in the server's words. */
export const trouble = signal(/** @type {{key: string, words: string} | null} */ (null));

const wholeKey = computed(() => (scope.value.key ? `${scope.value.kind}:${scope.value.key}:${drills.value}` : ""));
const oneKey = computed(() => {
  const { kind, key, tf } = scope.value;
  if (!tf) return "";
  // A department looks at its own part of a task force: the board is asked of the division that started it.
  const division = kind === "division" ? key : forceDivision.value;
  return division ? `division:${division}:${tf}` : "";
});

/** Of the board that is looked at. */
export const mainKey = computed(() => (scope.value.tf ? oneKey.value : wholeKey.value));

/** The scope's own board over all task forces; null before it has come. */
export const wholeBoard = computed(() => (whole.value?.key === wholeKey.value ? whole.value.board : null));

/** The board that is looked at, with its place in the log; null before it has come. */
export const showing = computed(() => {
  const found = scope.value.tf ? one.value : whole.value;
  return found && found.key === mainKey.value ? found : null;
});

/** @type {import("../vendor/signals.js").ReadonlySignal<any>} */
export const board = computed(() => showing.value?.board ?? null);

/** How far the log had come. */
export const position = computed(() => showing.value?.position ?? 0);

/** The counts of the board. */
export const count = computed(() => board.value?.count ?? null);

/** Which people the table lists: as the address says, otherwise those who need somebody most. */
export const listed = computed(() => {
  const asked = place.value.get("s");
  if (asked) return asked;
  const numbers = count.value;
  if (!numbers || numbers.overdue > 0) return "overdue";
  return numbers.waiting > 0 ? "waiting" : numbers.to_verify > 0 ? "to_verify" : "in_progress";
});

/** From which row on. */
export const offset = computed(() => Math.max(0, Number(place.value.get("o") ?? 0) || 0));

/** The rows of the table as a window on a board; empty where they come from the register. */
export const rowsWindow = computed(() => (ON_BOARD.has(listed.value) ? `${listed.value}:${offset.value}` : ""));

/** The rows that the board has now, where they are those of the table. */
export const boardRows = computed(() => {
  const found = showing.value;
  return found && rowsWindow.value && found.window === rowsWindow.value ? found.board.rows ?? null : null;
});

/** Whether the board says nothing of its people: its rows are not for everybody. */
export const rowsHidden = computed(() => {
  const found = showing.value;
  return Boolean(found && found.window && !found.board.rows);
});

/** @param {string} window */
function wantedRows(window) {
  const [state = "", from = "0"] = window.split(":");
  const rows = { offset: Number(from), limit: WINDOW };
  return state === "overdue" ? { ...rows, late: true } : { ...rows, state };
}

/**
 * @param {string} name
 * @param {import("../vendor/signals.js").Signal<Shown | null>} into
 * @param {() => {key: string, window: string} | null} wanted
 */
function follow(name, into, wanted) {
  /** @type {(() => void) | null} */
  let end = null;
  let was = "";
  /** @type {ReturnType<typeof paced<Shown>>} */
  const drawing = paced((shown) => (into.value = shown));
  effect(() => {
    const now = ready.value ? wanted() : null;
    const said = now ? `${now.key}|${now.window}` : "";
    if (said === was) return;
    was = said;
    drawing.forget();
    if (!now) {
      end?.();
      end = null;
      return;
    }
    const [kind = "division", key = "", more = ""] = now.key.split(":");
    const about = name === "one" ? { task_force: more } : { drills: more === "true" };
    const rows = now.window ? { rows: wantedRows(now.window) } : {};
    const asked = /** @type {import("../lib/live.js").Wanted} */ ({ kind, key, ...about, ...rows });
    end = live.watch(name, asked, (shown) => {
      if (trouble.peek()?.key === now.key) trouble.value = null;
      drawing.take({ ...now, position: shown.position, at: shown.at, board: shown.board });
    }, (wrong) => {
      trouble.value = { key: now.key, words: wrong.words };
    });
  });
}

/** Begin to watch. */
export function watchBoards() {
  const rows = () => rowsWindow.value;
  follow("whole", whole, () => (wholeKey.value ? { key: wholeKey.value, window: scope.value.tf ? "" : rows() } : null));
  follow("one", one, () => (oneKey.value ? { key: oneKey.value, window: rows() } : null));
}

/** Whether what stands here is not of now. */
export const stale = computed(() => live.status.value.state !== "live");
