// One set of icons, drawn on 20 by 20, in the colour of the text around them.
import { html } from "../vendor/htm-preact.js";

const PATHS = /** @type {const} */ ({
  waiting: "M10 3a7 7 0 1 0 0 14a7 7 0 0 0 0-14M10 6v4l3 2",
  in_progress: "M4 10h9M9.5 5.5l4.5 4.5l-4.5 4.5M16.5 4v12",
  to_verify: "M8.5 3a5.5 5.5 0 1 0 0 11a5.5 5.5 0 0 0 0-11M12.5 12.5L17 17M6 8.5l2 2l3-3.5",
  closed: "M10 2.5a7.5 7.5 0 1 0 0 15a7.5 7.5 0 0 0 0-15M6.5 10.200l2.5 2.5l4.700-5",
  declined: "M15.300 4.700a7.5 7.5 0 1 0-10.600 10.600a7.5 7.5 0 0 0 10.600-10.600zM4.700 4.700l10.600 10.600",
  withdrawn: "M7.5 4L3.5 8l4 4M4 8h8a4.5 4.5 0 0 1 0 9H8",
  overdue: "M10 2.800L18 16.5H2zM10 8v4M10 14.300v.4",
  warning: "M10 2.800L18 16.5H2zM10 8v4M10 14.300v.4",
  bell: "M5 14V9a5 5 0 0 1 10 0v5l1.5 1.5h-13zM8.5 17.5h3",
  plus: "M10 4v12M4 10h12",
  cross: "M5 5l10 10M15 5L5 15",
  check: "M4 10.5l4 4l8-9",
  right: "M7.5 4.5L13 10l-5.5 5.5",
  left: "M12.5 4.5L7 10l5.5 5.5",
  down: "M4.5 7.5L10 13l5.5-5.5",
  up: "M4.5 12.5L10 7l5.5 5.5",
  phone: "M6.5 3H4a1 1 0 0 0-1 1c0 7.200 5.800 13 13 13a1 1 0 0 0 1-1v-2.5l-3.700-1.5l-1.600 1.800a11 11 0 0 1-5.5-5.5L8 6.700z",
  person: "M10 3.5a3.200 3.200 0 1 0 0 6.400a3.200 3.200 0 0 0 0-6.400M3.5 17c.5-3.400 3.200-5 6.5-5s6 1.600 6.5 5",
  people: "M7.5 4a2.700 2.700 0 1 0 0 5.400a2.700 2.700 0 0 0 0-5.400M2 16c.4-3 2.5-4.5 5.5-4.5S12.600 13 13 16M12.5 4.300a2.600 2.600 0 0 1 0 5M14.5 11.700c2 .4 3.200 1.800 3.5 4.300",
  place: "M10 2.5a5.5 5.5 0 0 0-5.5 5.5c0 4 5.5 9.5 5.5 9.5s5.5-5.5 5.5-9.5A5.5 5.5 0 0 0 10 2.5M10 6a2 2 0 1 0 0 4a2 2 0 0 0 0-4",
  order: "M5 3h10v14H5zM7.5 7h5M7.5 10h5M7.5 13h3",
  finding: "M3 6.5h3l1.5-2h5L14 6.5h3v9.5H3zM10 8.5a2.700 2.700 0 1 0 0 5.400a2.700 2.700 0 0 0 0-5.400",
  message: "M3 4h14v9.5H9L5 17v-3.5H3z",
  entry: "M4 3h9l3 3v11H4zM7 9h6M7 12.5h6",
  camera: "M3 6.5h3l1.5-2h5L14 6.5h3v9.5H3zM10 8.5a2.700 2.700 0 1 0 0 5.400a2.700 2.700 0 0 0 0-5.400",
  voice: "M10 2.5a2.5 2.5 0 0 0-2.5 2.5v5a2.5 2.5 0 0 0 5 0V5A2.5 2.5 0 0 0 10 2.5M5 9.5a5 5 0 0 0 10 0M10 14.5V18",
  home: "M3 9.5L10 3.5l7 6V17h-5v-4.5H8V17H3z",
  search: "M8.5 3a5.5 5.5 0 1 0 0 11a5.5 5.5 0 0 0 0-11M12.5 12.5L17 17",
  filter: "M3 4h14l-5.5 6.5V16l-3 1.5v-7z",
  play: "M6 4l10 6l-10 6z",
  pause: "M6 4h3v12H6zM11.5 4h3v12h-3z",
  forward: "M4 4l7 6l-7 6zM13.5 4v12",
  back: "M16 4l-7 6l7 6zM6.5 4v12",
  settings: "M3 6h8M15 6h2M3 14h2M9 14h8M11 4v4h4V4zM5 12v4h4v-4z",
  wait: "M6 3h8v3.5L10.5 10l3.5 3.5V17H6v-3.5L9.5 10L6 6.5z",
  cloud: "M6 15.5a3.5 3.5 0 0 1-.4-7A5 5 0 0 1 15 8a3.800 3.800 0 0 1-.5 7.5z",
  sun: "M10 6.5a3.5 3.5 0 1 0 0 7a3.5 3.5 0 0 0 0-7M10 2v2M10 16v2M2 10h2M16 10h2M4.300 4.300l1.400 1.400M14.300 14.300l1.400 1.400M15.700 4.300l-1.400 1.400M5.700 14.300l-1.400 1.400",
  moon: "M16 12.5A7 7 0 0 1 7.5 4a6.5 6.5 0 1 0 8.5 8.5z",
  language: "M3 5h8M7 3v2M4 12c3-1.5 5-4 5.5-7M5 7c.7 2 2.5 4 5 5M10.5 17l3.5-8l3.5 8M11.700 14.5h4.600",
  info: "M10 2.5a7.5 7.5 0 1 0 0 15a7.5 7.5 0 0 0 0-15M10 9v5M10 6v.4",
  link: "M8 12l4-4M9 6l2-2a3.5 3.5 0 0 1 5 5l-2 2M11 14l-2 2a3.5 3.5 0 0 1-5-5l2-2",
  print: "M6 7V3h8v4M5 14H3V7h14v7h-2M6 11.5h8V17H6z",
  upload: "M10 13V3.5M6 7l4-4l4 4M3.5 13v3.5h13V13",
  download: "M10 3.5V13M6 9.5l4 4l4-4M3.5 14v2.5h13V14",
  map: "M3 5l4.5-2l5 2L17 3v12l-4.5 2l-5-2L3 17zM7.5 3v12M12.5 5v12",
  list: "M7 5h10M7 10h10M7 15h10M3.5 5h.4M3.5 10h.4M3.5 15h.4",
  sound: "M3 8v4h3l4 3.5v-11L6 8zM13 7.5a3.5 3.5 0 0 1 0 5M15 5a7 7 0 0 1 0 10",
  mute: "M3 8v4h3l4 3.5v-11L6 8zM13 8l4 4M17 8l-4 4",
  more: "M4.5 10h.4M10 10h.4M15.5 10h.4",
  level: "M4 16V11M8 16V8M12 16V5M16 16V3",
  undo: "M7.5 4L3.5 8l4 4M4 8h8a4.5 4.5 0 0 1 0 9H8",
  shield: "M10 2.5l6.5 2.5v4.5c0 4-2.700 6.800-6.5 8c-3.800-1.200-6.5-4-6.5-8V5z",
});

/** @typedef {keyof typeof PATHS} IconName */

/**
 * An icon. It says nothing by itself: a word always stands beside it, or the button has a label.
 * @param {{name: IconName, size?: number}} props `size` in rem
 */
export function Icon({ name, size = 1.1 }) {
  const length = `${size}rem`;
  return html`<svg viewBox="0 0 20 20" width=${length} height=${length} aria-hidden="true" focusable="false"
    fill="none" stroke="currentColor" stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round"
    ><path d=${PATHS[name]} /></svg>`;
}

/** The names of all icons. */
export const ICONS = /** @type {IconName[]} */ (Object.keys(PATHS));
