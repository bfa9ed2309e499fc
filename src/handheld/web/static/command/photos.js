// Photos of a desk: chosen as files, named by their content, sent before the words that name them.
import { html } from "../vendor/htm-preact.js";
import { useId, useState } from "../vendor/preact-hooks.js";
import { call } from "../lib/api.js";
import { texts } from "../lib/texts.js";
import { Button } from "../components/button.js";
import { Icon } from "../components/icons.js";

/** @typedef {{sha256: string, media: string, size: number, blob: Blob, name: string, url: string}} Taken */

/** Send the bytes; what is stored already is not sent twice. @param {readonly Taken[]} photos */
export async function bringPhotos(photos) {
  for (const one of photos) await call("PUT", `/attachments/${one.sha256}`, one.blob, { type: one.media });
}

/** @param {{label: string, needed?: boolean, value: readonly Taken[], onChange: (value: Taken[]) => void}} props */
export function PhotosField({ label, needed, value, onChange }) {
  const t = texts("command").photos;
  const id = useId();
  const [wrong, setWrong] = useState("");
  // Hashes are made by the browser only over HTTPS, or on this very machine.
  const can = Boolean(globalThis.crypto?.subtle);
  /** @param {Event} event */
  const add = async (event) => {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const files = [...(input.files ?? [])];
    input.value = "";
    setWrong("");
    try {
      const taken = await Promise.all(files.map(takenOf));
      const had = new Set(value.map((one) => one.sha256));
      onChange([...value, ...taken.filter((one) => !had.has(one.sha256))]);
    } catch {
      setWrong(t.unreadable);
    }
  };
  return html`<div class="field"><span class="label">${label}${needed ? "" : texts("command").form.may}</span>
    <div class="photos">${value.map((one) => html`<figure key=${one.sha256}><img src=${one.url} alt=${one.name} /><${Button} kind="bare" icon="cross" label=${t.remove(one.name)}
      onClick=${() => onChange(value.filter((other) => other !== one))} /></figure>`)}</div>
    <div class="photo-add"><input id=${id} class="only-heard" type="file" accept="image/jpeg,image/png,image/webp,image/heic,image/avif" multiple disabled=${!can} onChange=${add} />
      <label class="button" for=${id}><${Icon} name="camera" />${t.add}</label></div>
    ${(wrong || !can) && html`<p class="wrong" role="alert">${can ? wrong : t.noHash}</p>`}</div>`;
}

/** @param {File} file @returns {Promise<Taken>} */
async function takenOf(file) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return { sha256, media: file.type || "image/jpeg", size: file.size, blob: file, name: file.name, url: URL.createObjectURL(file) };
}
