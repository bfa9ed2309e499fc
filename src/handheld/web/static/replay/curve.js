// Accepted, reported, closed over time: a curve where it says more than a figure; and the same as a table.
import { html } from "../vendor/htm-preact.js";
import { useEffect, useRef, useState } from "../vendor/preact-hooks.js";
import { Problem } from "../lib/api.js";
import { clock } from "../lib/time.js";
import { texts } from "../lib/texts.js";
import { figure } from "../components/marks.js";
import { Working } from "../components/status.js";
import { ask } from "./past.js";
import { division, force, iso, life, moment } from "./state.js";

const PARTS = 240;
const ROWS = 12;
const LINES = /** @type {const} */ ([["task.dispatched", "--text-2"], ["task.accepted", "--progress"], ["task.reported", "--verify"], ["task.closed", "--closed"]]);

/** @typedef {{times: number[], lines: {topic: string, colour: string, values: number[]}[]}} Curves */

/** The panel. */
export function Curve() {
  const t = texts("replay").curve;
  const [curves, setCurves] = useState(/** @type {Curves | null} */ (null));
  const [trouble, setTrouble] = useState("");
  const bounds = life.value;
  useEffect(() => {
    if (!bounds) return undefined;
    let gone = false;
    const query = { buckets: PARTS, division: division.value, begin: iso(bounds.begin), end: iso(bounds.end) };
    ask(`/task-forces/${force.value}/density`, query).then((found) => !gone && setCurves(summed(found, bounds)), (error) => {
      if (!(error instanceof Problem)) throw error;
      setTrouble(error.title);
    });
    return () => { gone = true; };
  }, [force.value, division.value, bounds]);
  if (trouble) return html`<p>${trouble}</p>`;
  if (!curves) return html`<p><${Working} /></p>`;
  const words = /** @type {Record<string, string>} */ (t.lines);
  const each = Math.max(1, Math.ceil(curves.times.length / ROWS));
  const rows = curves.times.map((time, at) => ({ time, at })).filter(({ at }) => at % each === each - 1 || at === curves.times.length - 1);
  return html`<div class="curve"><p class="quiet small">${t.intro}</p><${Plot} curves=${curves} words=${words} />
    <ul class="curve-legend">${curves.lines.map((one) => html`<li key=${one.topic}><span class="line" style=${{ background: `var(${one.colour})` }}></span>${words[one.topic]} <strong class="number">${figure(one.values[one.values.length - 1] ?? 0)}</strong></li>`)}</ul>
    <table class="table"><caption class="only-heard">${t.table}</caption><thead><tr><th>${t.upTo}</th>${curves.lines.map((one) => html`<th key=${one.topic} class="figure">${words[one.topic]}</th>`)}</tr></thead><tbody>
      ${rows.map(({ time, at }) => html`<tr key=${time}><th scope="row" class="number">${clock(new Date(time * 1000))}</th>${curves.lines.map((one) => html`<td key=${one.topic} class="figure">${figure(one.values[at] ?? 0)}</td>`)}</tr>`)}</tbody></table></div>`;
}

/** @param {any} density @param {import("./state.js").Life} bounds @returns {Curves} */
function summed(density, bounds) {
  const each = (bounds.end - bounds.begin) / PARTS / 1000;
  const times = Array.from({ length: PARTS }, (_, at) => bounds.begin / 1000 + (at + 1) * each);
  return { times, lines: LINES.map(([topic, colour]) => {
    let sum = 0;
    return { topic, colour, values: times.map((_, at) => (sum += density.topics?.[topic]?.[at] ?? 0)) };
  }) };
}

/** @param {{curves: Curves, words: Record<string, string>}} props */
function Plot({ curves, words }) {
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  const at = useRef(moment.peek().at);
  at.current = moment.value.at;
  const plot = useRef(/** @type {any} */ (null));
  useEffect(() => {
    let gone = false;
    /** @type {ResizeObserver | null} */
    let observer = null;
    // The chart's code comes only where a chart is drawn.
    import("../vendor/uplot.js").then(({ default: Plotting }) => {
      const element = box.current;
      if (gone || !element) return;
      const style = getComputedStyle(element);
      const ink = style.getPropertyValue("--text-2").trim();
      const grid = { stroke: style.getPropertyValue("--edge").trim(), width: 1 };
      const font = `12px ${style.fontFamily}`;
      const options = { width: element.clientWidth, height: 240, legend: { show: false }, cursor: { y: false }, scales: { x: { time: true } },
        axes: [{ stroke: ink, grid, font, values: (/** @type {any} */ _, /** @type {number[]} */ ticks) => ticks.map((tick) => clock(new Date(tick * 1000))) },
          { stroke: ink, grid, font, size: 56, values: (/** @type {any} */ _, /** @type {number[]} */ ticks) => ticks.map((tick) => figure(tick)) }],
        series: [{}, ...curves.lines.map((one) => ({ label: words[one.topic] ?? "", stroke: style.getPropertyValue(one.colour).trim(), width: 2, points: { show: false } }))],
        hooks: { draw: [(/** @type {any} */ drawn) => playhead(drawn, at.current / 1000, ink)] } };
      plot.current = new Plotting(/** @type {any} */ (options), /** @type {any} */ ([curves.times, ...curves.lines.map((one) => one.values)]), element);
      observer = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height: 240 }));
      observer.observe(element);
    });
    return () => { gone = true; observer?.disconnect(); plot.current?.destroy(); plot.current = null; };
  }, [curves]);
  useEffect(() => { plot.current?.redraw(false); }, [moment.value.at]);
  return html`<div class="plot" ref=${box} role="img" aria-label=${texts("replay").curve.label}></div>`;
}

/** @param {any} drawn @param {number} at @param {string} colour */
function playhead(drawn, at, colour) {
  const x = drawn.valToPos(at, "x", true);
  const { ctx, bbox } = drawn;
  if (x < bbox.left || x > bbox.left + bbox.width) return;
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.setLineDash([4, 3]);
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.restore();
}
