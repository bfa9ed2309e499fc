// Buttons: one main one a screen.
import { html } from "../vendor/htm-preact.js";
import { Icon } from "./icons.js";

/**
 * @typedef {{
 *   kind?: "main" | "grave" | "bare" | "plain", size?: "large", wide?: boolean, icon?: import("./icons.js").IconName,
 *   onClick?: (event: MouseEvent) => void, disabled?: boolean, busy?: string | false, href?: string, label?: string,
 *   type?: "button" | "submit", pressed?: boolean, children?: any, class?: string, title?: string,
 * }} ButtonProps
 */

/**
 * A button, or a link that looks like one (`href`). `busy`: words that say what is under way;
 * it cannot be pressed meanwhile. `label`: what is heard where there is only an icon.
 * @param {ButtonProps} props
 */
export function Button({ kind = "plain", size, wide, icon, onClick, disabled, busy, href, label, type = "button", pressed, children, title, ...rest }) {
  const names = ["button", kind, size, wide && "wide", rest.class].filter(Boolean).join(" ");
  const content = busy ? html`<span class="working">${busy}</span>` : html`${icon && html`<${Icon} name=${icon} />`}${children}`;
  if (href !== undefined) return html`<a class=${names} href=${href} aria-label=${label} title=${title}>${content}</a>`;
  return html`<button type=${type} class=${names} onClick=${onClick} disabled=${disabled || Boolean(busy)}
    aria-label=${label} title=${title ?? label} aria-pressed=${pressed === undefined ? undefined : String(pressed)}>${content}</button>`;
}
