// What a table would change: counted, and one by one.
import { html } from "../vendor/htm-preact.js";
import { useState } from "../vendor/preact-hooks.js";
import { Button } from "../components/button.js";
import { SyntheticTag, figure } from "../components/marks.js";
import { Notice } from "../components/notices.js";
import { named } from "../lib/names.js";
import { texts } from "../lib/texts.js";

/**
 * @typedef {{role: string, division: string, department?: string | null}} PlainPost
 * @typedef {{field: "name" | "phone" | "posts" | "households", before?: string, after?: string, posts_gone?: PlainPost[], posts_new?: PlainPost[]}} FieldChange
 * @typedef {{what: "new" | "changed" | "absent", key: string, name: string, synthetic?: boolean, posts?: PlainPost[], division?: string, fields?: FieldChange[]}} Change
 * @typedef {{new: number, changed: number, unchanged: number, absent: number, changes: Change[], tag: string | null}} Seen
 */

const LISTS = /** @type {const} */ (["changed", "new", "absent"]);

/** @param {{kind: import("./imports.js").Kind, seen: Seen, busy: boolean, onApply: () => void, onCancel: () => void}} props */
export function Preview({ kind, seen, busy, onApply, onCancel }) {
  const t = texts("admin").imports;
  const [list, setList] = useState(LISTS.find((one) => seen[one] > 0) ?? "new");
  const count = seen.new + seen.changed;
  const rows = seen.changes.filter((one) => one.what === list);
  const counts = /** @type {const} */ (["new", "changed", "unchanged", "absent"]);
  return html`<dl class="counts">${counts.map((one) => html`<div key=${one} class="count-${one}"><dt>${t.counts[one]}</dt><dd class="number">${figure(seen[one])}</dd></div>`)}</dl>
    ${count === 0 && html`<${Notice} tone="closed" title=${t.nothing} />`}
    ${seen.changes.length > 0 && html`<div class="tabs" role="tablist">${LISTS.filter((one) => seen[one] > 0).map((one) => html`<button key=${one} type="button" role="tab"
        aria-selected=${String(one === list)} onClick=${() => setList(one)}>${t.show[one]} <span class="number">${figure(seen[one])}</span></button>`)}</div>
      ${list === "absent" && html`<p class="quiet small">${t.absentWhat}</p>`}
      ${rows.length < seen[list] && html`<p class="quiet small">${t.shownOf(rows.length, seen[list])}</p>`}
      <div class="scroll" tabindex="0"><table class="table"><thead><tr><th>${t.key[kind]}</th><th>${t.nameColumn[kind]}</th>${list !== "absent" && html`<th>${t.detail}</th>`}</tr></thead>
        <tbody>${rows.map((one) => html`<tr key=${one.key}><td class="number">${one.key.replace(/^person-/, "")}</td>
          <td>${one.name} ${one.synthetic && html`<${SyntheticTag} />`}</td>${list !== "absent" && html`<td>${detail(one)}</td>`}</tr>`)}</tbody></table></div>`}
    <div class="acts">${count > 0 && html`<${Button} kind="main" onClick=${onApply} busy=${busy && t.writing(count)}>${t.apply(count)}<//>`}
      <${Button} onClick=${onCancel} disabled=${busy}>${texts("common").cancel}<//>${count > 0 && html`<span class="quiet small">${t.applyNote}</span>`}</div>`;
}

/** @param {Change} change */
function detail(change) {
  const t = texts("admin").imports;
  if (change.what === "new") {
    const held = (change.posts ?? []).map(postWords);
    return held.length ? held.join(" · ") : change.division ?? "";
  }
  const said = (change.fields ?? []).flatMap((field) => {
    if (field.field === "phone") return [t.phoneChanged];
    if (field.field === "households") return [t.households(field.before ?? "0", field.after ?? "0")];
    if (field.field === "posts") {
      return [...(field.posts_new ?? []).map((post) => t.postNew(postWords(post))), ...(field.posts_gone ?? []).map((post) => t.postGone(postWords(post)))];
    }
    return [t.from(field.before ?? "", field.after ?? "")];
  });
  return html`<ul class="lines">${said.map((words) => html`<li key=${words}>${words}</li>`)}</ul>`;
}

/** @param {PlainPost} post */
function postWords(post) {
  return `${named("roles", post.role)} ${post.division}${post.department ? ` (${post.department})` : ""}`;
}
