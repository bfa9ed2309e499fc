// Where the phone is, only when somebody asks for it, and said what for.
import { html } from "../../vendor/htm-preact.js";
import { useState } from "../../vendor/preact-hooks.js";
import { Button } from "../../components/button.js";
import { Icon } from "../../components/icons.js";
import { Notice } from "../../components/notices.js";
import { texts } from "../../lib/texts.js";

/** @typedef {{latitude: number, longitude: number, accuracy: number | null}} Location WGS 84, metres */

/** About a metre; more digits would only pretend. @param {number} degrees */
const rounded = (degrees) => Math.round(degrees * 1e5) / 1e5;

/** @param {{location: Location | null, onChange: (location: Location | null) => void}} props */
export function Position({ location, onChange }) {
  const t = texts("field").finding;
  const [phase, setPhase] = useState(/** @type {"" | "looking" | "denied"} */ (""));
  if (!("geolocation" in navigator)) return null;
  const ask = () => {
    setPhase("looking");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        setPhase("");
        onChange({ latitude: rounded(coords.latitude), longitude: rounded(coords.longitude), accuracy: Math.ceil(coords.accuracy) });
      },
      () => setPhase("denied"),
      { enableHighAccuracy: true, timeout: 20000, maximumAge: 30000 },
    );
  };
  if (location) return html`<p class="position"><${Icon} name="place" /><span class="grow">${t.positionGot(location.accuracy ?? 0)}</span>
    <${Button} kind="bare" onClick=${() => onChange(null)}>${t.positionRemove}<//></p>`;
  return html`<div class="position-ask"><${Button} icon="place" busy=${phase === "looking" && t.positionLooking} onClick=${ask}>${t.position}<//>
    <p class="quiet small">${t.positionWhy}</p>${phase === "denied" && html`<${Notice} tone="waiting" title=${t.positionDenied} />`}</div>`;
}
