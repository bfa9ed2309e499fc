// The orders of a plan: one open at a time, in their order.
import { html } from "../vendor/htm-preact.js";
import { Button } from "../components/button.js";
import { texts } from "../lib/texts.js";
import { newKey, newOrder } from "./plan-draft.js";
import { swapped } from "./plan-form.js";
import { OrderPart } from "./plan-order.js";

/**
 * @typedef {import("./plan-draft.js").Order} Order
 * @param {{orders: Order[], setOrders: (orders: Order[]) => void, known: import("./plan-order.js").Known, frozen: boolean, open: number, setOpen: (number: number) => void,
 *   wrong: (at: string) => string | null, faults: string[], shown: import("./plan-preview.js").Shown | null}} props
 */
export function Orders({ orders, setOrders, known, frozen, open, setOpen, wrong, faults, shown }) {
  const t = texts("admin-plans").order;
  /** @param {number} n @param {Partial<Order>} changes */
  const change = (n, changes) => setOrders(orders.map((one, at) => (at === n ? cleaned({ ...one, ...changes }) : one)));
  /** @param {number} n @param {Order} order */
  const insert = (n, order) => { setOrders([...orders.slice(0, n), order, ...orders.slice(n)]); setOpen(n); };
  return html`<section class="plan-orders" aria-labelledby="plan-orders"><header class="plan-orders-head"><h2 id="plan-orders">${t.title(orders.length)}</h2>
      ${!frozen && html`<${Button} icon="plus" onClick=${() => insert(orders.length, newOrder())}>${t.add}<//>`}</header>
    ${wrong("orders") && html`<p class="wrong" role="alert">${wrong("orders")}</p>`}
    <ol>${orders.map((order, n) => {
      const at = `orders/${n}`;
      return html`<${OrderPart} key=${order.key} order=${order} number=${n + 1} known=${known} frozen=${frozen} open=${open === n} onOpen=${() => setOpen(open === n ? -1 : n)} set=${(/** @type {Partial<Order>} */ changes) => change(n, changes)}
        wrong=${wrong} faults=${faults.filter((one) => one === at || one.startsWith(`${at}/`)).length} tasks=${shown?.orders[n]?.called?.tasks ?? null} others=${numbersBut(orders, n)}
        remove=${() => { setOrders(orders.filter((_, place) => place !== n)); setOpen(-1); }} copy=${() => insert(n + 1, { ...JSON.parse(JSON.stringify(order)), key: newKey("order") })}
        up=${n > 0 ? () => { setOrders(swapped(orders, n)); setOpen(n - 1); } : undefined} down=${n < orders.length - 1 ? () => { setOrders(swapped(orders, n + 1)); setOpen(n + 1); } : undefined} />`;
    })}</ol></section>`;
}

/** What does not go together is not kept together. @param {Order} order @returns {Order} */
function cleaned(order) {
  const kept = order.wartime?.steps?.filter((step) => (order.steps ?? []).includes(step));
  return { ...order, ...(order.wartime && { wartime: { ...order.wartime, ...(kept && { steps: kept }) } }) };
}

/** The numbers that other orders ask for, each once. @param {Order[]} orders @param {number} but */
function numbersBut(orders, but) {
  /** @type {Map<string, {key: string, label: string, unit: string | undefined, number: number}>} */
  const found = new Map();
  orders.forEach((order, n) => (order.form ?? []).forEach((field) => {
    if (n !== but && field.kind === "number" && !found.has(field.key)) found.set(field.key, { key: field.key, label: field.label, unit: field.unit, number: n + 1 });
  }));
  return [...found.values()];
}
