import { start } from "../lib/start.js";
import { Phone } from "./app.js";

// In the hand, outdoors, at 55: large unless somebody has chosen otherwise.
if (!/(^|;\s*)handheld_text=/.test(document.cookie)) document.documentElement.dataset.text = "large";

// `open`: who is here is asked by the store, which knows it without a connection, too.
start(Phone, { areas: ["phone"], open: true });
