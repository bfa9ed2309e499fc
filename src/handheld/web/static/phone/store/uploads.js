// Bytes on their way: in pieces, so that a lost signal costs one of them. docs/attachments.md
import { Problem, call } from "../../lib/api.js";
import { commit, core, isLive } from "./core.js";
import { hold } from "./keeping.js";
import { forget } from "./photos.js";

/** @typedef {import("./state.js").Kept} Kept */

const PIECE = 64 * 1024;
const WAIT_MS = [2000, 5000, 15000, 60000];
/** The server will not take it, however often it is sent. */
const FINAL = new Set([400, 403, 410, 413, 415, 422]);

let busy = false;
let timer = 0;
let tries = 0;

/** Send what waits, one after the other; only the window that leads does. */
export async function pumpFiles() {
  clearTimeout(timer);
  if (busy || !core.leads || !isLive()) return;
  busy = true;
  try {
    for (let file = next(); file && isLive(); file = next()) await send(file);
    tries = 0;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    timer = setTimeout(pumpFiles, WAIT_MS[Math.min(tries++, WAIT_MS.length - 1)]);
  } finally {
    busy = false;
  }
}

/** @returns {Kept | undefined} */
function next() {
  return [...core.db.all("files").values()].filter((file) => file.state === "queued").sort((a, b) => (a.at < b.at ? -1 : 1))[0];
}

/** @param {Kept} file */
async function send(file) {
  const data = await core.db.bytes(file.sha256);
  if (!data) return failed(file, "phone.lost", "");
  try {
    const told = await call("POST", "/attachments", { sha256: file.sha256, size: file.size, media: file.media });
    if (!told.stored) await pieces(file, data, told.upload);
  } catch (error) {
    if (error instanceof Problem && FINAL.has(error.status)) return failed(file, error.code, `${error.title}${error.detail}`);
    throw error;
  }
  await commit({ drop: { files: [file.sha256] }, dropBytes: [file.sha256] });
  forget(file.sha256);
  hold();
}

/** @param {Kept} file @param {ArrayBuffer} data @param {{id: string, offset: number}} upload */
async function pieces(file, data, upload) {
  let offset = upload.offset;
  let mended = false;
  do {
    const piece = new Blob([data.slice(offset, offset + PIECE)]);
    try {
      const took = await call("PATCH", `/attachments/uploads/${upload.id}`, piece, { type: "application/octet-stream", headers: { "Upload-Offset": String(offset) } });
      offset = took.offset;
    } catch (error) {
      const right = error instanceof Problem && error.code === "attachments.offset" ? Number(error.params.offset) : NaN;
      if (Number.isNaN(right) || mended) throw error;
      offset = right;
      mended = true;
      continue;
    }
    mended = false;
    await commit({ put: { files: [{ ...file, sent: offset }] } });
  } while (offset < file.size);
}

/** @param {Kept} file @param {string} code @param {string} words */
async function failed(file, code, words) {
  await commit({ put: { files: [{ ...file, state: "failed", code, words }] } });
  hold();
}
