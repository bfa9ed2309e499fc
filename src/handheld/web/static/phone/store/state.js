// What the phone knows, as signals: the screens read these, the rest of the store writes them.
import { signal } from "../../vendor/signals.js";

/**
 * @typedef {{person: string, name?: string | null, phone?: string | null, synthetic?: boolean}} Named
 * @typedef {{code: string, name?: string | null}} Place
 * @typedef {{key: string, label: string, kind: "number" | "choice" | "text" | "photo" | "visits",
 *   required?: boolean, choices?: string[], unit?: string, most?: number}} Field
 * @typedef {{sha256: string, media: string, size: number}} Photo as commands name it
 *
 * @typedef {"waiting" | "sending" | "overtaken" | "refused" | "failed"} ActState
 * waiting: on this phone only; sending: on its way, perhaps there already; the others are answers
 * @typedef {{
 *   id: string, n: number, command: Record<string, any>, on_behalf_of?: string, drill?: boolean,
 *   quiet?: boolean, at: string, device_at: string, due: number, files: string[],
 *   state: ActState, code?: string, words?: string, title?: string, answered_at?: string, tries: number,
 * }} Act
 * `at`: when it happened, by the log's clock; `device_at`: the same by the phone's; `due`: not sent
 * before (milliseconds of the phone's clock); `title`: of the task, for lists of what waits
 *
 * @typedef {{
 *   task: string, version: number, status: "waiting" | "in_progress" | "to_verify" | "closed" | "declined" | "withdrawn",
 *   task_force?: string, division?: Place | null, role?: string | null, unit?: boolean, open?: boolean, claimed?: boolean,
 *   order: {order: string, task_force?: string | null, title?: string | null, place?: string | null, level?: string | null,
 *     text?: string | null, form?: Field[], open_to?: number | null, withdrawn?: boolean, ordered_by?: Named | null, division?: Place | null},
 *   steps: string[], dispatched_at?: string | null, accept_by?: string | null, report_by?: string | null,
 *   drill?: boolean, read?: boolean, en_route?: boolean, on_scene?: boolean, amended?: number,
 *   before?: {text?: string | null, report_by?: string | null, form?: Field[], steps?: string[]} | null,
 *   overdue?: string[], reminded?: Record<string, number>, suspended?: {since?: string | null, until?: string | null, reason?: string | null} | null,
 *   supervised?: string | null, households?: string[], visits?: {household: string, done?: string | null, satisfied?: boolean | null}[],
 *   report?: {text?: string | null, filled?: any, photos?: any[], reported_by?: Named | null} | null,
 *   declined?: string | null, passed_on_from?: string | null, passed_on?: string[], sent_back?: string | null,
 *   withdrawn_because?: string | null, reassigned_to?: Named | null, rated?: any, evaluated?: any, history?: boolean,
 *   last_at?: string, whole?: boolean, unread?: boolean, mine?: Mine[], pending: Act[],
 * }} Card
 * A task: as `GET /tasks/{task}`, with what the inbox told since, and with `pending`: what its owner
 * has done that is not sent yet; all the rest shows it as done. `before`: what an amendment changed.
 * `whole`: it was read from the server at some time. `mine`: what its owner did that has arrived.
 * @typedef {{id: string, did: string, at: string, arrived_at: string}} Mine
 *
 * @typedef {{
 *   seq: number, position: number, hidden?: boolean, topic?: string | null, stream?: string | null, version?: number | null,
 *   recorded_at?: string, occurred_at?: string, drill?: boolean, task?: string | null, task_force?: string | null,
 *   division?: Place | null, by?: Named | null, on_behalf_of?: Named | null, data?: any, order?: any, unread: boolean,
 * }} Item
 *
 * @typedef {{finding: string, text?: string | null, place?: string | null, division?: Place, desk?: {unit: string, name?: string | null},
 *   state?: string, reporter?: Named, task_force?: string | null, order?: string | null, reported_at?: string, drill?: boolean,
 *   last_at?: string, wants_task_force?: boolean, mine?: boolean, here?: boolean, photos?: Photo[], pending?: Act[]}} Finding
 * `mine`: its reporter is the owner; `here`: it lies on a desk of theirs. What is not sent yet has
 * the command's id as `finding`, the state "unsent" and the act as `pending`.
 *
 * @typedef {{message: string, task_force: string, position: number, by: Named, occurred_at: string, recorded_at: string,
 *   text?: string | null, corrected?: string | null, photos?: any[], to?: string | null, to_name?: string | null, title?: string | null,
 *   drill?: boolean, unread: boolean}} Message
 *
 * @typedef {{sha256: string, media: string, size: number, kind: "photo" | "voice", state: "draft" | "queued" | "failed",
 *   sent: number, at: string, code?: string, words?: string}} Kept a photo or a recording on this phone
 */

/** Tasks by id: what is stored, with what was done here on top. @type {import("../../vendor/signals.js").Signal<Map<string, Card>>} */
export const tasks = signal(/** @type {Map<string, Card>} */ (new Map()));

/** Inbox items, newest first. @type {import("../../vendor/signals.js").Signal<Item[]>} */
export const inbox = signal(/** @type {Item[]} */ ([]));

/** Findings of one's own and those on one's desk, newest first. @type {import("../../vendor/signals.js").Signal<Finding[]>} */
export const findings = signal(/** @type {Finding[]} */ ([]));

/** Messages of the task forces that one's tasks belong to, newest first. @type {import("../../vendor/signals.js").Signal<Message[]>} */
export const messages = signal(/** @type {Message[]} */ ([]));

/** Warnings in force as of the last reading. @type {import("../../vendor/signals.js").Signal<any[]>} */
export const warnings = signal(/** @type {any[]} */ ([]));

/**
 * What is not with the server yet: actions in order, photos and recordings that wait, bytes.
 * @type {import("../../vendor/signals.js").Signal<{actions: number, acts: Act[], files: Kept[], bytes: number, since: string | null}>}
 */
export const waiting = signal(/** @type {{actions: number, acts: Act[], files: Kept[], bytes: number, since: string | null}} */ ({ actions: 0, acts: [], files: [], bytes: 0, since: null }));

/** What came too late, was refused or could not be taken, newest first, until it is put away. @type {import("../../vendor/signals.js").Signal<Act[]>} */
export const overtaken = signal(/** @type {Act[]} */ ([]));

/** Photos and recordings on this phone, by the hash of their bytes. @type {import("../../vendor/signals.js").Signal<Map<string, Kept>>} */
export const files = signal(/** @type {Map<string, Kept>} */ (new Map()));

/** The connection. @type {import("../../vendor/signals.js").Signal<import("../../lib/live.js").Status>} */
export const status = signal(/** @type {import("../../lib/live.js").Status} */ ({ state: "connecting", since: Date.now() }));

/** Whether there is a connection. @type {import("../../vendor/signals.js").Signal<boolean>} */
export const online = signal(false);

/**
 * Where it is kept. `kept`: in this browser's database; otherwise only as long as the page is open, and
 * what is done is sent at once or not at all. `persisted`: the browser has promised to keep it.
 * `sevenDays`: this browser deletes it after seven days without a visit.
 * @type {import("../../vendor/signals.js").Signal<{kept: boolean, persisted: boolean, sevenDays: boolean, used: number, quota: number}>}
 */
export const storage = signal({ kept: false, persisted: false, sevenDays: false, used: 0, quota: 0 });

/** Whether a new version waits to be taken over, and what this page runs. @type {import("../../vendor/signals.js").Signal<{ready: boolean, build: string}>} */
export const update = signal({ ready: false, build: document.documentElement.dataset.build ?? "" });

/** Whether all that is stored has been read: before that nothing is known to be empty. @type {import("../../vendor/signals.js").Signal<boolean>} */
export const opened = signal(false);

/** Whether the server has told all it has since the page was opened. @type {import("../../vendor/signals.js").Signal<boolean>} */
export const caughtUp = signal(false);
