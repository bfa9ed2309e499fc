// Administration: the set-up while there is no account, then one tab a task.
import { html } from "../vendor/htm-preact.js";
import { useEffect, useRef, useState } from "../vendor/preact-hooks.js";
import { Keys } from "../components/keys.js";
import { OwnMenu } from "../components/menu.js";
import { Notice, Notices } from "../components/notices.js";
import { Empty, Working } from "../components/status.js";
import { Problem, get } from "../lib/api.js";
import { address, go, place } from "../lib/route.js";
import { me, toSignIn, whoAmI } from "../lib/session.js";
import { texts } from "../lib/texts.js";
import { SetUp } from "./setup.js";
import { TABS, groupsFor } from "./tabs.js";

const SECRET = /^#setup=([0-9a-f]{20,})$/;

/** The page. */
export function Admin() {
  const [phase, setPhase] = useState(/** @type {"looking" | "in" | "setup" | "address"} */ ("looking"));
  const [problem, setProblem] = useState(/** @type {Problem | null} */ (null));
  const secret = useRef(SECRET.exec(location.hash)?.[1] ?? "");
  useEffect(() => {
    const begin = async () => {
      try {
        if (secret.current && (await get("/setup")).open) return setPhase("setup");
        if (await whoAmI()) return setPhase("in");
        if ((await get("/setup")).open) return setPhase("address");
        toSignIn();
      } catch (error) {
        if (error instanceof Problem) setProblem(error);
        else throw error;
      }
    };
    begin();
  }, []);
  const t = texts("admin");
  if (problem) return html`<main class="set-up"><${Notice} tone="overdue" title=${problem.title}>${problem.detail}<//></main>`;
  if (phase === "setup") return html`<${SetUp} secret=${secret.current} onDone=${() => { go({ tab: "start" }, { replace: true }); setPhase("in"); }} />`;
  if (phase === "address") return html`<main class="set-up"><${Empty} icon="shield" title=${t.setup.needAddress}>${t.setup.needAddressMore}<//></main>`;
  return phase === "in" ? html`<${Shell} />` : html`<p class="opening"><${Working} /></p>`;
}

function Shell() {
  const t = texts("admin");
  const who = me.value;
  const operator = who?.role === "operator";
  const groups = groupsFor(operator);
  const tab = place.value.get("tab") || groups[0]?.tabs[0] || "duty";
  const name = /** @type {Record<string, string>} */ (t.tabs)[tab];
  useEffect(() => {
    document.title = name ? `${name} · ${t.title}` : t.title;
    window.scrollTo(0, 0);
    document.querySelector(".side [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [tab]);
  const all = groups.flatMap((group) => group.tabs);
  const keys = all.slice(0, 9).map((key, i) => ({ key: String(i + 1), words: /** @type {Record<string, string>} */ (t.tabs)[key] ?? key, run: () => go({ tab: key }) }));
  return html`<a class="skip" href="#content">${texts("common").skip}</a>
    <header class="bar no-print"><a class="brand" href=${operator ? address({ tab: null, step: null }) : "/desk"}><img src=${new URL("../icons/icon.svg", import.meta.url).href} alt="" width="28" height="28" /><strong>${t.title}</strong></a>
      <a href="/desk">${t.desk}</a><${OwnMenu} pages=${[{ href: "/desk", label: t.desk }]} /></header>
    <div class="with-tabs"><nav class="side no-print" aria-label=${t.sections}>${groups.map((group) => html`<div key=${group.key}>
      <h2>${/** @type {Record<string, string>} */ (t.groups)[group.key]}</h2><ul>${group.tabs.map((key) => html`<li key=${key}><a href=${address({ tab: key, step: null, s: null })}
        aria-current=${key === tab ? "page" : undefined} onClick=${(/** @type {MouseEvent} */ event) => follow(event, key)}>${/** @type {Record<string, string>} */ (t.tabs)[key]}</a></li>`)}</ul></div>`)}</nav>
      <main id="content" class="tab"><${Tab} key=${tab} name=${tab} /></main></div>
    <${Keys} keys=${keys} /><${Notices} />`;
}

/** @param {MouseEvent} event @param {string} tab */
function follow(event, tab) {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  const left = new CustomEvent("handheld:leave", { cancelable: true });
  if (!dispatchEvent(left)) return;
  go({ tab, step: null, s: null });
}

/** One tab, fetched when it is opened. @param {{name: string}} props */
function Tab({ name }) {
  const t = texts("admin");
  const [Shown, setShown] = useState(/** @type {any} */ (null));
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    const load = TABS[name];
    if (load) load().then((found) => setShown(() => found), (error) => { console.warn(error); setFailed(true); });
  }, [name]);
  if (!TABS[name]) return html`<${Empty} title=${t.unknownTab} />`;
  if (failed) return html`<${Notice} tone="overdue" title=${t.notYet.wrong}>${t.notYet.todo}<//>`;
  return Shown ? html`<${Shown} />` : html`<p class="waits"><${Working} /></p>`;
}
