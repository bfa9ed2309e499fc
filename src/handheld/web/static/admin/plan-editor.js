// A plan as it is written: beside it whom it would call; saved as the next edition unless somebody was faster.
import { html } from "../vendor/htm-preact.js";
import { useEffect, useMemo, useState } from "../vendor/preact-hooks.js";
import { Button } from "../components/button.js";
import { Notice, tell, tellProblem } from "../components/notices.js";
import { Working } from "../components/status.js";
import { Problem, commandId, get, post } from "../lib/api.js";
import { address, go } from "../lib/route.js";
import { me } from "../lib/session.js";
import { texts } from "../lib/texts.js";
import { Head } from "./parts.js";
import { Basics, Triggers } from "./plan-basics.js";
import { Compared } from "./plan-compare.js";
import { keep, kept, newPlan, planOf, same, sent } from "./plan-draft.js";
import { Orders } from "./plan-orders.js";
import { PlanPreview, faultWords, previewOf, usePlanPreview } from "./plan-preview.js";
import { Editions, Retire } from "./plan-editions.js";

/** @typedef {import("./plan-draft.js").Plan} Plan */

/** What nobody has filled in yet: told once saving was tried. */
const UNFILLED = new Set(["words.missing", "order.nobody", "form.choices"]);

/** @param {{plan: string | null, from: string | null}} props `from`: "new", or a plan that comes with the program */
export function PlanEditor({ plan: key, from }) {
  const t = texts("admin-plans");
  const [base, setBase] = useState(/** @type {any} */ (null));
  const [problem, setProblem] = useState(/** @type {Problem | null} */ (null));
  const [known, setKnown] = useState(/** @type {{departments: any[], groups: any[]}} */ ({ departments: [], groups: [] }));
  const load = async () => {
    try {
      const [card, departments, groups] = await Promise.all([cardOf(key, from), get("/departments"), get("/groups")]);
      const alive = (/** @type {any[]} */ rows) => rows.filter((one) => !one.dissolved);
      setKnown({ departments: alive(departments.rows), groups: alive(groups.rows) });
      setBase(card);
      setProblem(null);
    } catch (error) {
      setProblem(error instanceof Problem ? error : new Problem(0, texts("admin").notYetProblem));
    }
  };
  useEffect(() => { load(); }, [key, from]);
  if (problem) return html`<${Back} /><${Notice} tone="overdue" title=${problem.title}>${problem.detail}<p><${Button} onClick=${load}>${texts("admin").again}<//></p><//>`;
  if (!base) return html`<p class="waits"><${Working}>${t.opening}<//></p>`;
  return html`<${Writing} key=${base.version} base=${base} known=${known} storing=${key ?? `from ${from}`} reload=${load} />`;
}

/** @param {string | null} key @param {string | null} from */
async function cardOf(key, from) {
  if (key) return get(`/plans/${key}`);
  const own = (me.value?.posts ?? []).map((post) => post.division ?? "").filter(Boolean).sort((a, b) => a.length - b.length)[0];
  const division = own ?? (await get("/divisions")).rows[0]?.code ?? "";
  if (from === "new") return { ...newPlan(division), version: 0, editions: [], fresh: true, may_change: true };
  const [shipped, list] = await Promise.all([get(`/shipped-plans/${from}`), get("/shipped-plans")]);
  const unregistered = list.rows.find((/** @type {any} */ one) => one.plan === shipped.plan)?.departments ?? [];
  const there = (await get("/plans", { retired: true })).rows.find((/** @type {any} */ one) => one.plan === shipped.plan);
  return { ...shipped, division, version: there?.version ?? 0, editions: [], fresh: !there, may_change: true, unregistered };
}

/** Which order a fault is of. @param {string} at */
function placeWords(at) {
  const found = /^orders\/(\d+)/.exec(at);
  return found ? texts("admin-plans").order.place(Number(found[1]) + 1) : "";
}

function Back() {
  return html`<p class="no-print"><a href=${address({ plan: null, from: null, edition: null })}>← ${texts("admin-plans").back}</a></p>`;
}

/** @param {{base: any, known: {departments: any[], groups: any[]}, storing: string, reload: () => void}} props */
function Writing({ base, known, storing, reload }) {
  const t = texts("admin-plans");
  const before = useMemo(() => planOf(base), [base]);
  const [stored] = useState(() => kept(storing));
  const [plan, setPlan] = useState(/** @type {Plan} */ (stored?.plan ?? before));
  const [version, setVersion] = useState(stored?.version ?? base.version);
  const [restored, setRestored] = useState(Boolean(stored && !same(stored.plan, before)));
  const [start, setStart] = useState({ division: "", level: "" });
  const [open, setOpen] = useState(base.version === 0 && base.fresh && before.orders.length === 1 ? 0 : -1);
  const [asked, setAsked] = useState(false);
  const [saving, setSaving] = useState(false);
  const [faster, setFaster] = useState(/** @type {any} */ (null));
  const [command, setCommand] = useState(commandId);
  const preview = usePlanPreview(base.may_change ? plan : null, start);
  const changed = !same(plan, before);
  const outdated = version !== base.version;
  useEffect(() => keep(storing, changed ? { plan, version } : null), [plan, version, changed]);
  /** @param {Partial<Plan>} changes */
  const set = (changes) => { setPlan((now) => ({ ...now, ...changes })); setCommand(commandId()); };
  const faults = preview.shown?.faults ?? [];
  // What is still empty is said once saving was tried; what is filled in wrongly at once.
  /** @param {string} at */
  const wrong = (at) => {
    const fault = faults.find((one) => one.at === at);
    return fault && (asked || !UNFILLED.has(fault.code)) ? faultWords(fault) : null;
  };
  /** @param {number} n */
  const show = (n) => {
    setOpen(n);
    requestAnimationFrame(() => document.querySelectorAll(".plan-order")[n]?.scrollIntoView({ block: "start", behavior: "auto" }));
  };
  const save = async () => {
    setAsked(true);
    setSaving(true);
    try {
      // What is shown may be of a moment ago: what is saved is looked at once more.
      const found = await previewOf(plan, start);
      if (found.faults[0]) {
        const order = /^orders\/(\d+)/.exec(found.faults[0].at);
        if (order) show(Number(order[1]));
        else scrollTo(0, 0);
        return setSaving(false);
      }
      const outcome = await post("/plans", sent(plan), { key: command, ifMatch: version });
      keep(storing, null);
      tell({ tone: "closed", title: outcome.outcome === "already_done" ? t.save.already : t.save.done, detail: t.save.doneMore });
      if (storing === plan.plan) reload();
      else go({ plan: plan.plan, from: null });
    } catch (error) {
      if (error instanceof Problem && error.status === 412) await lookAgain();
      else tellProblem(error);
      setCommand(commandId());
    }
    setSaving(false);
  };
  const lookAgain = async () => {
    try {
      setFaster(await get(`/plans/${plan.plan}`));
      scrollTo(0, 0);
    } catch (error) {
      tellProblem(error);
    }
  };
  const discard = () => { keep(storing, null); setPlan(before); setVersion(base.version); setRestored(false); setFaster(null); };
  const newest = faster ?? (outdated ? base : null);
  return html`<${Back} /><div class="plan-top"><${Head} title=${plan.title.trim() || t.untitled} intro=${base.retired ? t.isRetired : base.fresh ? t.isNew : t.editionOf(base.editions.indexOf(base.edition) + 1 || base.version)}>
      ${base.may_change && html`<div class="acts">${changed && !base.fresh && html`<${Button} onClick=${discard}>${t.discard}<//>`}
        <${Button} kind="main" onClick=${save} busy=${saving && t.save.working} disabled=${!changed && !base.fresh && !base.retired && storing === plan.plan}>${base.fresh ? t.save.first : base.retired ? t.save.again : t.save.next}<//></div>`}<//></div>
    ${!base.may_change && html`<${Notice} title=${t.readOnly}>${t.readOnlyMore}<//>`}
    ${restored && html`<${Notice} title=${t.restored}><${Button} kind="bare" onClick=${discard}>${t.discard}<//><//>`}
    ${newest && html`<${Notice} tone="overdue" title=${t.faster.title}>${t.faster.more}<${Compared} before=${planOf(newest)} after=${plan} words=${t.faster} known=${known} />
      <div class="acts"><${Button} onClick=${() => { setVersion(newest.version); setFaster(null); }}>${t.faster.mine}<//><${Button} onClick=${() => { keep(storing, null); setPlan(planOf(newest)); setVersion(newest.version); setFaster(null); }}>${t.faster.theirs}<//></div><//>`}
    ${asked && faults.length > 0 && html`<${Notice} tone="overdue" title=${t.save.faults(faults.length)}><ul class="lines">${faults.slice(0, 8).map((one) => html`<li key=${one.at + one.code}>${placeWords(one.at)}${faultWords(one)}</li>`)}</ul><//>`}
    <div class="plan-columns"><div class="plan-main"><fieldset class="plan-writing" disabled=${!base.may_change}>
        <${Basics} plan=${plan} set=${set} wrong=${wrong} departments=${known.departments} unregistered=${base.unregistered ?? []} fresh=${Boolean(base.fresh) && storing === "from new"} />
        <${Triggers} plan=${plan} set=${set} wrong=${wrong} /></fieldset>
        <${Orders} orders=${plan.orders} setOrders=${(/** @type {Plan["orders"]} */ orders) => set({ orders })} known=${known} frozen=${!base.may_change} open=${open} setOpen=${setOpen} wrong=${wrong} faults=${faults.filter((one) => asked || !UNFILLED.has(one.code)).map((one) => one.at)} shown=${preview.shown} />
        ${!base.fresh && html`<${Editions} card=${base} />`}${base.may_change && !base.fresh && !base.retired && html`<${Retire} card=${base} onDone=${reload} />`}</div>
      ${base.may_change && html`<${PlanPreview} preview=${preview} plan=${plan} start=${start} setStart=${setStart} onOrder=${show} />`}</div>`;
}
