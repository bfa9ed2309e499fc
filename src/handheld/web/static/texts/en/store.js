// What the phone says about keeping and sending.
/** @type {typeof import("../zh/store.js").default} */
export default {
  tooLong: { wrong: "This is too long to be sent.", todo: "Please shorten it and try again." },
  full: { wrong: "The phone’s storage is full; this was not kept.", todo: "Please free some space and try again. What was kept before is still there." },
  notStored: { wrong: "This could not be kept.", todo: "Please try again; if it fails once more, open the page anew." },
  atOnceOnly: { wrong: "There is no connection, and this browser cannot keep anything: it was not sent.", todo: "Try again where there is a signal, or open this page in the phone’s own browser." },
  notAPhoto: { wrong: "This photo cannot be opened.", todo: "Please take another one, or choose another." },
  voiceEmpty: { wrong: "Nothing was recorded.", todo: "Hold the button and say it again." },
  voiceTooLong: { wrong: "This recording is too long.", todo: "Please say it in several parts." },
};
