import { start } from "../lib/start.js";
import { Replay } from "./replay.js";

start(Replay, { areas: ["board", "replay"] });
