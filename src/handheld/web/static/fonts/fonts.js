// The Chinese font is brought only where a machine draws no Chinese. A style sheet linked from every
// page would be fetched by everybody; and Android, whose Chinese font no page can name, would fetch
// the fonts as well.

const TRIED = ["龙", "衢", "级"];
const SIZE = 24;

/** Load the style sheet of our own Chinese font, unless this machine draws Chinese without it. */
export function bringFont() {
  if (drawsChinese()) return;
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = new URL("./fonts.css", import.meta.url).href;
  document.head.append(link);
}

/** Chinese characters are as wide as they are high, and no two look alike; the signs for a missing
 * character are narrow in most fonts, or all the same. */
function drawsChinese() {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIZE;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) return true;
  context.font = `${SIZE}px sans-serif`;
  context.textBaseline = "middle";
  const seen = new Set();
  for (const character of TRIED) {
    if (Math.abs(context.measureText(character).width - SIZE) > SIZE / 8) return false;
    context.clearRect(0, 0, SIZE, SIZE);
    context.fillText(character, 0, SIZE / 2);
    seen.add(context.getImageData(0, 0, SIZE, SIZE).data.join());
  }
  return seen.size === TRIED.length;
}
