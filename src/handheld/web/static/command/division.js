// Choosing a division: one list a tier, from the widest down.
import { html } from "../vendor/htm-preact.js";
import { useEffect, useId, useState } from "../vendor/preact-hooks.js";
import { Problem, get } from "../lib/api.js";
import { named } from "../lib/names.js";
import { texts } from "../lib/texts.js";

/** @typedef {{code: string, name: string}} Known */

/**
 * A division within another. `value` is a code; what is chosen last in the row of lists counts.
 * @param {{label: string, value: string, onChange: (code: string, name: string) => void, root: string | null,
 *   deepest?: number, hint?: string, wrong?: string | null}} props `deepest`: digits of the code at most
 */
export function DivisionField({ label, value, onChange, root, deepest = 12, hint, wrong }) {
  const t = texts("command").division;
  const id = useId();
  const [levels, setLevels] = useState(/** @type {{at: string | null, rows: Known[]}[]} */ ([]));
  const [failed, setFailed] = useState(/** @type {string | null} */ (null));
  useEffect(() => {
    const ending = new AbortController();
    (async () => {
      try {
        setLevels(await listsTo(value || root || "", root, deepest, ending.signal));
      } catch (error) {
        if (!ending.signal.aborted) setFailed(error instanceof Problem ? error.title : t.notRead);
      }
    })();
    return () => ending.abort();
  }, [value, root]);
  /** @param {number} n @param {string} code */
  const choose = (n, code) => {
    const above = levels[n]?.at ?? "";
    const known = levels[n]?.rows.find((one) => one.code === code);
    if (known) onChange(known.code, known.name);
    else onChange(above, levels[n - 1]?.rows.find((one) => one.code === above)?.name ?? "");
  };
  return html`<div class="field" role="group" aria-labelledby=${id}><span class="label" id=${id}>${label}</span>
    <div class="division-lists">${levels.map((level, n) => html`<select key=${level.at ?? "top"} class="input" aria-label=${tierOf(level.rows)}
      value=${chosenAt(level, value)} onChange=${(/** @type {Event} */ event) => choose(n, /** @type {HTMLSelectElement} */ (event.target).value)}>
      ${(n > 0 || level.at !== null) && html`<option value="">${n === 0 ? t.choose : t.whole}</option>`}
      ${level.rows.map((one) => html`<option key=${one.code} value=${one.code} selected=${one.code === chosenAt(level, value)}>${one.name}</option>`)}</select>`)}</div>
    ${(wrong || failed) && html`<p class="wrong" role="alert">${wrong ?? failed}</p>`}
    ${hint && html`<p class="hint">${hint}</p>`}</div>`;
}

/** What lies in a list. @param {Known[]} rows */
function tierOf(rows) {
  return named("tiers", { 6: "district", 9: "township", 12: "village", 15: "grid" }[rows[0]?.code.length ?? 6]);
}

/** @param {{rows: Known[]}} level @param {string} value */
function chosenAt(level, value) {
  return level.rows.find((one) => value === one.code || value.startsWith(one.code))?.code ?? "";
}

/** @param {string} value @param {string | null} root @param {number} deepest @param {AbortSignal} signal */
async function listsTo(value, root, deepest, signal) {
  /** @type {{at: string | null, rows: Known[]}[]} */
  const found = [];
  if (root) {
    const card = await get(`/divisions/${root}`, {}, signal);
    found.push({ at: null, rows: [card.division] });
    if (root.length < deepest && card.children.length) found.push({ at: root, rows: card.children });
  } else {
    found.push({ at: null, rows: (await get("/divisions", {}, signal)).rows });
  }
  const start = root ? root.length : 0;
  for (const length of [6, 9, 12]) {
    if (length <= start || length >= deepest || value.length < length) continue;
    const at = value.slice(0, length);
    const rows = (await get("/divisions", { below: at }, signal)).rows;
    if (rows.length) found.push({ at, rows });
  }
  return found;
}
