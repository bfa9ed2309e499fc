"""What the log keeps of a command is a hash of its stable name and of what was said."""

from __future__ import annotations

import msgspec

from handheld.application.handlers import HANDLERS
from handheld.application.requests import Request
from handheld.domain import task
from handheld_events.envelope import Meta
from handheld_events.examples import META

NAMES = {
    "divisions.import",
    "people.import",
    "person.erase",
    "plan.adopt",
    "plan.retire",
    "task_force.start",
    "task_force.start_ad_hoc",
    "task_force.pull_in",
    "task_force.stand_down",
    "task_force.close",
    "task_force.correct",
    "order.issue",
    "entry.make",
    "entry.strike",
    "task.deliver",
    "task.read",
    "task.accept",
    "task.decline",
    "task.report",
    "task.verify",
    "task.send_back",
    "task.withdraw",
    "task.correct",
}


def test_every_command_has_its_name_for_good() -> None:
    kinds = [msgspec.inspect.type_info(command) for command in HANDLERS]
    assert {kind.tag for kind in kinds if isinstance(kind, msgspec.inspect.StructType)} == NAMES


def test_the_hash_of_a_command_stays_what_it_was() -> None:
    meta = Meta(actor="person-S1", command=META.command, occurred_at=META.occurred_at)
    key = Request(task.Report(task="task-1", text="好"), meta).key()
    assert key.body_hash.hex() == "ce881999e16279502f15ea3d7a807db8"


def test_a_field_at_its_default_is_not_in_the_hash() -> None:
    assert msgspec.json.encode(task.Verify(task="task-1")) == (
        b'{"command":"task.verify","task":"task-1"}'
    )
