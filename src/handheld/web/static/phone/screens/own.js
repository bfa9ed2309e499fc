// 我的: who one is, what waits to be sent, what came too late, how it looks, where one is signed in.
import { html } from "../../vendor/htm-preact.js";
import { useState } from "../../vendor/preact-hooks.js";
import { Button } from "../../components/button.js";
import { Dialog } from "../../components/dialog.js";
import { SyntheticTag } from "../../components/marks.js";
import { Looks } from "../../components/menu.js";
import { Notice, tellProblem } from "../../components/notices.js";
import { named } from "../../lib/names.js";
import { homeOf, me } from "../../lib/session.js";
import { texts } from "../../lib/texts.js";
import { leave, storage, takeUpdate, update, waiting } from "../store/store.js";
import { Devices } from "./devices.js";
import { Notifying } from "./notifying.js";
import { Late, Queue } from "./queue.js";
import { Top } from "./top.js";

/** The tab. */
export function OwnScreen() {
  const t = texts("field").own;
  const who = me.value;
  if (!who) return null;
  return html`<${Top} title=${t.heading} /><main class="screen own-screen">
    <section class="card who-card"><h2>${who.name ?? who.account} ${who.synthetic && html`<${SyntheticTag} />`}</h2>
      <ul>${who.posts.map((post) => html`<li key=${`${post.role} ${post.division} ${post.department}`}>${[post.department_name, post.division_name].filter(Boolean).join(" · ")} ${named("roles", post.role)}</li>`)}</ul>
      ${who.posts.length === 0 && html`<p class="quiet">${t.noPosts}</p>`}</section>
    <${Queue} /><${Late} />
    <section class="card"><h2>${t.looks}</h2><${Looks} /></section>
    <${Notifying} />
    <${Storage} /><${Devices} />
    <section class="card"><h2>${t.version}</h2><p><span class="number">${update.value.build}</span> ${update.value.ready ? null : html`<span class="quiet">${t.newest}</span>`}</p>
      ${update.value.ready && html`<${Button} kind="main" wide icon="download" onClick=${() => takeUpdate()}>${texts("phone").newVersion.take}<//>`}</section>
    ${homeOf(who) !== "/phone" && html`<${Button} wide icon="map" href=${homeOf(who)}>${t.toDesk}<//>`}
    <${Leave} /></main>`;
}

/** Bytes in words. @param {number} bytes */
export const sizeOf = (bytes) => (bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`);

function Storage() {
  const t = texts("field").own;
  const { kept, persisted, sevenDays, used } = storage.value;
  if (!kept) return html`<section class="card"><h2>${t.storage}</h2><${Notice} tone="overdue" title=${t.storageNone} /></section>`;
  return html`<section class="card"><h2>${t.storage}</h2><p>${persisted ? t.storageKept : t.storageLoose}${!persisted && sevenDays ? ` ${t.sevenDays}` : ""}</p>
    ${used > 0 && html`<p class="quiet small">${t.storageUsed(sizeOf(used))}</p>`}</section>`;
}

function Leave() {
  const t = texts("field").own;
  const [asking, setAsking] = useState(false);
  const n = waiting.value.actions;
  const go = () => leave().catch(tellProblem);
  return html`<${Button} wide onClick=${() => setAsking(true)}>${t.signOut}<//>
    ${asking && html`<${Dialog} title=${t.signOut} onClose=${() => setAsking(false)} footer=${html`<${Button} onClick=${() => setAsking(false)}>${texts("common").cancel}<//>
      <${Button} kind=${n ? "grave" : "main"} onClick=${go}>${n ? t.signOutSure : t.signOut}<//>`}>
      ${n > 0 && html`<${Notice} tone="overdue" title=${t.signOutUnsent(n)} />`}<p>${t.signOutAsk}</p><//>`}`;
}
