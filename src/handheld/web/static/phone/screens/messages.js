// 消息: what changed for one's tasks and findings, warnings in force, and what is said in one's task forces.
import { html } from "../../vendor/htm-preact.js";
import { useEffect } from "../../vendor/preact-hooks.js";
import { Button } from "../../components/button.js";
import { Icon } from "../../components/icons.js";
import { DrillTag, LevelMark } from "../../components/marks.js";
import { Ago } from "../../components/moment.js";
import { PersonName } from "../../components/person.js";
import { Empty } from "../../components/status.js";
import { texts } from "../../lib/texts.js";
import { when } from "../../lib/time.js";
import { linkTo } from "../place.js";
import { inbox, markRead, messages, opened, readAgain, tasks, warnings } from "../store/store.js";
import { Photos } from "./photos.js";
import { Reply } from "./reply.js";
import { Top } from "./top.js";
import { unreadCount } from "./unread.js";

/** The tab. */
export function MessagesScreen() {
  const t = texts("field").messages;
  useEffect(() => { readAgain(); }, []);
  const n = unreadCount();
  const all = [
    ...inbox.value.map((item) => ({ at: item.recorded_at ?? "", item, message: null })),
    ...messages.value.map((message) => ({ at: message.recorded_at, item: null, message })),
  ].sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
  const readAll = () => markRead({ items: inbox.value.map((one) => one.seq), messages: messages.value.map((one) => one.message) });
  return html`<${Top} title=${t.heading} /><main class="screen">
    ${warnings.value.length > 0 && html`<section><h2 class="part">${t.warnings}</h2>${warnings.value.map((one) => html`<${Warning} key=${one.warning} warning=${one} />`)}</section>`}
    ${n > 0 && html`<div class="unread-row"><span>${t.unread(n)}</span><${Button} kind="bare" onClick=${readAll}>${t.readAll}<//></div>`}
    ${all.length === 0 && opened.value && html`<${Empty} icon="message" title=${t.none}>${t.noneTodo}<//>`}
    <ul class="lines">${all.map(({ item, message }) => item
      ? html`<${ItemLine} key=${`i${item.seq}`} item=${item} />` : message && html`<${MessageLine} key=${message.message} message=${message} />`)}</ul></main>`;
}

/** @type {[string, import("../../components/icons.js").IconName][]} */
const ICONS = [["task.reminded", "bell"], ["task.supervised", "bell"], ["task.sent_back", "undo"], ["task.amended", "order"], ["task.withdrawn", "withdrawn"],
  ["task.verified", "closed"], ["task", "order"], ["finding", "finding"]];

/** @param {{item: import("../store/state.js").Item}} props */
function ItemLine({ item }) {
  const t = texts("field").messages;
  const topic = (item.topic ?? "").replace(/\.v\d+$/, "");
  const words = /** @type {Record<string, string>} */ (t.words)[topic] ?? t.other;
  const icon = ICONS.find(([start]) => topic.startsWith(start))?.[1] ?? "info";
  const card = item.task ? tasks.value.get(item.task) : null;
  const about = item.data?.reason ?? item.data?.text ?? item.order?.text ?? card?.order.text ?? card?.order.title ?? "";
  const to = item.task ? { task: item.task, tab: null } : item.stream?.startsWith("finding-") ? { finding: item.stream, tab: "finding" } : null;
  const inner = html`<span class="icon"><${Icon} name=${icon} size=${1.2} /></span><span class="grow"><strong>${words}</strong>${item.drill && html` <${DrillTag} />`}
    ${about && html`<span class="about">${about}</span>`}
    <span class="quiet small">${item.by?.name && html`<${PersonName} of=${item.by} tag=${false} /> · `}${item.recorded_at && html`<${Ago} at=${item.recorded_at} />`}</span></span>
    ${item.unread && html`<${Unread} />`}`;
  const seen = () => markRead({ items: [item.seq] });
  if (!to) return html`<li><button type="button" class="line-link message" onClick=${seen}>${inner}</button></li>`;
  const link = linkTo(to);
  return html`<li><a class="line-link message" href=${link.href} onClick=${(/** @type {MouseEvent} */ event) => { seen(); link.onClick(event); }}>${inner}</a></li>`;
}

/** @param {{message: import("../store/state.js").Message}} props */
function MessageLine({ message }) {
  const { unread } = message;
  // Its words stand here whole: being on the screen is being read.
  useEffect(() => { if (unread) { const timer = setTimeout(() => markRead({ messages: [message.message] }), 2500); return () => clearTimeout(timer); } return undefined; }, [unread]);
  return html`<li><div class="line-link message"><span class="icon"><${Icon} name="message" size=${1.2} /></span><span class="grow">
    <strong><${PersonName} of=${message.by} tag=${false} /></strong>${message.drill && html` <${DrillTag} />`}
    <span class="said">${message.corrected ?? message.text}</span><${Photos} photos=${message.photos} />
    <span class="quiet small">${message.title} · <${Ago} at=${message.recorded_at} /></span><${Reply} message=${message} /></span>${unread && html`<${Unread} />`}</div></li>`;
}

function Unread() {
  return html`<span class="dot"><span class="only-heard">${texts("field").messages.unread(1)}</span></span>`;
}

/** @param {{warning: any}} props */
function Warning({ warning }) {
  const t = texts("field").messages;
  return html`<details class="warning-line"><summary><${LevelMark} level=${warning.level} /> <strong>${warning.headline ?? warning.event}</strong></summary>
    ${warning.description && html`<p>${warning.description}</p>`}${warning.instruction && html`<p>${warning.instruction}</p>`}
    ${warning.expires && html`<p class="quiet small">${t.expires(when(warning.expires))}</p>`}</details>`;
}
