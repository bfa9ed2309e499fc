// The plans in force, those retired, and those that come with the program.
import { html } from "../vendor/htm-preact.js";
import { useState } from "../vendor/preact-hooks.js";
import { Button } from "../components/button.js";
import { Check } from "../components/field.js";
import { Icon } from "../components/icons.js";
import { Mark, ResponseLevel, figure } from "../components/marks.js";
import { Empty } from "../components/status.js";
import { get } from "../lib/api.js";
import { address, go } from "../lib/route.js";
import { texts } from "../lib/texts.js";
import { drafts } from "./plan-draft.js";
import { Awaited, Head, useAnswer } from "./parts.js";

/**
 * @typedef {{plan: string, title: string, division: {code: string, name?: string}, level: "I" | "II" | "III" | "IV" | null, orders: number, version: number, retired: boolean}} Listed
 * @typedef {{plan: string, title: string, orders: number, departments: {department: string, name: string}[], triggers: string[]}} Shipped
 */

/** All of them. */
export function PlanList() {
  const t = texts("admin-plans");
  const [retired, setRetired] = useState(false);
  const plans = useAnswer(async () => /** @type {Listed[]} */ ((await get("/plans", { retired: true })).rows), []);
  const shipped = useAnswer(async () => /** @type {Shipped[]} */ ((await get("/shipped-plans")).rows), []);
  const rows = (plans.found ?? []).filter((one) => retired || !one.retired);
  const gone = (plans.found ?? []).some((one) => one.retired);
  const there = new Set((plans.found ?? []).filter((one) => !one.retired).map((one) => one.plan));
  const begun = drafts();
  return html`<${Head} title=${t.title} intro=${t.intro}><${Button} kind="main" icon="plus" onClick=${() => go({ from: "new" })}>${t.create}<//><//>
    ${begun.length > 0 && html`<ul class="plan-drafts" aria-label=${t.drafts}>${begun.map((one) => html`<li key=${one.key}><a href=${address(one.where)}><${Icon} name="entry" /> ${t.draftOf(one.title)}</a></li>`)}</ul>`}
    <section class="panel"><header><h2>${t.inForce}</h2>${gone && html`<${Check} label=${t.withRetired} checked=${retired} onInput=${setRetired} />`}</header>
      <${Awaited} of=${plans} />
      ${plans.found && !rows.length && html`<${Empty} icon="order" title=${t.none}>${t.noneMore}<//>`}
      ${rows.length > 0 && html`<ul class="plan-rows">${rows.map((one) => html`<li key=${one.plan}><a class="plan-row" href=${address({ plan: one.plan })}>
        <span class="plan-name"><strong>${one.title}</strong><span class="quiet small">${one.division.name ?? ""}</span></span>
        <span class="plan-marks">${one.retired && html`<${Mark}>${t.retiredMark}<//>`}${one.level && html`<${ResponseLevel} level=${one.level} />`}</span>
        <span class="quiet small number">${t.orders(one.orders)}</span><${Icon} name="right" size=${0.9} /></a></li>`)}</ul>`}</section>
    <section class="panel"><header><h2>${t.shipped}</h2></header><p class="quiet small plan-what">${t.shippedMore}</p>
      <${Awaited} of=${shipped} />
      <ul class="plan-rows two-rows">${(shipped.found ?? []).map((one) => html`<li key=${one.plan} class="plan-row">
        <span class="plan-name"><strong>${one.title}</strong><span class="quiet small number">${t.orders(one.orders)} · ${t.departments(figure(one.departments.length))}</span></span>
        ${there.has(one.plan) ? html`<${Mark} icon="check">${t.adopted}<//>` : html`<${Button} label=${t.adoptOf(one.title)} onClick=${() => go({ from: one.plan })}>${t.adopt}<//>`}</li>`)}</ul></section>`;
}
