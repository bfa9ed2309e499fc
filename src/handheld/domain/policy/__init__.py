"""Who may do what: one table over all commands. docs/rules/who-may.md

Each line names relations, any of which is enough. It is asked of whoever acts: nothing is lent by
telephone. Besides, nobody judges what is their own (`handheld.domain.task`), and what must come first
is told by the state: the table says who, never when. Who may see what is in
`handheld.domain.seeing`.
"""

from __future__ import annotations

from handheld.domain import finding_commands, task_commands
from handheld.domain.base import BaseCommand
from handheld.domain.duty import PERSON
from handheld.domain.policy.relations import Relation, Subject, has
from handheld.domain.policy.systems import COMMANDS, SYSTEM
from handheld.domain.policy.table import TABLE

__all__ = ["TABLE", "Relation", "Subject", "may"]

_OF_THE_PHONE = (task_commands.Deliver, task_commands.Read)
_OF_SOMEBODY = (finding_commands.ReportFinding, finding_commands.AddToFinding)
"""What is said in somebody's name, by processes as by people."""


def may(actor: str, action: type[BaseCommand], subject: Subject) -> bool:
    """Whether somebody may do something: processes and the operator may whatever a person may.

    Other systems may only what `systems` names, before their own register narrows it.
    Only the phone of an assignee says that it has stored a task, and nobody finds anything but
    people: what a process says of a finding, it says for somebody.
    """
    if actor.startswith(SYSTEM):
        return action in COMMANDS  # where, and whether at all, its entry in the register says
    relations = TABLE[action]
    if not actor.startswith(PERSON) and action not in _OF_SOMEBODY:
        return action not in _OF_THE_PHONE
    return any(has(relation, actor, subject) for relation in relations)
