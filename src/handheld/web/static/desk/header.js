// The bar at the top: where one is, a search, the connection with the clock, sound, one's own corner.
import { html } from "../vendor/htm-preact.js";
import { Button } from "../components/button.js";
import { Crumbs } from "../components/board/crumbs.js";
import { OwnMenu } from "../components/menu.js";
import { Connection } from "../components/status.js";
import { named } from "../lib/names.js";
import { address, go } from "../lib/route.js";
import { me } from "../lib/session.js";
import { texts } from "../lib/texts.js";
import { Search } from "./search.js";
import { chosen, mine, ownScopes, scope } from "./scope.js";
import { sound, switchSound } from "./sound.js";
import { live } from "./state.js";
import { department, division, homeDivision } from "./territory.js";

/** The bar. */
export function Header() {
  const t = texts("desk");
  return html`<header class="dk-bar"><a class="dk-product" href="/desk"><img src=${new URL("../icons/icon.svg", import.meta.url).href} alt="" width="22" height="22" /><span>${t.product}</span></a>
    <${Where} /><${Search} /><span class="dk-bar-end"><${Connection} status=${live.status.value} /><${Sound} /><${OwnMenu} pages=${pages()} /></span></header>`;
}

/** The address of another place at the same desk. @param {string} code */
export const toDivision = (code) => address({ d: code, dep: null, o: null, p: null });

function Where() {
  const t = texts("desk");
  const own = ownScopes.value;
  const { kind, key } = scope.value;
  const card = division.value;
  const path = kind === "division" && card ? [...card.above.filter((/** @type {any} */ one) => mine(one.code)), card.division] : [];
  const office = department.value?.department;
  return html`${own.length > 1 && html`<select class="input dk-scopes" aria-label=${t.scopes} value=${`${kind}:${key}`}
      onChange=${(/** @type {Event} */ event) => choose(/** @type {HTMLSelectElement} */ (event.target).value)}>
      ${!own.some((one) => one.kind === kind && one.key === key) && html`<option value=${`${kind}:${key}`}>${t.elsewhere}</option>`}
      ${own.map((one) => html`<option key=${one.key} value=${`${one.kind}:${one.key}`}>${one.name ?? ""} ${named("roles", one.role)}</option>`)}</select>`}
    ${kind === "department" ? html`<strong class="dk-office">${office?.name ?? ""}</strong>` : html`<${Crumbs} path=${path} href=${toDivision} />`}`;
}

/** @param {string} said */
function choose(said) {
  const [kind, key = ""] = said.split(":");
  go({ d: kind === "division" ? key : null, dep: kind === "department" ? key : null, tf: null, s: null, o: null, p: null });
}

/** The other pages, with the same place and task force. */
function pages() {
  const t = texts("desk").pages;
  const who = me.value;
  const about = new URLSearchParams();
  if (homeDivision.value) about.set("d", homeDivision.value);
  if (chosen.value) about.set("tf", chosen.value);
  const text = about.toString() ? `?${about}` : "";
  const found = [{ href: `/wall${text}`, label: t.wall }, { href: `/replay${text}`, label: t.replay }];
  if (who?.posts.length) found.push({ href: "/phone", label: t.phone });
  if (who?.role === "operator" || who?.role === "administrator") found.push({ href: "/admin", label: t.admin });
  return found;
}

/** Sound: on, muted, or waiting for a press. */
function Sound() {
  const t = texts("desk").sound;
  const state = sound.value;
  if (state === "none") return null;
  const label = t[state];
  return html`<${Button} kind="bare" icon=${state === "on" ? "sound" : "mute"} label=${state === "waiting" ? undefined : label} title=${label} pressed=${state === "on"} class="dk-sound dk-${state}"
    onClick=${() => switchSound(state !== "on")}>${state === "waiting" && html`<span class="dk-sound-hint">${t.press}</span>`}<//>`;
}
