// A table taken in: chosen, looked at line by line, then written whole or not at all.
import { html } from "../vendor/htm-preact.js";
import { useRef, useState } from "../vendor/preact-hooks.js";
import { Button } from "../components/button.js";
import { Icon } from "../components/icons.js";
import { Notice, tell, tellProblem } from "../components/notices.js";
import { Working } from "../components/status.js";
import { Problem, post } from "../lib/api.js";
import { go, place } from "../lib/route.js";
import { texts } from "../lib/texts.js";
import { BadRows } from "./import-errors.js";
import { Preview } from "./import-preview.js";
import { Head, size } from "./parts.js";

const TYPES = /** @type {Record<string, string>} */ ({
  csv: "text/csv",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
});

/** @typedef {"divisions" | "departments" | "people"} Kind */
export const KINDS = /** @type {Kind[]} */ (["divisions", "departments", "people"]);

/** The tab. */
export function Imports() {
  const t = texts("admin").imports;
  const asked = place.value.get("of");
  const kind = KINDS.find((one) => one === asked) ?? "divisions";
  return html`<${Head} title=${t.title} intro=${t.intro} />
    <nav class="tabs" aria-label=${t.what}>${KINDS.map((one) => html`<button key=${one} type="button" aria-current=${one === kind ? "page" : undefined}
      onClick=${() => go({ of: one })}>${t.kinds[one]}</button>`)}</nav>
    <${Import} key=${kind} kind=${kind} />`;
}

/** @param {{kind: Kind}} props */
function Import({ kind }) {
  const t = texts("admin").imports;
  const [file, setFile] = useState(/** @type {{name: string, size: number, type: string, body: Blob} | null} */ (null));
  const [phase, setPhase] = useState(/** @type {"choose" | "checking" | "bad" | "look" | "writing" | "done"} */ ("choose"));
  const [problem, setProblem] = useState(/** @type {Problem | null} */ (null));
  const [seen, setSeen] = useState(/** @type {import("./import-preview.js").Seen | null} */ (null));
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));

  /** @param {NonNullable<typeof file>} of */
  const check = async (of) => {
    setPhase("checking");
    setProblem(null);
    try {
      setSeen(await post(`/imports/${kind}`, of.body, { type: of.type, query: { dry_run: true } }));
      setPhase("look");
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
      setPhase("bad");
    }
  };
  /** @param {File | undefined} chosen */
  const take = async (chosen) => {
    if (!chosen) return;
    const type = TYPES[chosen.name.split(".").pop()?.toLowerCase() ?? ""];
    if (!type) {
      setFile(null);
      setProblem(new Problem(0, { title: t.wrongKind, detail: t.wrongKindTodo }));
      return setPhase("bad");
    }
    // Read at once: what is looked at is what is written, though the file is saved again meanwhile.
    const body = new Blob([await chosen.arrayBuffer()], { type });
    const next = { name: chosen.name, size: chosen.size, type, body };
    setFile(next);
    await check(next);
  };
  const apply = async () => {
    if (!file || !seen?.tag) return;
    setPhase("writing");
    try {
      await post(`/imports/${kind}`, file.body, { type: file.type, query: { as_previewed: seen.tag } });
      setPhase("done");
      tell({ tone: "closed", title: t.done, detail: t.doneMore(seen.new, seen.changed) });
    } catch (error) {
      setPhase("look");
      tellProblem(error);
      if (error instanceof Problem && error.code === "import.overtaken") await check(file);
    }
  };
  const reset = () => { setFile(null); setSeen(null); setProblem(null); setPhase("choose"); };
  const pick = () => input.current?.click();
  return html`<section class="panel import"><input ref=${input} class="only-heard" type="file" accept=".csv,.xlsx" tabindex="-1" aria-label=${t.file}
      onChange=${(/** @type {Event} */ event) => { const at = /** @type {HTMLInputElement} */ (event.target); take(at.files?.[0]); at.value = ""; }} />
    <header><h2>${t.kinds[kind]}</h2><div class="acts">
      <${Button} icon="download" href=${`/api/v1/imports/${kind}/template?format=xlsx`}>${t.templateXlsx}<//>
      <${Button} icon="download" href=${`/api/v1/imports/${kind}/template?format=csv`}>${t.templateCsv}<//></div></header>
    <div class="body">
    ${file && html`<p class="file"><${Icon} name="entry" /> <strong>${t.chosen(file.name, size(file.size))}</strong>
      ${phase !== "writing" && phase !== "checking" && html`<${Button} kind="bare" onClick=${pick}>${phase === "done" ? t.more : t.another}<//>`}</p>`}
    ${(phase === "choose" || (phase === "bad" && !file)) && html`<${Drop} onFile=${take} onPick=${pick} hint=${t.order} />`}
    ${phase === "checking" && html`<p class="waits"><${Working}>${t.checking}<//></p>`}
    ${phase === "bad" && problem && (problem.rows.length ? html`<${BadRows} kind=${kind} problem=${problem} />`
      : html`<${Notice} tone="overdue" title=${problem.title}>${problem.detail}<//>`)}
    ${(phase === "look" || phase === "writing") && seen && html`<${Preview} kind=${kind} seen=${seen} busy=${phase === "writing"} onApply=${apply} onCancel=${reset} />`}
    ${phase === "done" && seen && html`<${Notice} tone="closed" title=${t.done}>${t.doneMore(seen.new, seen.changed)}<div class="acts">
      ${kind !== "people" && html`<${Button} kind="main" onClick=${() => go({ of: KINDS[KINDS.indexOf(kind) + 1] ?? null })}>${t.nextKind(t.kinds[KINDS[KINDS.indexOf(kind) + 1] ?? kind])}<//>`}
      <${Button} href="?tab=start">${texts("admin").tabs.start}<//></div><//>`}
    </div></section>`;
}

/** @param {{onFile: (file: File | undefined) => void, onPick: () => void, hint: string}} props */
function Drop({ onFile, onPick, hint }) {
  const t = texts("admin").imports;
  const [over, setOver] = useState(false);
  return html`<div class="drop ${over ? "over" : ""}" onDragOver=${(/** @type {DragEvent} */ event) => { event.preventDefault(); setOver(true); }} onDragLeave=${() => setOver(false)}
    onDrop=${(/** @type {DragEvent} */ event) => { event.preventDefault(); setOver(false); onFile(event.dataTransfer?.files[0]); }}>
    <${Icon} name="upload" size=${1.8} /><p>${t.drop}</p><${Button} kind="main" onClick=${onPick}>${t.file}<//><p class="quiet small">${hint}</p></div>`;
}
