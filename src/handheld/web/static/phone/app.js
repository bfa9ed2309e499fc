// The phone: four tabs below, one thing at a time above. Everything is shown from what is stored here.
import { html } from "../vendor/htm-preact.js";
import { useEffect, useLayoutEffect, useState } from "../vendor/preact-hooks.js";
import { Button } from "../components/button.js";
import { Icon } from "../components/icons.js";
import { Notices } from "../components/notices.js";
import { Empty, Working } from "../components/status.js";
import { Problem } from "../lib/api.js";
import { me, toSignIn } from "../lib/session.js";
import { texts } from "../lib/texts.js";
import { Lazily } from "./lazily.js";
import { fetchRest, officials, rest } from "./lazy.js";
import { here, openTab, tabAddress } from "./place.js";
import { isOpen } from "./screens/steps.js";
import { Tasks } from "./screens/tasks.js";
import { Top } from "./screens/top.js";
import { unreadCount } from "./screens/unread.js";
import { enter, status, takeUpdate, tasks, update, waiting } from "./store/store.js";

/** The page. */
export function Phone() {
  const [entered, setEntered] = useState(false);
  const [wrong, setWrong] = useState(/** @type {Error | null} */ (null));
  useEffect(() => { enter().then((who) => setEntered(Boolean(who)), setWrong); }, []);
  // Whatever the signal does next, the other screens are here; a try that failed is made again with the next signal.
  const live = status.value.state === "live";
  useEffect(() => { if (entered) setTimeout(() => fetchRest().catch(() => {}), 50); }, [entered, live]);
  if (wrong) return html`<${NotOpened} wrong=${wrong} />`;
  if (!entered) return html`<p class="opening"><${Working}>${texts("phone").opening}<//></p>`;
  return html`<div class="phone"><${SignedOut} /><${NewVersion} /><${Screen} /><${Tabs} /><${Notices} /></div>`;
}

/** @param {{wrong: Error}} props */
function NotOpened({ wrong }) {
  const words = texts("common").notOpened;
  const known = wrong instanceof Problem ? { wrong: wrong.title, todo: wrong.detail } : words;
  if (!(wrong instanceof Problem)) console.error(wrong);
  return html`<main class="screen"><${Empty} icon="cloud" title=${known.wrong}><p>${known.todo}</p>
    <p><${Button} kind="main" onClick=${() => location.reload()}>${texts("phone").again}<//></p><//></main>`;
}

/** Where each screen was scrolled to, for coming back. @type {Map<string, number>} */
const scrolled = new Map();

function Screen() {
  const { tab, task, finding, view } = here();
  const key = [tab, task, finding, view].join(" ");
  useLayoutEffect(() => {
    scrollTo(0, scrolled.get(key) ?? 0);
    const note = () => scrolled.set(key, scrollY);
    addEventListener("scroll", note, { passive: true });
    return () => removeEventListener("scroll", note);
  }, [key]);
  if (tab === "area") return html`<${Area} />`;
  if (tab === "tasks" && !task) return html`<${Tasks} />`;
  const screens = rest.value;
  if (!screens) return html`<${Coming} />`;
  if (finding) return html`<${screens.FindingWhole} key=${finding} id=${finding} />`;
  if (task) {
    if (view === "report") return html`<${screens.ReportScreen} key=${task} id=${task} />`;
    if (view === "visits") return html`<${screens.VisitsScreen} key=${task} id=${task} />`;
    if (view === "pass-on") return html`<${screens.PassOnScreen} key=${task} id=${task} />`;
    return html`<${screens.TaskScreen} key=${task} id=${task} />`;
  }
  if (tab === "finding") return html`<${screens.FindingScreen} />`;
  return tab === "messages" ? html`<${screens.MessagesScreen} />` : html`<${screens.OwnScreen} />`;
}

/** A screen around what is not there yet. @param {any} inner */
const framed = (inner) => html`<${Top} title=${texts("phone").tabs[here().tab]} goes=${Boolean(here().task)} /><main class="screen">${inner}</main>`;

/** The other screens are on their way, or there is no signal to bring them. */
function Coming() {
  return html`<${Lazily} fetch=${fetchRest} offline=${texts("phone").restOffline} draw=${() => null} frame=${framed} />`;
}

function Area() {
  const t = texts("phone");
  return html`<${Lazily} fetch=${officials} frame=${framed} offline=${t.areaOffline} draw=${(/** @type {typeof import("./area/area.js")} */ screens) => html`<${screens.AreaScreen} />`} />`;
}

/** Somebody who answers for people in a place, or for a department, has a board of their own. */
const WITH_AREA = /official|commander|leader|officer|head$/;

/** Whether whoever is here looks after an area: everybody but those who only do. */
const hasArea = () => Boolean(me.value?.posts.some((post) => WITH_AREA.test(post.role) && post.role !== "enforcement_officer"));

function Tabs() {
  const t = texts("phone");
  const now = here().tab;
  const open = [...tasks.value.values()].filter(isOpen).length;
  const tabs = /** @type {{tab: import("./place.js").Tab, icon: import("../components/icons.js").IconName, n: number}[]} */ ([
    { tab: "tasks", icon: "order", n: open },
    { tab: "finding", icon: "finding", n: 0 },
    { tab: "messages", icon: "message", n: unreadCount() },
    ...(hasArea() ? [{ tab: "area", icon: "map", n: 0 }] : []),
    { tab: "own", icon: "person", n: waiting.value.actions },
  ]);
  return html`<nav class="bottom" aria-label=${t.bar}>${tabs.map(({ tab, icon, n }) => html`<a key=${tab} href=${tabAddress(tab)} aria-current=${now === tab ? "page" : undefined}
    onClick=${(/** @type {MouseEvent} */ event) => { event.preventDefault(); openTab(tab); }}>
    <span class="picture"><${Icon} name=${icon} size=${1.35} />${n > 0 && html`<span class="badge number" aria-label=${t.count(n)}>${n > 99 ? "99+" : n}</span>`}</span><span>${t.tabs[tab]}</span></a>`)}</nav>`;
}

function SignedOut() {
  if (status.value.state !== "out") return null;
  const t = texts("phone").signedOut;
  return html`<div class="across" role="alert"><div class="grow"><strong>${t.title}</strong><p class="small">${t.todo}</p></div><${Button} kind="main" onClick=${toSignIn}>${t.enter}<//></div>`;
}

function NewVersion() {
  if (!update.value.ready) return null;
  const t = texts("phone").newVersion;
  return html`<div class="across calm" role="status"><strong class="grow">${t.title}</strong><${Button} onClick=${() => takeUpdate()}>${t.take}<//></div>`;
}
