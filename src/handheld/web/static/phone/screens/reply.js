// A few words to one's task force: an answer to what somebody has said.
import { html } from "../../vendor/htm-preact.js";
import { useState } from "../../vendor/preact-hooks.js";
import { Button } from "../../components/button.js";
import { TextField } from "../../components/field.js";
import { texts } from "../../lib/texts.js";
import { me } from "../../lib/session.js";
import { perform } from "../do.js";

/** Those whom the rules let speak to a whole task force: officials and departments. */
const SPEAK = /official|commander|officer|head$|leader/;

/** @param {{message: import("../store/state.js").Message & {question?: boolean}}} props */
export function Reply({ message }) {
  const t = texts("field").messages;
  const [open, setOpen] = useState(false);
  const [words, setWords] = useState("");
  if (!me.value?.posts.some((post) => post.role !== "grid_head" && SPEAK.test(post.role))) return null;
  if (!open) return html`<${Button} kind="bare" icon="message" onClick=${() => setOpen(true)}>${message.question ? t.question : t.reply}<//>`;
  const send = async () => {
    const text = words.trim();
    if (!text) return;
    const done = await perform({ command: "message.send", task_force: message.task_force, text, answers: message.message, ...(message.to && { to: message.to }) },
      { title: message.title, undone: () => { setWords(text); setOpen(true); } });
    if (done) { setWords(""); setOpen(false); }
  };
  return html`<div class="add"><${TextField} label=${t.replyWords} lines=${2} value=${words} onInput=${setWords} maxLength=${1000} autofocus />
    <${Button} icon="message" disabled=${!words.trim()} onClick=${send}>${texts("common").send}<//></div>`;
}
