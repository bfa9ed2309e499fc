// How every page begins: words, who is signed in, then the first drawing. Nothing ends blank.
import { render } from "../vendor/preact.js";
import { html } from "../vendor/htm-preact.js";
import { bringFont } from "../fonts/fonts.js";
import { Problem } from "./api.js";
import { toSignIn, whoAmI } from "./session.js";
import { loadNames } from "./names.js";
import { loadTexts, texts } from "./texts.js";

/** @typedef {import("../vendor/preact.js").ComponentType<any>} Drawn */

/**
 * Draw a page.
 * @param {Drawn | Promise<Drawn>} App what draws it, or what brings that
 * @param {{areas: (keyof import("./texts.js").Areas)[], open?: boolean}} about the areas of its
 *   words besides "common"; `open`: for whoever is not signed in, too
 */
export async function start(App, { areas, open = false }) {
  const root = /** @type {HTMLElement} */ (document.getElementById("app"));
  bringFont();
  try {
    const [Page, who] = await Promise.all([App, open || whoAmI(), loadTexts("common", ...areas), loadNames()]);
    if (!who) {
      toSignIn();
      return;
    }
    root.textContent = "";
    render(html`<${Page} />`, root);
  } catch (error) {
    failed(root, error);
  }
}

/** @param {HTMLElement} root @param {unknown} error */
function failed(root, error) {
  console.error(error);
  let title = "页面打不开。 This page could not be opened.";
  let detail = "请稍后重试。 Please try again in a moment.";
  try {
    const words = texts("common").notOpened;
    title = error instanceof Problem ? error.title : words.wrong;
    detail = error instanceof Problem ? error.detail : words.todo;
  } catch {
    // The words themselves did not come: both languages then.
  }
  root.textContent = "";
  const box = document.createElement("div");
  box.className = "opening";
  box.setAttribute("role", "alert");
  for (const line of [title, detail]) {
    const paragraph = document.createElement("p");
    paragraph.textContent = line;
    box.append(paragraph);
  }
  const again = document.createElement("button");
  again.className = "button main";
  again.textContent = document.documentElement.lang.startsWith("en") ? "Try again" : "重试";
  again.onclick = () => location.reload();
  box.append(again);
  root.append(box);
}
