// Why did this take so long: which step, where, which post, and who waited longest.
import { html } from "../vendor/htm-preact.js";
import { useState } from "../vendor/preact-hooks.js";
import { go, place } from "../lib/route.js";
import { named } from "../lib/names.js";
import { duration } from "../lib/time.js";
import { texts } from "../lib/texts.js";
import { figure } from "../components/marks.js";
import { When } from "../components/moment.js";
import { PersonName } from "../components/person.js";
import { Empty, Working } from "../components/status.js";
import { shortPlace } from "../components/board/places.js";
import { useShowing } from "./show.js";
import { division, force, to } from "./state.js";

const LISTED = 30;

/** The panel. */
export function Waits() {
  const t = texts("replay").waits;
  const [open, setOpen] = useState(false);
  const step = place.value.get("step") ?? "";
  const { answer, trouble } = useShowing(() => ({ path: `/task-forces/${force.value}/waits`, query: { step: place.value.get("step") ?? "", division: division.value, limit: LISTED, ...(open && { open: true }) } }), undefined, [open]);
  if (trouble) return html`<p class="quiet">${trouble.title}</p>`;
  if (!answer) return html`<p><${Working}>${t.measuring}<//></p>`;
  if (!answer.steps?.length) return html`<${Empty} icon="wait" title=${t.none}>${t.noneMore}<//>`;
  const steps = /** @type {any[]} */ (answer.steps);
  const top = Math.max(1, ...steps.map((one) => one.nine_in_ten));
  return html`<div class="waits"><p class="quiet small">${t.intro}</p>
    <table class="table steps"><thead><tr><th colspan="2">${t.step}</th><th class="figure">${t.half}</th><th class="figure">${t.nine}</th><th class="figure">${t.longest}</th><th class="figure">${t.open}</th></tr></thead><tbody>
      ${steps.map((one) => html`<tr key=${one.step} aria-selected=${String(one.step === answer.step)} data-step=${one.step}><th scope="row"><button type="button" class="button bare" aria-pressed=${String(one.step === answer.step)} onClick=${() => go({ step: one.step })}>${t.steps[/** @type {"read"} */ (one.step)]}</button></th>
        <td class="measure"><span class="bar" style=${{ transform: `scaleX(${one.nine_in_ten / top})` }} aria-hidden="true"></span></td><${Spread} of=${one} /></tr>`)}</tbody></table>
    <p class="quiet small">${t.meaning[/** @type {"read"} */ (answer.step)]}</p>
    <${Groups} title=${t.places} head=${t.place} rows=${(answer.places ?? []).map((/** @type {any} */ one) => ({ key: one.division.code, name: shortPlace(one.division.name ?? one.division.code), href: to({ d: one.division.code }), of: one }))} />
    <${Groups} title=${t.posts} head=${t.post} rows=${(answer.posts ?? []).map((/** @type {any} */ one) => ({ key: one.role ?? "", name: named("roles", one.role) || t.byName, of: one }))} />
    <section><h2>${t.who(figure(answer.total))}</h2>
      <label class="check"><input type="checkbox" checked=${open} onChange=${() => setOpen(!open)} /><span>${t.onlyOpen}</span></label>
      <ol class="longest">${(answer.longest ?? []).map((/** @type {any} */ one) => html`<li key=${one.task}><span class="who"><${PersonName} of=${one.person} /> <span class="quiet">${named("roles", one.role)}</span></span>
        <strong class="number">${duration(one.seconds)}</strong><span class="quiet small">${placed(one.division, answer.places ?? [])} · ${t.since} <${When} at=${one.since} />${one.open ? html` · ${t.still}` : ""}</span>
        <a class="small" href=${to({ who: one.person?.person ?? null, v: "facts" })}>${t.course}</a></li>`)}</ol>
      ${answer.total > LISTED && html`<p class="quiet small">${t.first(LISTED, figure(answer.total))}</p>`}</section>
    ${step && html`<p><a href=${to({ step: null })}>${t.theLongest}</a></p>`}</div>`;
}

/** A grid's name says little without the place above it. @param {any} division @param {any[]} places */
function placed(division, places) {
  const above = places.find((one) => division?.code.startsWith(one.division.code) && one.division.code !== division.code)?.division.name;
  return [above, division?.name].filter(Boolean).map((name) => shortPlace(/** @type {string} */ (name))).join(" ");
}

/** @param {{of: any}} props */
function Spread({ of }) {
  return html`<td class="figure">${duration(of.half)}</td><td class="figure">${duration(of.nine_in_ten)}</td><td class="figure">${duration(of.longest)}</td><td class="figure">${figure(of.open)}<span class="quiet"> / ${figure(of.tasks)}</span></td>`;
}

const AT_FIRST = 8;

/** @param {{title: string, head: string, rows: {key: string, name: string, href?: string, of: any}[]}} props */
function Groups({ title, head, rows }) {
  const t = texts("replay").waits;
  const [all, setAll] = useState(false);
  if (rows.length === 0) return null;
  return html`<section><h2>${title}</h2><table class="table"><thead><tr><th>${head}</th><th class="figure">${t.half}</th><th class="figure">${t.nine}</th><th class="figure">${t.longest}</th><th class="figure">${t.open}</th></tr></thead><tbody>
    ${rows.slice(0, all ? rows.length : AT_FIRST).map((one) => html`<tr key=${one.key}><th scope="row">${one.href ? html`<a href=${one.href}>${one.name}</a>` : one.name}</th><${Spread} of=${one.of} /></tr>`)}</tbody></table>
    ${rows.length > AT_FIRST && html`<button type="button" class="button bare" onClick=${() => setAll(!all)}>${all ? t.fewer : t.all(figure(rows.length))}</button>`}</section>`;
}
