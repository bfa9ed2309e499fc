// All screens but the first one: fetched together right after it, so that they are there when the signal goes.
export { FindingScreen } from "./finding.js";
export { FindingWhole } from "./finding-whole.js";
export { MessagesScreen } from "./messages.js";
export { OwnScreen } from "./own.js";
export { PassOnScreen } from "./pass-on.js";
export { ReportScreen } from "./report.js";
export { TaskScreen } from "./task.js";
export { VisitsScreen } from "./visits.js";
