"""Which language somebody reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
DEFAULT: Language = "zh"

VARIABLE = "HANDHELD_LANG"
_LOCALE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


def language_from(env: Mapping[str, str], flag: str | None = None) -> Language:
    """The flag, else HANDHELD_LANG, else the locale, else Chinese.

    A flag or a locale in any spelling of the two (`zh-CN`, `en_GB.UTF-8`) is understood; any other
    locale, `C` included, says nothing.
    """
    for wish in (flag, env.get(VARIABLE)):
        known = _known(wish)
        if known is not None:
            return known
    # As POSIX has it, the first variable that is set decides, even where we do not know it.
    locale = next((env[name] for name in _LOCALE_VARIABLES if env.get(name)), None)
    return _known(locale) or DEFAULT


def _known(wish: str | None) -> Language | None:
    prefix = (wish or "").strip().lower()[:2]
    return next((language for language in LANGUAGES if language == prefix), None)
