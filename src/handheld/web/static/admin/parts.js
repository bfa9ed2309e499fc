// What the tabs share: asking the server, who somebody is, choosing a division, looking somebody up.
import { html } from "../vendor/htm-preact.js";
import { useCallback, useEffect, useRef, useState } from "../vendor/preact-hooks.js";
import { Button } from "../components/button.js";
import { TextField } from "../components/field.js";
import { Notice } from "../components/notices.js";
import { PersonName } from "../components/person.js";
import { Working } from "../components/status.js";
import { Problem, get } from "../lib/api.js";
import { named } from "../lib/names.js";
import { texts } from "../lib/texts.js";

/**
 * @typedef {{person: string, name?: string, phone?: string, synthetic?: boolean}} Named
 * @typedef {{role: string, division: string, department?: string | null}} PlainPost
 * @typedef {{code: string, name: string, tier: string, kind: string | null, synthetic: boolean, posture: string, children: number}} Division
 */

/**
 * What the server answers, asked again when the question changes or `again()` is called.
 * @template T
 * @param {() => Promise<T>} ask
 * @param {unknown[]} about
 */
export function useAnswer(ask, about) {
  const [found, setFound] = useState(/** @type {T | null} */ (null));
  const [problem, setProblem] = useState(/** @type {Problem | null} */ (null));
  const [round, setRound] = useState(0);
  useEffect(() => {
    let current = true;
    ask().then(
      (answer) => { if (current) { setFound(answer); setProblem(null); } },
      (error) => { if (current) setProblem(error instanceof Problem ? error : new Problem(0, texts("admin").notYetProblem)); },
    );
    return () => { current = false; };
  }, [...about, round]);
  const again = useCallback(() => setRound((before) => before + 1), []);
  return { found, problem, again };
}

/**
 * What stands while an answer is awaited, or where there is none.
 * @param {{of: {found: any, problem: Problem | null, again: () => void}}} props
 */
export function Awaited({ of }) {
  if (of.problem) {
    return html`<${Notice} tone="overdue" title=${of.problem.title}>${of.problem.detail}
      ${of.problem.status !== 403 && html`<p><${Button} onClick=${of.again}>${texts("admin").again}<//></p>`}<//>`;
  }
  return of.found === null ? html`<p class="waits"><${Working} /></p>` : null;
}

/** The head of a tab: its title and what it is for. @param {{title: string, intro?: any, children?: any}} props */
export function Head({ title, intro, children }) {
  return html`<header class="tab-head"><div><h1 tabindex="-1">${title}</h1>${intro && html`<p class="quiet">${intro}</p>`}</div>${children}</header>`;
}

/** Somebody, with their number. @param {{of: Named | null | undefined}} props */
export function Who({ of }) {
  if (!of) return null;
  return html`<${PersonName} of=${of} /> <span class="quiet small number">${of.person.replace(/^person-/, "")}</span>`;
}

/**
 * A division, tier by tier from the top; `value` is its code.
 * @param {{label: string, value: string, onInput: (code: string) => void, deepest?: "township" | "village" | "grid", alone?: boolean}} props
 *   `alone`: it is about the division itself, without what is below
 */
export function DivisionField({ label, value, onInput, deepest = "village", alone = false }) {
  const most = { township: 9, village: 12, grid: 15 }[deepest];
  const lengths = [6, 9, 12, 15].filter((length) => length <= most);
  const chosen = lengths.map((length) => (value.length >= length ? value.slice(0, length) : ""));
  const shown = lengths.filter((_, i) => i === 0 || chosen[i - 1]);
  return html`<div class="field"><span class="label">${label}</span><div class="tiers">${shown.map((length, i) => html`<${Tier} key=${length}
    label=${label} below=${i ? chosen[i - 1] : ""} value=${chosen[i] ?? ""} only=${i === 0} alone=${alone}
    onInput=${(/** @type {string} */ code) => onInput(code || chosen[i - 1] || "")} />`)}</div></div>`;
}

/** @param {{label: string, below?: string | undefined, value: string, only: boolean, alone: boolean, onInput: (code: string) => void}} props */
function Tier({ label, below, value, only, alone, onInput }) {
  const t = texts("admin");
  const answer = useAnswer(async () => /** @type {Division[]} */ ((await get("/divisions", below ? { below } : {})).rows), [below]);
  const rows = answer.found ?? [];
  useEffect(() => {
    const first = rows[0];
    if (only && !value && first) onInput(first.code);
  }, [answer.found]);
  if (answer.found && !rows.length && !only) return null;
  return html`<select class="input" aria-label=${`${label} ${named("tiers", rows[0]?.tier ?? "")}`} value=${value}
    onChange=${(/** @type {Event} */ event) => onInput(/** @type {HTMLSelectElement} */ (event.target).value)}>
    ${!only && html`<option value="">${alone ? t.self : t.allOf(named("tiers", rows[0]?.tier ?? ""))}</option>`}
    ${rows.map((one) => html`<option key=${one.code} value=${one.code} selected=${one.code === value}>${one.name}</option>`)}</select>`;
}

/**
 * Looks somebody up by name or number.
 * @param {{label: string, hint?: string, value: Named | null, onInput: (person: Named | null) => void}} props
 */
export function PersonField({ label, hint, value, onInput }) {
  const [words, setWords] = useState("");
  const [rows, setRows] = useState(/** @type {{person: Named, posts: PlainPost[]}[] | null} */ (null));
  const asked = useRef(0);
  useEffect(() => {
    const number = (asked.current += 1);
    if (!words.trim()) return setRows(null);
    const timer = setTimeout(async () => {
      const found = await get("/people", { words, limit: 8 }).catch(() => ({ rows: [] }));
      if (asked.current === number) setRows(found.rows);
    }, 250);
    return () => clearTimeout(timer);
  }, [words]);
  if (value) {
    return html`<div class="field"><span class="label">${label}</span><div class="chosen"><${Who} of=${value} />
      <${Button} kind="bare" onClick=${() => onInput(null)}>${texts("admin").change}<//></div></div>`;
  }
  return html`<div class="lookup"><${TextField} label=${label} hint=${hint} value=${words} onInput=${setWords} autocomplete="off" />
    ${rows && (rows.length ? html`<ul class="found">${rows.map((row) => html`<li key=${row.person.person}><button type="button" class="button bare"
      onClick=${() => { onInput(row.person); setWords(""); }}><${Who} of=${row.person} /><span class="quiet small">${row.posts.map((post) => named("roles", post.role)).join(" · ")}</span></button></li>`)}</ul>`
      : html`<p class="quiet small">${texts("admin").nobodyFound}</p>`)}</div>`;
}

/** Bytes for people. @param {number} bytes */
export function size(bytes) {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let at = 0;
  let left = bytes;
  while (left >= 1024 && at < units.length - 1) { left /= 1024; at += 1; }
  return `${left < 10 && at > 0 ? left.toFixed(1) : Math.round(left)} ${units[at]}`;
}
