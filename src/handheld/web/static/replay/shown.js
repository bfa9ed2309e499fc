// What the screens showed at that instant, held against what the log gives.
import { html } from "../vendor/htm-preact.js";
import { useEffect, useState } from "../vendor/preact-hooks.js";
import { Problem } from "../lib/api.js";
import { clock, clockSeconds } from "../lib/time.js";
import { texts } from "../lib/texts.js";
import { Button } from "../components/button.js";
import { Icon } from "../components/icons.js";
import { Working } from "../components/status.js";
import { ask } from "./past.js";
import { playing } from "./player.js";
import { iso, moment } from "./state.js";

const ICONS = /** @type {Record<string, import("../components/icons.js").IconName>} */ ({ identical: "check", different: "warning", other_version: "info", not_there: "warning" });
const TONES = /** @type {Record<string, string>} */ ({ identical: "is-closed", different: "is-overdue", other_version: "is-plain", not_there: "is-overdue" });

/** Asked for by a press: each board is made again, which takes a moment. @param {{code: string, force: string, drill: boolean}} props */
export function ShownThen({ code, force, drill }) {
  const t = texts("replay").shown;
  const at = moment.value.at;
  const [asked, setAsked] = useState(/** @type {{at: number, rows: any[] | null, trouble: string} | null} */ (null));
  useEffect(() => setAsked(null), [code, force]);
  const look = async () => {
    setAsked({ at, rows: null, trouble: "" });
    try {
      const answers = await Promise.all([{ task_force: force }, {}].map((which) => ask(`/boards/divisions/${code}/shown`, { at: iso(at), ...which, ...(drill && { drills: true }) })));
      setAsked({ at, rows: answers.flatMap((one) => one.shown), trouble: "" });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setAsked({ at, rows: [], trouble: error.title });
    }
  };
  const when = new Date(asked?.at ?? at);
  const seen = [...new Map((asked?.rows ?? []).map((one) => [`${one.wanted.task_force ?? ""} ${one.verdict} ${one.position}`, one])).values()];
  return html`<section class="panel shown"><header><h2>${t.title(clock(when))}</h2>
      <${Button} icon="shield" onClick=${look} disabled=${playing.value} busy=${asked !== null && asked.rows === null && t.looking}>${asked && asked.at === at ? t.again : t.look}<//></header>
    <div class="body">${!asked ? html`<p class="quiet small">${t.intro}</p>` : asked.rows === null ? html`<${Working}>${t.looking}<//>`
      : asked.trouble ? html`<p>${asked.trouble}</p>` : seen.length === 0 ? html`<p class="quiet">${t.nobody}</p>`
      : html`<ul>${seen.map((one, at_) => html`<li key=${at_} class=${TONES[one.verdict] ?? ""}><${Icon} name=${ICONS[one.verdict] ?? "info"} />
        <span>${t.verdicts[/** @type {"identical"} */ (one.verdict)] ?? ""} <span class="quiet small">${one.wanted.task_force ? t.ofForce : t.ofAll} · ${one.shown_at ? t.at(clockSeconds(one.shown_at)) : ""} · ${t.position(one.position)}</span></span></li>`)}</ul>`}</div></section>`;
}
