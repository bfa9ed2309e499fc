// The head of the wall: what this is about, who commands, what time it is, whether it is live.
import { html } from "../vendor/htm-preact.js";
import { tick, now } from "../lib/clock.js";
import { named } from "../lib/names.js";
import { clock, duration, isoDay } from "../lib/time.js";
import { language, texts } from "../lib/texts.js";
import { DrillTag, capital } from "../components/marks.js";
import { Icon } from "../components/icons.js";
import { Lasting } from "../components/moment.js";
import { PersonName } from "../components/person.js";

const dated = new Intl.DateTimeFormat(language === "en" ? "en-GB" : "zh-CN", { timeZone: "Asia/Shanghai", month: "long", day: "numeric", weekday: "long" });

/** The clock, and the day. */
export function BigClock() {
  tick.value;
  const at = now();
  return html`<div class="big-clock"><time class="number" datetime=${isoDay(at)}>${clock(at)}</time><span>${dated.format(at)}</span></div>`;
}

/** Whether what is shown is of now, in words that are read from afar. @param {{status: import("../lib/live.js").Status}} props */
export function Link({ status }) {
  tick.value;
  const t = texts("wall").link;
  const common = texts("common").connection;
  if (status.state === "live") return html`<span class="link live"><span class="dot" />${common.live}</span>`;
  if (status.state === "connecting") return html`<span class="link connecting" role="status"><span class="dot" />${common.connecting}</span>`;
  return html`<span class="link lost" role="alert"><${Icon} name="warning" />${t.lost(duration((Date.now() - status.since) / 1000))}</span>`;
}

/**
 * @param {{place: string, row: import("../components/board/types.js").ForceRow | undefined, card: any, drill: boolean}} props
 */
export function ForceHead({ place, row, card, drill }) {
  const t = texts("wall");
  const level = row?.level ?? card?.level;
  const status = row?.status ?? card?.status;
  const started = row?.started_at ?? card?.started_at;
  return html`<div class="force-head">
    <p class="where"><span>${place}</span>${drill && html`<${DrillTag} />`}${status && html`<span class="status is-${status}">${capital(named("statuses", status))}</span>`}</p>
    <h1>${row?.title ?? card?.title ?? ""}</h1>
    <dl class="about">
      ${level && html`<div class="response level-${level}"><dt>${t.level}</dt><dd><${Icon} name="level" />${named("levels", level)}</dd></div>`}
      ${card?.commander && html`<div><dt>${t.commander}</dt><dd><${PersonName} of=${card.commander} tag=${false} /></dd></div>`}
      ${card?.lead?.name && html`<div><dt>${t.lead}</dt><dd>${card.lead.name}</dd></div>`}
      ${started && html`<div><dt>${card?.ended_at ? t.lasted : t.elapsed}</dt><dd><${Lasting} from=${started} to=${card?.ended_at} /></dd></div>`}
    </dl></div>`;
}
