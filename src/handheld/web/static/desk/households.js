// A grid: which households were visited, and whether they were content.
import { html } from "../vendor/htm-preact.js";
import { Icon } from "../components/icons.js";
import { figure } from "../components/marks.js";
import { texts } from "../lib/texts.js";

/** @param {{grid: import("../components/board/types.js").GridPart, names: Record<string, import("../components/board/types.js").PersonName> | undefined}} props */
export function Households({ grid, names }) {
  const t = texts("desk").households;
  const order = grid.household_order;
  if (order.length === 0) return null;
  const visited = order.filter((one) => grid.households[one]?.visited).length;
  return html`<section class="panel" aria-labelledby="households-title"><header><h2 id="households-title">${t.title}</h2>
      <span class="quiet">${t.visitedOf(figure(visited), figure(order.length))}</span></header>
    <ul class="body dk-households">${order.map((one) => {
      const row = grid.households[one];
      const contacts = (row?.contacts ?? []).map((who) => names?.[who]?.name ?? "").filter(Boolean).join(t.comma);
      const state = !row?.visited ? "none" : row.satisfied === false ? "unhappy" : "visited";
      return html`<li key=${one} class=${`dk-household dk-${state}`} title=${contacts ? t.contacts(contacts) : undefined}>
        ${state !== "none" && html`<${Icon} name=${state === "visited" ? "check" : "info"} size=${0.85} />`}<span class="number">${one}</span><span class="dk-word">${t[state]}</span></li>`;
    })}</ul></section>`;
}
