// An earlier edition beside the one in force; it can be taken up again.
import { html } from "../vendor/htm-preact.js";
import { Button } from "../components/button.js";
import { get } from "../lib/api.js";
import { address, go } from "../lib/route.js";
import { texts } from "../lib/texts.js";
import { Compared } from "./plan-compare.js";
import { keep, planOf } from "./plan-draft.js";
import { Awaited, Head, useAnswer } from "./parts.js";

/** @param {{plan: string, edition: number}} props `edition` by its version, as the server names it */
export function PlanEdition({ plan, edition }) {
  const t = texts("admin-plans").editions;
  const answer = useAnswer(async () => {
    const [then, now, departments, groups] = await Promise.all([get(`/plans/${plan}`, { edition }), get(`/plans/${plan}`), get("/departments"), get("/groups")]);
    return { then, now, known: { departments: departments.rows, groups: groups.rows } };
  }, [plan, edition]);
  const back = html`<p><a href=${address({ edition: null })}>← ${t.back}</a></p>`;
  if (!answer.found) return html`${back}<${Awaited} of=${answer} />`;
  const { then, now, known } = answer.found;
  const number = then.editions.indexOf(edition) + 1;
  const take = () => { keep(plan, { plan: planOf(then), version: now.version }); go({ edition: null }); };
  return html`${back}<${Head} title=${t.of(then.title, number)} intro=${t.compareWhat}>${now.may_change && edition !== now.edition && html`<${Button} onClick=${take}>${t.take}<//>`}<//>
    <${Compared} before=${planOf(then)} after=${planOf(now)} words=${{ before: t.number(number), after: t.now }} known=${known} />`;
}
