// Who holds a post, and so may be on duty in it.
import { get } from "../lib/api.js";
import { useAnswer } from "./parts.js";

/**
 * @param {import("./duty.js").DivisionCard} card
 * @param {string} role
 * @param {string | null} department
 */
export function useHolders(card, role, department) {
  return useAnswer(async () => {
    const posts = department ? /** @type {import("./duty.js").Holding[]} */ ((await get(`/departments/${department}`)).posts) : card.posts;
    return posts.filter((one) => one.role === role && (department || one.division.code === card.division.code)).map((one) => one.person);
  }, [card.division.code, role, department]);
}
