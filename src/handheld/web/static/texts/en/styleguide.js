// The words of the style guide.
/** @type {typeof import("../zh/styleguide.js").default} */
export default {
  title: "Style guide",
  intro: "The colours, sizes and components that all pages share, in every state, light and dark side by side.",
  sampleTag: "Sample",
  sample: "Everything on this page is sample data; no person, place or record in it is real.",
  toTop: "Back to the top",
  letters: "Words Aa 123",
  parts: { label: "Contents", colour: "Colour", measure: "Type and space", controls: "Buttons and fields", marks: "Marks", saying: "Messages", board: "Figures", map: "Map of tiles", people: "People", timeline: "Timeline" },
  colour: {
    ground: "Ground, text and accent", groundNote: "Contrast is at least 4.5 : 1 for text and 3 : 1 for graphics.",
    states: "States of tasks", statesNote: "Colour is kept for state, and never stands without icon and word.",
    levels: "Warning levels", shares: "Shares", sharesNote: "Five steps on the map; the darkest has text of its own colour.",
  },
  measure: { type: "Type", sentence: "Typhoon response dispatched", space: "Space", corners: "Corners and shadows" },
  controls: {
    buttons: "Buttons", buttonsNote: "One main button a screen.", main: "Confirm", plain: "Plain", grave: "Cancel it", bare: "Minor", withIcon: "Start", onlyIcon: "Remind", disabled: "Not available", busy: "Sending…", pressed: "Chosen", link: "Link", large: "Accept",
    fields: "Fields", field: "Title", hint: "What is to be done, in a few words.", placeholder: "For example: patrol the river", wrongField: "Required", wrongWords: "Enter a title.", lines: "Several lines", choice: "One of several", options: ["First", "Second", "Third"], check: "To be verified",
    tabs: "Tabs", tabNames: ["People", "Map", "Timeline"], panel: "Panel", panelTitle: "To do", panelText: "A panel holds things of one kind.",
    dialog: "Dialogs and notices", openDialog: "Open a dialog", dialogTitle: "Start a task force", dialogText: "Escape or a press beside it closes it; the focus goes back to where it was.",
    tell: "Show what is done", told: "20 people reminded", tellWrong: "Show a problem", wrong: "It was not sent", wrongDetail: "Check the network and try again.",
  },
  marks: {
    states: "States of tasks", statesNote: "The six states exclude each other; overdue is a mark beside them.", levels: "Warning levels, response levels and other marks", other: "Suspended", people: "People", times: "Times and figures", timesNote: "Relative in sight, exact on hover.", icons: "Icons",
  },
  saying: {
    connection: "Connection", connectionNote: "A lost connection says for how long, and what stands there greys.", stale: "This is no longer the latest.", empty: "Nothing here", emptyNote: "It says what to do next.", emptyTitle: "No task force is in progress", emptyText: "Start one from a plan, or ad hoc.", emptyAction: "Start",
    working: "Under way", workingWords: "Dispatching…", notices: "Notices", remark: "Switched to wartime", remarkText: "Peacetime plans rest.", done: "11,124 people dispatched", care: "3 posts are vacant", careText: "Appoint somebody first, or leave them out.",
  },
  board: {
    crumbs: "Path of divisions", path: ["样例区", "青石镇", "云松村村民委员会"], states: "States", statesNote: "Every figure leads to the people behind it.", statesNone: "Without tasks", statesWall: "States (wall)",
    funnel: "Funnel", funnelNote: "A stage that nobody needs is left out; times are told in words.", funnelScene: "With arrivals on scene", funnelNarrow: "Funnel (narrow)", funnelWall: "Funnel (wall)",
    sumsTitle: "Sums of the reports", sumsWall: "Sums of the reports (wall)", sumsNone: "Before there are figures", sums: [["People moved", "people"], ["Hazards checked", "places"], ["Hazards still there", "places"], ["Households unwilling to move", "households"]],
    rates: "Rates", departmentsTitle: "Departments", departments: ["Sample emergency bureau", "Sample water bureau", "Sample bureau of housing and construction"], spark: "Spark line and bar of states", sparkLabel: "Acceptances rise from 0 to 75",
  },
  map: {
    towns: "Townships: share not accepted", note: "Streets stand in the middle, and each place stays where it is; arrow keys move, Enter opens.", closed: "Townships: share closed", overdue: "Townships: share overdue", outlines: "With outlines", outlinesNote: "These outlines are drawn by a formula; no real place looks like this. Places without one stand below.",
    villages: "Thirty villages", grids: "Forty grids", wall: "Map (wall)", narrow: "Map (narrow)",
  },
  people: { table: "People with tasks", note: "Shift selects a range; one page is fetched at a time.", narrow: "People (narrow)", actions: "With actions", remind: "Remind", none: "Nobody" },
  timeline: { normal: "Timeline", note: "A press shows the three times, the position and who did it; what is of one kind within a minute stands together.", compact: "Compact", wall: "Wall", none: "Nothing yet" },
  sampleData: {
    person: (n) => `Sample ${String(n).padStart(2, "0")}`,
    grid: (n) => `第${n}网格`,
    longPlace: "上云松竹梅村第十二网格",
    town: "青石镇",
    told: {
      reported: "Sample 01 reported: 3 households, 7 people moved",
      reminded: (n) => `Reminder 1 to Sample ${String(n).padStart(2, "0")} to accept`,
      finding: "Finding: a crack in the dike, about two metres long", struck: "Entry: sluice 2 is shut", struckMark: "Struck: wrong entry", accepted: "Sample 07 accepted", claim: "The phone's clock is a day behind", claimMark: "Time in doubt",
      message: "Message: meet at the school", right: "Meet at the township office", why: "Wrong place", rightMark: "Corrected: meet at the township office", overtaken: "Sample 24: accepting came too late (task withdrawn)", declined: "Sample 13 declined: out of town today",
      level: "Response level from IV to III: stronger wind", warning: "Orange typhoon warning received",
    },
  },
};
