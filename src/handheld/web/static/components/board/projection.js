// From degrees to pixels: equirectangular about the middle, which is exact enough for a county.

/** @typedef {{code: string, path: string, x: number, y: number, room: number}} Shape `room`: pixels to each side of the label together */

/**
 * @param {any} collection a GeoJSON FeatureCollection of (Multi)Polygons, WGS84
 * @param {number} width @param {number} most the greatest height, pixels
 * @returns {{shapes: Shape[], height: number}}
 */
export function projected(collection, width, most) {
  const features = (collection?.features ?? []).map((/** @type {any} */ one) => ({ code: String(one.properties?.code ?? ""), parts: partsOf(one.geometry) }))
    .filter((/** @type {any} */ one) => one.code && one.parts.length);
  const all = features.flatMap((/** @type {any} */ one) => one.parts.flat(2));
  if (all.length === 0) return { shapes: [], height: 0 };
  const box = boxOf(all);
  const shrink = Math.cos((((box.top + box.bottom) / 2) * Math.PI) / 180);
  const wide = Math.max((box.right - box.left) * shrink, 1e-9);
  const high = Math.max(box.top - box.bottom, 1e-9);
  const margin = 3;
  const scale = Math.min((width - 2 * margin) / wide, (most - 2 * margin) / high);
  const left = (width - wide * scale) / 2;
  /** @param {number[]} point @returns {[number, number]} */
  const place = ([lon = 0, lat = 0]) => [left + (lon - box.left) * shrink * scale, margin + (box.top - lat) * scale];
  const shapes = features.map((/** @type {{code: string, parts: number[][][][]}} */ one) => {
    const parts = one.parts.map((rings) => rings.map((ring) => ring.map(place)));
    const path = parts.flat().map((ring) => `M${ring.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}Z`).join("");
    return { code: one.code, path, ...labelPlace(parts) };
  });
  return { shapes, height: Math.ceil(high * scale + 2 * margin) };
}

/** @param {any} geometry @returns {number[][][][]} */
function partsOf(geometry) {
  if (geometry?.type === "Polygon") return [geometry.coordinates];
  if (geometry?.type === "MultiPolygon") return geometry.coordinates;
  return [];
}

/** @param {number[][]} points */
function boxOf(points) {
  const box = { left: Infinity, right: -Infinity, top: -Infinity, bottom: Infinity };
  for (const [lon = 0, lat = 0] of points) {
    box.left = Math.min(box.left, lon);
    box.right = Math.max(box.right, lon);
    box.top = Math.max(box.top, lat);
    box.bottom = Math.min(box.bottom, lat);
  }
  return box;
}

/**
 * Where the name has most room: of some lines across the greatest part, the middle of the longest stretch
 * inside it, those near the middle preferred.
 * @param {[number, number][][][]} parts
 */
function labelPlace(parts) {
  const rings = parts.reduce((best, one) => (area(one[0] ?? []) > area(best[0] ?? []) ? one : best), parts[0] ?? []);
  const ys = (rings[0] ?? []).map(([, y]) => y);
  const [low, high] = [Math.min(...ys), Math.max(...ys)];
  let best = { x: 0, y: (low + high) / 2, room: 0 };
  let worth = 0;
  for (let at = 1; at < 12; at += 1) {
    const y = low + ((high - low) * at) / 12;
    const xs = rings.flatMap((ring) => crossings(ring, y)).sort((a, b) => a - b);
    for (let i = 0; i + 1 < xs.length; i += 2) {
      const [from, to] = [xs[i] ?? 0, xs[i + 1] ?? 0];
      const value = (to - from) * (1 - Math.abs(at - 6) / 14);
      if (value > worth) { worth = value; best = { x: (from + to) / 2, y, room: to - from }; }
    }
  }
  return best;
}

/** @param {[number, number][]} ring @param {number} y */
function crossings(ring, y) {
  const found = [];
  for (let i = 0; i < ring.length; i += 1) {
    const [x1, y1] = ring[i] ?? [0, 0];
    const [x2, y2] = ring[(i + 1) % ring.length] ?? [0, 0];
    if (y1 > y !== y2 > y) found.push(x1 + ((y - y1) / (y2 - y1)) * (x2 - x1));
  }
  return found;
}

/** @param {[number, number][]} ring */
function area(ring) {
  let sum = 0;
  for (let i = 0; i < ring.length; i += 1) {
    const [x1, y1] = ring[i] ?? [0, 0];
    const [x2, y2] = ring[(i + 1) % ring.length] ?? [0, 0];
    sum += x1 * y2 - x2 * y1;
  }
  return Math.abs(sum) / 2;
}
