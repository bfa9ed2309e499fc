// How much has not been looked at.
import { inbox, messages } from "../store/store.js";

/** How many messages and changes have not been looked at. */
export const unreadCount = () => inbox.value.filter((one) => one.unread).length + messages.value.filter((one) => one.unread).length;
