import { start } from "../lib/start.js";
import { SignIn } from "./sign-in.js";

start(SignIn, { areas: ["sign-in"], open: true });
