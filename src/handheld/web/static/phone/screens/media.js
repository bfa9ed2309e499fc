// Photos and spoken notes of a report or a finding: taken at once, shown small, removed with a tap.
import { html } from "../../vendor/htm-preact.js";
import { useEffect, useRef, useState } from "../../vendor/preact-hooks.js";
import { Button } from "../../components/button.js";
import { Icon } from "../../components/icons.js";
import { tell, tellProblem } from "../../components/notices.js";
import { Working } from "../../components/status.js";
import { texts } from "../../lib/texts.js";
import { addPhoto, pictureOf, removeFile } from "../store/store.js";
import { Voice } from "./voice.js";

/** @typedef {{sha256: string, media: string, size: number, seconds?: number}} Piece */

/** As many as the rules take with one report. */
const MOST = 9;

/**
 * @param {{pieces: Piece[], onChange: (change: (pieces: Piece[]) => Piece[]) => void, required?: boolean}} props
 */
export function Media({ pieces, onChange, required = false }) {
  const t = texts("field");
  const [working, setWorking] = useState(0);
  const camera = useRef(/** @type {HTMLInputElement | null} */ (null));
  const album = useRef(/** @type {HTMLInputElement | null} */ (null));
  const full = pieces.length + working >= MOST;
  /** @param {Event} event */
  const chosen = async (event) => {
    const input = /** @type {HTMLInputElement} */ (event.currentTarget);
    const files = [...(input.files ?? [])];
    input.value = "";
    if (pieces.length + files.length > MOST) tell({ tone: "waiting", title: t.media.most(MOST) });
    for (const file of files.slice(0, MOST - pieces.length)) {
      setWorking((n) => n + 1);
      try {
        const { sha256, media, size } = await addPhoto(file);
        onChange((now) => (now.some((one) => one.sha256 === sha256) ? now : [...now, { sha256, media, size }]));
      } catch (error) {
        if (error instanceof Error && error.name === "Problem") tellProblem(error);
        else tell({ tone: "overdue", title: t.media.failed });
      }
      setWorking((n) => n - 1);
    }
  };
  /** @param {Piece} piece */
  const remove = (piece) => {
    onChange((now) => now.filter((one) => one.sha256 !== piece.sha256));
    removeFile(piece.sha256).catch(() => {});
  };
  /** @param {Piece} piece */
  const said = (piece) => onChange((now) => [...now, piece]);
  return html`<div class="media">
    ${(pieces.length > 0 || working > 0) && html`<ul class="photos">${pieces.map((piece, at) => html`<li key=${piece.sha256}>
        <${Thumb} piece=${piece} number=${at + 1} onRemove=${() => remove(piece)} /></li>`)}
      ${working > 0 && html`<li class="making"><${Working}>${t.media.working}<//></li>`}</ul>`}
    <input ref=${camera} class="only-heard" type="file" accept="image/*" capture="environment" tabindex="-1" aria-hidden="true" onChange=${chosen} />
    <input ref=${album} class="only-heard" type="file" accept="image/*" multiple tabindex="-1" aria-hidden="true" onChange=${chosen} />
    <div class="takes"><${Button} icon="camera" size="large" disabled=${full} onClick=${() => camera.current?.click()}>${t.media.take}${required && !pieces.some(isPhoto) ? html`<span class="must">*</span>` : null}<//>
      <${Button} icon="plus" size="large" disabled=${full} onClick=${() => album.current?.click()}>${t.media.choose}<//></div>
    <${Voice} disabled=${full} onSaid=${said} /></div>`;
}

/** @param {Piece} piece */
export const isPhoto = (piece) => piece.media.startsWith("image/");

/** @param {{piece: Piece, number: number, onRemove: () => void}} props */
function Thumb({ piece, number, onRemove }) {
  const t = texts("field").media;
  const [url, setUrl] = useState(/** @type {string | null} */ (null));
  useEffect(() => {
    let gone = false;
    pictureOf(piece.sha256).then((found) => { if (!gone) setUrl(found); }, () => {});
    return () => { gone = true; };
  }, [piece.sha256]);
  const photo = isPhoto(piece);
  return html`${photo ? html`<img src=${url ?? undefined} alt=${t.alt(number)} />`
    : html`<audio controls src=${url ?? undefined} aria-label=${t.voice(seconds(piece.seconds ?? 0))}></audio>`}
    <button type="button" class="remove" aria-label=${photo ? t.remove : t.removeVoice} onClick=${onRemove}><${Icon} name="cross" size=${1.1} /></button>`;
}

/** 0:07. @param {number} n */
export const seconds = (n) => `${Math.floor(n / 60)}:${String(Math.floor(n % 60)).padStart(2, "0")}`;
