"""In which language a run speaks, found before its command line is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from handheld.adapters.config_file import ConfigFile, read_config
from handheld.config import USUAL_FILE, config_path, language_of
from handheld.domain.errors import HandheldError
from handheld.texts import Language


def flag_value(arguments: Sequence[str], flag: str) -> str | None:
    """The value of the last such flag among arguments that nobody has parsed yet."""
    found = None
    for index, argument in enumerate(arguments):
        if argument == flag and index + 1 < len(arguments):
            found = arguments[index + 1]
        if argument.startswith(f"{flag}="):
            found = argument.removeprefix(f"{flag}=")
    return found


def spoken(arguments: Sequence[str], env: Mapping[str, str]) -> Language:
    """The language of a run. A configuration file that cannot be read is complained of later."""
    named = flag_value(arguments, "--config")
    try:
        file = file_of(Path(named) if named else None, env)
    except (HandheldError, OSError):
        file = None
    return language_of(flag_value(arguments, "--lang"), env, file)[0]


def file_of(flag: Path | None, env: Mapping[str, str]) -> ConfigFile | None:
    """The configuration file, read; None where none is named and the usual one is not there.

    Raises Installation (`config.not_found`, `config.encoding`, `config.syntax`), OSError.
    """
    named = config_path(flag, env)
    if named is None:
        return read_config(USUAL_FILE) if USUAL_FILE.is_file() else None
    return read_config(named)
