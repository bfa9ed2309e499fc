"""The language of help texts, chosen before any command line is read."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from handheld.texts import Texts, language_from


def language_flag(arguments: Sequence[str]) -> str | None:
    """The value of `--lang` among the arguments, which help needs before they are parsed."""
    for index, argument in enumerate(arguments):
        if argument == "--lang" and index + 1 < len(arguments):
            return arguments[index + 1]
        if argument.startswith("--lang="):
            return argument.removeprefix("--lang=")
    return None


TEXTS = Texts(language_from(os.environ, language_flag(sys.argv[1:])))
"""The texts of this process's help."""


def help_text(key: str) -> str:
    """The help text of a command or an option."""
    return TEXTS.say(f"cli.help.{key}")
