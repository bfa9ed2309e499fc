// JSON merge patches (RFC 7396) that leave alone what they do not touch.

/**
 * The document with the patch: what has not changed is the same object as before, so that
 * whatever draws it can see that.
 * @param {any} target
 * @param {any} patch
 * @returns {any}
 */
export function merged(target, patch) {
  if (!isObject(patch)) return patch;
  const names = Object.keys(patch);
  if (isObject(target) && names.length === 0) return target;
  const found = isObject(target) ? { ...target } : {};
  for (const name of names) {
    if (patch[name] === null) delete found[name];
    else found[name] = merged(found[name], patch[name]);
  }
  return found;
}

/** @param {unknown} value @returns {value is Record<string, any>} */
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
