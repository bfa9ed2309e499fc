// Plans: which there are, those that come with the program, and one being written.
import { html } from "../vendor/htm-preact.js";
import { useEffect, useState } from "../vendor/preact-hooks.js";
import { place } from "../lib/route.js";
import { loadTexts } from "../lib/texts.js";
import { Working } from "../components/status.js";
import { PlanEdition } from "./plan-edition.js";
import { PlanEditor } from "./plan-editor.js";
import { PlanList } from "./plan-list.js";

const ready = loadTexts("admin-plans");

/** The tab. */
export function Plans() {
  const [loaded, setLoaded] = useState(false);
  useEffect(() => { ready.then(() => setLoaded(true)); }, []);
  const plan = place.value.get("plan");
  const edition = place.value.get("edition");
  const from = place.value.get("from");
  if (!loaded) return html`<p class="waits"><${Working} /></p>`;
  if (plan && edition) return html`<${PlanEdition} key=${`${plan} ${edition}`} plan=${plan} edition=${Number(edition)} />`;
  if (plan || from) return html`<${PlanEditor} key=${plan ?? `from ${from}`} plan=${plan} from=${from} />`;
  return html`<${PlanList} />`;
}
