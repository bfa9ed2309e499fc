// Looking back: what the board was at any instant, what had happened by then, what changed, and why it took so long.
import { html } from "../vendor/htm-preact.js";
import { useEffect, useState } from "../vendor/preact-hooks.js";
import { followLinks } from "../desk/links.js";
import { Problem, get } from "../lib/api.js";
import { named } from "../lib/names.js";
import { me } from "../lib/session.js";
import { texts } from "../lib/texts.js";
import { Button } from "../components/button.js";
import { DrillTag } from "../components/marks.js";
import { OwnMenu } from "../components/menu.js";
import { Notice, Notices } from "../components/notices.js";
import { Working } from "../components/status.js";
import { Change } from "./change.js";
import { Choose } from "./choose.js";
import { Curve } from "./curve.js";
import { Export } from "./export.js";
import { Facts } from "./facts.js";
import { Slider, SliderLegend } from "./slider.js";
import { begin, division, force, life, panel, to, upTo } from "./state.js";
import { Then } from "./then.js";
import { Transport } from "./transport.js";
import { Waits } from "./waits.js";

const PARTS = 120;
const ALIVE_MS = 60000;
const PANELS = /** @type {const} */ ({ facts: Facts, change: Change, waits: Waits, curve: Curve });

/** The page. */
export function Replay() {
  const t = texts("replay");
  useEffect(() => followLinks(), []);
  return html`<a class="skip" href="#content">${texts("common").skip}</a><div class="replay-page">
    <header class="replay-head"><a class="product" href=${force.value ? to({ tf: null, t: null, p: null, a: null, b: null, d: null, s: null, k: null, q: null, who: null, v: null, step: null }) : "/replay"}>${t.title}</a><div class="grow"></div>
      <${OwnMenu} pages=${[{ href: `/desk${where()}`, label: t.desk }, { href: `/wall${where()}`, label: t.wall }]} /></header>
    ${force.value ? html`<${Course} key=${force.value} name=${force.value} />` : html`<${Choose} />`}<${Notices} /></div>`;
}

function where() {
  const asked = new URLSearchParams();
  const d = division.value || me.value?.posts.find((post) => post.division)?.division || "";
  if (d) asked.set("d", d);
  if (force.value) asked.set("tf", force.value);
  const text = asked.toString();
  return text ? `?${text}` : "";
}

/** @param {{name: string}} props */
function Course({ name }) {
  const [card, setCard] = useState(/** @type {any} */ (null));
  const [density, setDensity] = useState(/** @type {any} */ (null));
  const [trouble, setTrouble] = useState(/** @type {Problem | null} */ (null));
  const t = texts("replay");
  useEffect(() => {
    let gone = false;
    let timer = 0;
    const ask = async () => {
      try {
        // The server's own clock: what it would call the future is never asked for.
        const [found, { clock }] = await Promise.all([get(`/task-forces/${name}`), get("/me")]);
        const first = upTo(found.started_at);
        const counted = await get(`/task-forces/${name}/density`, { buckets: PARTS, division: division.peek() });
        if (gone) return;
        const last = upTo(counted.end ?? found.started_at);
        const bounds = { begin: Math.min(first, upTo(counted.begin ?? found.started_at)), end: Math.max(last, found.ended_at ? upTo(found.ended_at) : Date.parse(clock)) };
        if (life.peek() && card) life.value = bounds;
        else begin(bounds);
        setCard(found);
        setDensity(counted);
        if (!found.ended_at) timer = setTimeout(ask, ALIVE_MS);
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        if (!gone) setTrouble(error);
      }
    };
    life.value = null;
    ask();
    return () => { gone = true; clearTimeout(timer); life.value = null; };
  }, [name]);
  const places = usePlaces(division.value || card?.division?.code || "");
  const [exporting, setExporting] = useState(false);
  if (trouble) return html`<main id="content" class="choose"><${Notice} tone="overdue" title=${trouble.title}>${trouble.detail}<//><p><${Button} href="/replay">${t.others}<//></p></main>`;
  if (!card || !life.value) return html`<main id="content" class="choose"><p><${Working}>${t.opening}<//></p></main>`;
  if (!card.inside) return html`<main id="content" class="choose"><${Notice} title=${t.notInside}>${t.notInsideMore}<//><p><${Button} href="/replay">${t.others}<//></p></main>`;
  const Panel = PANELS[panel.value] ?? Facts;
  return html`<main id="content" class="replay-main"><section class="course-head"><h1>${card.title} ${card.drill && html`<${DrillTag} />`}</h1>
      <p class="quiet">${card.division.name} · ${named("statuses", card.status)}${card.part ? ` · ${t.part}` : ""}</p>
      <${Button} icon="download" onClick=${() => setExporting(true)}>${t.exportButton}<//></section>
    <section class="panel timebar" aria-label=${t.slider.label}><${Transport} density=${density} /><${Slider} density=${density} /><${SliderLegend} density=${density} /></section>
    <div class="replay-columns"><section class="replay-board" aria-label=${t.then.label}><${Then} card=${card} places=${places} /></section>
      <section class="panel beside"><nav class="tabs" aria-label=${t.panels.label}>${/** @type {(keyof typeof PANELS)[]} */ (Object.keys(PANELS)).map((one) => html`<a key=${one} href=${to({ v: one === "facts" ? null : one })} aria-current=${panel.value === one ? "page" : undefined}>${t.panels[one]}</a>`)}</nav>
        <div class="body"><${Panel} card=${card} /></div></section></div>
    ${exporting && html`<${Export} card=${card} onClose=${() => setExporting(false)} />`}</main>`;
}

/** The division that is looked at, with its outlines. @param {string} code @returns {any} */
function usePlaces(code) {
  const [places, setPlaces] = useState(/** @type {any} */ (null));
  useEffect(() => {
    setPlaces(null);
    if (!code) return undefined;
    let gone = false;
    Promise.all([get(`/divisions/${code}`), get(`/outlines/${code}`).catch(() => null)])
      .then(([found, outlines]) => !gone && setPlaces({ ...found, outlines }), (error) => { if (!(error instanceof Problem)) throw error; });
    return () => { gone = true; };
  }, [code]);
  return places;
}
