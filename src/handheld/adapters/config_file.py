"""The configuration file: TOML (1.0), with the line on which each setting stands."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from handheld.domain.errors import Installation

_LINE = re.compile(r"\(at line (\d+), column \d+\)")


class ConfigFile(NamedTuple):
    """What a configuration file says."""

    path: Path
    values: Mapping[str, Any]
    lines: Mapping[str, int]

    def where(self, key: str) -> str:
        """File and line of a setting, as editors take it: `handheld.toml:3`."""
        return f"{self.path}:{self.lines.get(key, 1)}"


def read_config(path: Path) -> ConfigFile:
    """Read a configuration file.

    Raises Installation (`config.not_found`, `config.encoding`, `config.syntax`), OSError.
    """
    try:
        # Editors on Windows begin a file with a byte order mark.
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except FileNotFoundError:
        raise Installation("config.not_found", path=str(path)) from None
    except UnicodeDecodeError:
        raise Installation("config.encoding", path=str(path)) from None
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _LINE.search(str(error))
        line = int(found[1]) if found else text.count("\n") + 1
        raise Installation("config.syntax", where=f"{path}:{line}") from None
    except RecursionError:
        raise Installation("config.syntax", where=f"{path}:1") from None
    return ConfigFile(path, values, _lines(text))


def _lines(text: str) -> dict[str, int]:
    """The line on which each key of the top level begins.

    The reader of TOML does not tell it. A file that is cut off between two statements can be read,
    one that is cut off within a statement cannot: so each key appears with its statement's end.
    """
    found: dict[str, int] = {}
    lines = text.split("\n")
    begins = 1
    for number in range(1, len(lines) + 1):
        try:
            known = tomllib.loads("\n".join(lines[:number]))
        except (tomllib.TOMLDecodeError, RecursionError):
            continue
        for key in known:
            found.setdefault(key, begins)
        begins = number + 1
    return found
