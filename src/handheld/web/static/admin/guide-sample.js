// Step two: one's own tables, or the sample that comes with the program, stage by stage.
import { html } from "../vendor/htm-preact.js";
import { useState } from "../vendor/preact-hooks.js";
import { Button } from "../components/button.js";
import { SelectField } from "../components/field.js";
import { Notice, tell } from "../components/notices.js";
import { Problem, post } from "../lib/api.js";
import { address } from "../lib/route.js";
import { texts } from "../lib/texts.js";
import { Stages } from "./stages.js";

const STAGES = /** @type {const} */ (["divisions", "departments", "people", "plans"]);

/** @param {{samples: import("./guide.js").Samples, onTaken: () => void, onNext: () => void}} props */
export function GuideSample({ samples, onTaken, onNext }) {
  const t = texts("admin").guide;
  const [county, setCounty] = useState(samples.counties.find((one) => one.taken)?.code ?? samples.counties[samples.counties.length - 1]?.code ?? "");
  const [size, setSize] = useState("small");
  const [stages, setStages] = useState(/** @type {import("./stages.js").Stage[] | null} */ (null));
  const [problem, setProblem] = useState(/** @type {Problem | null} */ (null));
  const real = samples.registered.people > samples.registered.synthetic;
  const busy = stages !== null && stages.some((one) => one.state === "working");
  const take = async () => {
    setProblem(null);
    /** @type {import("./stages.js").Stage[]} */
    let now = STAGES.map((key) => ({ name: t.stages[key], state: "waits", said: t.stageWaits }));
    /** @param {number} i @param {Partial<import("./stages.js").Stage>} change */
    const show = (i, change) => { now = now.map((one, at) => (at === i ? { ...one, ...change } : one)); setStages(now); };
    for (const [i, key] of STAGES.entries()) {
      show(i, { state: "working", said: key === "people" ? t.stagePeople : t.stageWorks });
      try {
        const done = await post(`/samples/${key}`, bodyOf(key, county, size));
        show(i, { state: "done", said: t.stageDone(done.new) });
      } catch (error) {
        show(i, { state: "failed", said: t.stageFailed });
        if (error instanceof Problem) return setProblem(error);
        throw error;
      }
    }
    tell({ tone: "closed", title: t.taken });
    onTaken();
  };
  const there = samples.registered.people > 0;
  return html`<div class="two">
    <section class="choice"><h3>${t.own}</h3><p class="quiet">${t.ownWhat}</p><${Button} icon="upload" href=${address({ tab: "imports", step: null })}>${t.toImports}<//></section>
    <section class="choice"><h3>${t.sample}</h3><p class="quiet">${t.sampleWhat}</p>
      <${SelectField} label=${t.county} value=${county} onInput=${setCounty} options=${samples.counties.map((one) => ({ value: one.code, label: t.countyOption(one.name, one.divisions, one.taken) }))} />
      <${SelectField} label=${t.size} value=${size} onInput=${setSize} options=${[{ value: "small", label: t.small }, { value: "full", label: t.full }]} />
      <${Button} kind=${there ? "plain" : "main"} onClick=${take} disabled=${real} busy=${busy && t.taking}>${t.take}<//></section></div>
    ${stages && html`<${Stages} of=${stages} label=${t.take} />`}
    ${problem && html`<${Notice} tone="overdue" title=${problem.title}>${problem.detail}<//>`}
    <div class="acts"><${Button} kind=${there ? "main" : "plain"} onClick=${onNext} disabled=${busy}>${there ? t.next : t.skip}<//></div>`;
}

/** @param {(typeof STAGES)[number]} stage @param {string} county @param {string} size */
function bodyOf(stage, county, size) {
  if (stage === "divisions") return { county };
  return stage === "people" ? { division: county, size } : { division: county };
}
