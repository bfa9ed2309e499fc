// Signing in: by the code that somebody was given (`/s#secret`), or by name and password.
import { html } from "../vendor/htm-preact.js";
import { useEffect, useState } from "../vendor/preact-hooks.js";
import { Button } from "../components/button.js";
import { TextField } from "../components/field.js";
import { Looks } from "../components/menu.js";
import { Notice } from "../components/notices.js";
import { Working } from "../components/status.js";
import { Problem, call } from "../lib/api.js";
import { device, homeOf, whoAmI } from "../lib/session.js";
import { texts } from "../lib/texts.js";

/** Where to go afterwards: the page that was asked for, of this site only. @param {import("../lib/session.js").Me} who */
function onward(who) {
  const next = new URLSearchParams(location.search).get("next") ?? "";
  const own = next.startsWith("/") && !next.startsWith("//") && !next.startsWith("/\\");
  location.replace(own && !next.startsWith("/sign-in") ? next : homeOf(who));
}

/** The session is new: the page that knew of none goes on with it. */
async function enteredAs() {
  document.documentElement.dataset.session = "perhaps";
  const who = await whoAmI();
  if (who) onward(who);
}

/** The page. */
export function SignIn() {
  const t = texts("sign-in");
  const [phase, setPhase] = useState(/** @type {"looking" | "code" | "form"} */ ("looking"));
  const [wrong, setWrong] = useState(/** @type {Problem | null} */ (null));
  useEffect(() => {
    const secret = location.pathname === "/s" ? decodeURIComponent(location.hash.slice(1)) : "";
    const begin = async () => {
      try {
        const who = await whoAmI();
        if (who && !secret) return onward(who);
        if (secret) return setPhase("code");
      } catch (error) {
        if (error instanceof Problem) setWrong(error);
      }
      setPhase("form");
    };
    begin();
  }, []);
  return html`<main class="sign-in">
    <h1><img src=${new URL("../icons/icon.svg", import.meta.url).href} alt="" width="44" height="44" />${t.product}</h1>
    ${wrong && html`<${Notice} tone="overdue" title=${wrong.title}>${wrong.detail}<//>`}
    ${phase === "looking" && html`<${Working}>${t.looking}<//>`}
    ${phase === "code" && html`<${ByCode} onWrong=${(/** @type {Problem} */ problem) => { setWrong(problem); setPhase("form"); }} />`}
    ${phase === "form" && html`<${ByPassword} onWrong=${setWrong} />`}
    <footer><${Looks} /></footer></main>`;
}

/**
 * A code works once: it is used up by a press, never by a preview of the link in a messenger.
 * @param {{onWrong: (problem: Problem) => void}} props
 */
function ByCode({ onWrong }) {
  const t = texts("sign-in");
  const [busy, setBusy] = useState(false);
  const enter = async () => {
    setBusy(true);
    try {
      const secret = decodeURIComponent(location.hash.slice(1));
      await call("POST", "/sign-in/link", { secret, device: { id: device(), kind: "phone", name: "" } });
      history.replaceState(null, "", "/s");
      await enteredAs();
    } catch (error) {
      setBusy(false);
      if (error instanceof Problem) onWrong(error);
      else throw error;
    }
  };
  return html`<p>${t.codeIntro}</p>
    <${Button} kind="main" size="large" wide onClick=${enter} busy=${busy && t.entering}>${t.enter}<//>
    <p class="quiet small">${t.codeOnce}</p>`;
}

/** @param {{onWrong: (problem: Problem | null) => void}} props */
function ByPassword({ onWrong }) {
  const t = texts("sign-in");
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  /** @param {Event} event */
  const enter = async (event) => {
    event.preventDefault();
    setBusy(true);
    onWrong(null);
    try {
      await call("POST", "/sign-in", { name: name.trim(), password, device: { id: device(), kind: "desk", name: "" } });
      await enteredAs();
    } catch (error) {
      setBusy(false);
      if (error instanceof Problem) onWrong(error);
      else throw error;
    }
  };
  return html`<form onSubmit=${enter} class="form">
    <${TextField} label=${t.name} value=${name} onInput=${setName} autocomplete="username" required />
    <${TextField} label=${t.password} type="password" value=${password} onInput=${setPassword} autocomplete="current-password" required />
    <${Button} type="submit" kind="main" size="large" wide busy=${busy && t.entering}>${t.enter}<//></form>
    <p class="quiet small">${t.codeHint}</p>`;
}
