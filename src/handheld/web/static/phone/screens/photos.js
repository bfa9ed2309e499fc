// Photos and recordings that belong to words: from this phone where they are here, otherwise from the server.
import { html } from "../../vendor/htm-preact.js";
import { useEffect, useState } from "../../vendor/preact-hooks.js";
import { Icon } from "../../components/icons.js";
import { texts } from "../../lib/texts.js";
import { pictureOf } from "../store/store.js";

/** @typedef {{sha256: string, media: string, size?: number | null, awaited?: boolean}} Photo */

/** @param {{photos: readonly Photo[] | null | undefined}} props */
export function Photos({ photos }) {
  if (!photos || photos.length === 0) return null;
  return html`<ul class="photos">${photos.map((photo, at) => html`<li key=${photo.sha256}><${Shown} photo=${photo} number=${at + 1} /></li>`)}</ul>`;
}

/** @param {{photo: Photo, number: number}} props */
function Shown({ photo, number }) {
  const t = texts("field");
  const [url, setUrl] = useState(/** @type {string | null} */ (null));
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    let gone = false;
    pictureOf(photo.sha256).then((found) => { if (!gone) setUrl(found); }, () => setFailed(true));
    return () => { gone = true; };
  }, [photo.sha256]);
  if (!url) return null;
  if (failed || (photo.awaited && !url.startsWith("blob:"))) return html`<span class="awaited"><${Icon} name="wait" /><span>${t.task.photoAwaited}</span></span>`;
  if (photo.media.startsWith("audio/")) return html`<audio controls preload="none" src=${url} aria-label=${t.task.voice}></audio>`;
  if (!photo.media.startsWith("image/")) return html`<a class="button" href=${url} target="_blank" rel="noopener"><${Icon} name="entry" />${t.task.document}</a>`;
  return html`<a href=${url} target="_blank" rel="noopener"><img src=${url} alt=${t.media.alt(number)} loading="lazy" onError=${() => setFailed(true)} /></a>`;
}
