// Who signed in, who failed, what was issued and revoked: lines are only ever added.
import { html } from "../vendor/htm-preact.js";
import { useEffect, useState } from "../vendor/preact-hooks.js";
import { Button } from "../components/button.js";
import { When } from "../components/moment.js";
import { tellProblem } from "../components/notices.js";
import { Empty } from "../components/status.js";
import { get } from "../lib/api.js";
import { address, go, place } from "../lib/route.js";
import { texts } from "../lib/texts.js";
import { Awaited, Head, Who, useAnswer } from "./parts.js";

/**
 * @typedef {{what: string, at: string, account?: string | null, person?: string | null, device?: string | null, address?: string | null,
 *   by?: string | null, number: number, who?: import("./parts.js").Named}} Note
 */

const PAGE = 100;

/** The tab. */
export function Audit() {
  const t = texts("admin").audit;
  const account = place.value.get("account");
  const person = place.value.get("person");
  const [older, setOlder] = useState(/** @type {Note[]} */ ([]));
  const [ended, setEnded] = useState(false);
  const ask = async (/** @type {number} */ before) => /** @type {Note[]} */ ((await get("/audit", { limit: PAGE, account, person, ...(before && { before }) })).rows);
  const answer = useAnswer(() => ask(0), [account, person]);
  useEffect(() => { setOlder([]); setEnded(false); }, [account, person]);
  const rows = [...(answer.found ?? []), ...older];
  const more = async () => {
    const last = rows[rows.length - 1];
    if (!last) return;
    try {
      const next = await ask(last.number);
      setOlder([...older, ...next]);
      setEnded(next.length < PAGE);
    } catch (error) {
      tellProblem(error);
    }
  };
  const by = (/** @type {string | null | undefined} */ who) => (who === "setup" ? t.setUp : who === "operator" ? t.operator : who ?? "");
  return html`<${Head} title=${t.title} intro=${t.intro} />
    ${(account || person) && html`<p class="filters">${account && html`<span class="tag">${account}</span>`}${person && html`<span class="tag">${rows[0]?.who?.name ?? person.replace(/^person-/, "")}</span>`}
      <${Button} kind="bare" onClick=${() => go({ account: null, person: null })}>${t.clear}<//></p>`}
    <${Awaited} of=${answer} />
    ${answer.found && (rows.length ? html`<div class="panel scroll" tabindex="0"><table class="table"><thead><tr><th>${t.at}</th><th>${t.what}</th><th>${t.whom}</th><th>${t.where}</th><th>${t.by}</th></tr></thead>
      <tbody>${rows.map((one) => html`<tr key=${one.number}><td><${When} at=${one.at} /></td><td>${/** @type {Record<string, string>} */ (t.whats)[one.what] ?? ""}</td>
        <td>${one.account ? html`<a href=${address({ account: one.account, person: null })} onClick=${(/** @type {Event} */ event) => { event.preventDefault(); go({ account: one.account ?? null }); }}>${one.account}</a> ` : ""}${one.who && html`<a href=${address({ person: one.who.person, account: null })}
          onClick=${(/** @type {Event} */ event) => { event.preventDefault(); go({ person: one.who?.person ?? null, account: null }); }}><${Who} of=${one.who} /></a>`}</td>
        <td class="number">${one.address ?? ""}</td><td>${by(one.by)}</td></tr>`)}</tbody></table></div>
      <div class="acts">${ended || rows.length < PAGE ? html`<span class="quiet small">${t.end}</span>` : html`<${Button} onClick=${more}>${t.more}<//>`}</div>` : html`<${Empty} title=${t.none} />`)}`;
}
