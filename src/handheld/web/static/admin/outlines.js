// Outlines of divisions: what is there, and a GeoJSON file looked at before it is taken in.
import { html } from "../vendor/htm-preact.js";
import { useEffect, useRef, useState } from "../vendor/preact-hooks.js";
import { Button } from "../components/button.js";
import { TextField } from "../components/field.js";
import { Icon } from "../components/icons.js";
import { figure } from "../components/marks.js";
import { Notice, tell } from "../components/notices.js";
import { Empty, Working } from "../components/status.js";
import { Problem, commandId, get, post } from "../lib/api.js";
import { go, place } from "../lib/route.js";
import { me } from "../lib/session.js";
import { loadTexts, texts } from "../lib/texts.js";
import { OutlineMap } from "./outline-map.js";
import { OutlinePreview } from "./outline-preview.js";
import { Awaited, DivisionField, Head, size, useAnswer } from "./parts.js";

/**
 * @typedef {{type: "FeatureCollection", features: {id: string, properties: {code: string, name: string, source?: string | null}, geometry: any}[]}} Collection
 * @typedef {{drawn: {code: string, name: string, points: number, change: "new" | "changed" | "unchanged"}[],
 *   left_out: {feature: number, named: string, code: string, wrong: string, todo: string}[], without: string[], shown: Collection | null}} Looked
 */

const TYPE = "application/geo+json";
const ready = loadTexts("admin-outlines", "board");

/** The tab. */
export function Outlines() {
  const [loaded, setLoaded] = useState(false);
  useEffect(() => { ready.then(() => setLoaded(true)); }, []);
  return loaded ? html`<${Tab} />` : html`<p class="waits"><${Working} /></p>`;
}

function Tab() {
  const t = texts("admin-outlines");
  const division = place.value.get("d") ?? "";
  const [round, setRound] = useState(0);
  return html`<${Head} title=${t.title} intro=${t.intro} />
    <div class="narrow"><${DivisionField} label=${t.division} value=${division} onInput=${(/** @type {string} */ code) => go({ d: code }, { replace: true })} /></div>
    ${division && html`<${There} key=${`${division} ${round}`} division=${division} />`}
    ${division && me.value?.role === "operator" && html`<${Import} key=${division} division=${division} onDone=${() => setRound((n) => n + 1)} />`}`;
}

/** What there is. @param {{division: string}} props */
function There({ division }) {
  const t = texts("admin-outlines");
  const answer = useAnswer(async () => {
    const [drawn, card] = await Promise.all([get(`/outlines/${division}`), get(`/divisions/${division}`)]);
    return { drawn: /** @type {Collection} */ (drawn), children: /** @type {{code: string, name: string}[]} */ (card.children), name: /** @type {string} */ (card.division.name) };
  }, [division]);
  if (!answer.found) return html`<${Awaited} of=${answer} />`;
  const { drawn, children, name } = answer.found;
  const have = new Set(drawn.features.map((one) => one.properties.code));
  const missing = children.filter((one) => !have.has(one.code));
  const sources = [...new Set(drawn.features.map((one) => one.properties.source).filter(Boolean))];
  return html`<section class="panel"><header><h2>${t.there(name)}</h2><span class="quiet small number">${children.length ? t.count(children.length - missing.length, children.length) : ""}</span></header>
    ${!drawn.features.length ? html`<${Empty} icon="map" title=${t.none}>${t.noneMore}<//>` : html`<div class="body outline-there"><${OutlineMap} collection=${drawn} division=${division} label=${t.mapOf(name)} />
      <div class="lines">${missing.length > 0 && html`<p class="small">${t.missing(missing.map((one) => one.name))}</p>`}${sources.length > 0 && html`<p class="quiet small">${t.sources(sources.join(t.and))}</p>`}</div></div>`}</section>`;
}

/** @param {{division: string, onDone: () => void}} props */
function Import({ division, onDone }) {
  const t = texts("admin-outlines");
  const [file, setFile] = useState(/** @type {{name: string, body: Blob} | null} */ (null));
  const [source, setSource] = useState("");
  const [looked, setLooked] = useState(/** @type {Looked | null} */ (null));
  const [problem, setProblem] = useState(/** @type {Problem | null} */ (null));
  const [phase, setPhase] = useState(/** @type {"" | "looking" | "writing"} */ (""));
  const [over, setOver] = useState(false);
  const [key, setKey] = useState(commandId);
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));
  /** @param {Blob} body @param {boolean} dry */
  const send = (body, dry) => post("/imports/outlines", body, { type: TYPE, query: { division, source: source.trim(), dry_run: dry || null }, ...(!dry && { key }) });
  /** @param {unknown} error */
  const failed = (error) => setProblem(error instanceof Problem ? error : new Problem(0, texts("admin").notYetProblem));
  /** @param {File | undefined} chosen */
  const take = async (chosen) => {
    if (!chosen) return;
    setProblem(null);
    setLooked(null);
    setPhase("looking");
    setKey(commandId());
    try {
      const body = new Blob([await chosen.arrayBuffer()], { type: TYPE });
      setFile({ name: t.chosen(chosen.name, size(chosen.size)), body });
      setLooked(await send(body, true));
    } catch (error) {
      failed(error);
    }
    setPhase("");
  };
  const apply = async () => {
    if (!file || !looked) return;
    setPhase("writing");
    setProblem(null);
    try {
      await send(file.body, false);
      tell({ tone: "closed", title: t.done, detail: t.doneMore(figure(looked.drawn.length)) });
      setFile(null);
      setLooked(null);
      onDone();
    } catch (error) {
      failed(error);
    }
    setPhase("");
  };
  const pick = () => input.current?.click();
  return html`<section class="panel import"><input ref=${input} class="only-heard" type="file" accept=".geojson,.json,application/geo+json" tabindex="-1" aria-label=${t.file}
      onChange=${(/** @type {Event} */ event) => { const at = /** @type {HTMLInputElement} */ (event.target); take(at.files?.[0]); at.value = ""; }} />
    <header><h2>${t.importTitle}</h2></header><div class="body">
      <${Notice} title=${t.wgs}>${t.wgsMore}<//>
      ${file && html`<p class="file"><${Icon} name="map" /> <strong>${file.name}</strong>${!phase && html`<${Button} kind="bare" onClick=${pick}>${t.another}<//>`}</p>`}
      ${!file && html`<div class="drop ${over ? "over" : ""}" onDragOver=${(/** @type {DragEvent} */ event) => { event.preventDefault(); setOver(true); }} onDragLeave=${() => setOver(false)}
        onDrop=${(/** @type {DragEvent} */ event) => { event.preventDefault(); setOver(false); take(event.dataTransfer?.files[0]); }}>
        <${Icon} name="upload" size=${1.8} /><p>${t.drop}</p><${Button} kind="main" onClick=${pick}>${t.file}<//><p class="quiet small">${t.dropHint}</p></div>`}
      ${phase === "looking" && html`<p class="waits"><${Working}>${t.looking}<//></p>`}
      ${problem && html`<${Notice} tone="overdue" title=${problem.title}>${problem.detail}<//>`}
      ${looked && html`<${OutlinePreview} looked=${looked} division=${division} />
        <div class="narrow"><${TextField} label=${t.source} hint=${t.sourceHint} value=${source} onInput=${setSource} maxLength=${200} /></div>
        <div class="acts"><${Button} onClick=${() => { setFile(null); setLooked(null); setProblem(null); }} disabled=${phase === "writing"}>${texts("common").cancel}<//>
          <${Button} kind="main" onClick=${apply} busy=${phase === "writing" && t.writing} disabled=${looked.drawn.every((one) => one.change === "unchanged")}>${t.apply(figure(looked.drawn.filter((one) => one.change !== "unchanged").length))}<//></div>`}
    </div></section>`;
}
