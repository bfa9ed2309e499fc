"""The language of help texts, chosen before any command line is read."""

from __future__ import annotations

import os
import re
import sys
from typing import Any

from handheld.entrypoints.cli.speaking import spoken
from handheld.texts import Texts

TEXTS = Texts(spoken(sys.argv[1:], os.environ))
"""The texts of this process's help."""


def help_text(key: str) -> str:
    """The help text of a command or an option."""
    return TEXTS.say(f"cli.help.{key}")


def placeholder(param: Any, texts: Texts) -> str:
    """What stands for a value in help and errors: TASK, 任务; values to be typed stay as they are."""
    text = str(param.metavar or param.name.upper())
    return re.sub(r"[A-Za-z_]+", lambda word: texts.named("cli.metavar", word[0]), text)
