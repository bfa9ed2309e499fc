// The whole life of a task force as a line: how densely facts lie in it, its marks, where one is.
import { html } from "../vendor/htm-preact.js";
import { useRef } from "../vendor/preact-hooks.js";
import { clock, exact, since } from "../lib/time.js";
import { texts } from "../lib/texts.js";
import { KINDS, kindOf, topicWords } from "../components/board/facts.js";
import { figure } from "../components/marks.js";
import { useWidth } from "../components/board/width.js";
import { pause, step } from "./player.js";
import { life, lookAt, marks, moment, settle } from "./state.js";

const HEIGHT = 84;
const FOOT = 18;

/** @param {{density: any}} props */
export function Slider({ density }) {
  const t = texts("replay").slider;
  const [box, width] = useWidth();
  const dragging = useRef(false);
  const bounds = life.value;
  if (!bounds) return null;
  const { at } = moment.value;
  const span = Math.max(bounds.end - bounds.begin, 1);
  /** @param {number} time */
  const x = (time) => ((time - bounds.begin) / span) * width;
  /** @param {PointerEvent} event @param {boolean} lightly */
  const goTo = (event, lightly) => {
    const left = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect().left;
    lookAt(bounds.begin + ((event.clientX - left) / Math.max(width, 1)) * span, { lightly });
  };
  /** @param {KeyboardEvent} event */
  const onKeyDown = (event) => {
    const far = { PageUp: 0.05, PageDown: -0.05 }[event.key];
    if (far === undefined) return;
    event.preventDefault();
    pause();
    lookAt(at + far * span);
  };
  const { a, b } = marks.value;
  return html`<div class="density" ref=${box} role="slider" tabindex="0" aria-label=${t.label} aria-valuemin="0" aria-valuemax=${Math.round(span / 1000)}
      aria-valuenow=${Math.round((at - bounds.begin) / 1000)} aria-valuetext=${exact(new Date(at))} onKeyDown=${onKeyDown}
      onPointerDown=${(/** @type {PointerEvent} */ event) => { pause(); dragging.current = true; /** @type {Element} */ (event.currentTarget).setPointerCapture(event.pointerId); goTo(event, true); }}
      onPointerMove=${(/** @type {PointerEvent} */ event) => dragging.current && goTo(event, true)}
      onPointerUp=${() => { dragging.current = false; settle(); }} onPointerCancel=${() => { dragging.current = false; settle(); }}>
    ${width > 0 && html`<svg width=${width} height=${HEIGHT + FOOT} viewBox="0 0 ${width} ${HEIGHT + FOOT}" aria-hidden="true">
      ${a !== null && b !== null && html`<rect class="between" x=${x(Math.min(a, b))} width=${Math.abs(x(b) - x(a))} y="0" height=${HEIGHT} />`}
      ${density && html`<${Bars} density=${density} width=${width} bounds=${bounds} />`}
      ${(density?.marks ?? []).map((/** @type {any} */ one) => html`<line key=${one.position} class="step" x1=${x(Date.parse(one.recorded_at))} x2=${x(Date.parse(one.recorded_at))} y1="0" y2=${HEIGHT} />`)}
      ${hours(bounds, width).map((time) => html`<g key=${time}><line class="tick" x1=${x(time)} x2=${x(time)} y1=${HEIGHT} y2=${HEIGHT + 5} /><text x=${x(time)} y=${HEIGHT + FOOT - 3} text-anchor="middle">${clock(new Date(time))}</text></g>`)}
      <line class="now" x1=${x(at)} x2=${x(at)} y1="0" y2=${HEIGHT + 4} /><circle class="now" cx=${x(at)} cy=${HEIGHT + 2} r="6" />
      ${/** @type {["A" | "B", number | null][]} */ ([["A", a], ["B", b]]).map(([word, time]) => time !== null && html`<g key=${word} class="ab"><line x1=${x(time)} x2=${x(time)} y1="0" y2=${HEIGHT} /><rect x=${x(time) - 8} y="0" width="16" height="16" /><text x=${x(time)} y="12" text-anchor="middle">${word}</text></g>`)}</svg>`}</div>`;
}

/** @param {{density: any, width: number, bounds: import("./state.js").Life}} props */
function Bars({ density, width, bounds }) {
  const parts = stacked(density);
  const first = Date.parse(density.begin);
  const span = Math.max(bounds.end - bounds.begin, 1);
  const long = Math.max(Date.parse(density.end) - first, 1);
  const top = Math.max(1, ...parts.map((part) => part.total));
  const each = Math.max((long / span) * width / parts.length, 1);
  // A start calls thousands in one instant: the height grows with the root, so that the rest is seen as well.
  return html`<g>${parts.map((part, index) => {
    if (part.total === 0) return null;
    const height = Math.max(3, Math.sqrt(part.total / top) * (HEIGHT - 6));
    const x = ((first - bounds.begin) / span) * width + index * each;
    let y = HEIGHT;
    return html`<g key=${index}>${part.kinds.map(([kind, n]) => {
      const tall = (n / part.total) * height;
      y -= tall;
      return html`<rect key=${kind} class="bar kind-${kind}" x=${x} y=${y} width=${Math.max(each - 0.5, 1)} height=${tall} />`;
    })}</g>`;
  })}</g>`;
}

/** @param {any} density @returns {{total: number, kinds: [string, number][]}[]} */
function stacked(density) {
  /** @type {Map<string, number>[]} */
  const parts = [];
  for (const [topic, counts] of Object.entries(/** @type {Record<string, number[]>} */ (density.topics ?? {}))) {
    const { kind } = kindOf(`${topic}.v1`);
    counts.forEach((n, index) => {
      const part = (parts[index] ??= new Map());
      if (n) part.set(kind, (part.get(kind) ?? 0) + n);
    });
  }
  return parts.map((part) => {
    const kinds = KINDS.filter((kind) => part.has(kind)).map((kind) => /** @type {[string, number]} */ ([kind, part.get(kind)]));
    return { total: kinds.reduce((sum, [, n]) => sum + n, 0), kinds };
  });
}

const STEPS = [1, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10080].map((minutes) => minutes * 60000);

/** Round times for the foot of the line, not too close. @param {import("./state.js").Life} bounds @param {number} width */
function hours(bounds, width) {
  const room = Math.max(1, Math.floor(width / 80));
  const each = STEPS.find((one) => (bounds.end - bounds.begin) / one <= room) ?? /** @type {number} */ (STEPS[STEPS.length - 1]);
  const zone = 8 * 3600000;
  const found = [];
  for (let time = Math.ceil((bounds.begin + zone) / each) * each - zone; time <= bounds.end; time += each) found.push(time);
  return found.filter((time) => time - bounds.begin > span(bounds, width) && bounds.end - time > span(bounds, width));
}

/** Twenty pixels of time. @param {import("./state.js").Life} bounds @param {number} width */
const span = (bounds, width) => ((bounds.end - bounds.begin) / Math.max(width, 1)) * 20;

/** How many facts of each kind, and what the colours mean. @param {{density: any}} props */
export function SliderLegend({ density }) {
  const t = texts("replay").slider;
  /** @type {Map<string, number>} */
  const kinds = new Map();
  for (const [topic, counts] of Object.entries(/** @type {Record<string, number[]>} */ (density?.topics ?? {}))) {
    const { kind } = kindOf(`${topic}.v1`);
    kinds.set(kind, (kinds.get(kind) ?? 0) + counts.reduce((sum, n) => sum + n, 0));
  }
  const words = /** @type {Record<string, string>} */ (texts("board").kinds);
  return html`<ul class="kinds-legend">${KINDS.filter((kind) => kinds.has(kind)).map((kind) => html`<li key=${kind}><span class="swatch bar kind-${kind}" /><span>${words[kind]}</span> <span class="number">${figure(kinds.get(kind) ?? 0)}</span></li>`)}
    <li class="quiet">${t.root}</li></ul>`;
}

/** To the main steps: a press looks at that very fact. @param {{density: any}} props */
export function Jumps({ density }) {
  const t = texts("replay").slider;
  const found = density?.marks ?? [];
  return html`<div class="jumps"><label>${t.jump} <select class="input" value="" onChange=${(/** @type {Event} */ event) => {
    const select = /** @type {HTMLSelectElement} */ (event.target);
    const one = found.find((/** @type {any} */ each) => String(each.position) === select.value);
    select.value = "";
    pause();
    if (one) lookAt(Date.parse(one.recorded_at), { position: one.position });
  }}><option value="">${t.choose}</option>${found.map((/** @type {any} */ one) => html`<option key=${one.position} value=${one.position}>${clock(one.recorded_at)} ${topicWords(one.topic)} ${short(one.words)}</option>`)}</select></label>
    <button type="button" class="button" onClick=${() => step(1, ["task.reminded", "task.escalated", "task.supervised"])}>${t.nextReminder}</button></div>`;
}

/** @param {string} [words] */
const short = (words) => (words && words.length > 36 ? `${words.slice(0, 35)}…` : (words ?? ""));

/** How far into the course. @param {{at: number}} props */
export const Into = ({ at }) => html`<span class="quiet">${texts("replay").slider.into(since(new Date(life.value?.begin ?? at), new Date(at)))}</span>`;
