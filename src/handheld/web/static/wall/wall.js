// The command room's screen: full screen, no mouse, read from five metres, on for months.
import { html } from "../vendor/htm-preact.js";
import { useEffect, useMemo, useRef } from "../vendor/preact-hooks.js";
import { place, go } from "../lib/route.js";
import { me, toSignIn } from "../lib/session.js";
import { texts } from "../lib/texts.js";
import { Button } from "../components/button.js";
import { Icon } from "../components/icons.js";
import { Keys } from "../components/keys.js";
import { OwnMenu } from "../components/menu.js";
import { Notices } from "../components/notices.js";
import { Empty, Working } from "../components/status.js";
import { AlertScene } from "./alert.js";
import { usePlaces } from "./beside.js";
import { BigClock, ForceHead, Link } from "./head.js";
import { awaitSession, isKiosk, keepCurrent } from "./kiosk.js";
import { useRotation } from "./turns.js";
import { CalmScene } from "./scene-calm.js";
import { ForceScene } from "./scene-force.js";
import { Watching } from "./watching.js";

/** The page. */
export function Wall() {
  const t = texts("wall");
  const code = place.value.get("d") ?? me.value?.posts.find((post) => post.division)?.division ?? "";
  if (!code) return html`<main class="wall-page"><${Empty} icon="place" title=${t.noDivision}><${Button} kind="main" href="/desk">${t.toDesk}<//><//></main>`;
  return html`<${Screen} key=${code} division=${code} />`;
}

/** @param {{division: string}} props */
function Screen({ division }) {
  const t = texts("wall");
  const watching = useMemo(() => new Watching(division), []);
  useEffect(() => () => watching.close(), []);
  const places = usePlaces(division);
  const fixed = place.value.get("tf");
  const { turn, order, alert, step, dismiss } = useRotation(watching, fixed);
  const status = watching.live.status.value;
  const quiet = useRef(true);
  quiet.current = !alert && status.state === "live";
  useEffect(() => keepCurrent(() => quiet.current), []);
  const kiosk = isKiosk();
  const current = watching.current.value;
  const whole = watching.whole.value;
  const row = current && (whole.real?.board.task_forces[current.key] ?? whole.drills?.board.task_forces[current.key]
    ?? current.showing?.board.task_forces[current.key]);
  const drill = Boolean(current && (current.card?.drill ?? Boolean(whole.drills?.board.task_forces[current.key])));
  const stale = status.state === "lost" || status.state === "out";
  const name = places?.division?.name ?? whole.real?.board.name ?? "";
  const calm = !current && whole.real !== null;
  const keys = useMemo(() => keysOf(step, dismiss, division), [step, dismiss, division]);
  if (status.state === "out") return html`<${SignedOut} />`;
  return html`<div class="wall-page ${kiosk ? "kiosk" : ""} ${drill || alert?.drill ? "in-drill" : ""}">
    ${drill && html`<div class="drill-edge" aria-hidden="true">${["top", "right", "bottom", "left"].map((side) => html`<span key=${side} class=${side}>${t.drillEdge}</span>`)}</div>`}
    <header class="wall-head">${current ? html`<${ForceHead} place=${name} row=${row} card=${current.card} drill=${drill} />`
      : html`<div class="force-head"><h1>${name}</h1><p class="where quiet">${t.room}</p></div>`}
      <div class="wall-side"><${BigClock} /><${Link} status=${status} /></div></header>
    <main class=${stale ? "stale" : ""}>${alert ? html`<${AlertScene} alert=${alert} onClose=${dismiss} />`
      : current ? html`<${ForceScene} key=${current.key} current=${current} places=${places} />`
      : calm ? html`<${CalmScene} division=${division} place=${places?.division} />`
      : html`<div class="scene alone">${watching.trouble.value ? html`<${Empty} title=${watching.trouble.value}>${t.notSeen}<//>` : html`<${Working} />`}</div>`}</main>
    <footer class="wall-foot">${order.length > 1 && !fixed && html`<${Turns} order=${order} turn=${turn} />`}
      ${!kiosk && html`<nav class="wall-tools"><${Tools} division=${division} fixed=${fixed} current=${current?.key ?? null} count=${order.length} step=${step} /></nav>`}</footer>
    <${Keys} keys=${keys} /><${Notices} /></div>`;
}

/** @param {(by: number) => void} step @param {() => void} dismiss @param {string} division */
function keysOf(step, dismiss, division) {
  const t = texts("wall").keys;
  return [
    { key: "ArrowRight", words: t.next, run: () => step(1) },
    { key: "ArrowLeft", words: t.before, run: () => step(-1) },
    { key: "c", words: t.dismiss, run: dismiss },
    { key: "f", words: t.full, run: full },
    { key: "k", words: t.kiosk, run: () => go({ kiosk: isKiosk() ? null : "1" }) },
    { key: "d", words: t.desk, run: () => location.assign(`/desk?d=${division}`) },
  ];
}

function full() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen?.().catch(() => {});
}

/** Which of several task forces this is. @param {{order: readonly string[], turn: import("./rotation.js").Turn}} props */
function Turns({ order, turn }) {
  const at = Math.max(turn.at === null ? 0 : order.indexOf(turn.at), 0);
  return html`<p class="turns"><span class="number">${texts("wall").turn(at + 1, order.length)}</span>
    <span class="dots" aria-hidden="true">${order.map((one) => html`<span key=${one} class=${one === turn.at ? "on" : ""}></span>`)}</span></p>`;
}

/** @param {{division: string, fixed: string | null, current: string | null, count: number, step: (by: number) => void}} props */
function Tools({ division, fixed, current, count, step }) {
  const t = texts("wall").tools;
  const where = current ? `?d=${division}&tf=${current}` : `?d=${division}`;
  return html`${count > 1 && !fixed && html`<${Button} kind="bare" icon="left" label=${t.before} onClick=${() => step(-1)} /><${Button} kind="bare" icon="right" label=${t.next} onClick=${() => step(1)} />`}
    ${fixed ? html`<${Button} icon="play" onClick=${() => go({ tf: null })}>${t.rotate}<//>` : current && html`<${Button} icon="pause" onClick=${() => go({ tf: current })}>${t.stay}<//>`}
    <${Button} onClick=${full}>${t.full}<//><${Button} onClick=${() => go({ kiosk: "1" })}>${t.kiosk}<//>
    <${OwnMenu} pages=${[{ href: `/desk${where}`, label: t.desk }, { href: `/replay${where}`, label: t.replay }]} />`;
}

/** Large letters: whoever passes by sees what is to be done. */
function SignedOut() {
  const t = texts("wall").out;
  useEffect(() => awaitSession(), []);
  useEffect(() => {
    const pressed = (/** @type {KeyboardEvent} */ event) => { if (event.key === "Enter") toSignIn(); };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, []);
  return html`<main class="wall-page signed-out" role="alert"><${Icon} name="warning" size=${5} /><h1>${t.title}</h1><p>${t.todo}</p>
    <${Button} kind="main" size="large" onClick=${toSignIn}>${t.again}<//></main>`;
}
