// What somebody did, on their own task, before the server has said so.
import { visited } from "./cards.js";

/** @typedef {import("./state.js").Card} Card @typedef {import("./state.js").Act} Act */

/**
 * The card with an action done; the same card where it changes nothing.
 * @param {Card} card
 * @param {Act} act
 * @returns {Card}
 */
export function done(card, act) {
  const command = act.command;
  const begun = card.status === "waiting" ? /** @type {const} */ ("in_progress") : card.status;
  if (!["waiting", "in_progress", "to_verify"].includes(card.status)) return card;
  switch (command.command) {
    case "task.read":
      return { ...card, read: true, unread: false };
    case "task.accept":
      if (card.status !== "waiting") return card;
      return { ...card, status: closes(card, "accept") ? "closed" : "in_progress", claimed: card.open ?? false };
    case "task.decline":
      if (card.status === "to_verify") return card;
      return { ...card, status: "declined", declined: command.reason, claimed: false };
    case "task.go_en_route":
      return { ...card, status: closes(card, "en_route") ? "closed" : begun, en_route: true };
    case "task.reach_scene":
      return { ...card, status: closes(card, "on_scene") ? "closed" : begun, on_scene: true };
    case "task.visit":
      return { ...card, status: begun, visits: visited(card, /** @type {any} */ (command)) };
    case "task.report":
      return { ...card, status: card.steps.includes("verify") ? "to_verify" : "closed", suspended: null, sent_back: null,
        report: { text: command.text, filled: command.filled ?? null, photos: command.photos ?? [], reported_by: null } };
    default:
      return card;
  }
}

/** Whether a task has no step after this one. @param {Card} card @param {string} step */
function closes(card, step) {
  return card.steps[card.steps.length - 1] === step;
}
