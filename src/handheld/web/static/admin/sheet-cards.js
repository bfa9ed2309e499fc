// The cards as they are printed: eight on a page of A4, none across two pages.
import { html } from "../vendor/htm-preact.js";
import { useEffect } from "../vendor/preact-hooks.js";
import { Button } from "../components/button.js";
import { SyntheticTag } from "../components/marks.js";
import { Notice } from "../components/notices.js";
import { named } from "../lib/names.js";
import { texts } from "../lib/texts.js";
import { exact } from "../lib/time.js";

const ON_A_PAGE = 8;

/** @param {{cards: {card: import("./sheets.js").Card, svg: string}[], onDone: () => void}} props */
export function Printed({ cards, onDone }) {
  const t = texts("admin").sheets;
  useEffect(() => {
    /** @param {BeforeUnloadEvent} event */
    const leaving = (event) => { event.preventDefault(); event.returnValue = ""; };
    const turning = (/** @type {Event} */ event) => { if (!confirm(t.leave)) event.preventDefault(); };
    addEventListener("beforeunload", leaving);
    addEventListener("handheld:leave", turning);
    return () => { removeEventListener("beforeunload", leaving); removeEventListener("handheld:leave", turning); };
  }, []);
  const pages = [];
  for (let at = 0; at < cards.length; at += ON_A_PAGE) pages.push(cards.slice(at, at + ON_A_PAGE));
  return html`<div class="no-print"><${Notice} tone="closed" title=${t.ready(cards.length)}>${t.readyMore}
      <div class="acts"><${Button} kind="main" icon="print" onClick=${() => print()}>${t.print}<//><${Button} onClick=${onDone}>${t.back}<//></div><//></div>
    <div class="sheet">${pages.map((page, i) => html`<div class="sheet-page" key=${i}>${page.map((one) => html`<${Card} key=${one.card.link} of=${one.card} svg=${one.svg} />`)}</div>`)}</div>`;
}

/** @param {{of: import("./sheets.js").Card, svg: string}} props */
function Card({ of, svg }) {
  const t = texts("admin").sheets.card;
  const synthetic = of.person.synthetic;
  return html`<section class="code-card"><div class="code" dangerouslySetInnerHTML=${{ __html: svg }}></div>
    <div class="words"><p class="product">${t.page}</p><h2>${of.person.name ?? of.number} ${synthetic && html`<${SyntheticTag} />`}</h2>
      <p class="card-number">${t.number} ${of.number}</p>
      ${of.posts.slice(0, 3).map((post) => html`<p class="post" key=${`${post.role}${post.place}`}><strong>${named("roles", post.role)}</strong> ${post.place}</p>`)}
      <p class="scan">${t.scan}</p></div>
    <div class="fine"><p>${t.how}</p><p>${t.once}</p><p class="until">${t.until(exact(of.expires_at).slice(0, -3))}</p></div></section>`;
}
