// People: the name, made up or erased where they are, and a call with one tap.
import { html } from "../vendor/htm-preact.js";
import { texts } from "../lib/texts.js";
import { Icon } from "./icons.js";
import { SyntheticTag } from "./marks.js";

/**
 * @typedef {{person?: string, number?: string, name?: string | null, synthetic?: boolean, erased?: boolean,
 *   phone?: string | null}} Somebody
 */

/** Somebody's name. @param {{of: Somebody | null | undefined, tag?: boolean}} props `tag`: say that they are made up */
export function PersonName({ of, tag = true }) {
  const t = texts("common");
  if (!of) return html`<span class="quiet">${t.unnamed}</span>`;
  if (of.erased) return html`<span class="quiet">${t.erased}</span>`;
  const name = of.name ?? of.number ?? (of.person ?? "").replace(/^person-/, "");
  return html`<span class="person">${name}${tag && of.synthetic ? html` <${SyntheticTag} />` : null}</span>`;
}

/** The telephone number: one tap calls. @param {{phone: string | null | undefined, name?: string | null | undefined}} props */
export function Call({ phone, name }) {
  if (!phone) return null;
  return html`<a class="button" href="tel:${phone}" aria-label=${texts("common").call(name ?? "", phone)}><${Icon} name="phone" />${phone}</a>`;
}
