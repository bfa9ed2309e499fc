// Which state a map shows by itself: wall and replay agree.

/** What is worth looking at just now. @param {import("../components/board/types.js").Count} count @returns {import("../components/board/measure.js").Measure} */
export function measureOf(count) {
  if (count.overdue > 0) return "overdue";
  return count.waiting > 0 ? "waiting" : "closed";
}
