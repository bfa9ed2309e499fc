// Taking it along: the facts and the waits as tables, the board of that instant as JSON. Made here, from what the API answers.
import { html } from "../vendor/htm-preact.js";
import { useRef, useState } from "../vendor/preact-hooks.js";
import { Problem, get } from "../lib/api.js";
import { named } from "../lib/names.js";
import { texts } from "../lib/texts.js";
import { Button } from "../components/button.js";
import { Dialog } from "../components/dialog.js";
import { Icon } from "../components/icons.js";
import { figure } from "../components/marks.js";
import { Notice } from "../components/notices.js";
import { topicWords } from "../components/board/facts.js";
import { csv, save } from "./csv.js";
import { question } from "./facts.js";
import { asAt, division, filters, force, moment } from "./state.js";

const FACTS = 500;
const WAITS = 2000;

/** @typedef {"facts" | "waits" | "board"} Kind @typedef {{kind: Kind, done: number, total: number | null}} Progress */

/** @param {{card: any, onClose: () => void}} props */
export function Export({ card, onClose }) {
  const t = texts("replay").export;
  const [progress, setProgress] = useState(/** @type {Progress | null} */ (null));
  const [said, setSaid] = useState(/** @type {{wrong: boolean, title: string, detail: string} | null} */ (null));
  const stop = useRef(/** @type {AbortController | null} */ (null));
  const at = useRef(asAt(moment.peek())).current;
  const stamp = useRef(new Date(moment.peek().at)).current;
  const filtered = Boolean(filters.value.kind || filters.value.person || filters.value.words || division.value);
  /** @param {Kind} kind */
  const make = async (kind) => {
    stop.current = new AbortController();
    setSaid(null);
    setProgress({ kind, done: 0, total: null });
    try {
      const name = `${t.files[kind]} ${day(stamp)}`;
      const count = await MAKERS[kind](card, at, name, stop.current.signal, (done, total) => setProgress({ kind, done, total }));
      setSaid({ wrong: false, title: t.done(name), detail: kind === "board" ? "" : t.rows(figure(count)) });
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") setSaid({ wrong: false, title: t.stopped, detail: "" });
      else if (error instanceof Problem) setSaid({ wrong: true, title: error.title, detail: error.detail });
      else throw error;
    } finally {
      setProgress(null);
    }
  };
  const close = () => { stop.current?.abort(); onClose(); };
  return html`<${Dialog} title=${t.title} onClose=${close}>
    <p class="quiet">${t.intro(day(stamp), filtered)}</p>
    <ul class="exports">${/** @type {Kind[]} */ (["facts", "waits", "board"]).map((kind) => html`<li key=${kind}><div><strong>${t.names[kind]}</strong><p class="quiet small">${t.holds[kind]}</p></div>
      <${Button} icon="download" disabled=${progress !== null} busy=${progress?.kind === kind && t.making} onClick=${() => make(kind)}>${t.make}<//></li>`)}</ul>
    ${progress && html`<div class="export-progress" role="status"><progress max=${progress.total ?? undefined} value=${progress.total ? progress.done : undefined} aria-label=${t.making}></progress>
      <span class="number">${progress.total ? t.of(figure(progress.done), figure(progress.total)) : t.so(figure(progress.done))}</span><${Button} onClick=${() => stop.current?.abort()}>${t.stop}<//></div>`}
    ${said && html`<${Notice} tone=${said.wrong ? "overdue" : "closed"} title=${said.title}>${said.detail}<//>`}
    <p class="quiet small"><${Icon} name="info" size=${0.9} /> ${t.names_}</p><//>`;
}

/** @typedef {(done: number, total: number | null) => void} Told */

/** @type {Record<Kind, (card: any, at: string, name: string, signal: AbortSignal, told: Told) => Promise<number>>} */
const MAKERS = {
  facts: async (card, at, name, signal, told) => {
    const t = texts("replay").export;
    const { newest, limit, ...asked } = question();
    const plain = !asked.person && !asked.words && !asked.topics;
    const total = plain ? (await get(`/task-forces/${card.task_force}/density`, { at, buckets: 1, division: division.peek() }, signal)).total : null;
    /** @type {unknown[][]} */
    const rows = [];
    let after = 0;
    for (;;) {
      const page = await get(`/task-forces/${card.task_force}/timeline`, { ...asked, at, after, limit: FACTS }, signal);
      for (const fact of page.facts ?? []) rows.push(factRow(fact));
      told(rows.length, total);
      if (!page.next) break;
      after = page.next;
    }
    save(`${name}.csv`, csv(t.factHeads, rows), "text/csv");
    return rows.length;
  },
  waits: async (card, at, name, signal, told) => {
    const t = texts("replay");
    const asked = { at, division: division.peek() };
    const steps = (await get(`/task-forces/${card.task_force}/waits`, { ...asked, limit: 1 }, signal)).steps ?? [];
    const total = steps.reduce((/** @type {number} */ sum, /** @type {any} */ one) => sum + one.tasks, 0);
    /** @type {unknown[][]} */
    const rows = [];
    for (const { step } of steps) {
      for (let offset = 0; ; offset += WAITS) {
        const page = await get(`/task-forces/${card.task_force}/waits`, { ...asked, step, offset, limit: WAITS }, signal);
        for (const one of page.longest ?? []) {
          rows.push([t.waits.steps[/** @type {"read"} */ (step)], one.person?.name ?? "", (one.person?.person ?? "").replace(/^person-/, ""), named("roles", one.role),
            one.division?.code ?? "", one.division?.name ?? "", one.since, one.seconds, one.open ? t.export.yes : "", one.task]);
        }
        told(rows.length, total);
        if (offset + WAITS >= (page.total ?? 0)) break;
      }
    }
    save(`${name}.csv`, csv(t.export.waitHeads, rows), "text/csv");
    return rows.length;
  },
  board: async (card, at, name, signal) => {
    const found = await get(`/boards/divisions/${division.peek() || card.division.code}`, { task_force: force.peek(), at, ...(card.drill && { drills: true }) }, signal);
    save(`${name}.json`, JSON.stringify(found, null, 2), "application/json");
    return 1;
  },
};

/** @param {any} fact */
function factRow(fact) {
  const marks = fact.marks ?? {};
  return [fact.position, fact.recorded_at ?? "", fact.occurred_at ?? "", fact.reported_at ?? "", topicWords(fact.topic), fact.topic, fact.words ?? "", who(fact.actor), who(fact.on_behalf_of), who(fact.person),
    fact.division?.code ?? "", fact.division?.name ?? "", (marks.words ?? []).join(" "), fact.stream ?? "", fact.version ?? ""];
}

/** @param {any} named_ */
const who = (named_) => (named_ ? [named_.name, named_.person.replace(/^person-/, "")].filter(Boolean).join(" ") : "");

const stamped = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** 2021-07-23 16-05-12: a name of a file has no colons. @param {Date} at */
const day = (at) => stamped.format(at).replace(/:/g, "-");
