// Many commands at once, in parts, each answered by itself; sent again with the same ids.
import { Problem, call, commandId } from "../lib/api.js";
import { isUncertain } from "./intent.js";

const AT_ONCE = 500;
const WAITS_MS = [600, 1500, 3000];

/**
 * @typedef {{id: string, command: Record<string, unknown>, on_behalf_of?: string}} Sent
 * @typedef {{id: string, done?: import("../lib/api.js").Outcome, problem?: {title: string, detail: string, code: string, status: number}}} One
 * @typedef {{sent: Sent[], answers: (One | null)[]}} Batch
 */

/** Commands with their ids, made before anything is sent. @param {{command: Record<string, unknown>, on_behalf_of?: string}[]} commands @returns {Batch} */
export function batchOf(commands) {
  return { sent: commands.map((one) => ({ id: commandId(), ...one })), answers: commands.map(() => null) };
}

/**
 * Send what has no answer yet. A lost answer is asked for again a few times with the same ids; then
 * the problem is raised, and calling this again goes on where it stopped.
 * @param {Batch} batch
 * @param {(answered: number) => void} [progress]
 * @returns {Promise<One[]>}
 */
export async function sendAll(batch, progress = () => {}) {
  const { sent, answers } = batch;
  for (let from = 0; from < sent.length; from += AT_ONCE) {
    const part = sent.slice(from, from + AT_ONCE);
    if (part.every((_, n) => answers[from + n])) continue;
    const found = await asked(part);
    found.forEach((one, n) => (answers[from + n] = one));
    progress(Math.min(from + AT_ONCE, sent.length));
  }
  return /** @type {One[]} */ (answers);
}

/** @param {Sent[]} part @returns {Promise<One[]>} */
async function asked(part) {
  for (let tries = 0; ; tries += 1) {
    try {
      return (await call("POST", "/commands", { commands: part })).outcomes;
    } catch (error) {
      const wait = WAITS_MS[tries];
      if (!isUncertain(error) || wait === undefined) throw error;
      await new Promise((done) => setTimeout(done, wait));
    }
  }
}

/**
 * What came of them: how many were done, how many were so already, and what was refused, by reason.
 * @param {One[]} answers
 */
export function summed(answers) {
  let done = 0;
  let already = 0;
  /** @type {Map<string, {title: string, detail: string, at: number[]}>} */
  const refused = new Map();
  answers.forEach((one, at) => {
    if (one.done?.outcome === "accepted") done += 1;
    else if (one.done?.outcome === "already_done") already += 1;
    else {
      const title = one.problem?.title ?? one.done?.words ?? "";
      const detail = one.problem?.detail ?? "";
      // Titles may name the task: the same reason is one line.
      const key = one.problem?.code ?? one.done?.code ?? title;
      const line = refused.get(key) ?? { title, detail, at: [] };
      line.at.push(at);
      refused.set(key, line);
    }
  });
  return { done, already, refused: [...refused.values()] };
}

/** The problem of a single command, as if it had been sent alone. @param {One} one */
export function problemOf(one) {
  return one.problem ? new Problem(one.problem.status, one.problem) : null;
}
