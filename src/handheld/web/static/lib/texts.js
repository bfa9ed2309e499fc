// The words of the pages: one module an area and language, loaded before anything is drawn.

/**
 * @typedef {{
 *   common: typeof import("../texts/zh/common.js").default,
 *   "sign-in": typeof import("../texts/zh/sign-in.js").default,
 *   board: typeof import("../texts/zh/board.js").default,
 *   desk: typeof import("../texts/zh/desk.js").default,
 *   command: typeof import("../texts/zh/command.js").default,
 *   wall: typeof import("../texts/zh/wall.js").default,
 *   phone: typeof import("../texts/zh/phone.js").default,
 *   store: typeof import("../texts/zh/store.js").default,
 *   field: typeof import("../texts/zh/field.js").default,
 *   area: typeof import("../texts/zh/area.js").default,
 *   replay: typeof import("../texts/zh/replay.js").default,
 *   admin: typeof import("../texts/zh/admin.js").default,
 *   "admin-plans": typeof import("../texts/zh/admin-plans.js").default,
 *   "admin-outlines": typeof import("../texts/zh/admin-outlines.js").default,
 *   styleguide: typeof import("../texts/zh/styleguide.js").default,
 * }} Areas
 */

/** @type {Map<string, unknown>} */
const loaded = new Map();

/** The language of the page, as the server set it: one at a time. @type {"zh" | "en"} */
export const language = document.documentElement.lang.startsWith("en") ? "en" : "zh";

/** For `Intl` and for `Accept-Language`. */
export const locale = language === "en" ? "en-GB" : "zh-CN";

/**
 * Fetch the words of some areas.
 * @param {(keyof Areas)[]} areas
 */
export async function loadTexts(...areas) {
  await Promise.all(
    areas.map(async (area) => {
      const module = await import(`../texts/${language}/${area}.js`);
      loaded.set(area, module.default);
    }),
  );
}

/**
 * The words of an area that has been loaded.
 * @template {keyof Areas} A
 * @param {A} area
 * @returns {Areas[A]}
 */
export function texts(area) {
  const found = loaded.get(area);
  if (!found) throw new Error(`The texts of "${area}" are not loaded: name them in start().`);
  return /** @type {Areas[A]} */ (found);
}

/** Another language from now on. @param {"zh" | "en"} to */
export function choose(to) {
  keep("handheld_language", to);
  location.reload();
}

/**
 * A choice that the server is to know, so that the first thing drawn is right already.
 * @param {string} name
 * @param {string} value
 */
export function keep(name, value) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${name}=${value}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
}
