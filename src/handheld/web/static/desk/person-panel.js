// Somebody: posts, telephone, and their tasks.
import { html } from "../vendor/htm-preact.js";
import { StateMark } from "../components/marks.js";
import { Ago } from "../components/moment.js";
import { Call, PersonName } from "../components/person.js";
import { named } from "../lib/names.js";
import { address } from "../lib/route.js";
import { texts } from "../lib/texts.js";
import { placeWords } from "./territory.js";

/** @param {{person: any, tasks: any[]}} props */
export function PersonPanel({ person, tasks }) {
  const t = texts("desk").panel;
  const who = person.person;
  return html`<div class="body dk-card"><div class="dk-who"><div><span class="dk-name"><${PersonName} of=${{ ...who, erased: person.erased }} /></span>
      <ul class="posts quiet">${(person.posts ?? []).map((/** @type {any} */ post) => html`<li key=${`${post.role}${post.division?.code}`}>${post.department?.name ?? placeWords(post.division?.code ?? "", post.division?.name ?? "")} ${named("roles", post.role)}${post.on_duty ? html` · ${t.onDuty}` : ""}</li>`)}</ul></div>
      <${Call} phone=${who.phone} name=${who.name} /></div>
    ${person.households?.length > 0 && html`<p class="quiet">${t.households(person.households.length)}</p>`}
    <section><h3>${t.tasks}</h3>${tasks.length === 0 ? html`<p class="quiet">${t.noTasks}</p>`
      : html`<ul class="dk-entries">${tasks.map((one) => html`<li key=${one.task}><a class="dk-entry" href=${address({ p: one.task })}><span class="dk-entry-title dk-two">${one.title}</span>
        <span class="dk-entry-more"><${StateMark} state=${one.state} />${one.overdue && html`<${StateMark} state="overdue" />`}<${Ago} at=${one.dispatched_at} /></span></a></li>`)}</ul>`}</section></div>`;
}
