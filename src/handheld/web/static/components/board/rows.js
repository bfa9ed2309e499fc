// Rows of people with tasks, from either place that gives them: a board's window, or the register.

/**
 * A page of the register (GET /tasks) in the form of a board's window.
 * @param {readonly any[]} rows @param {number} [total] @param {number} [offset]
 * @returns {{rows: import("./types.js").RowsPart, names: Record<string, import("./types.js").PersonName>}}
 */
export function fromRegister(rows, total = rows.length, offset = 0) {
  /** @type {Record<string, import("./types.js").PersonName>} */
  const names = {};
  /** @type {Record<string, import("./types.js").TaskRow>} */
  const tasks = {};
  for (const row of rows) {
    const person = row.person?.person ?? "";
    if (row.person) names[person] = { number: person.replace(/^person-/, ""), synthetic: Boolean(row.person.synthetic), erased: row.person.name === "erased", name: row.person.name, phone: row.person.phone };
    tasks[row.task] = {
      person, division: row.division?.code ?? "", place: row.division?.name, state: row.state, order: row.order, task_force: row.task_force,
      dispatched_at: row.dispatched_at, delivered: row.delivered, overdue: row.overdue, suspended: Boolean(row.suspended), open: row.open,
      reminded: row.reminded, escalated: row.escalated, due_at: row.due_at, department: row.department, role: row.role,
    };
  }
  return { rows: { total, offset, order: rows.map((row) => row.task), tasks }, names };
}

/** Up to this many seconds before a deadline it is said to be near. */
export const NEAR_S = 1800;
