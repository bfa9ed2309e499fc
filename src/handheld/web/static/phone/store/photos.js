// Photos and recordings: made small on the phone, known by the hash of their bytes, kept until the
// server has them.
import { Problem } from "../../lib/api.js";
import { now } from "../../lib/clock.js";
import { texts } from "../../lib/texts.js";
import { commit, core } from "./core.js";
import { sha256Of } from "./sha256.js";

/** @typedef {import("./state.js").Kept} Kept @typedef {import("./state.js").Photo} Photo */

const LONGEST_SIDE = 1600;
const SIZE = 300 * 1024;
const QUALITIES = [0.82, 0.72, 0.6, 0.5, 0.4];
const MOST_VOICE = 20 * 1024 * 1024;

/**
 * Take a photo in: at most 1600 pixels long, about 300 kB, drawn anew, so that neither place nor
 * device stands in it. It is on this phone's disk when this resolves.
 * @param {Blob} file
 * @returns {Promise<Photo>} as commands name it
 */
export async function addPhoto(file) {
  const blob = await smaller(file);
  return keep(blob, "photo", "image/jpeg");
}

/**
 * Take a recording in, as the recorder made it.
 * @param {Blob} blob
 * @returns {Promise<Photo>} as commands name it
 */
export async function addVoice(blob) {
  if (!blob.size || blob.size > MOST_VOICE) throw wrong(blob.size ? "voiceTooLong" : "voiceEmpty");
  return keep(blob, "voice", (blob.type.split(";")[0] || "audio/webm").trim());
}

/** @param {Blob} blob @param {Kept["kind"]} kind @param {string} media @returns {Promise<Photo>} */
async function keep(blob, kind, media) {
  const data = await blob.arrayBuffer();
  const sha256 = await sha256Of(data);
  const one = { sha256, media, size: data.byteLength };
  if (core.db.all("files").has(sha256)) return one;
  try {
    await commit({
      put: { files: [{ ...one, kind, state: "draft", sent: 0, at: now().toISOString() }] },
      // Bytes rather than a Blob: Safari has lost Blobs that lay in IndexedDB.
      bytes: [{ sha256, data }],
    });
  } catch (error) {
    throw wrong(error instanceof DOMException && error.name === "QuotaExceededError" ? "full" : "notStored");
  }
  return one;
}

/** It is not wanted after all; what belongs to something that was done stays. @param {string} sha256 */
export async function removeFile(sha256) {
  if (core.db.all("files").get(sha256)?.state !== "draft") return;
  await commit({ drop: { files: [sha256] }, dropBytes: [sha256] });
  forget(sha256);
}

/** @type {Map<string, string>} */
const addresses = new Map();

/** Where a photo or a recording can be shown from: this phone, or the server. @param {string} sha256 @returns {Promise<string>} */
export async function pictureOf(sha256) {
  const known = addresses.get(sha256);
  if (known) return known;
  const file = core.db.all("files").get(sha256);
  const data = file && (await core.db.bytes(sha256));
  if (!data) return `/api/v1/attachments/${sha256}`;
  const address = URL.createObjectURL(new Blob([data], { type: file.media }));
  addresses.set(sha256, address);
  return address;
}

/** The server has it now. @param {string} sha256 */
export function forget(sha256) {
  const address = addresses.get(sha256);
  if (!address) return;
  addresses.delete(sha256);
  // Whoever shows it now may still do so for a while.
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}

/** @param {Blob} file */
async function smaller(file) {
  const address = URL.createObjectURL(file);
  try {
    // An <img> turns the picture the right way up on every browser, by what the camera wrote.
    const image = new Image();
    image.src = address;
    await image.decode().catch(() => { throw wrong("notAPhoto"); });
    let side = LONGEST_SIDE;
    for (;;) {
      const scale = Math.min(1, side / Math.max(image.naturalWidth, image.naturalHeight));
      const canvas = document.createElement("canvas");
      canvas.width = Math.max(1, Math.round(image.naturalWidth * scale));
      canvas.height = Math.max(1, Math.round(image.naturalHeight * scale));
      const context = canvas.getContext("2d");
      if (!context) throw wrong("notAPhoto");
      context.fillStyle = "#fff"; // what is transparent would become black
      context.fillRect(0, 0, canvas.width, canvas.height);
      context.drawImage(image, 0, 0, canvas.width, canvas.height);
      for (const quality of QUALITIES) {
        const blob = await new Promise((/** @type {(blob: Blob | null) => void} */ resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
        if (!blob) throw wrong("notAPhoto");
        if (blob.size <= SIZE || (quality === QUALITIES[QUALITIES.length - 1] && side < LONGEST_SIDE)) return blob;
      }
      side = 1100; // a picture full of leaves: fewer pixels rather than mush
    }
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** @param {"voiceTooLong" | "voiceEmpty" | "notAPhoto" | "full" | "notStored"} which */
function wrong(which) {
  const words = texts("store")[which];
  return new Problem(0, { code: `phone.${which}`, title: words.wrong, detail: words.todo });
}
