// Where each place stands on the tile map: a schematic that needs no coordinates, and that stays the same.

/**
 * @typedef {{code: string, name: string, count?: import("./types.js").Count | undefined}} Tile `count`: none where nobody has a task
 * @typedef {{tile: Tile, column: number, row: number}} Placed both from 0
 */

/**
 * How central a place is: streets and communities are the middle of every county and town, then towns, then townships.
 * The digits after the parent's code say so (GB/T 10114; the statistical division codes of villages).
 * @param {string} code
 */
export function ring(code) {
  if (code.length === 9) return code[6] === "0" ? 0 : code[6] === "1" ? 1 : 2;
  if (code.length === 12) return code[9] === "0" ? 0 : 1;
  return 0;
}

/**
 * How many columns suit so many tiles: about as broad as the room, with few gaps.
 * @param {number} tiles @param {number} most columns that there is room for @param {number} [breadth] width by height
 */
export function columnsFor(tiles, most, breadth = 1.5) {
  const ideal = Math.max(1, Math.min(most, tiles, Math.round(Math.sqrt(tiles * breadth))));
  const gaps = (/** @type {number} */ columns) => Math.ceil(tiles / columns) * columns - tiles;
  const near = [ideal, ideal + 1, ideal - 1].filter((columns) => columns >= Math.min(2, tiles) && columns <= most && columns <= tiles);
  return near.reduce((best, columns) => (gaps(columns) < gaps(best) ? columns : best), ideal);
}

/**
 * Places around a middle: what is central stands in the centre, and the corners stay free.
 * Where all are alike they stand in rows, in the order of their codes.
 * @param {readonly Tile[]} tiles
 * @param {number} columns
 * @returns {Placed[]} by row and column
 */
export function layout(tiles, columns) {
  const sorted = [...tiles].sort((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0));
  const rows = Math.ceil(sorted.length / columns);
  const rings = new Set(sorted.map((tile) => ring(tile.code)));
  if (rings.size < 2 || columns < 3 || rows < 3) {
    return sorted.map((tile, at) => ({ tile, column: at % columns, row: Math.floor(at / columns) }));
  }
  const cells = nearest(columns, rows).slice(0, sorted.length);
  /** @type {Placed[]} */
  const placed = [];
  for (const each of [...rings].sort()) {
    const members = sorted.filter((tile) => ring(tile.code) === each);
    const theirs = cells.splice(0, members.length).sort(reading);
    members.forEach((tile, at) => placed.push({ tile, .../** @type {{column: number, row: number}} */ (theirs[at]) }));
  }
  return placed.sort(reading);
}

/** All cells, those in the middle first. @param {number} columns @param {number} rows */
function nearest(columns, rows) {
  const middle = { column: (columns - 1) / 2, row: (rows - 1) / 2 };
  /** @param {{column: number, row: number}} cell */
  const away = (cell) => ((cell.column - middle.column) / columns) ** 2 + ((cell.row - middle.row) / rows) ** 2;
  const cells = [];
  for (let row = 0; row < rows; row += 1) for (let column = 0; column < columns; column += 1) cells.push({ column, row });
  return cells.sort((a, b) => away(a) - away(b) || reading(a, b));
}

/** @param {{column: number, row: number}} a @param {{column: number, row: number}} b */
const reading = (a, b) => a.row - b.row || a.column - b.column;

/**
 * The neighbour in a direction: straight on where there is one, else the nearest that way.
 * @param {readonly {x: number, y: number}[]} points @param {number} from @param {string} key an arrow key, Home or End
 * @returns {number} `from` where there is none
 */
export function neighbour(points, from, key) {
  if (key === "Home") return 0;
  if (key === "End") return points.length - 1;
  const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key] ?? [0, 0];
  const here = points[from];
  if (!here || (!dx && !dy)) return from;
  let best = from;
  let least = Infinity;
  points.forEach((point, at) => {
    const along = (point.x - here.x) * (dx ?? 0) + (point.y - here.y) * (dy ?? 0);
    const aside = Math.abs((point.x - here.x) * (dy ?? 0)) + Math.abs((point.y - here.y) * (dx ?? 0));
    if (along <= 0.01) return;
    const cost = along + aside * 2.5;
    if (cost < least) { least = cost; best = at; }
  });
  return best;
}
