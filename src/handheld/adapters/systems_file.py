"""The register of other systems, as an operator writes it: a TOML file, one table each."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

import msgspec

from handheld.domain.errors import Installation, Malformed
from handheld.domain.policy.systems import System, check_system_entry


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    systems: dict[str, System]


def read_systems(path: Path) -> Mapping[str, System]:
    """Each system under its name. Raises Installation (`systems.file`)."""
    try:
        # Editors on Windows begin a file with a byte order mark.
        text = path.read_bytes().decode("utf-8-sig")
        found = msgspec.convert(tomllib.loads(text), _File).systems
        for name, known in found.items():
            check_system_entry(name, known)
    except OSError as error:
        reason = error.strerror or type(error).__name__
    except Malformed as error:
        reason = str(error.params["reason"])
    except (ValueError, RecursionError, msgspec.ValidationError) as error:
        reason = str(error)
    else:
        return found
    raise Installation("systems.file", path=str(path), reason=reason)
