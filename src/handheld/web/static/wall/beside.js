// What changes seldom: the places below with their outlines, who is on duty, what was closed last.
import { useEffect, useState } from "../vendor/preact-hooks.js";
import { Problem, get } from "../lib/api.js";

const AGAIN_MS = 60000;

/**
 * @typedef {{division: any, path: any[], children: {code: string, name: string}[], outlines: any}} Places
 * @typedef {{duty: any[], warnings: any[], last: any | null}} Quiet
 */

/** The division with what lies below it. @param {string} code @returns {Places | null} */
export function usePlaces(code) {
  const [places, setPlaces] = useState(/** @type {Places | null} */ (null));
  useEffect(() => {
    const gone = new AbortController();
    Promise.all([get(`/divisions/${code}`, {}, gone.signal), get(`/outlines/${code}`, {}, gone.signal).catch(nothing)])
      .then(([found, outlines]) => setPlaces({ division: found.division, path: found.above, children: found.children, outlines }))
      .catch(nothing);
    return () => gone.abort();
  }, [code]);
  return places;
}

/** What a command room shows while nothing is going on; asked for once a minute, while it is shown. @param {string} code @returns {Quiet | null} */
export function useQuiet(code) {
  const [quiet, setQuiet] = useState(/** @type {Quiet | null} */ (null));
  useEffect(() => {
    const gone = new AbortController();
    const ask = async () => {
      try {
        const [duty, warnings, closed] = await Promise.all([
          get("/duty", { division: code }, gone.signal),
          get("/warnings/in-force", { division: code }, gone.signal),
          get("/task-forces", { division: code, statuses: ["closed"], drill: false, limit: 1 }, gone.signal),
        ]);
        setQuiet({ duty: duty.rows, warnings: warnings.rows, last: closed.rows[0] ?? null });
      } catch (error) {
        nothing(error);
      }
    };
    ask();
    const timer = setInterval(ask, AGAIN_MS);
    return () => {
      clearInterval(timer);
      gone.abort();
    };
  }, [code]);
  return quiet;
}

/** Without an answer the wall shows what it has; the connection says what is the matter. @param {unknown} error */
function nothing(error) {
  const aborted = error instanceof DOMException && error.name === "AbortError";
  if (!(error instanceof Problem) && !aborted) throw error;
  return null;
}
