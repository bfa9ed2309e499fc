// The person's own corner: language, colours, size of the text, the other pages, signing out.
import { html } from "../vendor/htm-preact.js";
import { useEffect, useRef, useState } from "../vendor/preact-hooks.js";
import { me, signOut } from "../lib/session.js";
import { choose, keep, language, texts } from "../lib/texts.js";
import { named } from "../lib/names.js";
import { Button } from "./button.js";
import { SyntheticTag } from "./marks.js";
import { tellProblem } from "./notices.js";

const root = document.documentElement;

/** The choices of how it looks, kept in this browser. */
export function Looks() {
  const t = texts("common").looks;
  const [theme, setTheme] = useState(root.dataset.theme ?? "auto");
  const [text, setText] = useState(root.dataset.text ?? "normal");
  /** @param {string} to */
  const paint = (to) => { keep("handheld_theme", to); root.dataset.theme = to; setTheme(to); };
  /** @param {string} to */
  const size = (to) => { keep("handheld_text", to); root.dataset.text = to; setText(to); };
  return html`<div class="looks">
    <div role="group" aria-label=${t.language}><${Button} pressed=${language === "zh"} onClick=${() => choose("zh")}><span lang="zh-CN">中文</span><//>
      <${Button} pressed=${language === "en"} onClick=${() => choose("en")}><span lang="en">English</span><//></div>
    <div role="group" aria-label=${t.colours}>${["auto", "light", "dark"].map((one) => html`<${Button} key=${one} pressed=${theme === one}
      onClick=${() => paint(one)}>${t.themes[/** @type {"auto" | "light" | "dark"} */ (one)]}<//>`)}</div>
    <div role="group" aria-label=${t.text}>${["normal", "large"].map((one) => html`<${Button} key=${one} pressed=${text === one}
      onClick=${() => size(one)}>${t.sizes[/** @type {"normal" | "large"} */ (one)]}<//>`)}</div></div>`;
}

/** Who is signed in, and what they may choose. @param {{pages?: {href: string, label: string}[]}} props */
export function OwnMenu({ pages = [] }) {
  const t = texts("common");
  const [open, setOpen] = useState(false);
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  useEffect(() => {
    /** @param {Event} event */
    const outside = (event) => { if (open && !box.current?.contains(/** @type {Node} */ (event.target))) setOpen(false); };
    addEventListener("mousedown", outside);
    addEventListener("focusin", outside);
    return () => { removeEventListener("mousedown", outside); removeEventListener("focusin", outside); };
  }, [open]);
  const who = me.value;
  const post = who?.posts[0];
  const name = who?.name ?? who?.account ?? "";
  const role = post ? `${post.division_name ?? ""} ${named("roles", post.role)}`.trim() : "";
  return html`<div class="own" ref=${box} onKeyDown=${(/** @type {KeyboardEvent} */ event) => event.key === "Escape" && setOpen(false)}>
    <button type="button" class="button bare" aria-expanded=${String(open)} onClick=${() => setOpen(!open)}><span class="own-name">${name}</span></button>
    ${open && html`<div class="own-menu"><p><strong>${name}</strong> ${who?.synthetic && html`<${SyntheticTag} />`}${role && html`<br /><span class="quiet small">${role}</span>`}</p>
      ${pages.length > 0 && html`<nav aria-label=${t.pages}><ul>${pages.map((one) => html`<li key=${one.href}><a href=${one.href}>${one.label}</a></li>`)}</ul></nav>`}
      <${Looks} /><${Button} wide onClick=${() => signOut().catch(tellProblem)}>${t.signOut}<//></div>`}</div>`;
}
