"""One person's task and its course; the inbox of who is signed in; the course of a person."""

from __future__ import annotations

import msgspec

from handheld.application.reading.tasks import TaskCard, task_card
from handheld.application.reading.timelines import TimelinePage
from handheld.domain.errors import Malformed, NotFound
from handheld.entrypoints.http.endpoints import Answer, Endpoint
from handheld.entrypoints.http.parts import Call
from handheld.entrypoints.http.task_force_routes import TimelineQuery, timeline

MOST_ITEMS = 500


class InboxQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which part of one's inbox."""

    after: int = 0
    """The number after which the page begins."""
    limit: int = 100


class Inbox(msgspec.Struct, frozen=True):
    """Items in gapless order; the gateway pushes the same."""

    head: int
    """The last number there is."""
    items: tuple[msgspec.Raw, ...]


def _card(call: Call) -> TaskCard:
    look, stored = call.home.looking.look(), call.home.attachments.stored_for(call.viewer)
    return task_card(look, call.viewer, call.path["task"], stored)


def _history(call: Call) -> TimelinePage:
    name = call.path["task"]
    if not name.startswith("task-"):
        raise NotFound("task.unknown", task=name)
    return timeline(call, name, NotFound("task.unknown", task=name))


def _person(call: Call) -> TimelinePage:
    name = call.path["person"]
    if not name.startswith("person-"):
        raise NotFound("person.unknown", person=name)
    return timeline(call, name, NotFound("person.unknown", person=name))


def _inbox(call: Call) -> Answer:
    query: InboxQuery = call.query
    if not 1 <= query.limit <= MOST_ITEMS:
        raise Malformed("timeline.limit", limit=query.limit, most=MOST_ITEMS)
    head, items = call.parts.items.after(call.who.actor, query.after, query.limit)
    return Answer(Inbox(head, tuple(map(msgspec.Raw, items))))


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/tasks/{task}",
        name="task",
        summary="A task: what, where, by when, who ordered it 任务",
        tag="tasks",
        run=_card,
        answers=TaskCard,
    ),
    Endpoint(
        method="GET",
        path="/tasks/{task}/history",
        name="task_history",
        summary="The course of a task 办理过程",
        tag="tasks",
        run=_history,
        query=TimelineQuery,
        answers=TimelinePage,
    ),
    Endpoint(
        method="GET",
        path="/me/inbox",
        name="inbox",
        summary="One's own inbox 收件箱",
        tag="tasks",
        run=_inbox,
        query=InboxQuery,
        answers=Inbox,
    ),
    Endpoint(
        method="GET",
        path="/people/{person}/timeline",
        name="person_timeline",
        summary="What somebody did and what concerned them 个人记录",
        tag="tasks",
        run=_person,
        query=TimelineQuery,
        answers=TimelinePage,
    ),
)
