// Several divisions: the whole territory, or some of those one tier below.
import { html } from "../vendor/htm-preact.js";
import { useId } from "../vendor/preact-hooks.js";
import { texts } from "../lib/texts.js";
import { Check } from "../components/field.js";
import { Working } from "../components/status.js";
import { useRead } from "./pick-tree.js";

/**
 * @param {{label: string, value: readonly string[], onChange: (codes: string[]) => void, root: string | null}} props
 */
export function PlacesField({ label, value, onChange, root }) {
  const t = texts("command").division;
  const id = useId();
  const [found, wrong] = useRead(root ? `/divisions/${root}` : "/divisions");
  const top = root ? found?.division : null;
  /** @type {{code: string, name: string}[]} */
  const rows = (root ? found?.children : found?.rows) ?? [];
  const whole = Boolean(top) && value.includes(top.code);
  /** @param {string} code @param {boolean} on */
  const set = (code, on) => onChange(on ? [...value.filter((one) => one !== top?.code), code] : value.filter((one) => one !== code));
  return html`<div class="field" role="group" aria-labelledby=${id}><span class="label" id=${id}>${label}</span>
    ${wrong && html`<p class="wrong" role="alert">${wrong}</p>`}
    ${!found && !wrong && html`<${Working} />`}
    ${top && html`<${Check} label=${t.wholeOf(top.name)} checked=${whole} onInput=${(/** @type {boolean} */ on) => onChange(on ? [top.code] : [])} />`}
    ${found && html`<details open=${!whole && Boolean(top)}><summary>${top ? t.onlySome : t.someOf}</summary><div class="place-checks">${rows.map((one) => html`<${Check} key=${one.code} label=${one.name}
      checked=${value.includes(one.code)} onInput=${(/** @type {boolean} */ on) => set(one.code, on)} />`)}</div></details>`}</div>`;
}
