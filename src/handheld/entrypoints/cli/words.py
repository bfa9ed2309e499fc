"""The language of help texts, chosen before any command line is read."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from typing import Any

from handheld.texts import Texts, language_from


def language_flag(arguments: Sequence[str]) -> str | None:
    """The value of the last `--lang` among the arguments, needed before they are parsed."""
    found = None
    for index, argument in enumerate(arguments):
        if argument == "--lang" and index + 1 < len(arguments):
            found = arguments[index + 1]
        if argument.startswith("--lang="):
            found = argument.removeprefix("--lang=")
    return found


TEXTS = Texts(language_from(os.environ, language_flag(sys.argv[1:])))
"""The texts of this process's help."""


def help_text(key: str) -> str:
    """The help text of a command or an option."""
    return TEXTS.say(f"cli.help.{key}")


def placeholder(param: Any, texts: Texts) -> str:
    """What stands for a value in help and errors: TASK, 任务; values to be typed stay as they are."""
    text = str(param.metavar or param.name.upper())
    return re.sub(r"[A-Za-z_]+", lambda word: texts.named("cli.metavar", word[0]), text)
