"""Who may do what: one table over all commands about task forces and tasks. docs/rules/who-may.md

Each line names relations, any of which is enough. It is asked of whoever acts: nothing is lent by
telephone. Besides, nobody judges what is their own (`handheld.domain.task`), and what must come first
is told by the state: the table says who, never when.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple

from handheld.domain import (
    calling_again,
    directing,
    ending,
    joining,
    ordering,
    passing_on,
    reassigning,
    starting,
    task_commands,
    task_force,
    time_rules,
    waves,
)
from handheld.domain.base import BaseCommand
from handheld.domain.commanding import may_direct, may_order, official_above, own_department
from handheld.domain.duty import PERSON, may_start
from handheld.domain.task_force import TaskForce
from handheld.domain.task_state import Task
from handheld_events.ids import department_stream
from handheld_projections.organisation import Organisation

Relation = Literal[
    "assignee",
    "unit",
    "helper",
    "directs",
    "giver",
    "official_above",
    "department",
    "reporter",
    "commander",
    "command_room",
    "official_there",
    "finding_official",
    "member",
    "asked",
    "process",
]


class Subject(NamedTuple):
    """What a command is about, as far as it matters to who may."""

    organisation: Organisation
    territory: str
    """The division of the task force, or of the start."""
    task_force: TaskForce | None = None
    task: Task | None = None
    division: str | None = None
    """Where the task is."""
    of_unit: bool = False
    """Whether who acts, or for whom they act, is of the department that is called as a unit."""
    who: str | None = None
    """For whom they act, where that is somebody else."""
    giver: Callable[[], str | None] = lambda: None
    """The person who gave the order, or passed it on."""
    about_finding: bool = False
    """The order is about a finding, and nobody knows who gave it."""
    reporter: Callable[[], str | None] = lambda: None
    """The person whose finding the order, or the task force, is about."""
    asked: str | None = None
    """The unit that was asked what is answered: a division code, or a department stream."""
    member: Callable[[str], bool] = lambda _: False
    """Whether somebody has, or had, a task of the task force."""


_DOES: tuple[Relation, ...] = ("assignee", "unit", "helper")
_STEERS: tuple[Relation, ...] = ("directs", "giver", "official_above", "department")
_STEERS_OR_HAS: tuple[Relation, ...] = ("assignee", "unit", *_STEERS)
_ORDERS: tuple[Relation, ...] = ("directs", "official_there")
_CHANGES: tuple[Relation, ...] = ("directs", "giver", "finding_official")
_DIRECTS: tuple[Relation, ...] = ("directs",)
_DUE: tuple[Relation, ...] = ("process",)

TABLE: Mapping[type[BaseCommand], tuple[Relation, ...]] = {
    # one task, by whoever has it
    task_commands.Deliver: ("assignee",),
    task_commands.Read: ("assignee",),
    task_commands.Accept: _DOES,
    task_commands.Decline: _DOES,
    task_commands.GoEnRoute: _DOES,
    task_commands.ReachScene: _DOES,
    task_commands.Visit: _DOES,
    task_commands.Report: _DOES,
    passing_on.PassOn: _DOES,
    # one task, by those who answer for it
    task_commands.Verify: _STEERS,
    task_commands.SendBack: _STEERS,
    task_commands.Withdraw: _STEERS,
    task_commands.Suspend: _STEERS,
    task_commands.Extend: _STEERS,
    task_commands.Remind: _STEERS,
    task_commands.Supervise: _STEERS,
    reassigning.Reassign: _STEERS,
    task_commands.Resume: _STEERS_OR_HAS,
    task_commands.Reopen: _STEERS_OR_HAS,
    task_commands.CorrectTask: _STEERS_OR_HAS,
    task_commands.Rate: (*_STEERS, "reporter"),
    # 条抓块统: whoever dispatches scores, and a department only sees its people who are stationed
    task_commands.Evaluate: ("directs", "giver", "official_above"),
    # a task force
    starting.StartFromPlan: ("command_room",),
    starting.StartAdHoc: ("command_room",),
    ordering.IssueOrder: _ORDERS,
    joining.PullIn: _ORDERS,
    directing.AmendOrder: _CHANGES,
    directing.WithdrawOrder: _CHANGES,
    directing.HandOver: ("commander", "command_room"),
    directing.NameLead: _DIRECTS,
    waves.ChangeLevel: _DIRECTS,
    ending.StandDown: _DIRECTS,
    ending.CloseTaskForce: _DIRECTS,
    ending.CancelTaskForce: _DIRECTS,
    task_force.ReopenTaskForce: _DIRECTS,
    task_force.ArchiveTaskForce: _DIRECTS,
    task_force.EvaluateTaskForce: _DIRECTS,
    task_force.MakeEntry: (*_ORDERS, "member"),
    task_force.StrikeEntry: _ORDERS,
    task_force.CorrectTaskForce: _ORDERS,
    task_force.SendMessage: ("directs", "asked", "member"),
    task_force.RateTaskForce: ("reporter", *_ORDERS, "member"),
    # what falls due by itself
    directing.ReleaseRest: _DUE,
    calling_again.CallAgain: _DUE,
    directing.TellUnfilled: _DUE,
    waves.CallForeseen: _DUE,
    time_rules.MarkOverdue: _DUE,
    time_rules.RemindAll: _DUE,
    time_rules.EscalateAll: _DUE,
    time_rules.ResumeDue: _DUE,
}


def may(actor: str, action: type[BaseCommand], subject: Subject) -> bool:
    """Whether somebody may do something: processes and the operator may whatever a person may.

    Only the phone of an assignee says that it has stored a task.
    """
    relations = TABLE[action]
    if not actor.startswith(PERSON):
        return action not in (task_commands.Deliver, task_commands.Read)
    return any(_has(relation, actor, subject) for relation in relations)


def _has(relation: Relation, actor: str, about: Subject) -> bool:
    match relation:
        case "process":
            return False
        case "asked":
            return about.asked is not None and _serves(about.organisation, actor, about.asked)
        case "command_room":
            return may_start(about.organisation, actor, about.territory)
        case "reporter":
            return actor == about.reporter()
        case "giver":
            return actor == about.giver()
        case "directs" | "commander" | "official_there" | "finding_official" | "member":
            return _of_task_force(relation, actor, about)
        case "assignee" | "unit" | "helper" | "official_above" | "department":
            return _of_task(relation, actor, about)


def _serves(organisation: Organisation, actor: str, unit: str) -> bool:
    """Whether somebody holds a post of a division, or of a department."""
    person = organisation.people.get(actor)
    return any(
        post.division == unit
        if post.department is None
        else department_stream(post.department) == unit
        for post in (person.posts if person is not None else ())
    )


def _of_task_force(
    relation: Literal["directs", "commander", "official_there", "finding_official", "member"],
    actor: str,
    about: Subject,
) -> bool:
    known = about.task_force
    if known is None:
        return False
    match relation:
        case "directs":
            return may_direct(known, about.organisation, actor)
        case "commander":
            return actor == known.commander
        case "official_there":
            return may_order(known, about.organisation, actor)
        case "finding_official":
            return about.about_finding and may_order(known, about.organisation, actor)
        case "member":
            pulled_in = any(person == actor for person, _ in known.pulled_in)
            return pulled_in or actor in known.commanded or about.member(actor)


def _of_task(
    relation: Literal["assignee", "unit", "helper", "official_above", "department"],
    actor: str,
    about: Subject,
) -> bool:
    task, division, organisation = about.task, about.division, about.organisation
    if task is None:
        return False
    match relation:
        case "assignee":
            return actor == task.person
        case "unit":
            return about.of_unit and about.who in (None, actor)
        case "helper":  # 代领办, 代回单: by those who answer for it, and by cadres of the place
            for_somebody = about.who is not None and about.who != actor
            return for_somebody and (
                official_above(organisation, actor, division, cadres=True)
                or any(_has(one, actor, about) for one in _STEERS)
            )
        case "official_above":
            return official_above(organisation, actor, division)
        case "department":
            return own_department(organisation, actor, task.department, division)
