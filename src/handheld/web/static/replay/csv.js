// Tables as files: what a spreadsheet opens without being asked, and never takes for a formula.

/**
 * @param {readonly string[]} heads
 * @param {readonly (readonly unknown[])[]} rows
 */
export function csv(heads, rows) {
  // The mark at the beginning tells spreadsheets that it is UTF-8.
  return `\uFEFF${[heads, ...rows].map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}

/** @param {unknown} value */
function cell(value) {
  if (typeof value === "number") return String(value);
  const text = String(value ?? "");
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}

/** Hand a file to the browser's downloads. @param {string} name @param {string} content @param {string} type */
export function save(name, content, type) {
  const url = URL.createObjectURL(new Blob([content], { type: `${type};charset=utf-8` }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60000);
}
