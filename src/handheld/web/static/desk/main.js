import { start } from "../lib/start.js";
import { Desk } from "./desk.js";

start(Desk, { areas: ["desk", "board", "command"] });
