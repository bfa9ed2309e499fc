// Who will be called: counted by the server as the start itself would, before anything is recorded.
import { html } from "../vendor/htm-preact.js";
import { useEffect, useState } from "../vendor/preact-hooks.js";
import { Problem, call } from "../lib/api.js";
import { named } from "../lib/names.js";
import { texts } from "../lib/texts.js";
import { Mark, figure } from "../components/marks.js";
import { Notice } from "../components/notices.js";
import { Working } from "../components/status.js";
import { Names } from "./preview-names.js";

/** @typedef {{shown: any, wrong: string | null, reading: boolean, command: Record<string, unknown> | null, drill: boolean}} Previewed */

const PAUSE_MS = 200;

/** The preview of a start; asked anew when the start changes. @param {Record<string, unknown> | null} command @param {boolean} drill @returns {Previewed} */
export function usePreview(command, drill) {
  const said = command && JSON.stringify(command);
  const [found, setFound] = useState(/** @type {{said: string, shown: any, wrong: string | null} | null} */ (null));
  useEffect(() => {
    if (!said) return undefined;
    const ending = new AbortController();
    const ask = async () => {
      try {
        const shown = await call("POST", "/task-forces/preview", JSON.parse(said), { query: { drill: drill ? true : null }, signal: ending.signal });
        setFound({ said, shown, wrong: null });
      } catch (error) {
        if (ending.signal.aborted) return;
        setFound({ said, shown: null, wrong: error instanceof Problem ? `${error.title}${error.detail}` : texts("command").pick.notRead });
      }
    };
    const timer = setTimeout(ask, found ? PAUSE_MS : 0);
    return () => { clearTimeout(timer); ending.abort(); };
  }, [said, drill]);
  const fresh = found && found.said === said ? found : null;
  return { shown: fresh?.shown ?? null, wrong: fresh?.wrong ?? null, reading: Boolean(said) && !fresh, command, drill };
}

/** @param {{preview: Previewed, waits?: string}} props `waits`: what is to be filled in before it can be counted */
export function Preview({ preview, waits }) {
  const t = texts("command").preview;
  const { shown, wrong, reading, command, drill } = preview;
  return html`<section class="preview" aria-label=${t.title}><h3>${t.title}</h3>
    ${reading && html`<${Working}>${t.counting}<//>`}
    ${wrong && html`<${Notice} tone="overdue" title=${wrong} />`}
    ${!shown && !reading && !wrong && html`<p class="quiet">${waits ?? ""}</p>`}
    ${shown && html`<p class="preview-total" aria-live="polite"><strong class="number">${figure(shown.people)}</strong> ${t.people}
        <span class="quiet">${t.tasks(figure(shown.tasks))}</span></p>
      ${shown.posture === "wartime" && html`<p><${Mark} icon="shield" tone="overdue">${named("postures", "wartime")}<//> ${t.wartime}</p>`}
      <ol class="preview-orders">${shown.orders.map((/** @type {any} */ one) => html`<${Order} key=${one.order.key} one=${one} />`)}</ol>
      ${shown.called_twice.length > 0 && html`<${Notice} tone="waiting" title=${t.calledTwice(shown.called_twice.length)}>${t.calledTwiceMore}<//>`}
      ${shown.departments.length > 0 && html`<p class="preview-departments"><span class="quiet small">${t.departments}</span>
        ${shown.departments.map((/** @type {any} */ one) => html`<span key=${one.department.unit} class="chip">${one.department.name ?? ""}${one.part === "lead" ? t.lead : ""}</span>`)}</p>`}
      ${shown.later.length > 0 && html`<details><summary>${t.later(shown.later.length)}</summary><ul class="plain-list">${shown.later.map(
        (/** @type {any} */ one) => html`<li key=${one.key}>${one.level && html`<${Mark} icon="level">${named("levels", one.level)}<//> `}${one.text}</li>`)}</ul></details>`}
      <${Names} key=${JSON.stringify(command)} command=${command} drill=${drill} people=${shown.people} />`}</section>`;
}

/** An order: its words, how many of which post, which posts nobody holds. @param {{one: any}} props */
function Order({ one }) {
  const t = texts("command").preview;
  return html`<li><p class="clamp">${one.order.text === "-" ? "" : one.order.text}</p>
    <p class="preview-roles">${one.by_role.map((/** @type {any} */ row) => html`<span key=${row.role + row.tier} class="chip">${row.role ? named("roles", row.role) : t.byName} <strong class="number">${figure(row.tasks)}</strong></span>`)}</p>
    ${one.vacant.length > 0 && html`<details class="vacant"><summary>${t.vacant(one.vacant.length)}${one.stand_ins.length ? t.standIns(one.stand_ins.length) : ""}</summary>
      <ul class="names">${one.vacant.slice(0, 100).map((/** @type {any} */ row) => html`<li key=${row.role + row.division.code}>${row.division.name ?? ""} ${named("roles", row.role)}</li>`)}</ul></details>`}</li>`;
}
