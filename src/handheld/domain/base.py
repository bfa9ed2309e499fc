"""What every command is: a frozen value with a stable name."""

from __future__ import annotations

import msgspec


class BaseCommand(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    tag_field="command",
):
    """Something that is asked for.

    Its name (`task.accept`) and the fields that are not at their defaults are what the log keeps a
    hash of, so that a command is known again after an upgrade that renames a class or adds a field.
    """
