// The very first step: the operator's account, made with the secret that the server's screen shows.
import { html } from "../vendor/htm-preact.js";
import { useState } from "../vendor/preact-hooks.js";
import { Button } from "../components/button.js";
import { TextField } from "../components/field.js";
import { Looks } from "../components/menu.js";
import { Notice } from "../components/notices.js";
import { Problem, call } from "../lib/api.js";
import { device, whoAmI } from "../lib/session.js";
import { texts } from "../lib/texts.js";

const LEAST = 10;

/** @param {{secret: string, onDone: () => void}} props */
export function SetUp({ secret, onDone }) {
  const t = texts("admin").setup;
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [repeat, setRepeat] = useState("");
  const [wrong, setWrong] = useState(/** @type {Problem | null} */ (null));
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const short = tried && password.length < LEAST ? t.short(LEAST - password.length) : null;
  const differs = tried && repeat !== password ? t.differs : null;
  const code = wrong?.code ?? "";
  /** @param {Event} event */
  const make = async (event) => {
    event.preventDefault();
    setTried(true);
    if (password.length < LEAST || repeat !== password) return;
    setBusy(true);
    setWrong(null);
    try {
      await call("POST", "/setup", { secret, name, password, device: { id: device(), kind: "desk", name: "" } });
      history.replaceState(null, "", location.pathname + location.search);
      document.documentElement.dataset.session = "perhaps";
      await whoAmI();
      onDone();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setWrong(error);
      setBusy(false);
    }
  };
  const elsewhere = wrong && !code.startsWith("account.") && !code.startsWith("password.");
  return html`<main class="sign-in set-up"><h1><img src=${new URL("../icons/icon.svg", import.meta.url).href} alt="" width="44" height="44" />${t.title}</h1>
    <p class="quiet">${t.intro}</p>
    ${elsewhere && html`<${Notice} tone="overdue" title=${wrong.title}>${wrong.detail}${code === "setup.closed" && html` <a href="/sign-in?next=/admin">${t.signIn}</a>`}<//>`}
    <form class="form" onSubmit=${make} novalidate>
      <${TextField} label=${t.name} hint=${t.nameHint} value=${name} onInput=${setName} autocomplete="username" required autofocus wrong=${code.startsWith("account.") ? `${wrong?.title} ${wrong?.detail}` : null} />
      <${TextField} label=${t.password} hint=${t.passwordHint} type="password" value=${password} onInput=${setPassword} autocomplete="new-password" required
        wrong=${short ?? (code.startsWith("password.") ? `${wrong?.title} ${wrong?.detail}` : null)} />
      <${TextField} label=${t.repeat} type="password" value=${repeat} onInput=${setRepeat} autocomplete="new-password" required wrong=${differs} />
      <${Button} kind="main" size="large" type="submit" busy=${busy && t.making}>${t.make}<//></form>
    <footer><${Looks} /></footer></main>`;
}
