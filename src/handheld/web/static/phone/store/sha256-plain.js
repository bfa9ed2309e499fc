// SHA-256 (FIPS 180-4, section 6.2) for pages that come over plain HTTP, inside a government network.

/** The first 32 bits of what follows the point of a root. @param {number} root */
const fraction = (root) => ((root - Math.floor(root)) * 0x100000000) | 0;

/** @param {number} count */
function primes(count) {
  /** @type {number[]} */
  const found = [];
  for (let n = 2; found.length < count; n++) if (found.every((p) => n % p)) found.push(n);
  return found;
}

const FIRST = primes(64);
const K = FIRST.map((p) => fraction(Math.cbrt(p)));
const H = FIRST.slice(0, 8).map((p) => fraction(Math.sqrt(p)));

/** @param {number} x @param {number} n */
const turn = (x, n) => (x >>> n) | (x << (32 - n));

/** @param {ArrayBuffer} data @returns {Uint8Array} 32 bytes */
export function sha256(data) {
  const length = data.byteLength;
  const blocks = Math.ceil((length + 9) / 64);
  const padded = new Uint8Array(blocks * 64);
  padded.set(new Uint8Array(data));
  padded[length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(length / 0x20000000));
  view.setUint32(padded.length - 4, (length << 3) >>> 0);
  const h = Int32Array.from(H);
  const w = new Int32Array(64);
  const at = (/** @type {Int32Array | number[]} */ list, /** @type {number} */ index) => /** @type {number} */ (list[index]);
  for (let block = 0; block < blocks; block++) {
    for (let t = 0; t < 16; t++) w[t] = view.getInt32(block * 64 + t * 4);
    for (let t = 16; t < 64; t++) {
      const a = at(w, t - 15), b = at(w, t - 2);
      w[t] = (at(w, t - 16) + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + at(w, t - 7) + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10))) | 0;
    }
    let [a, b, c, d, e, f, g, i] = /** @type {[number, number, number, number, number, number, number, number]} */ (/** @type {unknown} */ ([...h]));
    for (let t = 0; t < 64; t++) {
      const x = (i + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + at(K, t) + at(w, t)) | 0;
      const y = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      i = g; g = f; f = e; e = (d + x) | 0; d = c; c = b; b = a; a = (x + y) | 0;
    }
    [a, b, c, d, e, f, g, i].forEach((value, index) => (h[index] = (at(h, index) + value) | 0));
  }
  const out = new DataView(new ArrayBuffer(32));
  h.forEach((value, index) => out.setInt32(index * 4, value));
  return new Uint8Array(out.buffer);
}
