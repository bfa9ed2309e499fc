// The map from real outlines: GeoJSON (WGS84), projected locally, in the colours of the tiles.
import { html } from "../../vendor/htm-preact.js";
import { useMemo } from "../../vendor/preact-hooks.js";
import { texts } from "../../lib/texts.js";
import { figure } from "../marks.js";
import { shareOf, stepOf } from "./measure.js";
import { shortPlace } from "./places.js";
import { projected } from "./projection.js";
import { describe, useArrows } from "./tilemap.js";

/**
 * @param {{tiles: readonly import("./layout.js").Tile[], outlines: any, measure: import("./measure.js").Measure,
 *   selected: string | null | undefined, href: ((code: string) => string) | undefined,
 *   size: import("./types.js").Size, width: number, unit: number}} props
 */
export function Outlines({ tiles, outlines, measure, selected, href, size, width, unit }) {
  const tall = size === "wall" ? 0.72 : 0.66;
  const { shapes, height } = useMemo(() => projected(outlines, width, width * tall), [outlines, width, tall]);
  const known = new Map(tiles.map((tile) => [tile.code, tile]));
  const shown = shapes.filter((shape) => known.has(shape.code));
  const { at, listen } = useArrows(shown.map((shape) => ({ x: shape.x, y: shape.y })), shown.findIndex((shape) => shape.code === selected));
  const line = unit * 0.8;
  return html`<svg class="outlines" viewBox="0 0 ${width} ${height}" width=${width} height=${height} role="group" aria-label=${texts("board").map.label} ...${listen}>
    ${shown.map((shape, index) => {
      const tile = /** @type {import("./layout.js").Tile} */ (known.get(shape.code));
      const step = tile.count?.tasks ? `step-${stepOf(shareOf(tile.count, measure), measure)}` : "nothing";
      const words = shortPlace(tile.name);
      const fits = shape.room > words.length * line * 0.9;
      const inner = html`<title>${describe(tile)}</title><path d=${shape.path} />
        ${fits && html`<text x=${shape.x} y=${shape.y} text-anchor="middle"><tspan x=${shape.x} class="name">${words}</tspan>
          <tspan x=${shape.x} dy="1.25em" class="number">${figure(tile.count?.[measure] ?? 0)}</tspan></text>`}`;
      const about = { key: shape.code, class: `place ${step} ${selected === shape.code ? "chosen" : ""}`, tabindex: index === at ? 0 : -1, "data-place": shape.code };
      return href ? html`<a ...${about} href=${href(shape.code)}>${inner}</a>` : html`<g ...${about}>${inner}</g>`;
    })}</svg>`;
}
