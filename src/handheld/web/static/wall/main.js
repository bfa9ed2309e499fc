import { start } from "../lib/start.js";
import { isKiosk } from "./kiosk.js";
import { Wall } from "./wall.js";

const AGAIN_MS = 15000;

start(Wall, { areas: ["board", "wall"] }).then(() => {
  // Nobody stands in front of a kiosk to press "try again".
  if (isKiosk() && document.querySelector(".opening[role=alert]")) setTimeout(() => location.reload(), AGAIN_MS);
});
