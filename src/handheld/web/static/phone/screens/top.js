// The top of each screen: the way back, what it is, and what waits to be sent.
import { html } from "../../vendor/htm-preact.js";
import { useEffect, useRef } from "../../vendor/preact-hooks.js";
import { Icon } from "../../components/icons.js";
import { tick } from "../../lib/clock.js";
import { texts } from "../../lib/texts.js";
import { duration } from "../../lib/time.js";
import { back, linkTo } from "../place.js";
import { status as connection, waiting } from "../store/store.js";

/**
 * @param {{title: string, above?: Record<string, string | null>, goes?: boolean, children?: any}} props
 *   `goes`: there is a way back; `above`: where that leads if one came from elsewhere
 */
export function Top({ title, above, goes = false, children }) {
  const t = texts("common");
  const heading = useRef(/** @type {HTMLHeadingElement | null} */ (null));
  useEffect(() => {
    document.title = `${title} · ${texts("phone").title}`;
    // Who hears the page or works by keys is taken along; a finger needs no outline.
    if (document.activeElement === document.body || document.activeElement === null) heading.current?.focus({ preventScroll: true });
  }, [title]);
  return html`<header class="top"><div class="row">
    ${goes && html`<button type="button" class="button bare back" aria-label=${t.back} onClick=${() => back(above)}><${Icon} name="left" size=${1.4} /></button>`}
    <h1 tabindex="-1" ref=${heading}>${title}</h1>${children}<${Unsent} /></div><${Away} /></header>`;
}

/** The badge: how much waits to be sent. */
function Unsent() {
  const n = waiting.value.actions;
  if (!n) return null;
  const t = texts("phone").away;
  return html`<a class="unsent" ...${linkTo({ tab: "own", task: null, finding: null, view: null })} aria-label=${t.waiting(n)}>
    <${Icon} name="upload" size=${1.1} /><span class="number">${n}</span></a>`;
}

const PATIENCE_MS = 4000;

/** Calm words where there is no connection; a moment without one is not worth any. */
function Away() {
  tick.value;
  const status = connection.value;
  const t = texts("phone").away;
  if (status.state === "out") return null;
  const lasting = Date.now() - status.since > PATIENCE_MS;
  // A phone that knows of no network is believed before its connection has noticed.
  if (navigator.onLine && (status.state === "live" || !lasting)) return null;
  if (status.state === "connecting" && navigator.onLine) return html`<p class="away" role="status"><${Icon} name="wait" />${t.connecting}</p>`;
  return html`<p class="away" role="status"><${Icon} name="cloud" /><span>${navigator.onLine ? t.unreachable : t.offline} ${status.state === "lost" && html`<span class="nowrap">${t.since(duration((Date.now() - status.since) / 1000))}</span>`}</span></p>`;
}
