// What must be noticed stands across the page until somebody says that they have seen it.
import { html } from "../vendor/htm-preact.js";
import { Button } from "../components/button.js";
import { Icon } from "../components/icons.js";
import { openFinding, openWarning } from "../command/later.js";
import { go } from "../lib/route.js";
import { toSignIn } from "../lib/session.js";
import { texts } from "../lib/texts.js";
import { acknowledge, acknowledgeAll, alarms } from "./alarms.js";
import { live } from "./state.js";

/** @param {import("./alarms.js").Alarm} alarm */
function open(alarm) {
  acknowledge(alarm.id);
  if (alarm.kind === "warning" && alarm.what) openWarning(alarm.what);
  if (alarm.kind === "finding" && alarm.what) openFinding(alarm.what);
  if (alarm.kind === "declined") go({ s: "declined", o: null });
}

const ICONS = /** @type {const} */ ({ warning: "warning", finding: "finding", declined: "declined", lost: "cloud" });

/** The alarms, and a session that has ended. */
export function AlarmBar() {
  const t = texts("desk").alarms;
  const all = alarms.value;
  const out = live.status.value.state === "out";
  return html`<div class="alarms" role="alert">${out && html`<div class="dk-alarm is-overdue"><${Icon} name="warning" />
      <span class="grow"><strong>${t.out}</strong> ${t.outMore}</span><${Button} kind="main" onClick=${toSignIn}>${t.signIn}<//></div>`}
    ${all.slice(-3).map((one) => html`<div key=${one.id} class="dk-alarm ${one.kind === "declined" ? "is-declined" : "is-overdue"}"><${Icon} name=${ICONS[one.kind]} />
      <span class="grow">${one.words}</span>
      ${one.kind !== "lost" && html`<${Button} onClick=${() => open(one)}>${t.look}<//>`}
      <${Button} onClick=${() => acknowledge(one.id)}>${t.seen}<//></div>`)}
    ${all.length > 3 && html`<div class="dk-alarm is-overdue"><span class="grow">${t.more(all.length - 3)}</span><${Button} onClick=${acknowledgeAll}>${t.allSeen}<//></div>`}</div>`;
}
