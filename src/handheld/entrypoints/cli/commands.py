"""Every command of the program: where it is defined, and what it is for.

A module is loaded when its command is called for, so that no command waits for the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import Any, NamedTuple

import typer
from typer.main import get_group


class Place(NamedTuple):
    """Where a command, or the commands under a noun, are defined."""

    module: str
    help: str
    """The key of its help text."""


PLACES: Mapping[str, Place] = {
    "init": Place("founding", "init.command"),
    "start": Place("starting", "start.command"),
    "board": Place("boards", "board.command"),
    "late": Place("waiting", "waiting.late"),
    "waiting": Place("waiting", "waiting.command"),
    "timeline": Place("timelines", "timeline.command"),
    "inbox": Place("inboxes", "inbox.command"),
    "backup": Place("backup", "backup.command"),
    "restore": Place("backup", "restore.command"),
    "doctor": Place("doctor", "doctor.command"),
    "serve": Place("serve", "serve.command"),
    "migrate": Place("migrating", "migrate.command"),
    "api": Place("serve", "serve.api"),
    "gateway": Place("serve", "serve.gateway"),
    "follow": Place("serve", "serve.follow"),
    "cluster": Place("cluster", "cluster.group"),
    "fleet": Place("fleet", "fleet.command"),
    "fleet-sign-in": Place("fleet", "fleet.sign_in"),
    "demo": Place("demo", "demo.command"),
    "divisions": Place("divisions", "divisions.group"),
    "department": Place("departments", "department.group"),
    "people": Place("people", "people.group"),
    "group": Place("groups", "group.group"),
    "duty": Place("duty", "duty.group"),
    "account": Place("accounts", "account.group"),
    "link": Place("links", "link.group"),
    "posture": Place("postures", "posture.group"),
    "plan": Place("plans", "plan.group"),
    "warning": Place("warnings", "warning.group"),
    "order": Place("orders", "order.group"),
    "task": Place("tasks", "task.group"),
    "force": Place("forces", "force.group"),
    "finding": Place("findings", "finding.group"),
    "register": Place("registers", "register.group"),
    "reactions": Place("reactions", "reactions.group"),
    "log": Place("log", "log.group"),
    "config": Place("config", "config.group"),
}
"""All commands, in the order of the help."""


class Commands(Mapping[str, Any]):
    """The commands by name; one is made when it is asked for."""

    def __getitem__(self, name: str) -> Any:
        return _made(PLACES[name].module)[name]

    def __iter__(self) -> Iterator[str]:
        return iter(PLACES)

    def __len__(self) -> int:
        return len(PLACES)


@cache
def _made(module: str) -> Mapping[str, Any]:
    """The commands that a module registers."""
    made = typer.Typer()
    import_module(f"handheld.entrypoints.cli.{module}").register(made)
    return get_group(made).commands
