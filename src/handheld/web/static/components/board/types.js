// The documents of boards, as the API gives them (docs/boards.md).

/**
 * @typedef {{waiting: number, in_progress: number, to_verify: number, closed: number, declined: number,
 *   withdrawn: number, overdue: number, open: number, tasks: number}} Count
 * @typedef {{count: Count, name?: string | undefined}} ChildRow
 * @typedef {{tasks: number, half?: number | undefined, nine_in_ten?: number | undefined, longest?: number | undefined}} StageRow
 * @typedef {"dispatched" | "delivered" | "read" | "accepted" | "on_scene" | "reported" | "verified" | "closed"} Stage
 * @typedef {"I" | "II" | "III" | "IV"} Level
 * @typedef {{title: string, status: string, started_at: string, count: Count, level?: Level | undefined}} ForceRow
 * @typedef {{count: Count, name?: string | undefined, part?: string | undefined, accepted_at?: string | undefined}} DepartmentRow
 * @typedef {{label: string, unit: string, sum: number}} SumRow
 * @typedef {{visits: number, households: number, satisfied: number, dissatisfied: number}} VisitCounts
 * @typedef {{accepted_in_time?: number | undefined, closed?: number | undefined, closed_in_time?: number | undefined,
 *   rework?: number | undefined, precise?: number | undefined, mean_closing?: number | undefined}} RateShares
 * @typedef {"blue" | "yellow" | "orange" | "red"} WarningLevel
 * @typedef {{event: string, level: WarningLevel, headline: string, area: string, received_at: string, version: number,
 *   expires?: string | undefined}} WarningRow
 * @typedef {"waiting" | "in_progress" | "to_verify" | "closed" | "declined" | "withdrawn"} TaskState
 * @typedef {{person: string, division: string, state: TaskState, order: string, task_force: string,
 *   dispatched_at: string, delivered: boolean, overdue: boolean, suspended: boolean, open: boolean,
 *   reminded: number, escalated: number, due_at?: string | null | undefined, department?: string | null | undefined,
 *   place?: string | null | undefined, role?: string | null | undefined}} TaskRow
 * @typedef {{total: number, offset: number, order: string[], tasks: Record<string, TaskRow>}} RowsPart
 * @typedef {{number?: string | undefined, synthetic: boolean, erased?: boolean | undefined,
 *   name?: string | null | undefined, phone?: string | null | undefined}} PersonName
 * @typedef {{tasks: Record<string, {person: string, state: TaskState, overdue: boolean, visited: number}>,
 *   households: Record<string, {contacts: string[], visited: boolean, satisfied?: boolean | undefined}>,
 *   household_order: string[], findings: Record<string, {state: string, desk: string, reporter: string,
 *   reported_at: string, photos: number, text?: string | undefined, place?: string | undefined}>}} GridPart
 * @typedef {{kind: "division", division: string, name?: string | undefined, tier: string, drills: boolean,
 *   task_force?: string | undefined, parts?: string[] | undefined, count: Count, children: Record<string, ChildRow>,
 *   funnel: Partial<Record<Stage, StageRow>>, task_forces: Record<string, ForceRow>,
 *   departments: Record<string, DepartmentRow>, sums: Record<string, SumRow>, visits: VisitCounts,
 *   ratings: {satisfied: number, dissatisfied: number}, figures: Record<string, number>, rates: RateShares,
 *   findings: Record<string, number>, warnings: Record<string, WarningRow>, warning_order: string[],
 *   grid?: GridPart | undefined, rows?: RowsPart | undefined, names?: Record<string, PersonName> | undefined}} DivisionBoard
 * @typedef {{kind: "department", department: string, name?: string | undefined, drills: boolean, count: Count,
 *   task_forces: Record<string, ForceRow>, people: Record<string, {count: Count, divisions: string[]}>,
 *   people_order: string[], places: Record<string, string>, rows?: RowsPart | undefined,
 *   names?: Record<string, PersonName> | undefined}} DepartmentBoard
 * @typedef {{log: string, position: number, at?: string | undefined, digest: string, version: string,
 *   board: DivisionBoard | DepartmentBoard}} BoardDocument
 * @typedef {{person: string, name?: string | null | undefined, phone?: string | null | undefined, synthetic?: boolean | undefined}} Named
 * @typedef {{struck?: boolean, corrected?: {reason?: string, text?: string, occurred_at?: string},
 *   overtaken?: boolean, claim?: string, judged_at?: string, words?: string[]}} FactMarks
 * @typedef {{position: number, topic: string, stream?: string, version?: number, occurred_at?: string,
 *   reported_at?: string, recorded_at?: string, actor?: Named, on_behalf_of?: Named, person?: Named, drill?: boolean,
 *   division?: {code: string, name?: string}, task_force?: string, data?: Record<string, any>, words?: string,
 *   marks?: FactMarks, unreadable?: boolean}} Fact
 * @typedef {"normal" | "wall"} Size
 */

export {};
