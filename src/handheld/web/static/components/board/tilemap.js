// The map: a tile a place, or its real outline where one was imported. Colour, figure and word say the same.
import { html } from "../../vendor/htm-preact.js";
import { useMemo, useRef, useState } from "../../vendor/preact-hooks.js";
import { language, texts } from "../../lib/texts.js";
import { Icon } from "../icons.js";
import { figure, shortPercent } from "../marks.js";
import { columnsFor, layout, neighbour } from "./layout.js";
import { Legend } from "./legend.js";
import { shareOf, stepOf } from "./measure.js";
import { Outlines } from "./outlines.js";
import { shortPlace } from "./places.js";
import { em, useWidth } from "./width.js";

/** So wide a tile must be for its words. */
const LEAST_EM = language === "en" ? 6.6 : 4.8;

/**
 * @typedef {import("./layout.js").Tile} Tile
 * @typedef {{tiles: readonly Tile[], measure?: import("./measure.js").Measure | undefined, outlines?: any,
 *   selected?: string | null | undefined, href?: ((code: string) => string) | undefined,
 *   size?: import("./types.js").Size | undefined}} MapProps
 */

/**
 * Give it all places below, also those where nobody has a task: each stands where it always stands.
 * `outlines`: a GeoJSON FeatureCollection (WGS84) with `properties.code`.
 * @param {MapProps} props
 */
export function TileMap({ tiles, measure = "waiting", outlines, selected, href, size = "normal" }) {
  const t = texts("board").map;
  const [box, width, element] = useWidth();
  const drawn = useMemo(() => new Set((outlines?.features ?? []).map((/** @type {any} */ one) => String(one.properties?.code))), [outlines]);
  const real = tiles.filter((tile) => drawn.has(tile.code));
  const rest = real.length > 0 ? tiles.filter((tile) => !drawn.has(tile.code)) : tiles;
  if (tiles.length === 0) return html`<p class="quiet small">${t.empty}</p>`;
  return html`<figure class="map ${size} of-${measure}" ref=${box}>
    ${width > 0 && real.length > 0 && html`<${Outlines} tiles=${real} outlines=${outlines} measure=${measure} selected=${selected} href=${href} size=${size} width=${width} unit=${em(element)} />`}
    ${width > 0 && rest.length > 0 && html`${real.length > 0 && html`<p class="quiet small">${t.noOutline}</p>`}
      <${Tiles} tiles=${rest} measure=${measure} selected=${selected} href=${href} width=${width} unit=${em(element)} />`}
    <${Legend} measure=${measure} /></figure>`;
}

/** @param {MapProps & {width: number, unit: number, measure: import("./measure.js").Measure}} props */
function Tiles({ tiles, measure, selected, href, width, unit }) {
  const columns = columnsFor(tiles.length, Math.max(2, Math.floor(width / (LEAST_EM * unit))));
  const codes = tiles.map((tile) => tile.code).join();
  const places = useMemo(() => layout(tiles, columns), [codes, columns]);
  const known = new Map(tiles.map((tile) => [tile.code, tile]));
  const { at, listen } = useArrows(places.map((one) => ({ x: one.column, y: one.row })), places.findIndex((one) => one.tile.code === selected));
  return html`<div class="tiles" role="group" aria-label=${texts("board").map.label} style=${{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }} ...${listen}>
    ${places.map(({ tile, column, row }, index) => html`<${Place} key=${tile.code} tile=${known.get(tile.code) ?? tile} measure=${measure}
      selected=${selected === tile.code} to=${href?.(tile.code)} style=${{ gridColumn: String(column + 1), gridRow: String(row + 1) }} tabindex=${index === at ? 0 : -1} />`)}</div>`;
}

/**
 * One place is reached with Tab, the others from it with the arrow keys.
 * @param {{x: number, y: number}[]} points @param {number} first
 */
export function useArrows(points, first) {
  const [at, setAt] = useState(Math.max(0, first));
  const box = useRef(/** @type {any} */ (null));
  /** @param {number} to */
  const focus = (to) => {
    setAt(to);
    /** @type {HTMLElement | undefined} */ (box.current?.querySelectorAll("[data-place]")[to])?.focus();
  };
  const now = Math.min(at, points.length - 1);
  return {
    at: now,
    listen: {
      ref: box,
      /** @param {KeyboardEvent} event */
      onKeyDown: (event) => {
        if (!/^(Arrow|Home$|End$)/.test(event.key) || event.altKey || event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        event.stopPropagation();
        focus(neighbour(points, now, event.key));
      },
      /** @param {FocusEvent} event */
      onFocusIn: (event) => {
        const index = [...box.current.querySelectorAll("[data-place]")].indexOf(/** @type {Element} */ (event.target).closest("[data-place]"));
        if (index >= 0) setAt(index);
      },
    },
  };
}

/** @param {{tile: Tile, measure: import("./measure.js").Measure, selected: boolean, to: string | undefined, style: object, tabindex: number}} props */
function Place({ tile, measure, selected, to, style, tabindex }) {
  const word = texts("common").states[measure];
  const n = tile.count?.[measure] ?? 0;
  const share = shareOf(tile.count, measure);
  const late = measure === "overdue" ? 0 : (tile.count?.overdue ?? 0);
  const none = !tile.count?.tasks;
  const inner = html`<span class="name">${shortPlace(tile.name)}</span>
    ${none ? html`<span class="nobody">${texts("board").map.nobody}</span>` : html`<span class="amount"><span class="number">${figure(n)}</span>${late > 0 && html`<span class="late number"><${Icon} name="overdue" size=${0.75} /><span class="only-heard">${texts("common").states.overdue} </span>${figure(late)}</span>`}</span>
    <span class="foot"><span>${word}</span><span class="number">${shortPercent(share)}</span></span>`}`;
  const about = { class: `tile ${none ? "nothing" : `step-${stepOf(share, measure)}`} ${selected ? "chosen" : ""}`, title: describe(tile), style, tabindex, "data-place": tile.code, "aria-current": selected ? "true" : undefined };
  return to ? html`<a ...${about} href=${to}>${inner}</a>` : html`<div ...${about}>${inner}</div>`;
}

/** All that is known of a place, in words. @param {Tile} tile */
export function describe(tile) {
  const t = texts("board");
  const states = texts("common").states;
  const count = tile.count;
  if (!count?.tasks) return t.map.title(tile.name, t.map.nobody);
  const parts = /** @type {const} */ (["waiting", "in_progress", "to_verify", "closed", "overdue"]).filter((one) => count[one] > 0)
    .map((one) => `${states[one]} ${figure(count[one])}`);
  return t.map.title(tile.name, [t.map.tasks(figure(count.tasks)), ...parts].join(t.and));
}
