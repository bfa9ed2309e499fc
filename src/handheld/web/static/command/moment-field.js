// When: so long from now with one press, or a date and a time.
import { html } from "../vendor/htm-preact.js";
import { now } from "../lib/clock.js";
import { forInput, fromInput } from "../lib/time.js";
import { texts } from "../lib/texts.js";
import { Button } from "../components/button.js";
import { TextField } from "../components/field.js";

const HOURS = [1, 2, 4, 12, 24];

/** The instant that the field says, or null where it says none. @param {string} value @returns {string | null} */
export function momentOf(value) {
  if (!value) return null;
  try {
    return fromInput(value);
  } catch {
    return null;
  }
}

/** @param {{label: string, value: string, onChange: (value: string) => void, optional?: boolean, hint?: string}} props */
export function MomentField({ label, value, onChange, optional, hint }) {
  const t = texts("command").moment;
  /** @param {number} hours */
  const after = (hours) => forInput(new Date(now().getTime() + hours * 3600000));
  return html`<div class="moment-field"><${TextField} label=${label} type="datetime-local" value=${value} onInput=${onChange} required=${!optional}
      hint=${hint ?? (optional ? t.optional : undefined)} />
    <div class="phrases">${HOURS.map((hours) => html`<${Button} key=${hours} onClick=${() => onChange(after(hours))}>${t.after(hours)}<//>`)}</div></div>`;
}
