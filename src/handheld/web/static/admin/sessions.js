// Who is signed in, on what; and ending that.
import { html } from "../vendor/htm-preact.js";
import { useEffect, useState } from "../vendor/preact-hooks.js";
import { Button } from "../components/button.js";
import { TextField } from "../components/field.js";
import { When } from "../components/moment.js";
import { tell } from "../components/notices.js";
import { Empty } from "../components/status.js";
import { call, get } from "../lib/api.js";
import { go, place } from "../lib/route.js";
import { texts } from "../lib/texts.js";
import { Ask } from "./asking.js";
import { Awaited, Head, Who, useAnswer } from "./parts.js";

/**
 * @typedef {{session: string, actor: string, account: string | null, device: string | null, device_kind: "phone" | "tablet" | "desk" | "wall" | null,
 *   device_name: string, created_at: string, seen_at: string, ends_at: string, who?: import("./parts.js").Named, mine?: boolean}} Session
 */

const SHOWN = 100;

/** The tab. */
export function Sessions() {
  const t = texts("admin").sessions;
  const words = place.value.get("s") ?? "";
  const account = place.value.get("account");
  const [typed, setTyped] = useState(words);
  useEffect(() => {
    const timer = setTimeout(() => typed !== words && go({ s: typed }, { replace: true }), 250);
    return () => clearTimeout(timer);
  }, [typed]);
  const answer = useAnswer(async () => /** @type {{rows: Session[], count: number}} */ (await get("/sessions", { words, account, limit: SHOWN })), [words, account]);
  const [question, setQuestion] = useState(/** @type {import("./asking.js").Question | null} */ (null));
  const nameOf = (/** @type {Session} */ of) => of.who?.name ?? of.account ?? of.actor.replace(/^person-/, "");
  const end = (/** @type {Session} */ of) => setQuestion({ title: t.end, words: t.endAsk(nameOf(of)), act: t.end, run: async () => {
    await call("DELETE", `/sessions/${of.session}`, undefined);
    tell({ tone: "closed", title: t.ended });
    answer.again();
  } });
  const endAll = (/** @type {Session} */ of) => setQuestion({ title: t.endAll, words: t.endAllAsk(nameOf(of)), act: t.endAll, run: async () => {
    const done = await call("DELETE", `/people/${of.actor}/sessions`, undefined);
    tell({ tone: "closed", title: t.endedAll(done.count) });
    answer.again();
  } });
  const rows = answer.found?.rows ?? [];
  return html`<${Head} title=${t.title} intro=${t.intro} />
    <div class="search"><${TextField} label=${t.search} type="search" value=${typed} onInput=${setTyped} />
      ${account && html`<p><span class="tag">${t.byAccount(account)}</span> <${Button} kind="bare" onClick=${() => go({ account: null })}>${texts("admin").audit.clear}<//></p>`}</div>
    <${Awaited} of=${answer} />
    ${answer.found && (rows.length ? html`<p class="quiet small" role="status">${t.count(rows.length, answer.found.count)}</p>
      <div class="panel scroll" tabindex="0"><table class="table"><thead><tr><th>${t.who}</th><th>${t.how}</th><th>${t.device}</th><th>${t.began}</th><th>${t.seen}</th><th>${t.ends}</th><th>${t.acts}</th></tr></thead>
        <tbody>${rows.map((one) => html`<tr key=${one.session}><td>${one.who ? html`<${Who} of=${one.who} />` : t.operator}</td>
          <td>${one.account ? t.byAccount(one.account) : t.byLink}</td>
          <td>${one.device_kind ? t.kinds[one.device_kind] : t.unknownDevice}${one.device_name && html` <span class="quiet">${one.device_name}</span>`}</td>
          <td><${When} at=${one.created_at} /></td><td><${When} at=${one.seen_at} /></td><td><${When} at=${one.ends_at} /></td>
          <td class="row-acts">${one.mine ? html`<span class="tag">${t.mine}</span>` : html`<${Button} kind="grave" label=${`${t.end} ${nameOf(one)}`} onClick=${() => end(one)}>${t.end}<//>
            ${one.who && html`<${Button} kind="bare" onClick=${() => endAll(one)}>${t.endAll}<//>`}`}</td></tr>`)}</tbody></table></div>`
      : html`<${Empty} icon="person" title=${t.none}>${t.noneMore}<//>`)}
    ${question && html`<${Ask} question=${question} onClose=${() => setQuestion(null)} />`}`;
}
