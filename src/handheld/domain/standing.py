"""Standings: how somebody stands to what they want to see, and how much of it that opens.

The part of those who serve below what is seen, and of the departments at work there, is told as
division codes and department streams: of what is listed in it, only that is for them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Literal, NamedTuple

from handheld.domain.commanding import CADRES, OFFICIALS, may_direct
from handheld.domain.duty import may_start
from handheld.domain.finding_desks import may_decide
from handheld.domain.roles import UNIT_ROLES
from handheld.domain.task_force import TaskForce
from handheld_events.ids import department_stream
from handheld_events.territory import within
from handheld_projections.organisation import Organisation, Post

Standing = Literal[
    "self",
    "unit",
    "directs",
    "over",
    "official",
    "under",
    "department_there",
    "department",
    "department_home",
    "called",
    "member",
    "assignee",
    "giver",
    "reporter",
    "desk",
    "asked",
    "room",
    "told",
    "superior",
    "analyst",
    "anybody",
]
OVERSEERS = OFFICIALS | CADRES
"""Who sees a territory: officials, village-team leaders, grid heads."""


class View(NamedTuple):
    """How much somebody sees."""

    extent: Literal["whole", "part", "nothing"]
    names: bool = True
    """Whether people in it are named."""
    after: int = 0
    """Of a history: the position after which it is for them."""
    parts: tuple[str, ...] = ()
    """Of a part: the division codes and department streams that are theirs, sorted."""


WHOLE = View("whole")
NOTHING = View("nothing", names=False)


class Viewer(NamedTuple):
    """Who looks."""

    actor: str
    """A person stream, or a process."""
    role: Literal["analyst"] | None = None
    """What the account is beside its person's posts."""
    names: bool = False
    """Whether an analyst may see names."""


class Seen(NamedTuple):
    """What is looked at, as it is when it is asked: a post that was left opens nothing any more.

    For the past, `as_of` is the position that is looked at: who belongs to a task force only since
    then sees nothing of it there, unless all its history was given to them.
    """

    organisation: Organisation
    divisions: tuple[str, ...] = ()
    """Where it is; of a person all divisions in which they serve; of a warning all that it is for."""
    person: str | None = None
    """Whose task, inbox, score or name it is."""
    departments: tuple[str, ...] = ()
    """The keys of those to which it belongs; of a person all of whose posts they hold one."""
    of_unit: bool = False
    """The task is that of the department as a unit."""
    task_force: TaskForce | None = None
    """To which it belongs; of a person the one in which they are shown."""
    after: Callable[[str], int | None] = lambda _: None
    """The position after which somebody sees the task force (`membership.sees_after`), if they do."""
    has_task: Callable[[str], bool] = lambda _: False
    """Of a task force, an order, a finding: whether somebody has, or had, a task of it."""
    giver: Callable[[], str | None] = lambda: None
    """The person who gave the order, or passed it on."""
    reporter: Callable[[], str | None] = lambda: None
    """Who reported the finding that it is, or that it is about."""
    desks: tuple[str, ...] = ()
    """Of a finding: all on which it lies or has lain."""
    units: Collection[str] = ()
    """The division codes and department streams that were asked or told; of a message its unit."""
    as_of: int | None = None
    """The position that is looked at; None: the latest."""


def view_of(standing: Standing, viewer: Viewer, seen: Seen) -> View | None:
    """What this standing opens; None where they do not stand so."""
    match standing:
        case "under":
            return _under(viewer, seen)
        case "department_there":
            return _department_there(viewer, seen)
        case "member":
            return _member(viewer, seen)
        case "analyst":
            return View("whole", names=viewer.names) if viewer.role == "analyst" else None
        case "self" | "giver" | "reporter" | "assignee" | "told" | "anybody" | "directs":
            return WHOLE if _personally(standing, viewer.actor, seen) else None
        case "over" | "official" | "superior" | "room" | "asked" | "desk":
            return WHOLE if _by_territory(standing, viewer.actor, seen) else None
        case "department" | "department_home" | "called" | "unit":
            return WHOLE if _by_department(standing, viewer.actor, seen) else None


def _personally(
    standing: Literal["self", "giver", "reporter", "assignee", "told", "anybody", "directs"],
    actor: str,
    seen: Seen,
) -> bool:
    known = seen.task_force
    match standing:
        case "self":
            return actor == seen.person
        case "giver":
            return actor == seen.giver()
        case "reporter":
            return actor == seen.reporter()
        case "assignee":
            return seen.has_task(actor)
        case "told":  # who ordered it, and who commands
            commander = known.commander if known is not None else None
            return seen.has_task(actor) and seen.person in (seen.giver(), commander)
        case "anybody":
            return True
        case "directs":
            return known is not None and may_direct(known, seen.organisation, actor)


def _by_territory(
    standing: Literal["over", "official", "superior", "room", "asked", "desk"],
    actor: str,
    seen: Seen,
) -> bool:
    organisation = seen.organisation
    posts = posts_of(organisation, actor)
    match standing:
        case "over":
            return _above(posts, OVERSEERS, seen.divisions)
        case "official":
            return _above(posts, OFFICIALS, seen.divisions)
        case "superior":  # the duty of one's own place, and of those above it
            theirs = posts_of(organisation, seen.person or "")
            return _above(theirs, OVERSEERS, tuple(post.division for post in posts))
        case "room":
            return any(may_start(organisation, actor, division) for division in seen.divisions)
        case "asked":
            return any(
                (post.division if post.department is None else department_stream(post.department))
                in seen.units
                for post in posts
            )
        case "desk":
            return any(may_decide(organisation, actor, desk) for desk in seen.desks)


def _by_department(
    standing: Literal["department", "department_home", "called", "unit"], actor: str, seen: Seen
) -> bool:
    organisation, known = seen.organisation, seen.task_force
    posts = posts_of(organisation, actor)
    own = {post.department for post in posts if post.role in UNIT_ROLES} - {None}
    match standing:
        case "department":
            return not own.isdisjoint(seen.departments)
        case "department_home":
            return any(
                key in own
                and key in organisation.departments
                and seen.divisions == (organisation.departments[key].division,)
                for key in seen.departments
            )
        case "called":
            return known is not None and not own.isdisjoint(known.departments)
        case "unit":
            return seen.of_unit and any(post.department in seen.departments for post in posts)


def _under(viewer: Viewer, seen: Seen) -> View | None:
    """Of what is above them, officials and cadres see the part in their territory."""
    return _part(
        post.division
        for post in posts_of(seen.organisation, viewer.actor)
        if post.department is None
        and post.role in OVERSEERS
        and any(within(post.division, division) for division in seen.divisions)
    )


def _department_there(viewer: Viewer, seen: Seen) -> View | None:
    """Of what goes on where it serves, a department sees its own part."""
    return _part(
        department_stream(post.department)
        for post in posts_of(seen.organisation, viewer.actor)
        if post.department is not None
        and any(within(post.division, d) or within(d, post.division) for d in seen.divisions)
    )


def _part(parts: Iterable[str]) -> View | None:
    found = tuple(sorted(set(parts)))
    return View("part", parts=found) if found else None


def _member(viewer: Viewer, seen: Seen) -> View | None:
    """Who commands, or was pulled in; of those who only have a task, officials and departments.

    Household contacts and other field people who are merely called see their task.
    """
    known, actor = seen.task_force, viewer.actor
    after = seen.after(actor)
    if known is None or after is None or (seen.as_of is not None and seen.as_of <= after):
        return None
    inside = actor in known.commanded or any(who == actor for who, _ in known.pulled_in)
    if inside or any(
        post.department is not None or post.role in OFFICIALS
        for post in posts_of(seen.organisation, actor)
    ):
        return View("whole", after=after)
    return None


def posts_of(organisation: Organisation, actor: str) -> tuple[Post, ...]:
    """The posts that somebody holds; none of one who is not known."""
    known = organisation.people.get(actor)
    return known.posts if known is not None else ()


def _above(posts: tuple[Post, ...], roles: frozenset[str], divisions: tuple[str, ...]) -> bool:
    return any(
        post.department is None
        and post.role in roles
        and any(within(division, post.division) for division in divisions)
        for post in posts
    )
