// What places are called where there is little room.

/**
 * The everyday name: 新光村村民委员会 is 新光村 to everybody. The full name belongs in the title.
 * @param {string} name
 */
export function shortPlace(name) {
  const short = name.replace(/(村|社区|居)(民委员会|村民委员会|居民委员会|居委会|村委会)$/, "$1").replace(/(村民|居民)委员会$/, "");
  return short.length > 1 ? short : name;
}
