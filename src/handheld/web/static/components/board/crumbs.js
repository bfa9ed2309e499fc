// Where one is: the divisions from the widest to this one.
import { html } from "../../vendor/htm-preact.js";
import { texts } from "../../lib/texts.js";
import { Icon } from "../icons.js";
import { shortPlace } from "./places.js";

/** @param {{path: readonly {code: string, name: string}[], href: (code: string) => string, label?: string | undefined}} props the deepest last */
export function Crumbs({ path, href, label }) {
  const last = path.length - 1;
  return html`<nav class="crumbs" aria-label=${label ?? texts("board").crumbs}><ol>${path.map((one, at) => html`<li key=${one.code}>
    ${at > 0 && html`<${Icon} name="right" size=${0.8} />`}
    ${at === last ? html`<span aria-current="page" title=${one.name}>${shortPlace(one.name)}</span>`
      : html`<a href=${href(one.code)} title=${one.name}>${shortPlace(one.name)}</a>`}</li>`)}</ol></nav>`;
}
