// Giving an order in a running task force, and taking one back.
import { html } from "../vendor/htm-preact.js";
import { useEffect, useState } from "../vendor/preact-hooks.js";
import { call, get } from "../lib/api.js";
import { texts } from "../lib/texts.js";
import { SelectField, TextField } from "../components/field.js";
import { Working } from "../components/status.js";
import { FormDialog, tellOutcome } from "./form.js";
import { codeOf } from "./force-kinds.js";
import { OrderFields, emptyOrder, orderMissing, orderOf } from "./order-form.js";

/** @typedef {{force: import("./force-kinds.js").Force} & import("./force.js").More} Props */

/** 下指令. @param {Props} props */
export function OrderDialog({ force, text = "", onDone }) {
  const t = texts("command");
  const [draft, setDraft] = useState(() => ({ ...emptyOrder(), text }));
  const division = codeOf(force);
  const count = useCount(division, draft);
  return html`<${FormDialog} title=${t.force.order.title(force.title ?? "")} broad icon="order" submit=${count === null ? t.force.order.submit : t.force.order.submitTo(count)}
    missing=${orderMissing(draft)} run=${async (/** @type {import("./intent.js").Intent} */ send) => {
      const outcome = await send.post(`/task-forces/${force.task_force}/orders`, { order: orderOf(draft) }, { query: drillOf(force) });
      tellOutcome(outcome, t.force.order.done);
      onDone?.();
    }}><${OrderFields} value=${draft} onChange=${setDraft} division=${division} autofocus /><//>`;
}

/** What belongs to a drill is said in a drill. @param {import("./force-kinds.js").Force} force */
export const drillOf = (force) => ({ drill: force.drill ? true : null });

/**
 * How many an order would call, as far as who looks may ask that; null where it is not known.
 * @param {string | null} division
 * @param {import("./order-form.js").Draft} draft
 */
export function useCount(division, draft) {
  const [count, setCount] = useState(/** @type {number | null} */ (null));
  const asked = JSON.stringify(draft.picked.targets.map((one) => one.target));
  const people = draft.picked.people.length;
  useEffect(() => {
    setCount(null);
    if (!division || asked === "[]") return undefined;
    const ending = new AbortController();
    const order = { text: "-", to: JSON.parse(asked), ...(people && { people: draft.picked.people.map((one) => one.person) }) };
    const command = { command: "task_force.start_ad_hoc", title: "-", division, orders: [order] };
    call("POST", "/task-forces/preview", command, { signal: ending.signal }).then((found) => setCount(found.tasks), () => {
      // Whoever may order but not start is not told: the button then says no number.
    });
    return () => ending.abort();
  }, [division, asked, people]);
  return asked === "[]" ? (people || null) : count;
}

/** The orders of a task force. @param {string} name @returns {any[] | null} */
export function useOrders(name) {
  const [orders, setOrders] = useState(/** @type {any[] | null} */ (null));
  useEffect(() => {
    const ending = new AbortController();
    get(`/task-forces/${name}/orders`, {}, ending.signal).then((found) => setOrders(found.orders), () => setOrders([]));
    return () => ending.abort();
  }, [name]);
  return orders;
}

/** An order in a list: its first words. @param {any} one */
export function orderOption(one) {
  const text = String(one.text ?? one.key ?? "");
  return { value: String(one.order), label: text.length > 40 ? `${text.slice(0, 40)}…` : text };
}

/** 撤回指令. @param {Props} props */
export function WithdrawOrderDialog({ force, order: first, onDone }) {
  const t = texts("command");
  const orders = useOrders(force.task_force);
  const [order, setOrder] = useState(first ?? "");
  const [reason, setReason] = useState("");
  const standing = (orders ?? []).filter((one) => !one.withdrawn);
  const chosen = order || (standing[0]?.order ?? "");
  const meant = standing.find((one) => one.order === chosen);
  const open = meant?.states ? (meant.states.waiting ?? 0) + (meant.states.in_progress ?? 0) + (meant.states.to_verify ?? 0) : null;
  return html`<${FormDialog} title=${t.force.withdraw_order.name} icon="withdrawn" grave submit=${open ? t.force.withdraw_order.submitOf(open) : t.force.withdraw_order.submit}
    missing=${!chosen ? t.needs.order : !reason.trim() ? t.needs.reason : null}
    run=${async (/** @type {import("./intent.js").Intent} */ send) => {
      tellOutcome(await send.post(`/task-forces/${force.task_force}/orders/${chosen}/withdraw`, { reason: reason.trim() }), t.force.withdraw_order.done);
      onDone?.();
    }}>
    ${orders === null ? html`<${Working} />` : html`<${SelectField} label=${t.fields.order} value=${chosen} onInput=${setOrder} options=${standing.map(orderOption)} />`}
    <p class="quiet small">${t.force.withdraw_order.hint}</p>
    <${TextField} label=${t.fields.reason} lines=${2} value=${reason} onInput=${setReason} required autofocus /><//>`;
}
