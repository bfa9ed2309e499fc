"""What the log keeps of a command is a hash of its stable name and of what was said."""

from __future__ import annotations

import msgspec

from handheld.application.handlers.table import HANDLERS
from handheld.application.requests import Request
from handheld.domain import task
from handheld_events.envelope import Meta
from handheld_events.examples import META

NAMES = {
    "department.dissolve",
    "departments.import",
    "divisions.import",
    "divisions.outline",
    "duty.hand_over",
    "duty.take",
    "entry.make",
    "entry.strike",
    "finding.add",
    "finding.correct",
    "finding.deal_with",
    "finding.order",
    "finding.pass_up",
    "finding.report",
    "finding.return",
    "finding.route",
    "finding.settle",
    "group.dissolve",
    "group.form",
    "message.send",
    "order.amend",
    "order.call_again",
    "order.call_foreseen",
    "order.issue",
    "order.release_rest",
    "order.tell_unfilled",
    "order.withdraw",
    "people.import",
    "person.erase",
    "plan.adopt",
    "plan.retire",
    "posture.switch",
    "roster.set",
    "task.begin_notices",
    "task.note_notice_answers",
    "task.note_notices",
    "task.accept",
    "task.correct",
    "task.decline",
    "task.deliver",
    "task.escalate_due",
    "task.evaluate",
    "task.extend",
    "task.go_en_route",
    "task.mark_overdue",
    "task.pass_on",
    "task.rate",
    "task.reach_scene",
    "task.read",
    "task.reassign",
    "task.remind",
    "task.remind_due",
    "task.reopen",
    "task.report",
    "task.resume",
    "task.resume_due",
    "task.send_back",
    "task.supervise",
    "task.suspend",
    "task.verify",
    "task.visit",
    "task.withdraw",
    "task_force.archive",
    "task_force.cancel",
    "task_force.change_level",
    "task_force.close",
    "task_force.correct",
    "task_force.evaluate",
    "task_force.hand_over",
    "task_force.name_lead",
    "task_force.pull_in",
    "task_force.rate",
    "task_force.reopen",
    "task_force.stand_down",
    "task_force.start",
    "task_force.start_ad_hoc",
    "warning.correct",
    "warning.decline_proposal",
    "warning.expire",
    "warning.lift",
    "warning.place",
    "warning.propose_start",
    "warning.raise",
    "warning.receive_cap",
    "warning.tell",
    "warning.update",
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
