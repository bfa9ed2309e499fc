import { start } from "../lib/start.js";
import { Admin } from "./admin.js";

start(Admin, { areas: ["admin"], open: true });
