// The phone's store: what the screens import. docs/phone.md
//
//   enter()                      who is here, then openStore(me); to the sign-in page where nobody is
//   tasks, inbox, …              signals, see state.js
//   act(command, options)        does something, with a signal or without
//   undo(id)                     takes it back, as long as it has not been sent
//
// What the first screen does not need is fetched after it; openStore() sees to that.
export {
  caughtUp, files, findings, inbox, messages, online, opened, overtaken, status, storage, tasks, update, waiting, warnings,
} from "./state.js";
export { enter, leave, openStore, theConnection } from "./opening.js";
export { act, putAway, sendNow, tryAgain, undo } from "./queue.js";
export { draft, dropDraft, keepDraft, noteDraft } from "./drafts.js";
export { markRead, readAgain, readCard } from "./readings.js";

const photos = () => import("./photos.js");
const notices = () => import("./notices.js");

/** Take a photo in, made small. @param {Blob} file @returns {Promise<import("./state.js").Photo>} as commands name it */
export const addPhoto = async (file) => (await photos()).addPhoto(file);

/** Take a recording in. @param {Blob} blob @returns {Promise<import("./state.js").Photo>} as commands name it */
export const addVoice = async (blob) => (await photos()).addVoice(blob);

/** Where a photo or a recording can be shown from. @param {string} sha256 @returns {Promise<string>} */
export const pictureOf = async (sha256) => (await photos()).pictureOf(sha256);

/** It is not wanted after all. @param {string} sha256 */
export const removeFile = async (sha256) => (await photos()).removeFile(sha256);

/** Whether there can be notices while the page is closed. */
export const noticesState = async () => (await notices()).noticesState();

/** Ask for notices; call it from a press. */
export const askForNotices = async () => (await notices()).askForNotices();

/** No more notices on this phone. */
export const stopNotices = async () => (await notices()).stopNotices();

/** Take over the version that waits: the page loads anew, what waits to be sent stays. */
export const takeUpdate = async () => (await import("./updates.js")).takeUpdate();
