// The people in one state: name, place, how long they wait; call, remind, and what else can be done for them.
import { html } from "../../vendor/htm-preact.js";
import { useEffect, useState } from "../../vendor/preact-hooks.js";
import { Button } from "../../components/button.js";
import { Icon } from "../../components/icons.js";
import { StateMark } from "../../components/marks.js";
import { shortPlace } from "../../components/board/places.js";
import { fromRegister } from "../../components/board/rows.js";
import { PersonName } from "../../components/person.js";
import { Working } from "../../components/status.js";
import { openTaskAction } from "../../command/tasks.js";
import { get } from "../../lib/api.js";
import { now, tick } from "../../lib/clock.js";
import { named } from "../../lib/names.js";
import { me } from "../../lib/session.js";
import { texts } from "../../lib/texts.js";
import { duration } from "../../lib/time.js";
import { linkTo } from "../place.js";

/**
 * @typedef {import("../../components/board/types.js").TaskRow} TaskRow
 * @typedef {{rows: import("../../components/board/types.js").RowsPart, names: Record<string, import("../../components/board/types.js").PersonName>}} Listing
 * @typedef {import("../../components/marks.js").State} State
 * @typedef {{kind: "division" | "department", key: string, drills: boolean, state: State, below: Record<string, {name?: string | undefined}>}} Which
 * `below`: the places one tier down, which tell grids of the same name apart
 */

const FIRST = 12;
const PAGE = 30;
/** What is still to be done stands on the board itself, with telephone numbers. */
const ON_BOARD = new Set(["overdue", "waiting", "in_progress", "to_verify"]);
/** Reading again for each of many changes a second would help nobody. */
const SETTLE_MS = 800;

/** @param {Which} which @param {number} limit @returns {Promise<Listing>} */
async function read({ kind, key, drills, state }, limit) {
  if (ON_BOARD.has(state)) {
    const window = state === "overdue" ? { late: true } : { state };
    return get(`/boards/${kind}s/${key}/rows`, { ...window, drills, limit, phones: true });
  }
  const found = await get("/tasks", { [kind]: key, drill: drills, states: [state], sort: "newest", limit });
  return fromRegister(found.rows, found.count);
}

/** @param {{which: Which, position: number}} props `position`: how far the log is shown, to read again when it moves */
export function People({ which, position }) {
  const t = texts("area");
  const [found, setFound] = useState(/** @type {(Listing & {of: string}) | null} */ (null));
  const [limit, setLimit] = useState(FIRST);
  const of = `${which.kind} ${which.key} ${which.drills} ${which.state}`;
  const [again, setAgain] = useState(0);
  useEffect(() => setLimit(FIRST), [of]);
  useEffect(() => {
    let gone = false;
    const timer = setTimeout(() => read(which, limit).then((rows) => { if (!gone) setFound({ ...rows, of }); }, () => {}), found?.of === of ? SETTLE_MS : 0);
    return () => { gone = true; clearTimeout(timer); };
  }, [of, position, limit, again]);
  if (!found || found.of !== of) return html`<${Working} />`;
  const { rows, names } = found;
  if (rows.order.length === 0) return html`<p class="quiet">${t.empty[which.state]}</p>`;
  const taken = rows.order.map((task) => takenOf(task, rows.tasks[task], names));
  const others = taken.filter((one) => one.person !== me.value?.actor && !one.suspended);
  const remindable = which.state === "overdue" || which.state === "waiting" || which.state === "in_progress";
  const reload = () => setAgain((n) => n + 1);
  return html`${remindable && others.length > 1 && html`<${Button} icon="bell" wide onClick=${() => openTaskAction("remind", others, { onDone: reload })}>${t.remindAll(others.length)}<//>`}
    <ul class="lines people">${rows.order.map((task) => html`<${Person} key=${task} task=${task} row=${rows.tasks[task]} names=${names} which=${which} remindable=${remindable} onDone=${reload} />`)}</ul>
    ${rows.total > rows.order.length && html`<p class="quiet small">${t.of(rows.order.length, rows.total)}</p>
      <${Button} wide onClick=${() => setLimit(limit + PAGE)}>${t.more(Math.min(PAGE, rows.total - rows.order.length))}<//>`}`;
}

/** @param {TaskRow} row @param {Which} which */
function whereOf(row, which) {
  const own = row.place ? shortPlace(row.place) : "";
  const [code, above] = Object.entries(which.below).find(([one]) => row.division.startsWith(one)) ?? [];
  return above?.name && code !== row.division ? `${shortPlace(above.name)} ${own}` : own;
}

/** @param {string} task @param {TaskRow | undefined} row @param {Listing["names"]} names */
const takenOf = (task, row, names) => ({ task, ...row, name: names[row?.person ?? ""]?.name ?? null, synthetic: Boolean(names[row?.person ?? ""]?.synthetic) });

/** @param {{task: string, row: TaskRow | undefined, names: Listing["names"], which: Which, remindable: boolean, onDone: () => void}} props */
function Person({ task, row, names, which, remindable, onDone }) {
  tick.value;
  const t = texts("area");
  if (!row) return null;
  const name = names[row.person];
  const done = row.state === "closed" || row.state === "declined" || row.state === "withdrawn";
  const waited = (now().getTime() - new Date(row.dispatched_at).getTime()) / 1000;
  const about = [whereOf(row, which), row.role && named("roles", row.role), !done && t.waited(duration(waited > 600 ? Math.floor(waited / 60) * 60 : waited)),
    row.state === "waiting" && !row.delivered && t.unreached, row.reminded > 0 && t.reminded(row.reminded)].filter(Boolean);
  return html`<li class="person-line"><a class="inner" ...${linkTo({ task })}>
      <span><${PersonName} of=${name ?? null} tag=${false} /> ${which.state === "overdue" ? html`<${StateMark} state=${row.state} />` : row.overdue && html`<${StateMark} state="overdue" />`}</span>
      <span class="quiet small">${about.join(" · ")}</span></a>
    ${remindable && row.person !== me.value?.actor && html`<${Button} icon="bell" label=${`${t.remind} ${name?.name ?? ""}`} onClick=${() => openTaskAction("remind", [takenOf(task, row, names)], { onDone })} />`}
    ${name?.phone && html`<a class="button call-short" href="tel:${name.phone}" aria-label=${texts("common").call(name.name ?? "", name.phone)}><${Icon} name="phone" /></a>`}</li>`;
}
