"""Which language somebody reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
DEFAULT: Language = "zh"

VARIABLE = "HANDHELD_LANG"
LOCALE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


def language_from(env: Mapping[str, str], flag: str | None = None) -> Language:
    """The flag, else HANDHELD_LANG, else the locale, else Chinese.

    A flag or a locale in any spelling of the two (`zh-CN`, `en_GB.UTF-8`) is understood; any other
    locale, `C` included, says nothing.
    """
    for wish in (flag, env.get(VARIABLE)):
        known = known_language(wish)
        if known is not None:
            return known
    # As POSIX has it, the first variable that is set decides, even where we do not know it.
    locale = next((env[name] for name in LOCALE_VARIABLES if env.get(name)), None)
    return known_language(locale) or DEFAULT


def known_language(wish: str | None) -> Language | None:
    """The language that somebody has spelt; None where it is none of ours."""
    prefix = (wish or "").strip().lower()[:2]
    return next((language for language in LANGUAGES if language == prefix), None)
