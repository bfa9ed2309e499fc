// Sign-in sheets: for whom, issued at once, drawn, printed; batches that are ended.
import { html } from "../vendor/htm-preact.js";
import { useEffect, useState } from "../vendor/preact-hooks.js";
import { Button } from "../components/button.js";
import { Check, SelectField, TextField } from "../components/field.js";
import { Notice, tellProblem } from "../components/notices.js";
import { Working } from "../components/status.js";
import { get, post } from "../lib/api.js";
import { go, place } from "../lib/route.js";
import { named } from "../lib/names.js";
import { texts } from "../lib/texts.js";
import { Batches } from "./batches.js";
import { Awaited, DivisionField, Head, useAnswer } from "./parts.js";
import { Printed } from "./sheet-cards.js";

/**
 * @typedef {{people: number, missing: number, roles: {role: string, people: number, missing: number}[], most: number}} Whom
 * @typedef {{person: import("./parts.js").Named, number: string, posts: {place: string, role: string}[], link: string, secret: string, expires_at: string}} Card
 */

const DRAWN_AT_ONCE = 100;
const DAYS = /** @type {const} */ (["7", "30", "90", "180"]);

/** The tab. */
export function Sheets() {
  const t = texts("admin").sheets;
  const [cards, setCards] = useState(/** @type {{card: Card, svg: string}[] | null} */ (null));
  const [round, setRound] = useState(0);
  if (cards) return html`<${Printed} cards=${cards} onDone=${() => { setCards(null); setRound(round + 1); }} />`;
  return html`<${Head} title=${t.title} intro=${t.intro} /><${Issue} onIssued=${setCards} /><${Batches} key=${round} />`;
}

/** @param {{onIssued: (cards: {card: Card, svg: string}[]) => void}} props */
function Issue({ onIssued }) {
  const t = texts("admin").sheets;
  const division = place.value.get("d") ?? "";
  const role = place.value.get("role") ?? "";
  const [missing, setMissing] = useState(true);
  const [days, setDays] = useState("30");
  const [base, setBase] = useState(location.origin);
  const [busy, setBusy] = useState("");
  const answer = useAnswer(async () => (division ? /** @type {Whom} */ (await get("/links/whom", { division })) : null), [division]);
  const whom = answer.found;
  useEffect(() => { if (role && whom && !whom.roles.some((one) => one.role === role)) go({ role: null }, { replace: true }); }, [whom]);
  const counted = whom && (role ? whom.roles.find((one) => one.role === role) : whom);
  const count = counted ? (missing ? counted.missing : counted.people) : 0;
  const many = whom !== null && count > whom.most;
  const issue = async () => {
    setBusy(t.issuing);
    try {
      const made = /** @type {{cards: Card[]}} */ (await post("/links/sheets", { division, role: role || null, missing, days: Number(days) }));
      /** @type {{card: Card, svg: string}[]} */
      const drawn = [];
      for (let at = 0; at < made.cards.length; at += DRAWN_AT_ONCE) {
        setBusy(t.drawing(at, made.cards.length));
        const some = made.cards.slice(at, at + DRAWN_AT_ONCE);
        // In the body: a secret is never part of an address that a server or a proxy writes down.
        const { svgs } = await post("/links/codes", { texts: some.map((card) => `${base.replace(/\/+$/, "")}/s#${card.secret}`) });
        some.forEach((card, i) => drawn.push({ card, svg: svgs[i] }));
      }
      onIssued(drawn);
    } catch (error) {
      tellProblem(error);
    }
    setBusy("");
  };
  return html`<section class="panel issue"><div class="body form">
    <${DivisionField} label=${t.division} value=${division} onInput=${(/** @type {string} */ code) => go({ d: code }, { replace: true })} deepest="grid" />
    <div class="two"><${SelectField} label=${t.role} value=${role} onInput=${(/** @type {string} */ to) => go({ role: to || null }, { replace: true })}
      options=${[{ value: "", label: texts("admin").everyone }, ...(whom?.roles ?? []).map((one) => ({ value: one.role, label: `${named("roles", one.role)} (${one.people})` }))]} />
      <${SelectField} label=${t.days} value=${days} onInput=${setDays} options=${DAYS.map((value) => ({ value, label: t.dayOption(Number(value)) }))} /></div>
    <${Check} label=${t.missing} checked=${missing} onInput=${setMissing} />
    <${TextField} label=${t.address} hint=${t.addressHint} value=${base} onInput=${setBase} type="url" />
    ${/\/\/(localhost|127\.|\[::1\])/.test(base) && html`<${Notice} tone="waiting" icon="warning" title=${t.loopback} />`}
    ${answer.problem ? html`<${Awaited} of=${answer} />` : whom === null ? html`<p><${Working}>${t.preparing}<//></p>`
      : many ? html`<p class="there">${t.tooMany(whom.most)}</p>` : html`<p class="there">${count ? `${t.whom(count)}${t.supersedes}` : whom.people ? t.nobody : t.nobodyAtAll}</p>`}
    <div class="acts"><${Button} kind="main" icon="print" onClick=${issue} disabled=${!count || many || !/^https?:\/\/[^\s/?#]+/.test(base)} busy=${busy}>${t.issue(count)}<//></div></div></section>`;
}
