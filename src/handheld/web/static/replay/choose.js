// Which task force is looked back on.
import { html } from "../vendor/htm-preact.js";
import { useEffect, useState } from "../vendor/preact-hooks.js";
import { Problem, get } from "../lib/api.js";
import { address } from "../lib/route.js";
import { named } from "../lib/names.js";
import { since } from "../lib/time.js";
import { texts } from "../lib/texts.js";
import { Button } from "../components/button.js";
import { TextField } from "../components/field.js";
import { DrillTag } from "../components/marks.js";
import { When } from "../components/moment.js";
import { Notice } from "../components/notices.js";
import { Empty, Working } from "../components/status.js";

/** A list of task forces, the newest first. */
export function Choose() {
  const t = texts("replay").choose;
  const [words, setWords] = useState("");
  const [page, setPage] = useState(/** @type {any} */ (null));
  const [trouble, setTrouble] = useState(/** @type {Problem | null} */ (null));
  useEffect(() => {
    const gone = new AbortController();
    const timer = setTimeout(() => get("/task-forces", { words: words.trim(), limit: 50 }, gone.signal).then((found) => { setPage(found); setTrouble(null); }, (error) => {
      if (error instanceof Problem) setTrouble(error);
    }), page ? 300 : 0);
    return () => { clearTimeout(timer); gone.abort(); };
  }, [words]);
  const rows = /** @type {any[]} */ (page?.rows ?? []);
  return html`<main class="choose" id="content"><h1>${t.title}</h1><p class="quiet">${t.intro}</p>
    <${TextField} label=${t.search} type="search" value=${words} onInput=${setWords} />
    ${trouble ? html`<${Notice} tone="overdue" title=${trouble.title}>${trouble.detail}<//>` : !page ? html`<p><${Working} /></p>`
      : rows.length === 0 ? html`<${Empty} icon="wait" title=${words ? t.notFound : t.none}>${words ? "" : html`<${Button} href="/desk">${t.toDesk}<//>`}<//>`
      : html`<ul>${rows.map((one) => html`<li key=${one.task_force}><a href=${address({ tf: one.task_force })}><strong>${one.title}</strong> ${one.drill && html`<${DrillTag} />`}
        <span class="quiet small">${one.division.name} · ${named("statuses", one.status)} · <${When} at=${one.started_at} />${one.ended_at ? html` · ${t.took(since(one.started_at, one.ended_at))}` : ""}</span></a></li>`)}</ul>`}</main>`;
}
