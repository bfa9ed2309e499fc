// The board of a place or a department, live over the phone's own connection.
import { useEffect, useState } from "../../vendor/preact-hooks.js";
import { theConnection } from "../store/store.js";

/**
 * @typedef {import("../../components/board/types.js").DivisionBoard | import("../../components/board/types.js").DepartmentBoard} Board
 * @typedef {{board: Board, position: number, at: string}} Shown
 */

let watches = 0;

/**
 * What it shows now, and what is wrong; `shown` is null before it has come.
 * @param {"division" | "department"} kind
 * @param {string} key
 * @param {boolean} drills
 */
export function useBoard(kind, key, drills) {
  const [shown, setShown] = useState(/** @type {(Shown & {of: string}) | null} */ (null));
  const [trouble, setTrouble] = useState(/** @type {{words: string} | null} */ (null));
  const live = theConnection.value;
  const of = `${kind} ${key} ${drills}`;
  useEffect(() => {
    if (!live || !key) return undefined;
    setTrouble(null);
    watches += 1;
    return live.watch(`area-${watches}`, { kind, key, drills }, ({ board, position, at }) => { setTrouble(null); setShown({ board, position, at, of }); }, setTrouble);
  }, [live, of]);
  return { shown: shown?.of === of ? shown : null, trouble };
}
