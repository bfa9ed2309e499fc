// The style guide: every token and every component in all its states, light and dark. All data in it is sample data.
import { html } from "../vendor/htm-preact.js";
import { Keys } from "../components/keys.js";
import { Looks } from "../components/menu.js";
import { Notices } from "../components/notices.js";
import { texts } from "../lib/texts.js";
import { BoardPart, MapPart, PeoplePart, TimelinePart } from "./boards.js";
import { ControlPart, MarkPart, SayingPart } from "./components.js";
import { ColourPart, MeasurePart } from "./tokens.js";

const PARTS = /** @type {const} */ (["colour", "measure", "controls", "marks", "saying", "board", "map", "people", "timeline"]);

/** The page. */
export function StyleGuide() {
  const t = texts("styleguide");
  return html`<a class="skip" href="#colour">${texts("common").skip}</a>
    <div class="guide"><header><div><h1>${t.title}</h1><p class="quiet">${t.intro}</p><p><span class="tag">${t.sampleTag}</span> <span class="small">${t.sample}</span></p></div><${Looks} /></header>
    <nav aria-label=${t.parts.label}><ul>${PARTS.map((part) => html`<li key=${part}><a href="#${part}">${t.parts[part]}</a></li>`)}</ul></nav>
    <main><${ColourPart} /><${MeasurePart} /><${ControlPart} /><${MarkPart} /><${SayingPart} /><${BoardPart} /><${MapPart} /><${PeoplePart} /><${TimelinePart} /></main></div>
    <${Notices} /><${Keys} keys=${[{ key: "t", words: t.toTop, run: () => scrollTo(0, 0) }]} />`;
}
