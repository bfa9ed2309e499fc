// The desk's connection to the gateway: begun before anything is drawn.
import { Live } from "../lib/live.js";

export const live = new Live();
