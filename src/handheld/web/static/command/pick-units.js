// Departments and groups: as a whole where an order allows that, or their people one by one.
import { html } from "../vendor/htm-preact.js";
import { useState } from "../vendor/preact-hooks.js";
import { texts } from "../lib/texts.js";
import { Icon } from "../components/icons.js";
import { Working } from "../components/status.js";
import { PersonChoice, hasPerson, withPeople } from "./pick.js";
import { merged, useRead } from "./pick-tree.js";

/** @typedef {import("./pick.js").Picking} Picking */

/** @param {Picking} props */
export function ByDepartment(props) {
  const t = texts("command").pick;
  const [found, wrong] = useRead("/departments");
  if (wrong) return html`<p class="wrong" role="alert">${wrong}</p>`;
  if (!found) return html`<${Working}>${t.reading}<//>`;
  const rows = found.rows.filter((/** @type {any} */ one) => !one.dissolved);
  if (rows.length === 0) return html`<p class="quiet small">${t.noDepartments}</p>`;
  return html`<ul class="tree">${rows.map((/** @type {any} */ one) => html`<${Unit} key=${one.department} ...${props} label=${one.name} sort="department" own=${one.department} />`)}</ul>`;
}

/** @param {Picking} props */
export function ByGroup(props) {
  const t = texts("command").pick;
  const [found, wrong] = useRead("/groups");
  if (wrong) return html`<p class="wrong" role="alert">${wrong}</p>`;
  if (!found) return html`<${Working}>${t.reading}<//>`;
  const rows = found.rows.filter((/** @type {any} */ one) => !one.dissolved);
  if (rows.length === 0) return html`<p class="quiet small">${t.noGroups}</p>`;
  return html`<ul class="tree">${rows.map((/** @type {any} */ one) => html`<${Unit} key=${one.group} ...${props} label=${one.name} sort="group" own=${one.group} />`)}</ul>`;
}

/** @param {Picking & {label: string, sort: "department" | "group", own: string}} props */
function Unit({ label, sort, own, ...picking }) {
  const t = texts("command").pick;
  const [open, setOpen] = useState(false);
  const whole = picking.value.targets.find((one) => one.target[sort] === own && !one.target.role);
  const toggle = () => {
    const { value } = picking;
    const targets = whole ? value.targets.filter((one) => one !== whole) : [...value.targets, { target: { [sort]: own }, label }];
    picking.onChange({ ...value, targets });
  };
  return html`<li><div class="tree-line"><button type="button" class="tree-open" aria-expanded=${String(open)} onClick=${() => setOpen(!open)}>
      <${Icon} name=${open ? "down" : "right"} size=${0.85} />${label}</button>
      ${picking.mode === "order" && html`<label class="choice"><input type="checkbox" checked=${Boolean(whole)} onChange=${toggle} />
        <span>${sort === "department" ? t.asUnit : t.asGroup}<span class="only-heard"> ${label}</span></span></label>`}</div>
    ${open && html`<${Inside} ...${picking} path=${`/${sort}s/${own}`} />`}</li>`;
}

/** @param {Picking & {path: string}} props */
function Inside({ path, ...picking }) {
  const t = texts("command").pick;
  const [card, wrong] = useRead(path);
  if (wrong) return html`<p class="wrong" role="alert">${wrong}</p>`;
  if (!card) return html`<${Working}>${t.reading}<//>`;
  /** @type {import("./pick.js").Chosen[]} */
  const people = card.posts ? merged(card.posts) : card.members;
  const left = people.filter((one) => !hasPerson(picking.value, one.person));
  if (people.length === 0) return html`<p class="quiet small">${t.emptyUnit}</p>`;
  return html`<ul>${picking.mode !== "person" && left.length > 1 && html`<li><button type="button" class="button bare" onClick=${() => picking.onChange(withPeople(picking.value, left, picking.mode))}>${t.allOf(left.length)}</button></li>`}
    ${people.map((one) => html`<li key=${one.person}><${PersonChoice} ...${picking} one=${one} /></li>`)}</ul>`;
}
