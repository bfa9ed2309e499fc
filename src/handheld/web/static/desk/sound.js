// A short calm tone. Browsers allow sound only after a press, and a switch of this browser mutes it.
import { signal } from "../vendor/signals.js";

const MUTED = "handheld_mute";

/** @type {AudioContext | null} */
let context = null;

/** `waiting`: the browser allows no sound before a press; `none`: there is no sound here. */
export const sound = signal(/** @type {"on" | "muted" | "waiting" | "none"} */ (muted() ? "muted" : "waiting"));

/** Tones played so far: for tests, and for whoever wonders. */
export const played = signal(0);

function muted() {
  try {
    return localStorage.getItem(MUTED) === "1";
  } catch {
    return false;
  }
}

/** After a press. */
async function allow() {
  if (sound.peek() === "muted" || sound.peek() === "none") return;
  try {
    context = context ?? new AudioContext();
    if (context.state === "suspended") await context.resume();
    sound.value = context.state === "running" ? "on" : "waiting";
  } catch {
    sound.value = "none";
  }
}

/** Sound on, or off, from now on in this browser. @param {boolean} on */
export async function switchSound(on) {
  try {
    localStorage.setItem(MUTED, on ? "0" : "1");
  } catch {
    // Of this visit only.
  }
  sound.value = on ? "waiting" : "muted";
  if (!on) return;
  await allow();
  tone();
}

/** Two soft notes. */
export function tone() {
  if (sound.peek() !== "on" || !context) return;
  const begin = context.currentTime + 0.02;
  [523.25, 659.25].forEach((pitch, at) => note(/** @type {AudioContext} */ (context), pitch, begin + at * 0.22));
  played.value = played.peek() + 1;
}

/** @param {AudioContext} on @param {number} pitch @param {number} at */
function note(on, pitch, at) {
  const source = on.createOscillator();
  const volume = on.createGain();
  source.type = "sine";
  source.frequency.value = pitch;
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(0.18, at + 0.03);
  volume.gain.exponentialRampToValueAtTime(0.001, at + 0.6);
  source.connect(volume).connect(on.destination);
  source.start(at);
  source.stop(at + 0.65);
}

/** Listen for the press that allows it. @returns {() => void} ends it */
export function readySound() {
  const pressed = () => { if (sound.peek() === "waiting") allow(); };
  const kinds = ["pointerdown", "keydown"];
  for (const kind of kinds) addEventListener(kind, pressed);
  return () => { for (const kind of kinds) removeEventListener(kind, pressed); };
}
