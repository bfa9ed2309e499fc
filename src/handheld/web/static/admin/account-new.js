// A new account, and a password that is shown this once.
import { html } from "../vendor/htm-preact.js";
import { useState } from "../vendor/preact-hooks.js";
import { Button } from "../components/button.js";
import { Dialog } from "../components/dialog.js";
import { Check, SelectField, TextField } from "../components/field.js";
import { Notice, tell } from "../components/notices.js";
import { Problem, post } from "../lib/api.js";
import { texts } from "../lib/texts.js";
import { PersonField } from "./parts.js";

/** @param {{onClose: () => void, onMade: (name: string, password: string | null) => void}} props */
export function NewAccount({ onClose, onMade }) {
  const t = texts("admin").accounts;
  const [name, setName] = useState("");
  const [kind, setKind] = useState("posts");
  const [names, setNames] = useState(false);
  const [person, setPerson] = useState(/** @type {import("./parts.js").Named | null} */ (null));
  const [password, setPassword] = useState("");
  const [wrong, setWrong] = useState(/** @type {Problem | null} */ (null));
  const [busy, setBusy] = useState(false);
  const code = wrong?.code ?? "";
  const said = wrong ? `${wrong.title} ${wrong.detail}` : null;
  /** @param {Event} [event] */
  const make = async (event) => {
    event?.preventDefault();
    setBusy(true);
    setWrong(null);
    try {
      const whose = kind === "operator" ? {} : { person: person?.person };
      const analyst = kind === "analyst" ? { role: "analyst", names } : {};
      const made = await post("/accounts", { name, ...(password && { password }), ...whose, ...analyst });
      onMade(name, made.password);
    } catch (error) {
      setBusy(false);
      if (!(error instanceof Problem)) throw error;
      setWrong(error);
    }
  };
  const ready = name.trim() && (kind === "operator" || person);
  const inField = code.startsWith("account.") || code.startsWith("password.");
  return html`<${Dialog} title=${t.make} onClose=${onClose} footer=${html`<${Button} onClick=${onClose}>${texts("common").cancel}<//>
      <${Button} kind="main" onClick=${() => make()} disabled=${!ready} busy=${busy && t.creating}>${t.create}<//>`}>
    <form class="form" onSubmit=${make}>
      <${SelectField} label=${t.kind} hint=${kind === "operator" ? t.kindHint : undefined} value=${kind} onInput=${setKind}
        options=${/** @type {const} */ (["posts", "analyst", "operator"]).map((value) => ({ value, label: t.kindOptions[value] }))} />
      ${kind !== "operator" && html`<${PersonField} label=${t.person} hint=${t.personHint} value=${person} onInput=${setPerson} />`}
      ${kind === "analyst" && html`<${Check} label=${t.seesNames} checked=${names} onInput=${setNames} />`}
      <${TextField} label=${t.name} value=${name} onInput=${setName} autocomplete="off" required wrong=${code.startsWith("account.") ? said : null} />
      <${TextField} label=${t.password} hint=${t.passwordHint} type="password" autocomplete="new-password" value=${password} onInput=${setPassword} wrong=${code.startsWith("password.") ? said : null} />
      ${wrong && !inField && html`<${Notice} tone="overdue" title=${wrong.title}>${wrong.detail}<//>`}
      <button class="only-heard" tabindex="-1" aria-hidden="true"></button></form><//>`;
}

/** A password that is seen this once. @param {{title: string, password: string, onClose: () => void}} props */
export function Password({ title, password, onClose }) {
  const t = texts("admin").accounts;
  const copy = async () => {
    await navigator.clipboard?.writeText(password).catch(() => undefined);
    tell({ tone: "closed", title: t.copied });
  };
  return html`<${Dialog} title=${title} onClose=${onClose} footer=${html`<${Button} kind="main" onClick=${onClose}>${t.close}<//>`}>
    <p>${t.passwordIs}</p><p class="secret"><code>${password}</code>${navigator.clipboard && html`<${Button} onClick=${copy}>${t.copy}<//>`}</p><//>`;
}
