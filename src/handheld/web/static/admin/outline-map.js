// Outlines, drawn plainly: each division's own shape with its name, the one above as a frame around them.
import { html } from "../vendor/htm-preact.js";
import { useMemo } from "../vendor/preact-hooks.js";
import { shortPlace } from "../components/board/places.js";
import { projected } from "../components/board/projection.js";
import { useWidth } from "../components/board/width.js";

/** @param {{collection: import("./outlines.js").Collection, division: string, label: string, changes?: Map<string, string>}} props `changes`: by code, which are new or changed */
export function OutlineMap({ collection, division, label, changes }) {
  const [box, width] = useWidth();
  const { shapes, height } = useMemo(() => (width > 0 ? projected(collection, width, Math.min(520, width * 0.62)) : { shapes: [], height: 0 }), [collection, width]);
  const names = new Map(collection.features.map((one) => [one.properties.code, one.properties.name]));
  const alone = shapes.length === 1;
  return html`<figure class="outline-map" ref=${box}>${width > 0 && html`<svg viewBox="0 0 ${width} ${height}" width=${width} height=${height} role="img" aria-label=${label}>
    ${[...shapes].sort((a, b) => a.code.length - b.code.length).map((shape) => {
      const name = names.get(shape.code) ?? "";
      const frame = shape.code === division && !alone;
      const words = shortPlace(name);
      return html`<g key=${shape.code} class="outline ${frame ? "frame" : ""} ${changes ? `is-${changes.get(shape.code) ?? "kept"}` : ""}" data-code=${shape.code}><title>${name}</title><path d=${shape.path} />
        ${!frame && shape.room > words.length * 12 && html`<text x=${shape.x} y=${shape.y} text-anchor="middle" dominant-baseline="middle">${words}</text>`}</g>`;
    })}</svg>`}</figure>`;
}
