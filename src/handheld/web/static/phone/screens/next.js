// The one big button of a task: always its next step.
import { html } from "../../vendor/htm-preact.js";
import { texts } from "../../lib/texts.js";
import { perform } from "../do.js";
import { open } from "../place.js";
import { BigButton } from "./parts.js";
import { nextStep, visiting } from "./steps.js";

/** @type {Record<import("./steps.js").Step, string | null>} */
const COMMANDS = {
  accept: "task.accept",
  claim: "task.accept",
  acceptAgain: "task.accept",
  en_route: "task.go_en_route",
  on_scene: "task.reach_scene",
  visits: null,
  report: null,
  reportAgain: null,
};

/** @type {Partial<Record<import("./steps.js").Step, import("../../components/icons.js").IconName>>} */
const ICONS = { accept: "check", claim: "check", acceptAgain: "check", en_route: "right", on_scene: "place", visits: "home", report: "upload", reportAgain: "upload" };

/**
 * A second tap that lands on the next step, or on another task that has moved there, is a slip of a wet finger. It counts
 * when somebody tapped, not when a slow phone came to it. Who has gone to another screen since means the tap.
 */
const SLIP_MS = 400;
let last = { what: "", on: "", at: -Infinity };

/** @param {{task: import("../store/state.js").Card}} props */
export function NextStep({ task }) {
  const step = nextStep(task);
  if (!step) return null;
  const t = texts("phone").task.next;
  const { done, all } = visiting(task);
  const words = step === "visits" ? t.visitsLeft(done, all.length) : t[step];
  /** @param {Event} event */
  const press = ({ timeStamp }) => {
    const what = `${task.task} ${step}`;
    const on = location.href;
    if (what !== last.what && on === last.on && timeStamp - last.at < SLIP_MS) return;
    last = { what, on, at: timeStamp };
    const command = COMMANDS[step];
    if (command) perform({ command, task: task.task }, { title: task.order.title });
    else open({ task: task.task, tab: null, view: step === "visits" ? "visits" : "report" });
  };
  return html`<${BigButton} key=${step} icon=${ICONS[step]} onClick=${press}>${words}<//>`;
}
