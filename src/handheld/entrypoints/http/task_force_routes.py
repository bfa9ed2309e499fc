"""A task force: its card, orders, members, entries, messages, timeline."""

from __future__ import annotations

import msgspec

from handheld.application.reading.members import Members, members
from handheld.application.reading.moments import read_at
from handheld.application.reading.talk import Entries, Messages, Window, entries, messages
from handheld.application.reading.task_forces import (
    Orders,
    OrderShown,
    TaskForceCard,
    order,
    orders,
    task_force_card,
)
from handheld.application.reading.timelines import Picked, TimelinePage
from handheld.domain.errors import NotFound
from handheld.entrypoints.http.endpoints import Answer, Endpoint
from handheld.entrypoints.http.parts import Call
from handheld_projections.open_tasks import State


class MembersQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which members."""

    after: str = ""
    """The person after whom the page begins."""
    limit: int = 50
    states: tuple[State, ...] = ()
    """Only those with a task in one of these states."""


class WindowQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which part of a list: the first after a position, or the last before one."""

    after: int = 0
    before: int | None = None
    limit: int = 50


class TimelineQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which part of a timeline."""

    after: int = 0
    """The position after which the page begins."""
    limit: int = 100
    at: str | None = None
    """The past: a position, or an instant with its zone."""
    newest: bool = False
    """The newest first; then `next` is the `before` of the page after this one."""
    before: int | None = None
    """The position before which everything lies."""
    topics: tuple[str, ...] = ()
    """Only such facts: `task.accepted` is every version of it."""
    division: str = ""
    """Only what lies in this division."""
    person: str = ""
    """Only what concerns this person, or was done by or for them."""
    words: str = ""
    """Only what has all of these words in its line, its place or the names of its people."""


FORCE = "/task-forces/{task_force}"


def _card(call: Call) -> Answer:
    look = call.home.looking.look()
    card = task_force_card(look, call.home.boards, call.viewer, call.path["task_force"])
    return Answer(card, version=card.version)


def _orders(call: Call) -> Orders:
    look = call.home.looking.look()
    return orders(look, call.home.boards, call.viewer, call.path["task_force"])


def _order(call: Call) -> OrderShown:
    look = call.home.looking.look()
    path = call.path
    return order(look, call.home.boards, call.viewer, path["task_force"], path["order"])


def _members(call: Call) -> Members:
    query: MembersQuery = call.query
    return members(
        call.home.looking.look(),
        call.home.boards,
        call.viewer,
        call.path["task_force"],
        after=query.after,
        limit=query.limit,
        states=frozenset(query.states) or None,
    )


def _entries(call: Call) -> Entries:
    query: WindowQuery = call.query
    window = Window(query.after, query.before, query.limit)
    return entries(call.home.looking.look(), call.viewer, call.path["task_force"], window)


def _messages(call: Call) -> Messages:
    query: WindowQuery = call.query
    window = Window(query.after, query.before, query.limit)
    look, stored = call.home.looking.look(), call.home.attachments.stored_for(call.viewer)
    return messages(look, call.viewer, call.path["task_force"], window, stored)


def timeline(call: Call, key: str, absent: NotFound) -> TimelinePage:
    """A page of what happened to something. Raises `absent`, for what is hidden, too."""
    query: TimelineQuery = call.query
    at = read_at(query.at)
    upto = None if at is None else call.home.board_desk.reading.moment(at).position
    return call.parts.timelines.page(
        call.viewer,
        key,
        call.texts,
        after=query.after,
        limit=query.limit,
        upto=upto,
        picked=Picked(
            query.newest,
            query.before,
            query.topics,
            query.division,
            query.person,
            query.words,
        ),
        absent=absent,
    )


def _timeline(call: Call) -> TimelinePage:
    name = call.path["task_force"]
    return timeline(call, name, NotFound("task_force.unknown", task_force=name))


ENDPOINTS = (
    Endpoint(
        method="GET",
        path=FORCE,
        name="task_force",
        summary="A task force at a glance 专班",
        tag="task forces",
        run=_card,
        answers=TaskForceCard,
        tagged=True,
    ),
    Endpoint(
        method="GET",
        path=f"{FORCE}/orders",
        name="orders",
        summary="Its orders 指令",
        tag="task forces",
        run=_orders,
        answers=Orders,
    ),
    Endpoint(
        method="GET",
        path=f"{FORCE}/orders/{{order}}",
        name="order",
        summary="One order 指令",
        tag="task forces",
        run=_order,
        answers=OrderShown,
    ),
    Endpoint(
        method="GET",
        path=f"{FORCE}/members",
        name="members",
        summary="Who belongs to it 成员",
        tag="task forces",
        run=_members,
        query=MembersQuery,
        answers=Members,
    ),
    Endpoint(
        method="GET",
        path=f"{FORCE}/entries",
        name="entries",
        summary="Its entries 记事",
        tag="task forces",
        run=_entries,
        query=WindowQuery,
        answers=Entries,
    ),
    Endpoint(
        method="GET",
        path=f"{FORCE}/messages",
        name="messages",
        summary="Its messages 消息",
        tag="task forces",
        run=_messages,
        query=WindowQuery,
        answers=Messages,
    ),
    Endpoint(
        method="GET",
        path=f"{FORCE}/timeline",
        name="task_force_timeline",
        summary="All that happened 时间线",
        tag="task forces",
        run=_timeline,
        query=TimelineQuery,
        answers=TimelinePage,
    ),
)
