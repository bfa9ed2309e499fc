// Play, pause, step, jump; and the two marks.
import { html } from "../vendor/htm-preact.js";
import { useMemo } from "../vendor/preact-hooks.js";
import { clockSeconds, exact, fromInput, isoDay } from "../lib/time.js";
import { texts } from "../lib/texts.js";
import { Button } from "../components/button.js";
import { Keys } from "../components/keys.js";
import { SPEEDS, pause, playing, speed, step, toggle } from "./player.js";
import { Into, Jumps } from "./slider.js";
import { life, lookAt, mark, moment } from "./state.js";

/** @param {{density: any}} props */
export function Transport({ density }) {
  const t = texts("replay").transport;
  const { at } = moment.value;
  const keys = useMemo(() => [
    { key: " ", words: t.keys.play, run: toggle },
    { key: "ArrowRight", words: t.next, run: () => { step(1); } },
    { key: "ArrowLeft", words: t.before, run: () => { step(-1); } },
    { key: "ArrowUp", words: t.keys.minute, run: () => by(60000) },
    { key: "ArrowDown", words: t.keys.minuteBack, run: () => by(-60000) },
    { key: "Home", words: t.keys.begin, run: () => edge("begin") },
    { key: "End", words: t.keys.end, run: () => edge("end") },
    { key: "a", words: t.keys.a, run: () => mark("a") },
    { key: "b", words: t.keys.b, run: () => mark("b") },
  ], []);
  return html`<div class="transport"><div class="buttons" role="group" aria-label=${t.label}>
      <${Button} icon="back" label=${t.before} onClick=${() => step(-1)} />
      <${Button} kind="main" icon=${playing.value ? "pause" : "play"} onClick=${toggle}>${playing.value ? t.pause : t.play}<//>
      <${Button} icon="forward" label=${t.next} onClick=${() => step(1)} />
      <label class="speed"><span class="only-heard">${t.speed}</span><select class="input" value=${String(speed.value)} onChange=${(/** @type {Event} */ event) => (speed.value = Number(/** @type {HTMLSelectElement} */ (event.target).value))}>
        ${SPEEDS.map((one) => html`<option key=${one} value=${String(one)}>${t.times(one)}</option>`)}</select></label></div>
    <p class="instant"><time class="number" datetime=${new Date(at).toISOString()}>${exact(new Date(at))}</time> <${Into} at=${at} /></p>
    <label class="exact"><span class="only-heard">${t.exact}</span><input class="input" type="datetime-local" step="1" value=${at ? `${isoDay(new Date(at))}T${clockSeconds(new Date(at))}` : ""}
      onChange=${(/** @type {Event} */ event) => { const { value } = /** @type {HTMLInputElement} */ (event.target); if (value) { pause(); lookAt(Date.parse(fromInput(value))); } }} /></label>
    <${Jumps} density=${density} />
    <div class="buttons" role="group" aria-label=${t.compare}><${Button} onClick=${() => mark("a")} title=${t.keys.a}>${t.markA}<//><${Button} onClick=${() => mark("b")} title=${t.keys.b}>${t.markB}<//></div>
    <${Keys} keys=${keys} /></div>`;
}

/** @param {number} milliseconds */
function by(milliseconds) {
  pause();
  lookAt(moment.peek().at + milliseconds);
}

/** @param {"begin" | "end"} which */
function edge(which) {
  pause();
  const bounds = life.peek();
  if (bounds) lookAt(bounds[which]);
}
