// What was issued together, how much of it was used, and ending what was not.
import { html } from "../vendor/htm-preact.js";
import { useState } from "../vendor/preact-hooks.js";
import { Button } from "../components/button.js";
import { figure } from "../components/marks.js";
import { When } from "../components/moment.js";
import { tell } from "../components/notices.js";
import { Empty } from "../components/status.js";
import { get, post } from "../lib/api.js";
import { texts } from "../lib/texts.js";
import { Ask } from "./asking.js";
import { Awaited, useAnswer } from "./parts.js";

/** @typedef {{issued_at: string, issued_by: string, expires_at: string, open: number, redeemed: number, expired: number, revoked: number}} Batch */

/** The batches, the latest first. */
export function Batches() {
  const t = texts("admin").sheets;
  const head = t.batch;
  const answer = useAnswer(async () => /** @type {Batch[]} */ ((await get("/links/batches")).rows), []);
  const [question, setQuestion] = useState(/** @type {import("./asking.js").Question | null} */ (null));
  const revoke = (/** @type {Batch} */ of) => setQuestion({ title: t.revoke, words: t.revokeAsk(of.open), act: t.revoke, run: async () => {
    const done = await post("/links/batches/revoke", { issued_at: of.issued_at });
    tell({ tone: "closed", title: t.revoked(done.count) });
    answer.again();
  } });
  return html`<section class="panel scroll" tabindex="0"><header><h2>${t.batches}</h2></header><${Awaited} of=${answer} />
    ${answer.found && (answer.found.length ? html`<table class="table"><thead><tr><th>${head.at}</th><th>${head.by}</th><th class="figure">${head.open}</th><th class="figure">${head.redeemed}</th><th class="figure">${head.expired}</th><th class="figure">${head.revoked}</th><th>${head.until}</th><th>${head.acts}</th></tr></thead>
      <tbody>${answer.found.map((one) => html`<tr key=${one.issued_at}><td><${When} at=${one.issued_at} /></td><td>${one.issued_by === "operator" ? texts("admin").audit.operator : one.issued_by}</td>
        <td class="figure">${figure(one.open)}</td><td class="figure">${figure(one.redeemed)}</td><td class="figure">${figure(one.expired)}</td><td class="figure">${figure(one.revoked)}</td><td><${When} at=${one.expires_at} /></td>
        <td class="row-acts">${one.open > 0 && html`<${Button} kind="grave" onClick=${() => revoke(one)}>${t.revoke}<//>`}</td></tr>`)}</tbody></table>` : html`<${Empty} icon="print" title=${t.batchesNone} />`)}
    ${question && html`<${Ask} question=${question} onClose=${() => setQuestion(null)} />`}</section>`;
}
