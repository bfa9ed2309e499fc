// A line the size of a word.
import { html } from "../../vendor/htm-preact.js";

const WIDTH = 100;
const HEIGHT = 24;

/** @param {{points: readonly number[], label: string}} props `label`: what it shows, in words */
export function Spark({ points, label }) {
  if (points.length < 2) return null;
  const top = Math.max(...points, 1);
  const step = WIDTH / (points.length - 1);
  const line = points.map((value, at) => `${(at * step).toFixed(1)},${(HEIGHT - 2 - (value / top) * (HEIGHT - 4)).toFixed(1)}`);
  return html`<svg class="spark" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label=${label}>
    <polygon class="under" points="0,${HEIGHT} ${line.join(" ")} ${WIDTH},${HEIGHT}" />
    <polyline class="line" points=${line.join(" ")} vector-effect="non-scaling-stroke" /></svg>`;
}
