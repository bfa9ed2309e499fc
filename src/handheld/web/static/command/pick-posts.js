// By tier and post: everybody of a role in the whole territory, or in one part of it.
import { html } from "../vendor/htm-preact.js";
import { useState } from "../vendor/preact-hooks.js";
import { Problem, call } from "../lib/api.js";
import { named } from "../lib/names.js";
import { texts } from "../lib/texts.js";
import { Button } from "../components/button.js";
import { capital } from "../components/marks.js";
import { DivisionField } from "./division.js";
import { withPeople } from "./pick.js";

/**
 * The posts that orders go to. Some are always held at one tier: there, a place without a holder is
 * a vacancy that is told. Grid heads are registered at their grid here and at their village there.
 * @type {readonly {role: string, tier?: string, kind?: string}[]}
 */
export const POSTS = [
  { role: "grid_head" },
  { role: "grid_worker" },
  { role: "household_contact" },
  { role: "village_official", tier: "village" },
  { role: "village_team_leader" },
  { role: "township_official", tier: "township" },
  { role: "township_commander" },
  { role: "duty_officer" },
  { role: "department_head" },
  { role: "enforcement_officer" },
];

/** @param {import("./pick.js").Picking} props */
export function ByPost({ value, onChange, mode, division }) {
  const t = texts("command").pick;
  const [part, setPart] = useState("");
  const [busy, setBusy] = useState("");
  const [wrong, setWrong] = useState(/** @type {string | null} */ (null));
  /** @param {{role: string, tier?: string}} post */
  const toggle = async (post) => {
    setWrong(null);
    if (!part || part === division) {
      const had = value.targets.find((one) => one.target.role === post.role);
      onChange({ ...value, targets: had ? value.targets.filter((one) => one !== had) : [...value.targets, { target: post, label: t.everybody(named("roles", post.role)) }] });
      return;
    }
    setBusy(post.role);
    try {
      onChange(withPeople(value, await holders(part, post), mode));
    } catch (error) {
      setWrong(error instanceof Problem ? (error.code === "order.reaches_nobody" ? t.nobodyThere(named("roles", post.role)) : error.title) : t.notRead);
    }
    setBusy("");
  };
  return html`<div class="by-post">
    ${division && html`<${DivisionField} label=${t.within} value=${part || division} root=${division} onChange=${setPart} />`}
    <div class="post-buttons">${POSTS.map((post) => {
      const on = (!part || part === division) && value.targets.some((one) => one.target.role === post.role);
      return html`<${Button} key=${post.role} pressed=${on} icon=${on ? "check" : "plus"} busy=${busy === post.role && t.reading} onClick=${() => toggle(post)}>${capital(named("roles", post.role))}<//>`;
    })}</div>
    ${wrong && html`<p class="wrong" role="alert">${wrong}</p>`}</div>`;
}

/** Who holds a post in a part of the territory: whom a start there would call. @param {string} division @param {{role: string, tier?: string}} post @returns {Promise<import("./pick.js").Chosen[]>} */
async function holders(division, post) {
  const command = { command: "task_force.start_ad_hoc", title: "-", division, orders: [{ text: "-", to: [{ role: post.role }] }] };
  const found = await call("POST", "/task-forces/preview", command, { query: { names: true } });
  return found.orders[0].assignees.map((/** @type {any} */ one) => ({ ...one.person, about: [one.division?.name, named("roles", one.role)].filter(Boolean).join(" ") }));
}
