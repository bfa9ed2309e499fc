// 上报 in ten seconds: a photo, the place, a word; below it what became of one's own.
import { html } from "../../vendor/htm-preact.js";
import { useState } from "../../vendor/preact-hooks.js";
import { SelectField, TextField } from "../../components/field.js";
import { Notice } from "../../components/notices.js";
import { Working } from "../../components/status.js";
import { me } from "../../lib/session.js";
import { named } from "../../lib/names.js";
import { texts } from "../../lib/texts.js";
import { perform } from "../do.js";
import { dropDraft, keepDraft, tasks } from "../store/store.js";
import { MyFindings } from "./findings.js";
import { Media, isPhoto } from "./media.js";
import { BigButton } from "./parts.js";
import { Chips } from "./chips.js";
import { Position } from "./position.js";
import { isOpen } from "./steps.js";
import { Top } from "./top.js";
import { useDraft } from "./use-draft.js";

/** @typedef {{words: string, place: string, division: string, pieces: import("./media.js").Piece[], location: import("./position.js").Location | null}} Draft */

const NAME = "finding";

/** @returns {Draft} */
const empty = () => ({ words: "", place: "", division: "", pieces: [], location: null });

/** Where somebody may have found something: where their posts are, and where they have something to do. */
function places() {
  /** @type {Map<string, string>} */
  const found = new Map();
  for (const post of me.value?.posts ?? []) if (post.division) found.set(post.division, post.division_name ?? named("roles", post.role));
  for (const task of tasks.value.values()) if (isOpen(task) && task.division) found.set(task.division.code, task.division.name ?? found.get(task.division.code) ?? "");
  return [...found].filter(([, name]) => name).map(([value, label]) => ({ value, label }));
}

/** The tab. */
export function FindingScreen() {
  const t = texts("field").finding;
  const [draft, change] = useDraft(NAME, empty);
  return html`<${Top} title=${t.title} /><main class="screen">
    ${draft ? html`<${Form} draft=${draft} change=${change} />` : html`<${Working} />`}<${MyFindings} /></main>`;
}

/** @param {{draft: Draft, change: (to: (now: Draft) => Draft) => void}} props */
function Form({ draft, change }) {
  const t = texts("field").finding;
  const [wrong, setWrong] = useState("");
  const [sending, setSending] = useState(false);
  const options = places();
  const division = options.some((one) => one.value === draft.division) ? draft.division : (options[0]?.value ?? "");
  const send = async () => {
    const said = draft.words.trim();
    if (!division) return setWrong(t.divisionMissing);
    if (!said && draft.pieces.length === 0) return setWrong(t.missing);
    setWrong("");
    setSending(true);
    const voice = draft.pieces.some((piece) => !isPhoto(piece));
    const done = await perform({
      command: "finding.report", text: said || (voice ? t.onlyVoice : t.onlyPhoto), division, place: draft.place.trim() || null,
      photos: draft.pieces.map(({ sha256, media, size }) => ({ sha256, media, size })), location: draft.location,
    }, { title: said || t.title, undone: () => { keepDraft(NAME, draft); change(() => draft); } });
    setSending(false);
    if (!done) return;
    // Where the last one was, the next one often is as well.
    change(() => ({ ...empty(), division }));
    await dropDraft(NAME);
    scrollTo({ top: 0 });
  };
  return html`<section class="new-finding">
    <${Media} pieces=${draft.pieces} onChange=${(/** @type {(pieces: any[]) => any[]} */ to) => change((now) => ({ ...now, pieces: to(now.pieces) }))} />
    <${Chips} words=${t.quick} chosen=${draft.words} onChoose=${(/** @type {string} */ words) => change((now) => ({ ...now, words }))} label=${t.what} />
    <${TextField} label=${t.what} lines=${2} value=${draft.words} placeholder=${t.placeholder} maxLength=${1000} onInput=${(/** @type {string} */ words) => change((now) => ({ ...now, words }))} />
    ${options.length > 1 ? html`<${SelectField} label=${t.where} value=${division} options=${options} onInput=${(/** @type {string} */ to) => change((now) => ({ ...now, division: to }))} />`
      : html`<p class="field"><span class="label">${t.where}</span><span>${options[0]?.label ?? ""}</span></p>`}
    <${TextField} label=${t.place} value=${draft.place} placeholder=${t.placeHint} maxLength=${200} onInput=${(/** @type {string} */ place) => change((now) => ({ ...now, place }))} />
    <${Position} location=${draft.location} onChange=${(/** @type {import("./position.js").Location | null} */ location) => change((now) => ({ ...now, location }))} />
    ${wrong && html`<${Notice} tone="overdue" title=${wrong} />`}
    <div class="stuck"><${BigButton} icon="upload" disabled=${sending} onClick=${send}>${t.send}<//></div></section>`;
}
