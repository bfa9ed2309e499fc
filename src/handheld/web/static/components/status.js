// Whether what stands here is of now; and what stands where there is nothing.
import { html } from "../vendor/htm-preact.js";
import { tick } from "../lib/clock.js";
import { duration } from "../lib/time.js";
import { texts } from "../lib/texts.js";
import { Clock } from "./moment.js";
import { Icon } from "./icons.js";

/** The connection in words: live with the clock, or since when it is away. @param {{status: import("../lib/live.js").Status}} props */
export function Connection({ status }) {
  tick.value;
  const t = texts("common").connection;
  const away = duration((Date.now() - status.since) / 1000);
  if (status.state === "live") return html`<span class="connection">${t.live} <${Clock} /></span>`;
  if (status.state === "connecting") return html`<span class="connection connecting" role="status">${t.connecting}</span>`;
  return html`<span class="connection lost" role="alert">${status.state === "out" ? t.out : t.lost(away)}</span>`;
}

/** Nothing here, and what to do next. @param {{icon?: import("./icons.js").IconName, title: string, children?: any}} props */
export function Empty({ icon = "info", title, children }) {
  return html`<div class="empty"><${Icon} name=${icon} size=${1.8} /><strong>${title}</strong>${children && html`<div>${children}</div>`}</div>`;
}

/** Something is under way, in words. @param {{children?: any}} props */
export function Working({ children }) {
  return html`<span class="working" role="status">${children ?? texts("common").loading}</span>`;
}
