// A question before something that cannot be taken back, and its answer.
import { html } from "../vendor/htm-preact.js";
import { useState } from "../vendor/preact-hooks.js";
import { Button } from "../components/button.js";
import { Dialog } from "../components/dialog.js";
import { tellProblem } from "../components/notices.js";
import { texts } from "../lib/texts.js";

/** @typedef {{title: string, words: string, act: string, run: () => Promise<void>}} Question */

/** @param {{question: Question, onClose: () => void}} props */
export function Ask({ question, onClose }) {
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    try {
      await question.run();
      onClose();
    } catch (error) {
      tellProblem(error);
      setBusy(false);
    }
  };
  return html`<${Dialog} title=${question.title} onClose=${onClose}
    footer=${html`<${Button} onClick=${onClose}>${texts("common").cancel}<//><${Button} kind="grave" onClick=${run} busy=${busy && texts("common").sending}>${question.act}<//>`}>
    <p>${question.words}</p><//>`;
}
