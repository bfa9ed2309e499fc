// SHA-256 (FIPS 180-4). Browsers have it, but give it to pages over HTTPS only.

/** @param {ArrayBuffer} data @returns {Promise<string>} 64 hex digits */
export async function sha256Of(data) {
  const bytes = crypto.subtle ? new Uint8Array(await crypto.subtle.digest("SHA-256", data)) : (await import("./sha256-plain.js")).sha256(data);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
