// What is entered and not sent yet: kept with each change, one write at a time.
import { useEffect, useRef, useState } from "../../vendor/preact-hooks.js";
import { draft, keepDraft, noteDraft, opened } from "../store/store.js";

/**
 * @template T
 * @param {string} name
 * @param {() => T} empty
 * @returns {[T | null, (to: (now: T) => T) => void]} null until what is stored has been read
 */
export function useDraft(name, empty) {
  const ready = opened.value;
  const [value, setValue] = useState(/** @type {T | null} */ (null));
  const latest = useRef(/** @type {T | null} */ (null));
  const writing = useRef(/** @type {Promise<void> | null} */ (null));
  useEffect(() => {
    if (!ready) return;
    latest.current = { ...empty(), ...draft(name) };
    setValue(latest.current);
  }, [name, ready]);
  /** @param {(now: T) => T} to */
  const change = (to) => {
    if (latest.current === null) return;
    latest.current = to(latest.current);
    setValue(latest.current);
    noteDraft(name, latest.current);
    if (!writing.current) writing.current = write();
  };
  const write = async () => {
    /** @type {T | null} */
    let written = null;
    while (written !== latest.current) {
      written = latest.current;
      await keepDraft(name, written).catch(() => {});
    }
    writing.current = null;
  };
  return [value, change];
}
