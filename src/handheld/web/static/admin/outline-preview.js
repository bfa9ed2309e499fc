// What a map file would do: drawn, listed, and what of it comes to nothing.
import { html } from "../vendor/htm-preact.js";
import { useEffect, useState } from "../vendor/preact-hooks.js";
import { figure } from "../components/marks.js";
import { get } from "../lib/api.js";
import { texts } from "../lib/texts.js";
import { OutlineMap } from "./outline-map.js";

const COUNTED = /** @type {const} */ (["new", "changed", "unchanged"]);

/** @param {{looked: import("./outlines.js").Looked, division: string}} props */
export function OutlinePreview({ looked, division }) {
  const t = texts("admin-outlines");
  const [names, setNames] = useState(/** @type {Map<string, string>} */ (new Map()));
  useEffect(() => {
    let current = true;
    // Without the names the number of those without an outline is told all the same.
    get("/divisions", { below: division }).then((found) => current && setNames(new Map(found.rows.map((/** @type {any} */ one) => [one.code, one.name]))), () => {});
    return () => { current = false; };
  }, [division]);
  const changes = new Map(looked.drawn.map((one) => [one.code, one.change]));
  const without = looked.without.map((code) => names.get(code)).filter(Boolean);
  return html`<dl class="counts">${COUNTED.map((one) => html`<div key=${one} class="count-${one}"><dt>${t.counts[one]}</dt><dd class="number">${figure(looked.drawn.filter((each) => each.change === one).length)}</dd></div>`)}
      <div class="count-left"><dt>${t.counts.left}</dt><dd class="number">${figure(looked.left_out.length)}</dd></div><div><dt>${t.counts.without}</dt><dd class="number">${figure(looked.without.length)}</dd></div></dl>
    ${looked.shown && html`<${OutlineMap} collection=${looked.shown} division=${division} label=${t.previewOf} changes=${changes} />`}
    ${looked.left_out.length > 0 && html`<div><h3>${t.leftOut}</h3><div class="scroll"><table class="table left-out"><thead><tr><th class="figure">${t.feature}</th><th>${t.named}</th><th>${t.why}</th><th>${t.todo}</th></tr></thead>
      <tbody>${looked.left_out.slice(0, 200).map((one) => html`<tr key=${one.feature}><td class="figure">${figure(one.feature)}</td><td>${one.named || html`<span class="quiet">${t.unnamed}</span>`}</td><td>${one.wrong}</td><td class="quiet">${one.todo}</td></tr>`)}</tbody></table></div></div>`}
    ${without.length > 0 && html`<p class="small">${t.without(without)}</p>`}
    <details class="quiet-details"><summary>${t.list(looked.drawn.length)}</summary><div class="scroll"><table class="table"><thead><tr><th>${t.name}</th><th>${t.change}</th><th class="figure">${t.points}</th></tr></thead>
      <tbody>${looked.drawn.map((one) => html`<tr key=${one.code}><td>${one.name}</td><td>${t.counts[one.change]}</td><td class="figure">${figure(one.points)}</td></tr>`)}</tbody></table></div></details>`;
}
