// The numbers of those who are selected, to be called one after the other.
import { html } from "../vendor/htm-preact.js";
import { signal } from "../vendor/signals.js";
import { Dialog } from "../components/dialog.js";
import { Button } from "../components/button.js";
import { Call } from "../components/person.js";
import { StateMark, figure } from "../components/marks.js";
import { closeDialog, openDialog } from "../command/commanding.js";
import { openTaskAction } from "../command/later.js";
import { texts } from "../lib/texts.js";

/** @type {import("../vendor/signals.js").Signal<ReadonlySet<string>>} */
const called = signal(new Set());

/** @param {readonly import("./selection.js").Choice[]} people */
export function openCallList(people) {
  called.value = new Set();
  openDialog(() => html`<${CallList} people=${people} />`);
}

/** @param {{people: readonly import("./selection.js").Choice[]}} props */
function CallList({ people }) {
  const t = texts("desk").calls;
  const without = people.filter((one) => !one.phone).length;
  return html`<${Dialog} title=${t.title(figure(people.length))} onClose=${closeDialog} broad>
    <p class="quiet">${t.how}${without > 0 && ` ${t.without(figure(without))}`}</p>
    <ol class="dk-calls">${people.map((one) => html`<li key=${one.task} class=${called.value.has(one.task) ? "dk-done" : ""}>
      <label class="check"><input type="checkbox" checked=${called.value.has(one.task)} onChange=${() => mark(one.task)} /><span><strong>${one.name}</strong> <span class="quiet">${one.place}</span></span></label>
      <${StateMark} state=${one.state} />${one.phone ? html`<${Call} phone=${one.phone} name=${one.name} />` : html`<span class="quiet small">${t.noNumber}</span>`}
      ${one.state === "waiting" && html`<${Button} onClick=${() => openTaskAction("accept_for", [one])}>${t.acceptFor}<//>`}</li>`)}</ol><//>`;
}

/** @param {string} task */
function mark(task) {
  const next = new Set(called.value);
  if (!next.delete(task)) next.add(task);
  called.value = next;
}
