// Who is signed in, the words and the connection are asked for while the modules of the desk still come.
import { start } from "../lib/start.js";
import "./connection.js";

start(import("./desk.js").then((all) => all.Desk), { areas: ["desk", "board", "command"] });
