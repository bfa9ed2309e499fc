// An example, light and dark beside each other.
import { html } from "../vendor/htm-preact.js";

/**
 * `of` draws it; `wide`: below each other, each as wide as the page.
 * @param {{title: string, note?: string | undefined, of: (theme: "light" | "dark") => any, wide?: boolean | undefined}} props
 */
export function Both({ title, note, of, wide }) {
  return html`<div class="example"><h3>${title}</h3>${note && html`<p class="quiet small">${note}</p>`}
    <div class="both ${wide ? "wide" : ""}"><div data-theme="light" class="pane">${of("light")}</div><div data-theme="dark" class="pane">${of("dark")}</div></div></div>`;
}

/** A part of the guide. @param {{id: string, title: string, children?: any}} props */
export function Part({ id, title, children }) {
  return html`<section id=${id} aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${children}</section>`;
}
