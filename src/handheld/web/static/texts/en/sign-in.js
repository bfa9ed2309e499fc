// Words of the sign-in page.
/** @type {typeof import("../zh/sign-in.js").default} */
export default {
  product: "Handheld command",
  looking: "Looking whether you are signed in…",
  name: "Account",
  password: "Password",
  enter: "Sign in",
  entering: "Signing in…",
  codeIntro: "Press “Sign in” on your own phone; you will not have to sign in again.",
  codeOnce: "A sign-in code works once.",
  codeHint: "In the field, scan your sign-in code or open your link; no account or password is needed.",
};
