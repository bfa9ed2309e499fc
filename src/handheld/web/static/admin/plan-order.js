// One order of a plan: told in a line, opened to be edited.
import { html } from "../vendor/htm-preact.js";
import { Button } from "../components/button.js";
import { TextField } from "../components/field.js";
import { Icon } from "../components/icons.js";
import { Mark, figure } from "../components/marks.js";
import { named } from "../lib/names.js";
import { texts } from "../lib/texts.js";
import { FormFields } from "./plan-form.js";
import { Reminders, Steps, WartimeFields, When } from "./plan-rules.js";
import { Targets, targetWords } from "./plan-targets.js";
import { span } from "./plan-time.js";

/**
 * @typedef {import("./plan-draft.js").Order} Order
 * @typedef {{departments: any[], groups: any[]}} Known
 */

/**
 * @param {{order: Order, number: number, known: Known, frozen: boolean, open: boolean, onOpen: () => void, set: (changes: Partial<Order>) => void,
 *   wrong: (at: string) => string | null, faults: number, tasks: number | null, others: {key: string, label: string, unit: string | undefined, number: number}[],
 *   remove: () => void, copy: () => void, up?: (() => void) | undefined, down?: (() => void) | undefined}} props
 */
export function OrderPart(props) {
  const { order, number, known, open, onOpen, faults, tasks } = props;
  const t = texts("admin-plans");
  return html`<li class="plan-order panel ${open ? "is-open" : ""}"><h3><button type="button" class="plan-order-head" aria-expanded=${String(open)} onClick=${onOpen}>
      <${Icon} name=${open ? "down" : "right"} size=${0.9} /><span class="plan-order-number number">${number}</span>
      <span class="plan-order-words"><span class="clamp">${order.text.trim() || t.order.untold}</span><span class="quiet small">${summary(order, known)}</span></span>
      ${faults > 0 ? html`<${Mark} icon="warning" tone="overdue">${t.order.faults(faults)}<//>` : tasks !== null && html`<span class="plan-order-count"><strong class="number">${figure(tasks)}</strong> ${t.people}</span>`}</button></h3>
    ${open && html`<${Body} ...${props} />`}</li>`;
}

/** @param {Parameters<typeof OrderPart>[0]} props */
function Body({ order, number, known, frozen, set, wrong, others, remove, copy, up, down }) {
  const t = texts("admin-plans").order;
  const at = `orders/${number - 1}`;
  const editing = { order, set, wrong, at };
  return html`<fieldset class="body form" disabled=${frozen}>
    <${TextField} label=${t.text} lines=${4} value=${order.text} onInput=${(/** @type {string} */ text) => set({ text })} placeholder=${t.textHint} wrong=${wrong(`${at}/text`)} maxLength=${4000} required />
    <${Targets} value=${order.to} onChange=${(/** @type {Order["to"]} */ to) => set({ to })} wrong=${wrong} at=${`${at}/to`} known=${known} />
    <${When} ...${editing} /><${Steps} ...${editing} />
    <${FormFields} value=${order.form ?? []} onChange=${(/** @type {NonNullable<Order["form"]>} */ form) => set({ form })} wrong=${wrong} at=${`${at}/form`} others=${others} />
    <${Reminders} ...${editing} /><${WartimeFields} ...${editing} />
    ${wrong(at) && html`<p class="wrong" role="alert">${wrong(at)}</p>`}
    ${!frozen && html`<div class="acts plan-order-acts">${up && html`<${Button} icon="up" onClick=${up}>${t.up}<//>`}${down && html`<${Button} icon="down" onClick=${down}>${t.down}<//>`}
      <${Button} icon="plus" onClick=${copy}>${t.copy}<//><${Button} kind="grave" icon="cross" onClick=${remove}>${t.remove}<//></div>`}</fieldset>`;
}

/** When, to whom, by when. @param {Order} order @param {Known} known */
function summary(order, known) {
  const t = texts("admin-plans");
  return [
    order.level ? t.when.reached(named("levels", order.level)) : "",
    order.after ? t.when.laterBy(span(order.after)) : "",
    order.every ? t.when.again(span(order.every)) : "",
    order.to.map((one) => targetWords(one, known)).join(t.and),
    order.accept_within ? t.steps.acceptIn(span(order.accept_within)) : "",
    order.report_within ? t.steps.reportIn(span(order.report_within)) : "",
  ].filter(Boolean).join(" · ");
}
