// Every row that is wrong: line, column, what is wrong, what to do; also as a table to take along.
import { html } from "../vendor/htm-preact.js";
import { Button } from "../components/button.js";
import { Notice } from "../components/notices.js";
import { named } from "../lib/names.js";
import { texts } from "../lib/texts.js";

/** @typedef {{line: number, column: string | null, code: string, title: string, detail: string}} BadRow */

/** @param {{kind: import("./imports.js").Kind, problem: import("../lib/api.js").Problem}} props */
export function BadRows({ kind, problem }) {
  const t = texts("admin").imports;
  const rows = /** @type {BadRow[]} */ (problem.rows);
  const column = (/** @type {string | null} */ key) => nameOf(kind, key);
  return html`<${Notice} tone="overdue" title=${t.bad(rows.length)}>${t.badTodo}<//>
    <div class="scroll" tabindex="0"><table class="table bad-rows"><thead><tr><th class="figure">${t.line}</th><th>${t.column}</th><th>${t.wrong}</th><th>${t.todo}</th></tr></thead>
      <tbody>${rows.map((row, i) => html`<tr key=${i}><td class="figure">${row.line}</td><td class="short">${column(row.column)}</td><td>${row.title}</td><td class="quiet">${todo(row)}</td></tr>`)}</tbody></table></div>
    <div class="acts"><${Button} icon="download" onClick=${() => save(kind, rows)}>${t.save}<//></div>`;
}

const ROLES = ["district_commander", "duty_officer", "township_commander", "township_official", "village_team_leader", "village_official", "grid_head",
  "grid_worker", "household_contact", "department_head", "department_officer", "enforcement_officer"];

/** What to do on this page, where the server's words name its command line. @param {BadRow} row */
function todo(row) {
  const t = texts("admin").imports.todos;
  if (row.code === "role.unknown") return t.role(ROLES.map((key) => ({ key, name: named("roles", key) })));
  return /** @type {Record<string, string>} */ (t.codes)[row.code] ?? row.detail;
}

/** What the column's header says. @param {import("./imports.js").Kind} kind @param {string | null} key */
function nameOf(kind, key) {
  const t = texts("admin").imports;
  if (!key) return t.wholeRow;
  if (key === "name") return t.nameColumn[kind];
  return /** @type {Record<string, string>} */ (t.columns)[key] ?? "";
}

/** @param {import("./imports.js").Kind} kind @param {BadRow[]} rows */
function save(kind, rows) {
  const t = texts("admin").imports;
  const lines = [[t.line, t.column, t.wrong, t.todo], ...rows.map((row) => [String(row.line), nameOf(kind, row.column), row.title, todo(row)])];
  const cell = (/** @type {string} */ text) => `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replace(/"/g, '""')}"`;
  // Spreadsheets take it for UTF-8 by the mark at the beginning.
  const body = `\ufeff${lines.map((line) => line.map(cell).join(",")).join("\r\n")}\r\n`;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([body], { type: "text/csv" }));
  link.download = `${kind}-errors.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
