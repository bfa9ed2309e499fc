// The components of boards.
import { html } from "../vendor/htm-preact.js";
import { useState } from "../vendor/preact-hooks.js";
import { Button } from "../components/button.js";
import { Crumbs } from "../components/board/crumbs.js";
import { Departments } from "../components/board/departments.js";
import { Funnel } from "../components/board/funnel.js";
import { Rates } from "../components/board/rates.js";
import { Shares } from "../components/board/shares.js";
import { Spark } from "../components/board/spark.js";
import { MEASURES } from "../components/board/measure.js";
import { StateStrip } from "../components/board/states.js";
import { Sums } from "../components/board/sums.js";
import { TaskTable } from "../components/board/tasks.js";
import { MeasureChoice } from "../components/board/legend.js";
import { TileMap } from "../components/board/tilemap.js";
import { TimelineList } from "../components/board/timeline.js";
import { address, place } from "../lib/route.js";
import { texts } from "../lib/texts.js";
import { Both, Part } from "./both.js";
import { ALL, FUNNEL, NOTHING, facts, names, outlines, rows, sampleTime, tiles } from "./sample.js";

/** Figures: states, funnel, sums, rates, departments. */
export function BoardPart() {
  const t = texts("styleguide");
  const b = t.board;
  const chosen = place.value.get("state");
  const visits = { visits: 19064, households: 19064, satisfied: 18032, dissatisfied: 556 };
  const some = Object.fromEntries(b.sums.map(([label, unit], at) => [`sum-${at}`, { label: label ?? "", unit: unit ?? "", sum: [929, 1603, 159, 0][at] ?? 0 }]));
  const rates = { accepted_in_time: 0.933, closed: 0.161, closed_in_time: 0.1607, rework: 0, precise: 0.9975, mean_closing: 3159 };
  const figures = { called: 11149, accepted_in_time: 10407, closed: 1792, closed_in_time: 1792, reported: 1836, sent_back: 0, declined: 28 };
  const departments = { emergency: { name: b.departments[0], part: "lead", accepted_at: sampleTime(3000), count: ALL }, water: { name: b.departments[1], part: "responding", count: { ...NOTHING, tasks: 4, waiting: 4, open: 4 } }, other: { name: b.departments[2], count: NOTHING } };
  return html`<${Part} id="board" title=${t.parts.board}>
    <${Both} title=${b.crumbs} of=${(/** @type {"light" | "dark"} */ theme) => html`<${Crumbs} label="${b.crumbs} ${texts("common").looks.themes[theme]}" path=${b.path.map((name, at) => ({ code: String(at), name }))} href=${(/** @type {string} */ code) => address({ d: code })} />`} />
    <${Both} title=${b.states} note=${b.statesNote} wide of=${() => html`<${StateStrip} count=${ALL} selected=${chosen} href=${(/** @type {string} */ state) => address({ state })} />`} />
    <${Both} title=${b.statesNone} of=${() => html`<${StateStrip} count=${NOTHING} />`} />
    <${Both} title=${b.statesWall} wide of=${() => html`<${StateStrip} count=${ALL} size="wall" />`} />
    <${Both} title=${b.funnel} note=${b.funnelNote} of=${() => html`<${Funnel} funnel=${FUNNEL} href=${() => "#people"} />`} />
    <${Both} title=${b.funnelScene} of=${() => html`<${Funnel} funnel=${{ ...FUNNEL, on_scene: { tasks: 3120, half: 1260, nine_in_ten: 2460 } }} />`} />
    <div class="slim"><${Both} title=${b.funnelNarrow} of=${() => html`<${Funnel} funnel=${FUNNEL} />`} /></div>
    <${Both} title=${b.funnelWall} wide of=${() => html`<${Funnel} funnel=${FUNNEL} size="wall" />`} />
    <${Both} title=${b.sumsTitle} of=${() => html`<${Sums} sums=${some} visits=${visits} />`} />
    <${Both} title=${b.sumsWall} wide of=${() => html`<${Sums} sums=${some} visits=${visits} size="wall" />`} />
    <${Both} title=${b.sumsNone} of=${() => html`<${Sums} sums=${{}} visits=${null} />`} />
    <${Both} title=${b.rates} of=${() => html`<${Rates} rates=${rates} figures=${figures} />`} />
    <${Both} title=${b.departmentsTitle} of=${() => html`<${Departments} departments=${departments} href=${() => "#board"} />`} />
    <${Both} title=${b.spark} of=${() => html`<div class="sparks"><${Spark} points=${[0, 3, 9, 30, 44, 61, 70, 74, 75, 75]} label=${b.sparkLabel} /><${Shares} count=${ALL} /></div>`} /><//>`;
}

/** The map. */
export function MapPart() {
  const t = texts("styleguide");
  const m = t.map;
  const chosen = place.value.get("d");
  const open = (/** @type {string} */ code) => address({ d: code });
  const shown = MEASURES.find((one) => one === place.value.get("show")) ?? "waiting";
  const towns = tiles(9, 15);
  return html`<${Part} id="map" title=${t.parts.map}>
    <${Both} title=${m.towns} note=${m.note} of=${() => html`<${MeasureChoice} measure=${shown} href=${(/** @type {string} */ one) => address({ show: one })} /><${TileMap} tiles=${towns} measure=${shown} selected=${chosen} href=${open} />`} />
    <${Both} title=${m.closed} of=${() => html`<${TileMap} tiles=${towns} measure="closed" href=${open} />`} />
    <${Both} title=${m.overdue} of=${() => html`<${TileMap} tiles=${towns} measure="overdue" href=${open} />`} />
    <${Both} title=${m.outlines} note=${m.outlinesNote} of=${() => html`<${TileMap} tiles=${towns} outlines=${outlines(towns)} selected=${chosen} href=${open} />`} />
    <${Both} title=${m.villages} of=${() => html`<${TileMap} tiles=${tiles(12, 30)} href=${open} />`} />
    <${Both} title=${m.grids} of=${() => html`<${TileMap} tiles=${tiles(15, 40)} href=${open} />`} />
    <${Both} title=${m.wall} wide of=${() => html`<${TileMap} tiles=${towns} size="wall" />`} />
    <div class="slim"><${Both} title=${m.narrow} of=${() => html`<${TileMap} tiles=${towns} href=${open} />`} /></div><//>`;
}

/** The table of people with tasks. */
export function PeoplePart() {
  const t = texts("styleguide");
  const p = t.people;
  const [selected, setSelected] = useState(new Set(["sample-2"]));
  const [offset, setOffset] = useState(0);
  const shown = { ...rows(), offset };
  const table = () => html`<${TaskTable} rows=${shown} names=${names()} selected=${selected} onSelect=${setSelected} current="sample-3" limit=${6} onWindow=${setOffset} href=${(/** @type {string} */ task) => address({ task })} />`;
  return html`<${Part} id="people" title=${t.parts.people}>
    <${Both} title=${p.table} note=${p.note} wide of=${table} />
    <div class="slim"><${Both} title=${p.narrow} of=${table} /></div>
    <${Both} title=${p.actions} wide of=${() => html`<${TaskTable} rows=${rows(6)} names=${names()} actions=${() => html`<${Button} icon="bell">${p.remind}<//>`} />`} />
    <${Both} title=${p.none} of=${() => html`<${TaskTable} rows=${{ total: 0, offset: 0, order: [], tasks: {} }} />`} /><//>`;
}

/** The timeline. */
export function TimelinePart() {
  const t = texts("styleguide");
  const l = t.timeline;
  return html`<${Part} id="timeline" title=${t.parts.timeline}>
    <${Both} title=${l.normal} note=${l.note} of=${() => html`<${TimelineList} facts=${facts()} current=${34952} />`} />
    <${Both} title=${l.compact} of=${() => html`<${TimelineList} facts=${facts().slice(-8)} density="compact" />`} />
    <${Both} title=${l.wall} of=${() => html`<${TimelineList} facts=${facts()} density="wall" />`} />
    <${Both} title=${l.none} of=${() => html`<${TimelineList} facts=${[]} />`} /><//>`;
}
