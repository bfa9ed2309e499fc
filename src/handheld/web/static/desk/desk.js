// The desk: what a command room, a township hall or a department looks at all day.
import { html } from "../vendor/htm-preact.js";
import { useEffect } from "../vendor/preact-hooks.js";
import { Notices } from "../components/notices.js";
import { Working } from "../components/status.js";
import { Commanding } from "../command/commanding.js";
import { texts } from "../lib/texts.js";
import { AlarmBar } from "./alarm-bar.js";
import { Header } from "./header.js";
import { Head } from "./head.js";
import { DeskKeys } from "./keys.js";
import { Left } from "./left.js";
import { begin } from "./begin.js";
import { Middle } from "./middle.js";
import { Panel, opened } from "./panel.js";
import { Course } from "./timeline.js";
import { chosen, ready } from "./scope.js";

/** The page. */
export function Desk() {
  const t = texts("desk");
  useEffect(begin, []);
  return html`<a class="skip" href="#main">${texts("common").skip}</a>
    <div class="desk"><${Header} /><${AlarmBar} />
      ${!ready.value ? html`<p class="opening"><${Working} /></p>` : html`<div class=${`dk-columns ${chosen.value ? "dk-one" : ""} ${opened.value ? "dk-opened" : ""}`}>
        <aside class="dk-left" aria-label=${t.left.label}><${Left} /></aside>
        <main id="main" class="dk-middle" tabindex="-1"><${Head} /><${Middle} /></main>
        <aside class="dk-right" aria-label=${t.course.label}><${Course} /></aside>
        <${Panel} /></div>`}</div>
    <${Notices} /><${Commanding} /><${DeskKeys} />`;
}
