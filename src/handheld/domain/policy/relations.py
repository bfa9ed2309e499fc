"""Relations: what somebody is to that which a command is about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

from handheld.domain.commanding import may_direct, may_order, official_above, own_department
from handheld.domain.duty import may_command_department, may_order_duty, may_start
from handheld.domain.finding_desks import may_decide, may_speak_for
from handheld.domain.task_force import TaskForce
from handheld.domain.task_state import Task
from handheld_events.ids import department_stream
from handheld_events.territory import tier_of
from handheld_projections.organisation import Organisation, Post

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
    "finder",
    "for_reporter",
    "desk",
    "roster",
    "on_duty",
    "above_post",
    "whose_turn",
]


class Subject(NamedTuple):
    """What a command is about, as far as it matters to who may."""

    organisation: Organisation
    territory: str
    """The division of the task force, or of the start."""
    task_force: TaskForce | None = None
    task: Task | None = None
    division: str | None = None
    """Where the task is, or the finding."""
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
    desk: str = ""
    """Where the finding lies: a division code, or a department stream."""
    post: Post | None = None
    """The post whose roster or duty it is about."""
    also: str | None = None
    """A second division in which who acts must be as well: where a group or a plan was until now."""
    places: tuple[str, ...] | None = None
    """All divisions that a warning is for, in place of `territory`; none: nobody has placed it yet."""


STEERS: tuple[Relation, ...] = ("directs", "giver", "official_above", "department")
"""Who answers for a task that somebody else has."""


def has(relation: Relation, actor: str, about: Subject) -> bool:
    """Whether somebody stands in this relation to what a command is about."""
    match relation:
        case "process":
            return False
        case "asked":
            return about.asked is not None and _serves(about.organisation, actor, about.asked)
        case "command_room":
            return _in_command_room(actor, about)
        case "reporter":
            return actor == about.reporter()
        case "giver":
            return actor == about.giver()
        case "directs" | "commander" | "official_there" | "finding_official" | "member":
            return _of_task_force(relation, actor, about)
        case "assignee" | "unit" | "helper" | "official_above" | "department":
            return _of_task(relation, actor, about)
        case "finder" | "for_reporter" | "desk":
            return _of_finding(relation, actor, about)
        case "roster" | "on_duty" | "above_post" | "whose_turn":
            return _of_post(relation, actor, about)


def _in_command_room(actor: str, about: Subject) -> bool:
    """Of every place that it is about; of what nobody has placed yet, that of a district."""
    organisation = about.organisation
    if about.places == ():
        districts = (code for code in organisation.divisions if tier_of(code) == "district")
        return any(may_start(organisation, actor, code) for code in districts)
    places = (about.territory, about.also) if about.places is None else about.places
    return all(may_start(organisation, actor, code) for code in places if code is not None)


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
                or any(has(one, actor, about) for one in STEERS)
            )
        case "official_above":
            return official_above(organisation, actor, division)
        case "department":
            return own_department(organisation, actor, task.department, division)


def _of_finding(
    relation: Literal["finder", "for_reporter", "desk"], actor: str, about: Subject
) -> bool:
    who = about.who or actor
    match relation:
        case "finder":
            known = about.organisation.people.get(who)
            registered = known is not None and not known.erased
            theirs = about.task is None or about.task.person == who
            return registered and theirs and _speaks(actor, who, about)
        case "for_reporter":
            return who == about.reporter() and _speaks(actor, who, about)
        case "desk":
            return may_decide(about.organisation, actor, about.desk)


def _speaks(actor: str, who: str, about: Subject) -> bool:
    return may_speak_for(about.organisation, actor, who, about.division or "")


def _of_post(
    relation: Literal["roster", "on_duty", "above_post", "whose_turn"], actor: str, about: Subject
) -> bool:
    post, organisation = about.post, about.organisation
    if post is None:
        return False
    match relation:
        case "roster":
            if post.department is not None:
                return may_command_department(organisation, actor, post.department)
            return may_start(organisation, actor, post.division)
        case "on_duty":
            on = organisation.on_duty(*post)
            return actor == on or (on is None and actor in organisation.holders(*post))
        case "above_post":
            return may_order_duty(organisation, actor, post)
        case "whose_turn":
            return actor == about.who
