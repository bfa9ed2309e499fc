// The table of people with tasks: who, where, which state, how long they have waited, until when, how to call them.
import { html } from "../../vendor/htm-preact.js";
import { useEffect, useRef } from "../../vendor/preact-hooks.js";
import { texts } from "../../lib/texts.js";
import { Empty } from "../status.js";
import { figure } from "../marks.js";
import { Button } from "../button.js";
import { useKept, useSame } from "../kept.js";
import { TaskLine } from "./task-line.js";
import { rem, useWidth } from "./width.js";

/**
 * @typedef {import("./types.js").TaskRow} TaskRow
 * @typedef {{rows: import("./types.js").RowsPart, names?: Record<string, import("./types.js").PersonName> | undefined,
 *   forces?: Record<string, {title: string}> | undefined, selected?: ReadonlySet<string> | undefined,
 *   onSelect?: ((selected: Set<string>) => void) | undefined, href?: ((task: string, row: TaskRow) => string) | undefined,
 *   actions?: ((task: string, row: TaskRow) => any) | undefined, onWindow?: ((offset: number) => void) | undefined,
 *   limit?: number | undefined, current?: string | null | undefined, empty?: any, label?: string | undefined}} TableProps
 */

/**
 * `names`: without it nobody is named. `forces`: the task forces by stream, where rows are of several.
 * `onSelect`: with checkboxes, shift for a range. `current`: the row that keys move. `onWindow`: asked for other rows,
 * `limit` at a time. `empty`: what stands where there is nobody.
 * @param {TableProps} props
 */
export function TaskTable({ rows, names, forces, selected = new Set(), onSelect, href, actions, onWindow, limit = 50, current, empty, label }) {
  const t = texts("board").tasks;
  const [box, width] = useWidth();
  const last = useRef(/** @type {string | null} */ (null));
  const body = useRef(/** @type {HTMLElement | null} */ (null));
  const shown = useRef(current);
  const kept = useKept();
  useEffect(() => {
    // Where the table opens, nothing jumps; only when the keys move on.
    if (current && current !== shown.current) body.current?.querySelector(`[data-task="${current}"]`)?.scrollIntoView({ block: "nearest" });
    shown.current = current;
  }, [current]);
  /** @param {string} task @param {boolean} on @param {boolean} range */
  const choose = useSame((task, on, range) => {
    const from = range && last.current ? rows.order.indexOf(last.current) : -1;
    const to = rows.order.indexOf(task);
    const next = new Set(selected);
    for (const one of from < 0 ? [task] : rows.order.slice(Math.min(from, to), Math.max(from, to) + 1)) on ? next.add(one) : next.delete(one);
    last.current = task;
    onSelect?.(next);
  });
  if (rows.order.length === 0) return empty ?? html`<${Empty} icon="check" title=${t.empty} />`;
  const several = forces && new Set(rows.order.map((task) => rows.tasks[task]?.task_force)).size > 1;
  const chosen = rows.order.filter((task) => selected.has(task)).length;
  const all = () => {
    const next = new Set(selected);
    for (const one of rows.order) chosen === rows.order.length ? next.delete(one) : next.add(one);
    onSelect?.(next);
  };
  const heads = [t.person, t.place, t.state, t.waiting, t.due, ...(several ? [t.force] : []), t.phone, t.reminded, ...(actions ? [t.actions] : [])];
  const figures = [t.waiting, t.reminded];
  return html`<div class="task-table ${width && width < 44 * rem() ? "narrow" : ""} ${onSelect ? "picking" : ""}" ref=${box}>
    <table class="table" role="table" aria-label=${label ?? t.label} aria-rowcount=${rows.total + 1}>
      <thead role="rowgroup"><tr role="row">${onSelect && html`<th role="columnheader" class="pick"><label class="pick"><input type="checkbox" checked=${chosen === rows.order.length}
        ref=${(/** @type {HTMLInputElement | null} */ input) => { if (input) input.indeterminate = chosen > 0 && chosen < rows.order.length; }} onChange=${all} aria-label=${t.all} /><span class="in-narrow">${t.all}</span></label></th>`}
        ${heads.map((word) => html`<th key=${word} role="columnheader" class=${figures.includes(word) ? "figure" : undefined}>${word}</th>`)}</tr></thead>
      <tbody role="rowgroup" ref=${body}>${rows.order.map((task, at) => {
        const row = rows.tasks[task];
        if (!row) return row;
        const index = rows.offset + at + 2;
        const name = names?.[row.person];
        const force = several ? forces?.[row.task_force]?.title : undefined;
        const onPick = onSelect && choose;
        return kept(task, [row, index, name, force, selected.has(task), current === task, onPick, href, actions], () => html`<${TaskLine} key=${task} task=${task} row=${row} index=${index} name=${name} force=${force}
          picked=${selected.has(task)} current=${current === task} onPick=${onPick} href=${href} actions=${actions} />`);
      })}</tbody></table>
    ${rows.total > rows.order.length && html`<${Pager} rows=${rows} limit=${limit} onWindow=${onWindow} />`}</div>`;
}

/** @param {{rows: import("./types.js").RowsPart, limit: number, onWindow: TableProps["onWindow"]}} props */
function Pager({ rows, limit, onWindow }) {
  const t = texts("board").tasks;
  const to = rows.offset + rows.order.length;
  return html`<div class="pager"><span class="number small quiet">${t.window(figure(rows.offset + 1), figure(to), figure(rows.total))}</span>
    ${onWindow && html`<${Button} icon="left" disabled=${rows.offset === 0} onClick=${() => onWindow(Math.max(0, rows.offset - limit))}>${t.before}<//>
      <${Button} icon="right" disabled=${to >= rows.total} onClick=${() => onWindow(to)}>${t.after}<//>`}</div>`;
}
