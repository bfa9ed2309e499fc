// A spoken note: hold to talk. Where a browser cannot record, the phone's own recorder is asked.
import { html } from "../../vendor/htm-preact.js";
import { useEffect, useRef, useState } from "../../vendor/preact-hooks.js";
import { Button } from "../../components/button.js";
import { Icon } from "../../components/icons.js";
import { tell, tellProblem } from "../../components/notices.js";
import { texts } from "../../lib/texts.js";
import { addVoice } from "../store/store.js";
import { seconds } from "./media.js";

const LEAST_MS = 700;
const LONGEST_MS = 180000;
const KINDS = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus", "audio/webm"];

/** Recording needs a secure page; a phone that came by plain HTTP has none. */
const able = () => typeof MediaRecorder === "function" && Boolean(navigator.mediaDevices?.getUserMedia);

/**
 * @param {{disabled: boolean, onSaid: (piece: {sha256: string, media: string, size: number, seconds: number}) => void}} props
 */
export function Voice({ disabled, onSaid }) {
  return able() ? html`<${Recorder} disabled=${disabled} onSaid=${onSaid} />` : html`<${FromFile} disabled=${disabled} onSaid=${onSaid} />`;
}

/** @param {Parameters<typeof Voice>[0]} props */
function Recorder({ disabled, onSaid }) {
  const t = texts("field").media;
  const [began, setBegan] = useState(0);
  const [now, setNow] = useState(0);
  const recorder = useRef(/** @type {MediaRecorder | null} */ (null));
  const wanted = useRef(false);
  const byKey = useRef(false);
  const stop = () => {
    wanted.current = false;
    if (recorder.current?.state === "recording") recorder.current.stop();
  };
  useEffect(() => stop, []);
  useEffect(() => {
    if (!began) return undefined;
    const timer = setInterval(() => {
      setNow(performance.now());
      if (performance.now() - began > LONGEST_MS) stop();
    }, 250);
    return () => clearInterval(timer);
  }, [began]);
  const start = async () => {
    wanted.current = true;
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      const media = KINDS.find((one) => MediaRecorder.isTypeSupported(one));
      const made = new MediaRecorder(stream, media ? { mimeType: media, audioBitsPerSecond: 24000 } : {});
      /** @type {Blob[]} */
      const parts = [];
      const from = performance.now();
      made.ondataavailable = (event) => { if (event.data.size) parts.push(event.data); };
      made.onstop = () => {
        for (const track of stream.getTracks()) track.stop();
        setBegan(0);
        keep(new Blob(parts, { type: made.mimeType.split(";")[0] ?? "" }), performance.now() - from);
      };
      recorder.current = made;
      // Whoever let go while the browser was still asking wanted nothing recorded.
      if (!wanted.current) {
        for (const track of stream.getTracks()) track.stop();
        return;
      }
      made.start(1000);
      setNow(from);
      setBegan(from);
    } catch {
      wanted.current = false;
      tell({ tone: "waiting", title: t.denied });
    }
  };
  /** @param {Blob} blob @param {number} lasted */
  const keep = async (blob, lasted) => {
    if (lasted < LEAST_MS || blob.size === 0) {
      tell({ tone: "waiting", title: t.tooShort });
      return;
    }
    try {
      const { sha256, media, size } = await addVoice(blob);
      onSaid({ sha256, media, size, seconds: lasted / 1000 });
    } catch (error) {
      tellProblem(error);
    }
  };
  const time = seconds((now - began) / 1000);
  /** @param {PointerEvent} event */
  const down = (event) => {
    if (event.button !== 0 || began) return;
    byKey.current = false;
    /** @type {HTMLElement} */ (event.currentTarget).setPointerCapture?.(event.pointerId);
    start();
  };
  /** By keys it is one press to begin and one to end. @param {MouseEvent} event */
  const press = (event) => {
    if (event.detail !== 0) return;
    byKey.current = true;
    if (began) stop();
    else start();
  };
  return html`<button type="button" class="button large wide talk ${began ? "talking" : ""}" disabled=${disabled} aria-pressed=${String(began > 0)}
    onPointerDown=${down} onPointerUp=${() => !byKey.current && stop()} onPointerCancel=${() => !byKey.current && stop()} onClick=${press}
    onContextMenu=${(/** @type {Event} */ event) => event.preventDefault()}>
    <${Icon} name="voice" />${began ? (byKey.current ? t.stop(time) : t.recording(time)) : t.hold}</button>`;
}

/** @param {Parameters<typeof Voice>[0]} props */
function FromFile({ disabled, onSaid }) {
  const t = texts("field").media;
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));
  /** @param {Event} event */
  const chosen = async (event) => {
    const at = /** @type {HTMLInputElement} */ (event.currentTarget);
    const file = at.files?.[0];
    at.value = "";
    if (!file) return;
    try {
      const { sha256, media, size } = await addVoice(file);
      onSaid({ sha256, media, size, seconds: 0 });
    } catch (error) {
      tellProblem(error);
    }
  };
  return html`<input ref=${input} class="only-heard" type="file" accept="audio/*" capture="user" tabindex="-1" aria-hidden="true" onChange=${chosen} />
    <${Button} icon="voice" size="large" wide disabled=${disabled} onClick=${() => input.current?.click()}>${t.voiceFile}<//>`;
}
