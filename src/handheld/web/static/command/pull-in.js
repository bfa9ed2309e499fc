// Pulling more people and units into a task force: all that happened before, or from now on.
import { html } from "../vendor/htm-preact.js";
import { useMemo, useRef, useState } from "../vendor/preact-hooks.js";
import { texts } from "../lib/texts.js";
import { Button } from "../components/button.js";
import { Dialog } from "../components/dialog.js";
import { SelectField } from "../components/field.js";
import { Notice, tell } from "../components/notices.js";
import { PersonName } from "../components/person.js";
import { batchOf, problemOf, sendAll, summed } from "./bulk.js";
import { Choices } from "./choices.js";
import { closeDialog } from "./commanding.js";
import { FormDialog } from "./form.js";
import { orderOption, useOrders } from "./order.js";
import { NOBODY, Picker } from "./pick.js";

/** 拉入. @param {import("./order.js").Props} props */
export function PullInDialog({ force, onDone }) {
  const t = texts("command");
  const words = t.force.pull_in;
  const [picked, setPicked] = useState(NOBODY);
  const [sees, setSees] = useState("all");
  const [order, setOrder] = useState("");
  const [came, setCame] = useState(/** @type {ReturnType<typeof summed> | null} */ (null));
  const orders = useOrders(force.task_force);
  const batch = useRef(/** @type {{said: string, batch: import("./bulk.js").Batch} | null} */ (null));
  const commands = useMemo(
    () => picked.people.map((one) => ({ command: { command: "task_force.pull_in", task_force: force.task_force, person: one.person, sees, ...(order && { order }) } })),
    [picked, sees, order],
  );
  const run = async () => {
    const said = JSON.stringify(commands);
    if (batch.current?.said !== said) batch.current = { said, batch: batchOf(commands) };
    const answers = await sendAll(batch.current.batch);
    const problem = answers.length === 1 && answers[0] ? problemOf(answers[0]) : null;
    if (problem) {
      batch.current = null;
      throw problem;
    }
    const sum = summed(answers);
    if (sum.done + sum.already > 0) onDone?.();
    if (sum.refused.length) {
      setCame(sum);
      return false;
    }
    if (sum.done) tell({ tone: "closed", title: words.done(sum.done), ...(sum.already > 0 && { detail: t.bulk.already(sum.already) }) });
    else tell({ tone: "waiting", title: words.already });
    return true;
  };
  if (came) {
    return html`<${Dialog} title=${words.name} onClose=${closeDialog} footer=${html`<${Button} kind="main" onClick=${closeDialog}>${texts("common").close}<//>`}>
      ${came.done > 0 && html`<${Notice} tone="closed" title=${words.done(came.done)} />`}
      ${came.already > 0 && html`<${Notice} title=${t.bulk.already(came.already)} />`}
      ${came.refused.map((one) => html`<${Notice} key=${one.title} tone="overdue" title=${t.bulk.refused(one.at.length, one.title)}>${one.detail}
        <ul class="names">${one.at.map((at) => html`<li key=${at}><${PersonName} of=${picked.people[at]} tag=${false} /></li>`)}</ul><//>`)}<//>`;
  }
  return html`<${FormDialog} title=${words.name} broad icon="people" submit=${words.submit(picked.people.length)} missing=${picked.people.length ? null : t.needs.person} run=${run}>
    <${Picker} label=${words.whom} hint=${words.hint} value=${picked} onChange=${setPicked} mode="people" division=${null} />
    <${Choices} label=${words.sees} value=${sees} onChange=${setSees} options=${[["all", words.all], ["from_now", words.fromNow]]} hint=${sees === "all" ? words.allHint : words.fromNowHint} />
    ${orders && orders.length > 0 && html`<${SelectField} label=${words.order} value=${order} onInput=${setOrder}
      options=${[{ value: "", label: words.noOrder }, ...orders.filter((one) => !one.withdrawn).map(orderOption)]} />`}<//>`;
}
