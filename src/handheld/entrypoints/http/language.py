"""The language of an answer: that which the caller asks for (RFC 9110, section 12.5.4)."""

from __future__ import annotations

from functools import lru_cache

from handheld.texts import Texts
from handheld.texts.language import Language

_TEXTS: dict[Language, Texts] = {"zh": Texts("zh"), "en": Texts("en")}


def texts_in(language: Language) -> Texts:
    """The texts of a language."""
    return _TEXTS[language]


@lru_cache(maxsize=256)
def accepted(header: str | None, usual: Language) -> Language:
    """The best of ours by an Accept-Language header; the usual one where none is wanted."""
    best: tuple[float, Language] | None = None
    for wish in (header or "")[:200].split(","):
        tag, _, rest = wish.strip().partition(";")
        primary = tag.strip().lower().partition("-")[0]
        language: Language | None = "zh" if primary == "zh" else "en" if primary == "en" else None
        weight = _weight(rest)
        if language is not None and weight > 0 and (best is None or weight > best[0]):
            best = (weight, language)
    return best[1] if best is not None else usual


def _weight(text: str) -> float:
    name, _, value = text.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return min(1.0, max(0.0, float(value)))
    except ValueError:
        return 0.0
