// All dialogs and actions of commanding, for pages that fetch them after their first drawing.
export * from "./start.js";
export * from "./tasks.js";
export * from "./force.js";
export * from "./findings.js";
export * from "./warnings.js";
