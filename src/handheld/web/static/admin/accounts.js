// Accounts: who signs in with a password, and what for.
import { html } from "../vendor/htm-preact.js";
import { useState } from "../vendor/preact-hooks.js";
import { Button } from "../components/button.js";
import { Mark, figure } from "../components/marks.js";
import { When } from "../components/moment.js";
import { tell } from "../components/notices.js";
import { get, post } from "../lib/api.js";
import { address } from "../lib/route.js";
import { me } from "../lib/session.js";
import { texts } from "../lib/texts.js";
import { NewAccount, Password } from "./account-new.js";
import { Ask } from "./asking.js";
import { Awaited, Head, Who, useAnswer } from "./parts.js";

/**
 * @typedef {{name: string, person: string | null, role: "operator" | "analyst" | null, names: boolean, created_at: string,
 *   password_at: string, disabled_at: string | null, locked: boolean, sessions: number, who?: import("./parts.js").Named}} Account
 */

/** The tab. */
export function Accounts() {
  const t = texts("admin").accounts;
  const answer = useAnswer(async () => /** @type {Account[]} */ ((await get("/accounts")).rows), []);
  const [question, setQuestion] = useState(/** @type {import("./asking.js").Question | null} */ (null));
  const [making, setMaking] = useState(false);
  const [secret, setSecret] = useState(/** @type {{title: string, password: string} | null} */ (null));
  /** @param {Account} of */
  const disable = (of) => setQuestion({ title: t.disable, words: t.disableAsk(of.name), act: t.disable, run: async () => {
    await post(`/accounts/${encodeURIComponent(of.name)}/disable`);
    tell({ tone: "closed", title: t.disabledNow(of.name) });
    answer.again();
  } });
  /** @param {Account} of */
  const enable = (of) => setQuestion({ title: of.locked ? t.unlock : t.enable, words: of.name, act: of.locked ? t.unlock : t.enable, run: async () => {
    await post(`/accounts/${encodeURIComponent(of.name)}/enable`);
    tell({ tone: "closed", title: t.enabledNow(of.name) });
    answer.again();
  } });
  /** @param {Account} of */
  const reset = (of) => setQuestion({ title: t.reset, words: t.resetAsk(of.name), act: t.reset, run: async () => {
    const made = await post(`/accounts/${encodeURIComponent(of.name)}/password`, {});
    setSecret({ title: t.resetDone(of.name), password: made.password });
    answer.again();
  } });
  return html`<${Head} title=${t.title} intro=${t.intro}>${answer.found && html`<${Button} kind="main" icon="plus" onClick=${() => setMaking(true)}>${t.make}<//>`}<//>
    <${Awaited} of=${answer} />
    ${answer.found && html`<div class="panel scroll" tabindex="0"><table class="table"><thead><tr><th>${t.name}</th><th>${t.who}</th><th>${t.role}</th><th>${t.state}</th><th class="figure">${t.sessions}</th><th>${t.since}</th><th>${t.acts}</th></tr></thead>
      <tbody>${answer.found.map((one) => html`<${Row} key=${one.name} of=${one} onDisable=${disable} onEnable=${enable} onReset=${reset} />`)}</tbody></table></div>`}
    ${making && html`<${NewAccount} onClose=${() => setMaking(false)} onMade=${(/** @type {string} */ name, /** @type {string | null} */ password) => {
      setMaking(false);
      answer.again();
      if (password) setSecret({ title: t.made(name), password });
      else tell({ tone: "closed", title: t.made(name) });
    }} />`}
    ${question && html`<${Ask} question=${question} onClose=${() => setQuestion(null)} />`}
    ${secret && html`<${Password} title=${secret.title} password=${secret.password} onClose=${() => setSecret(null)} />`}`;
}

/** @param {{of: Account, onDisable: (of: Account) => void, onEnable: (of: Account) => void, onReset: (of: Account) => void}} props */
function Row({ of, onDisable, onEnable, onReset }) {
  const t = texts("admin").accounts;
  const kind = of.role === "operator" ? t.kinds.operator : of.role === "analyst" ? (of.names ? t.kinds.names : t.kinds.analyst) : t.kinds.posts;
  const own = of.name === me.value?.account;
  const state = of.disabled_at ? html`<${Mark} icon="withdrawn" tone="withdrawn">${t.disabled}<//>`
    : of.locked ? html`<${Mark} icon="wait" tone="waiting">${t.locked}<//>` : html`<${Mark} icon="check" tone="closed">${t.active}<//>`;
  return html`<tr><td><strong>${of.name}</strong>${own && html` <span class="tag">${t.own}</span>`}</td>
    <td>${of.who ? html`<${Who} of=${of.who} />` : html`<span class="quiet">${t.nobody}</span>`}</td><td>${kind}</td><td>${state}</td>
    <td class="figure">${of.sessions ? html`<a href=${address({ tab: "sessions", account: of.name, step: null })}>${figure(of.sessions)}</a>` : "0"}</td>
    <td><${When} at=${of.password_at} /></td>
    <td class="row-acts"><${Button} onClick=${() => onReset(of)} label=${`${t.reset} ${of.name}`}>${t.reset}<//>
      ${of.disabled_at || of.locked ? html`<${Button} onClick=${() => onEnable(of)}>${of.disabled_at ? t.enable : t.unlock}<//>`
        : !own && html`<${Button} kind="grave" onClick=${() => onDisable(of)} label=${`${t.disable} ${of.name}`}>${t.disable}<//>`}</td></tr>`;
}
