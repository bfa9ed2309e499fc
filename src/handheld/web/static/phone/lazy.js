// What is not needed for the first screen: the other screens, fetched right after it, and what only
// officials need, fetched when they need it.
import { signal } from "../vendor/signals.js";
import { loadTexts } from "../lib/texts.js";

/** @type {Map<string, Promise<unknown>>} */
const styled = new Map();

/** A style sheet, once; what it is for is drawn after it is there. @param {string} path below phone/ */
function style(path) {
  const before = styled.get(path);
  if (before) return before;
  const coming = new Promise((resolve) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = new URL(path, import.meta.url).href;
    // Without its looks a page can still be read.
    link.onload = link.onerror = () => resolve(undefined);
    document.head.append(link);
  });
  styled.set(path, coming);
  return coming;
}

const OFFICIALS = ["../command/command.css", "../components/board/board.css", "area/area.css"];

/** The other screens, once they have come. @type {import("../vendor/signals.js").Signal<typeof import("./screens/rest.js") | null>} */
export const rest = signal(/** @type {typeof import("./screens/rest.js") | null} */ (null));

/** Fetch the other screens, now that the first one is drawn. */
export async function fetchRest() {
  if (rest.value) return rest.value;
  const [screens] = await Promise.all([import("./screens/rest.js"), loadTexts("field"), style("more.css")]);
  rest.value = screens;
  return screens;
}

/** The screens of officials. */
export async function officials() {
  const [screens] = await Promise.all([import("./area/area.js"), loadTexts("area", "command", "board"), fetchRest(), ...OFFICIALS.map(style)]);
  return screens;
}

/** Choosing people and units. */
export async function picking() {
  const [pick] = await Promise.all([import("../command/pick.js"), loadTexts("command"), ...OFFICIALS.map(style)]);
  return pick;
}
