// The names behind the figures of a preview, on demand: by township, with the telephone.
import { html } from "../vendor/htm-preact.js";
import { useEffect, useState } from "../vendor/preact-hooks.js";
import { Problem, call, get } from "../lib/api.js";
import { named } from "../lib/names.js";
import { texts } from "../lib/texts.js";
import { Button } from "../components/button.js";
import { TextField } from "../components/field.js";
import { figure } from "../components/marks.js";
import { Notice } from "../components/notices.js";
import { PersonName } from "../components/person.js";

const MOST = 100;

/** The same plan is under way there already. @param {{running: string[]}} props */
export function Running({ running }) {
  const t = texts("command").preview;
  const [titles, setTitles] = useState(/** @type {string[]} */ ([]));
  useEffect(() => {
    // Without their titles the warning stands all the same.
    Promise.all(running.map((one) => get(`/task-forces/${one}`))).then((cards) => setTitles(cards.map((card) => card.title)), () => {});
  }, [running.join(" ")]);
  return html`<${Notice} tone="waiting" icon="warning" title=${t.running}>${titles.join(t.comma)}<//>`;
}

/** @param {{command: Record<string, unknown> | null, drill: boolean, people: number}} props */
export function Names({ command, drill, people }) {
  const t = texts("command").preview;
  const [rows, setRows] = useState(/** @type {any[] | null} */ (null));
  const [places, setPlaces] = useState(/** @type {Map<string, string>} */ (new Map()));
  const [state, setState] = useState(/** @type {"" | "reading"} */ (""));
  const [wrong, setWrong] = useState(/** @type {string | null} */ (null));
  const [words, setWords] = useState("");
  const [place, setPlace] = useState("");
  const read = async () => {
    setState("reading");
    setWrong(null);
    try {
      const found = await call("POST", "/task-forces/preview", command, { query: { names: true, drill: drill ? true : null } });
      const all = found.orders.flatMap((/** @type {any} */ one) => one.assignees ?? []);
      const tier = found.division.code.length;
      const below = await get("/divisions", { below: found.division.code });
      setPlaces(new Map([[found.division.code, found.division.name], ...below.rows.map((/** @type {any} */ one) => [one.code, one.name])]));
      setRows(all.map((/** @type {any} */ one) => ({ ...one, at: placeOf(one.division?.code ?? "", tier) })));
    } catch (error) {
      setWrong(error instanceof Problem ? error.title : texts("command").pick.notRead);
    }
    setState("");
  };
  if (!rows) {
    return html`<div><${Button} icon="list" onClick=${read} busy=${state && t.readingNames}>${t.names}<//>${wrong && html`<p class="wrong" role="alert">${wrong}</p>`}</div>`;
  }
  const counts = countBy(rows);
  const most = Math.max(1, ...counts.map(([, count]) => count));
  const asked = words.trim();
  const found = rows.filter((one) => (!place || one.at === place) && (!asked || `${one.person.name ?? ""}${one.division?.name ?? ""}${named("roles", one.role)}`.includes(asked)));
  return html`<div class="preview-names"><ul class="preview-places" aria-label=${t.byPlace}>${counts.map(([code, count]) => html`<li key=${code}>
      <button type="button" aria-pressed=${String(place === code)} onClick=${() => setPlace(place === code ? "" : code)}><span>${places.get(code) ?? code}</span>
        <span class="bar" aria-hidden="true"><span style=${{ width: `${(count / most) * 100}%` }}></span></span><span class="number">${figure(count)}</span></button></li>`)}</ul>
    <${TextField} label=${t.searchNames(figure(people))} type="search" value=${words} onInput=${setWords} />
    <ul class="plain-list">${found.slice(0, MOST).map((one, n) => html`<li key=${one.person.person + n}><${PersonName} of=${one.person} /> <span class="quiet small">${one.department?.name ?? one.division?.name ?? ""} ${named("roles", one.role)}${one.instead_of?.length ? t.standsIn : ""}</span></li>`)}</ul>
    ${found.length > MOST && html`<p class="quiet small">${t.moreNames(figure(found.length - MOST))}</p>`}</div>`;
}

/** One tier below the division that it is for. @param {string} code @param {number} length */
function placeOf(code, length) {
  return code.slice(0, length + 3);
}

/** @param {any[]} rows @returns {[string, number][]} */
function countBy(rows) {
  /** @type {Map<string, number>} */
  const found = new Map();
  for (const one of rows) found.set(one.at, (found.get(one.at) ?? 0) + 1);
  return [...found.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
}
