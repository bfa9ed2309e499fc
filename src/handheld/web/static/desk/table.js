// The people: whoever needs somebody, in windows, with what can be done for a set of them.
import { html } from "../vendor/htm-preact.js";
import { useEffect, useMemo, useRef, useState } from "../vendor/preact-hooks.js";
import { TaskTable } from "../components/board/tasks.js";
import { Button } from "../components/button.js";
import { STATES, figure } from "../components/marks.js";
import { tellProblem } from "../components/notices.js";
import { Empty, Working } from "../components/status.js";
import { openTaskAction } from "../command/later.js";
import { address, go, place } from "../lib/route.js";
import { texts } from "../lib/texts.js";
import { openCallList } from "./call-list.js";
import { everybody, listing, register, registerKey } from "./people.js";
import { current, select, selectAllOf, selection } from "./selection.js";
import { WINDOW, count, listed, rowsHidden, rowsWindow, wholeBoard } from "./state.js";

/** So many at once can be selected. */
const MOST = 2000;

/** @typedef {import("../command/tasks.js").TaskKind} TaskKind */

/** What can be done for a set, by the state that all of them are in. */
const FITTING = /** @type {Record<string, TaskKind[]>} */ ({
  waiting: ["remind", "supervise", "accept_for", "reassign", "withdraw"],
  in_progress: ["remind", "supervise", "extend", "reassign", "withdraw"],
  to_verify: ["verify", "send_back"],
  declined: ["reassign"],
  closed: ["reopen"],
});

/** The actions that fit everybody who is selected. */
export function fitting() {
  const states = new Set([...selection.value.values()].map((one) => one.state));
  const lists = [...states].map((state) => FITTING[state] ?? []);
  return (lists[0] ?? []).filter((kind) => lists.every((list) => list.includes(kind)));
}

/** Do something for those who are selected. @param {TaskKind} kind */
export function act(kind) {
  const chosen = [...selection.peek().values()];
  if (chosen.length > 0 && fitting().includes(kind)) openTaskAction(kind, chosen, { onDone });
}

/** What was done changes the lists. */
function onDone() {
  select(new Set());
  register.again();
}

/** The section. */
export function Table() {
  const t = texts("desk").table;
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const asked = place.value.get("s");
  const before = useRef(asked);
  // A figure was pressed: the people behind it come into sight.
  useEffect(() => {
    if (asked && asked !== before.current) box.current?.scrollIntoView({ block: "start" });
    before.current = asked;
  }, [asked]);
  const state = listed.value;
  return html`<section class="panel dk-people" aria-labelledby="people-title" ref=${box}><header><h2 id="people-title">${t.title}</h2>
      <nav class="dk-filters" aria-label=${t.filters}>${[...(["overdue"]), ...STATES].map((one) => html`<a key=${one} class="dk-filter is-${one}" href=${address({ s: one, o: null })} aria-current=${one === state ? "true" : undefined}>${texts("common").states[/** @type {"overdue"} */ (one)]} <span class="number">${figure(count.value?.[one] ?? 0)}</span></a>`)}</nav></header>
    <${Chosen} /><${Listing} /></section>`;
}

function Listing() {
  const t = texts("desk").table;
  const found = listing.value;
  const here = place.value;
  const toTask = useMemo(() => (/** @type {string} */ task) => address({ p: task }), [here]);
  if (rowsHidden.value && rowsWindow.value) return html`<${Empty} icon="shield" title=${t.hidden}>${t.hiddenMore}<//>`;
  const wrong = registerKey.value ? register.wrong(registerKey.value) : null;
  if (!found) return wrong ? html`<${Empty} icon="warning" title=${wrong.title}>${wrong.detail}<//>` : html`<p class="body"><${Working} /></p>`;
  const state = /** @type {import("../components/marks.js").State} */ (listed.value);
  return html`<${TaskTable} rows=${found.rows} names=${found.names} forces=${wholeBoard.value?.task_forces} selected=${new Set(selection.value.keys())} onSelect=${select}
    href=${toTask} current=${current.value} limit=${WINDOW} onWindow=${(/** @type {number} */ from) => go({ o: from || null })}
    label=${t.of(texts("common").states[state])} empty=${html`<${Empty} icon="check" title=${t.empty[state]} />`} />`;
}

/** What can be done for those who are selected. */
function Chosen() {
  const t = texts("desk").table;
  const [reading, setReading] = useState("");
  const n = selection.value.size;
  const rows = listing.value?.rows;
  if (n === 0) return null;
  const more = rows && rowsWindow.value && rows.total > n && rows.total <= MOST && rows.order.every((task) => selection.value.has(task));
  const all = async () => {
    setReading(t.readingAll("0"));
    try {
      selectAllOf(await everybody((done, of) => setReading(t.readingAll(`${figure(done)}/${figure(of)}`))));
    } catch (error) {
      tellProblem(error);
    } finally {
      setReading("");
    }
  };
  const kinds = fitting();
  return html`<div class="dk-chosen" role="toolbar" aria-label=${t.forChosen}><strong>${t.chosen(figure(n))}</strong>
    ${kinds.map((kind) => html`<${Button} key=${kind} kind=${kind === kinds[0] ? "main" : "plain"} onClick=${() => act(kind)}>${t.acts[/** @type {"remind"} */ (kind)]}<//>`)}
    ${kinds.length === 0 && html`<span class="quiet small">${t.nothingFits}</span>`}
    <${Button} icon="phone" onClick=${() => openCallList([...selection.value.values()])}>${t.call}<//>
    ${(more || reading) && html`<${Button} kind="bare" busy=${reading} onClick=${all}>${t.chooseAll(figure(rows?.total ?? 0))}<//>`}
    <${Button} kind="bare" onClick=${() => select(new Set())}>${t.none}<//></div>`;
}
