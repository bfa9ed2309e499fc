// Which tabs there are, for whom, and what draws each.

/** @type {Record<string, () => Promise<any>>} */
export const TABS = {
  start: async () => (await import("./guide.js")).Guide,
  imports: async () => (await import("./imports.js")).Imports,
  plans: () => other("plans", "Plans"),
  outlines: () => other("outlines", "Outlines"),
  duty: async () => (await import("./duty.js")).Duty,
  accounts: async () => (await import("./accounts.js")).Accounts,
  sheets: async () => (await import("./sheets.js")).Sheets,
  sessions: async () => (await import("./sessions.js")).Sessions,
  audit: async () => (await import("./audit.js")).Audit,
  condition: async () => (await import("./condition.js")).Condition,
};

/** A module of this folder by its name. @param {string} name @param {string} component */
async function other(name, component) {
  const found = await import(`./${name}.js`);
  return found[component];
}

/** The tabs in their groups. Those who are no operators see what their posts may be for. @param {boolean} operator */
export function groupsFor(operator) {
  if (!operator) return [{ key: "running", tabs: ["duty", "plans", "outlines"] }];
  return [
    { key: "setUp", tabs: ["start", "imports", "plans", "outlines"] },
    { key: "people", tabs: ["accounts", "sheets", "sessions"] },
    { key: "running", tabs: ["duty", "condition", "audit"] },
  ];
}
