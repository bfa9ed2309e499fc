// Something new breaks in for half a minute: colour, icon, word.
import { html } from "../vendor/htm-preact.js";
import { named } from "../lib/names.js";
import { texts } from "../lib/texts.js";
import { DrillTag } from "../components/marks.js";
import { Icon } from "../components/icons.js";
import { Ago, When } from "../components/moment.js";

/** @param {{alert: import("./rotation.js").Alert, onClose: () => void}} props */
export function AlertScene({ alert, onClose }) {
  const t = texts("wall").alert;
  const drill = alert.drill ? html` <${DrillTag} />` : null;
  if (alert.kind === "warning") {
    const row = alert.row;
    return html`<div class="alert level-${row.level}" role="alert" onClick=${onClose}>
      <span class="kind"><${Icon} name="warning" size=${3.4} />${t.warning}${drill}</span>
      <span class="big">${row.event} · ${named("warning_levels", row.level)}</span><span class="headline">${row.headline}</span>
      <span class="more">${row.area ? `${row.area} · ` : ""}<${Ago} at=${row.received_at} />${row.expires && html` · ${t.until} <${When} at=${row.expires} />`}</span></div>`;
  }
  return html`<div class="alert new-force" role="alert" onClick=${onClose}>
    <span class="kind"><${Icon} name="bell" size=${3.4} />${t.force}${drill}</span>
    <span class="big">${alert.row.title}</span>
    <span class="more">${alert.row.level && html`${t.level(named("levels", alert.row.level))} · `}<${Ago} at=${alert.row.started_at} /></span></div>`;
}
