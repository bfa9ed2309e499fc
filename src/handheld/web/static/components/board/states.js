// The six states and the overdue mark: how many tasks are in each. The states sum to all tasks.
import { html } from "../../vendor/htm-preact.js";
import { language, texts } from "../../lib/texts.js";
import { Icon } from "../icons.js";
import { STATES, figure, percent } from "../marks.js";
import { em, useWidth } from "./width.js";

/** Narrower than this the words of seven states do not fit beside each other. */
const NARROW_EM = { normal: language === "en" ? 52 : 44, wall: 56 };

/**
 * @param {{count: import("./types.js").Count, href?: ((state: import("../marks.js").State) => string) | undefined,
 *   selected?: string | null | undefined, size?: import("./types.js").Size | undefined}} props
 *   `href`: where the people behind a figure are
 */
export function StateStrip({ count, href, selected, size = "normal" }) {
  const t = texts("board").states;
  const [box, width, element] = useWidth();
  return html`<ul class="states ${size} ${width && width < NARROW_EM[size] * em(element) ? "narrow" : ""}" ref=${box} aria-label=${t.label}>
    ${STATES.map((state) => html`<${Cell} key=${state} state=${state} n=${count[state]} of=${count.tasks} href=${href} selected=${selected} />`)}
    <${Cell} key="overdue" state="overdue" n=${count.overdue} of=${count.open} href=${href} selected=${selected} /></ul>`;
}

/**
 * @param {{state: import("../marks.js").State, n: number, of: number,
 *   href: ((state: import("../marks.js").State) => string) | undefined, selected: string | null | undefined}} props
 */
function Cell({ state, n, of, href, selected }) {
  const t = texts("board").states;
  const share = of > 0 ? n / of : 0;
  const title = of > 0 ? (state === "overdue" ? t.ofOpen : t.ofAll)(percent(share)) : undefined;
  const inner = html`<span class="word"><${Icon} name=${state} size=${1} />${texts("common").states[state]}</span>
    <span class="number">${figure(n)}</span>
    <span class="share" aria-hidden="true"><span style=${{ width: `${share * 100}%` }}></span></span>`;
  const names = `state is-${state} ${n ? "" : "none"}`;
  return html`<li class=${state === "overdue" ? "mark-cell" : ""}>${href
    ? html`<a class=${names} href=${href(state)} title=${title} aria-current=${selected === state ? "true" : undefined}>${inner}</a>`
    : html`<div class=${names} title=${title}>${inner}</div>`}</li>`;
}
