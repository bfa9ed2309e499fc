import { start } from "../lib/start.js";
import { StyleGuide } from "./styleguide.js";

start(StyleGuide, { areas: ["styleguide", "board"], open: true });
