// The first step of a start: a proposal that waits, a plan, or none.
import { html } from "../vendor/htm-preact.js";
import { useRef } from "../vendor/preact-hooks.js";
import { texts } from "../lib/texts.js";
import { Button } from "../components/button.js";
import { Dialog } from "../components/dialog.js";
import { Icon } from "../components/icons.js";
import { LevelMark, ResponseLevel } from "../components/marks.js";
import { Working } from "../components/status.js";
import { closeDialog } from "./commanding.js";
import { useRead } from "./pick-tree.js";

/**
 * @param {{prefill: import("./start.js").Prefill, onChoose: (more: import("./start.js").Prefill) => void}} props
 */
export function ChooseDialog({ prefill, onChoose }) {
  const t = texts("command").start;
  const box = useRef(/** @type {HTMLUListElement | null} */ (null));
  const [plans, wrong] = useRead("/plans", prefill.division ? { division: prefill.division } : {});
  const [warnings] = useRead("/warnings/in-force");
  const caused = Boolean(prefill.warning || prefill.finding);
  /** @type {{warning: any, one: any}[]} */
  const waiting = caused ? [] : (warnings?.rows ?? []).flatMap((/** @type {any} */ warning) =>
    warning.proposals.filter((/** @type {any} */ one) => one.may_start).map((/** @type {any} */ one) => ({ warning, one })));
  /** @param {KeyboardEvent} event */
  const move = (event) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (!step || !box.current) return;
    event.preventDefault();
    const all = /** @type {HTMLElement[]} */ ([...box.current.querySelectorAll("button")]);
    const at = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    all[(at + step + all.length) % all.length]?.focus();
  };
  const read = plans !== null || wrong !== null;
  return html`<${Dialog} title=${t.title} onClose=${closeDialog} footer=${html`<span class="quiet small grow">${t.keys}</span><${Button} onClick=${closeDialog}>${texts("common").cancel}<//>`}>
    ${prefill.about && html`<p class="quiet">${t.because(prefill.about)}</p>`}
    ${!read && html`<${Working}>${t.readingPlans}<//>`}
    ${read && html`<ul class="start-choices" ref=${box} onKeyDown=${move}>
      ${waiting.map(({ warning, one }) => html`<li key=${warning.warning + one.plan + one.division.code}><${Choice} first icon="warning" title=${one.title}
        onClick=${() => onChoose({ plan: one.plan, division: one.division.code, warning: warning.warning, title: one.title, level: one.level, drill: warning.drill, about: warning.headline })}>
        <${LevelMark} level=${warning.level} /> ${t.proposed}<//></li>`)}
      ${(plans?.rows ?? []).filter((/** @type {any} */ one) => !one.retired).map((/** @type {any} */ one, /** @type {number} */ n) => html`<li key=${one.plan}><${Choice} first=${waiting.length === 0 && n === 0} icon="order" title=${one.title}
        onClick=${() => onChoose({ plan: `plan-${one.plan}`, division: prefill.division ?? null })}>
        ${one.level && html`<${ResponseLevel} level=${one.level} /> `}${t.planOf(one.division.name ?? "", one.orders)}<//></li>`)}
      <li key="ad-hoc"><${Choice} first=${waiting.length === 0 && !plans?.rows?.length} icon="plus" title=${t.adHoc} onClick=${() => onChoose({ adHoc: true })}>${t.adHocHint}<//></li></ul>
      ${plans?.rows?.length === 0 && html`<p class="quiet small">${t.noPlans}</p>`}
      ${wrong && html`<p class="wrong" role="alert">${wrong}</p>`}`}<//>`;
}

/** @param {{icon: import("../components/icons.js").IconName, title: string, onClick: () => void, first?: boolean, children?: any}} props */
function Choice({ icon, title, onClick, first, children }) {
  // The list comes after the dialog has opened: its first choice takes the focus when it is there.
  const focus = (/** @type {HTMLButtonElement | null} */ button) => {
    if (button && first && !button.dataset.met) {
      button.dataset.met = "1";
      button.focus();
    }
  };
  return html`<button type="button" class="start-choice" ref=${focus} onClick=${onClick}><${Icon} name=${icon} size=${1.4} />
    <span class="grow"><strong>${title}</strong><span class="quiet small">${children}</span></span><${Icon} name="right" /></button>`;
}
