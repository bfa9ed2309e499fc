// The HTTP API as the pages use it: JSON both ways, problems as errors with words for people.
import { locale, texts } from "./texts.js";

const API = "/api/v1";

/** What the server says is wrong (RFC 9457), or that it could not be reached. */
export class Problem extends Error {
  /**
   * @param {number} status 0 where no answer came
   * @param {{code?: string, title?: string, detail?: string, params?: Record<string, unknown>, rows?: unknown[]}} body
   */
  constructor(status, body) {
    super(body.title ?? body.code ?? String(status));
    this.name = "Problem";
    this.status = status;
    this.code = body.code ?? "";
    /** What is wrong, in words. */
    this.title = body.title ?? "";
    /** What to do about it, in words. */
    this.detail = body.detail ?? "";
    this.params = body.params ?? {};
    /** Of a table: what is wrong in which line. */
    this.rows = body.rows ?? [];
  }
}

/**
 * @typedef {{
 *   key?: string, ifMatch?: string | number, signal?: AbortSignal, query?: Query,
 *   type?: string, headers?: Record<string, string>,
 * }} Options
 * @typedef {Record<string, string | number | boolean | null | undefined | string[]>} Query
 * @typedef {{outcome: string, code?: string, words?: string, first?: number, last?: number,
 *   recorded_at?: string, repeated?: boolean, made?: string}} Outcome
 */

/**
 * Read something.
 * @param {string} path below /api/v1
 * @param {Query} [query]
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export function get(path, query, signal) {
  return call("GET", path, undefined, { ...(query && { query }), ...(signal && { signal }) });
}

/**
 * Send a command, or anything that changes something. The same `key` sent again does nothing twice.
 * @param {string} path
 * @param {unknown} [body] JSON, or a Blob
 * @param {Options} [options]
 * @returns {Promise<any>}
 */
export function post(path, body, options = {}) {
  return call("POST", path, body ?? {}, { key: commandId(), ...options });
}

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} body
 * @param {Options} options
 * @returns {Promise<any>}
 */
export async function call(method, path, body, options = {}) {
  /** @type {Record<string, string>} */
  const headers = { "Accept-Language": locale, ...options.headers };
  if (options.key && method === "POST") headers["Idempotency-Key"] = options.key;
  if (options.ifMatch !== undefined) headers["If-Match"] = tag(options.ifMatch);
  /** @type {RequestInit} */
  const init = { method, headers, credentials: "same-origin" };
  if (options.signal) init.signal = options.signal;
  if (body instanceof Blob) {
    init.body = body;
    if (options.type) headers["Content-Type"] = options.type;
  } else if (body !== undefined) {
    init.body = JSON.stringify(body);
    headers["Content-Type"] = "application/json";
  }
  /** @type {Response} */
  let answer;
  /** @type {any} */
  let content = null;
  try {
    answer = await fetch(API + path + queryString(options.query), init);
    // The connection may be lost in the middle of the answer, too.
    if ((answer.headers.get("content-type") ?? "").includes("json")) content = await answer.json();
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    const words = texts("common").unreachable;
    throw new Problem(0, { code: "unreachable", title: words.wrong, detail: words.todo });
  }
  if (!answer.ok) throw new Problem(answer.status, content ?? { title: texts("common").failed(answer.status) });
  return content;
}

/** @param {string | number} version */
function tag(version) {
  return version === "*" ? "*" : `"${version}"`;
}

/** @param {Query} [query] */
export function queryString(query) {
  const found = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === undefined || value === null || value === "") continue;
    found.set(name, Array.isArray(value) ? value.join(",") : String(value));
  }
  const text = found.toString();
  return text ? `?${text}` : "";
}

/** A new command id: a UUID of version 7 (RFC 9562) as 32 hex digits, made before the first try. */
export function commandId() {
  const random = crypto.getRandomValues(new Uint8Array(10));
  random[0] = (/** @type {number} */ (random[0]) & 0x0f) | 0x70;
  random[2] = (/** @type {number} */ (random[2]) & 0x3f) | 0x80;
  const time = Date.now().toString(16).padStart(12, "0");
  return time + Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
