// Of the frame that is kept on the phone: language, colours and size of text are chosen in cookies,
// which no service worker can read. A plain script, before anything is drawn.
(() => {
  const root = document.documentElement;
  const chosen = new Map(document.cookie.split("; ").map((one) => /** @type {[string, string]} */ (one.split("=", 2))));
  const language = chosen.get("handheld_language");
  if (language) root.lang = language === "en" ? "en" : "zh-CN";
  root.dataset.theme = chosen.get("handheld_theme") ?? "auto";
  root.dataset.text = chosen.get("handheld_text") ?? "normal";
  if (language) document.title = language === "en" ? "Handheld command" : "掌上指挥";
})();
