// Somebody else's task: what it is, how it stands, their telephone number, and what may be done for them.
import { html } from "../../vendor/htm-preact.js";
import { useEffect, useState } from "../../vendor/preact-hooks.js";
import { Button } from "../../components/button.js";
import { Notice } from "../../components/notices.js";
import { Call, PersonName } from "../../components/person.js";
import { Working } from "../../components/status.js";
import { TaskActions } from "../../command/tasks.js";
import { Problem, get } from "../../lib/api.js";
import { named } from "../../lib/names.js";
import { texts } from "../../lib/texts.js";
import { Past } from "../screens/course.js";
import { Due, Line, TaskMarks, placeOf } from "../screens/parts.js";
import { Told } from "../screens/told.js";
import { TheReport } from "../screens/the-report.js";
import { Top } from "../screens/top.js";

/** @param {{id: string, position: number}} props */
export function AreaTask({ id, position }) {
  const t = texts("area");
  const [card, setCard] = useState(/** @type {any} */ (null));
  const [wrong, setWrong] = useState(/** @type {Problem | null} */ (null));
  const [again, setAgain] = useState(0);
  useEffect(() => {
    let gone = false;
    get(`/tasks/${id}`).then((found) => { if (!gone) { setCard({ ...found, pending: [] }); setWrong(null); } }, (error) => {
      if (!(error instanceof Problem)) throw error;
      if (!gone) setWrong(error);
    });
    return () => { gone = true; };
  }, [id, position, again]);
  const reload = () => setAgain((n) => n + 1);
  return html`<${Top} title=${t.task} goes above=${{ task: null }} /><main class="screen task-whole">
    ${!card && !wrong && html`<${Working} />`}
    ${wrong && html`<${Notice} tone="waiting" title=${wrong.status === 404 ? t.gone : wrong.title}>${wrong.status === 404 ? null : html`${wrong.detail} <${Button} onClick=${reload}>${t.again}<//>`}<//>`}
    ${card && html`<section class="card who-card"><h2><${PersonName} of=${card.person} /></h2>
        <p class="quiet">${[card.division?.name, card.role && named("roles", card.role)].filter(Boolean).join(" · ")}</p>
        <${Call} phone=${card.person.phone} name=${card.person.name} /></section>
      <${TaskMarks} task=${card} /><${Told} task=${card} /><p class="order short">${card.order.text ?? card.order.title}</p>
      <dl class="facts"><${Line} icon="place" label=${texts("phone").task.where}>${placeOf(card)}<//><${Line} icon="waiting" label=${texts("phone").task.when}><${Due} task=${card} /><//></dl>
      <${TheReport} task=${card} others />
      <${TaskActions} task=${card} onDone=${reload} first=${6} />
      ${card.history && html`<${Past} key=${card.version} path="/tasks/${id}/history" title=${t.course} />`}`}</main>`;
}
