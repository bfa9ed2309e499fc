// Amending an order: what somebody else changed meanwhile is shown first, and nothing is overwritten unseen.
import { html } from "../vendor/htm-preact.js";
import { useEffect, useState } from "../vendor/preact-hooks.js";
import { Problem, get } from "../lib/api.js";
import { duration } from "../lib/time.js";
import { texts } from "../lib/texts.js";
import { SelectField, TextField } from "../components/field.js";
import { Notice, tellProblem } from "../components/notices.js";
import { When } from "../components/moment.js";
import { PersonName } from "../components/person.js";
import { Working } from "../components/status.js";
import { FormDialog, tellOutcome } from "./form.js";
import { orderOption } from "./order.js";
import { withinOptions } from "./order-form.js";

/** What was read: the orders, their version, and how far the log had come. @param {string} name */
async function readOrders(name) {
  const position = (await get("/task-forces", { limit: 1 })).position;
  const found = await get(`/task-forces/${name}/orders`);
  return { position, orders: found.orders.filter((/** @type {any} */ one) => !one.withdrawn) };
}

/** 变更指令. @param {import("./order.js").Props} props */
export function AmendDialog({ force, order: first, onDone }) {
  const t = texts("command");
  const name = force.task_force;
  const [seen, setSeen] = useState(/** @type {{position: number, orders: any[]} | null} */ (null));
  const [order, setOrder] = useState(first ?? "");
  const [text, setText] = useState(/** @type {string | null} */ (null));
  const [accept, setAccept] = useState("");
  const [report, setReport] = useState("");
  const [reason, setReason] = useState("");
  const [news, setNews] = useState(/** @type {{facts: any[], was: any, now: any} | null} */ (null));
  useEffect(() => { readOrders(name).then(setSeen, tellProblem); }, [name]);
  const meant = seen?.orders.find((one) => one.order === (order || seen.orders[0]?.order));
  const words = text ?? meant?.text ?? "";
  const changed = Boolean(meant) && (words.trim() !== meant.text || accept || report);
  const stale = async () => {
    if (!seen || !meant) return;
    const again = await readOrders(name);
    const page = await get(`/task-forces/${name}/timeline`, { after: seen.position, limit: 500 });
    const facts = (page.facts ?? []).filter((/** @type {any} */ fact) => fact.stream === name);
    setNews({ facts, was: meant, now: again.orders.find((/** @type {any} */ one) => one.order === meant.order) ?? null });
    setSeen(again);
  };
  const none = { value: "", label: t.moment.asBefore };
  return html`<${FormDialog} title=${t.force.amend.name} icon="order" submit=${news ? t.force.amend.submitAnyway : t.force.amend.submit}
    missing=${!seen ? t.needs.reading : !meant ? t.needs.order : !words.trim() ? t.needs.orderText : !changed ? t.needs.change : !reason.trim() ? t.needs.reason : null}
    onProblem=${(/** @type {Problem} */ problem) => {
      if (problem.status !== 412) return false;
      stale().catch(tellProblem);
      return true;
    }}
    run=${async (/** @type {import("./intent.js").Intent} */ send) => {
      const body = {
        reason: reason.trim(), ...(words.trim() !== meant.text && { text: words.trim() }),
        ...(accept && { accept_within: Number(accept) }), ...(report && { report_within: Number(report) }),
      };
      const outcome = await send.post(`/task-forces/${name}/orders/${meant.order}/amend`, body, { ifMatch: meant.version });
      tellOutcome(outcome, t.force.amend.done);
      onDone?.();
    }}>
    ${news && html`<${News} news=${news} onTake=${() => setText(null)} />`}
    ${!seen && html`<${Working}>${t.pick.reading}<//>`}
    ${seen && seen.orders.length === 0 && html`<p>${t.force.amend.noOrders}</p>`}
    ${seen && seen.orders.length > 0 && html`<${SelectField} label=${t.fields.order} value=${meant?.order ?? ""} onInput=${(/** @type {string} */ to) => { setOrder(to); setText(null); }} options=${seen.orders.map(orderOption)} />
      <${TextField} label=${t.order.text} lines=${4} value=${words} onInput=${setText} required autofocus maxLength=${4000} />
      <div class="pair"><${SelectField} label=${t.order.acceptAnew} value=${accept} onInput=${setAccept} options=${[none, ...withinOptions()]} />
        <${SelectField} label=${t.order.reportAnew} value=${report} onInput=${setReport} options=${[none, ...withinOptions()]} /></div>
      <${TextField} label=${t.fields.reason} value=${reason} onInput=${setReason} required />
      <p class="quiet small">${t.force.amend.hint}</p>`}<//>`;
}

/** What happened since it was read. @param {{news: {facts: any[], was: any, now: any}, onTake: () => void}} props */
function News({ news, onTake }) {
  const t = texts("command").force.amend;
  const { facts, was, now } = news;
  return html`<${Notice} tone="waiting" icon="warning" title=${t.stale}>
    ${facts.length > 0 && html`<ul class="plain-list">${facts.slice(-5).map((fact) => html`<li key=${fact.position}>
      <${When} at=${fact.recorded_at} /> <${PersonName} of=${fact.actor} tag=${false} /> ${fact.words}</li>`)}</ul>`}
    ${!now && html`<p>${t.gone}</p>`}
    ${now && now.text !== was.text && html`<p><strong>${t.nowSays}</strong></p><blockquote>${now.text}</blockquote>
      <button type="button" class="button" onClick=${onTake}>${t.takeTheirs}</button>`}
    ${now && now.text === was.text && html`<p>${t.sameWords}</p>`}
    <p>${t.decide}</p><//>`;
}

/** So long, in words, for lists. @param {number} seconds */
export const lasting = (seconds) => duration(seconds);
