// What runs as long as the page does: boards, lists, alarms, sound.
import { effect } from "../vendor/signals.js";
import { texts } from "../lib/texts.js";
import { tellProblem } from "../components/notices.js";
import { fetchCommands } from "../command/later.js";
import { watchAlarms } from "./alarms.js";
import { course, courseKey, forceMoved, forceTitle } from "./course.js";
import { forces } from "./force.js";
import { followLinks } from "./links.js";
import { watchPeople } from "./people.js";
import { chosen, findBeginning, ready, scope } from "./scope.js";
import { watchSelection } from "./selection.js";
import { readySound } from "./sound.js";
import { board, live, position, watchBoards, wholeBoard } from "./state.js";
import { department, departments, division, divisions, learn } from "./territory.js";
import { findingsAsked, forcesAsked, todoKey, warningsAsked, warningsKey } from "./todo.js";

/** Everything that is kept up to date. @returns {() => void} ends what listens to the browser */
export function begin() {
  findBeginning().catch((error) => { ready.value = true; tellProblem(error); });
  watchBoards();
  watchTerritory();
  watchLists();
  watchPeople();
  watchSelection();
  watchAlarms();
  // Nobody commands before there is something to see; what is pressed earlier asks for it by itself.
  effect(() => void (board.value && fetchCommands().catch(() => undefined)));
  const ends = [followLinks(), readySound()];
  return () => {
    for (const end of ends) end();
    live.close();
  };
}

function watchTerritory() {
  effect(() => {
    const name = forceTitle.value || division.value?.division?.name || department.value?.department?.name;
    if (name) document.title = `${name} · ${texts("desk").title}`;
  });
  effect(() => divisions.want(ready.value && scope.value.kind === "division" ? scope.value.key : ""));
  effect(() => departments.want(ready.value && scope.value.kind === "department" ? scope.value.key : ""));
  effect(() => {
    const card = divisions.found.value.value;
    if (card) learn([card.division, ...card.above, ...card.children]);
  });
}

/** Lists are read again when the board says that they may be others; all of them after a lost connection. */
function watchLists() {
  effect(() => forces.want(chosen.value));
  effect(() => warningsAsked.want(warningsKey.value));
  effect(() => findingsAsked.want(todoKey.value));
  effect(() => forcesAsked.want(todoKey.value));
  effect(() => course.want(courseKey.value));
  again(() => said(wholeBoard.value?.warnings) ?? position.value, () => warningsAsked.again());
  again(() => said(wholeBoard.value?.findings) ?? position.value, () => findingsAsked.again());
  again(() => said(wholeBoard.value?.task_forces, ["title", "status", "level"]), () => forcesAsked.again());
  again(() => said(board.value?.task_forces, ["title", "status", "level"]), () => forces.again());
  again(() => forceMoved.value, () => forces.again());
  again(() => position.value, () => course.again());
  again(() => live.status.value.state === "live", () => {
    for (const one of [warningsAsked, findingsAsked, forcesAsked, forces, course]) one.again();
  });
}

/** @param {() => unknown} look @param {() => void} run */
function again(look, run) {
  let before = /** @type {unknown} */ (undefined);
  effect(() => {
    const now = look();
    if (now !== before && before !== undefined) run();
    before = now;
  });
}

/**
 * A part of a board as text, to see whether it has changed; of each row only some members, if named.
 * @param {any} part @param {string[]} [members]
 */
function said(part, members) {
  if (!part) return undefined;
  if (!members) return JSON.stringify(part);
  return Object.entries(part).map(([key, row]) => key + members.map((name) => row[name]).join()).join("|");
}
