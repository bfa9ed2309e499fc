// A part of the page that is fetched when it is first shown.
import { html } from "../vendor/htm-preact.js";
import { useEffect, useState } from "../vendor/preact-hooks.js";
import { Button } from "../components/button.js";
import { Notice } from "../components/notices.js";
import { Working } from "../components/status.js";
import { texts } from "../lib/texts.js";

/**
 * @template T
 * @param {{fetch: () => Promise<T>, offline: string, draw: (found: T) => any, frame?: (inner: any) => any}} props
 *   `offline`: the words where it cannot be fetched; `frame`: what stands around those, and around the waiting
 */
export function Lazily({ fetch, offline, draw, frame = (inner) => inner }) {
  const [found, setFound] = useState(/** @type {{of: T} | null} */ (null));
  const [failed, setFailed] = useState(0);
  const [tries, setTries] = useState(0);
  useEffect(() => {
    let gone = false;
    fetch().then((of) => { if (!gone) setFound({ of }); }, () => { if (!gone) setFailed(tries + 1); });
    return () => { gone = true; };
  }, [tries]);
  if (found) return draw(found.of);
  if (failed > tries) return frame(html`<${Notice} tone="waiting" icon="cloud" title=${offline}><${Button} onClick=${() => setTries(tries + 1)}>${texts("phone").again}<//><//>`);
  return frame(html`<${Working} />`);
}
