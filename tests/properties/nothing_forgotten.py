"""What must not be left undone when the reactions have run: counted from the facts, naively."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from handheld_events.orders import Reminding
from handheld_projections.organisation import Post
from tests.properties.history import History
from tests.properties.told_task import ToldTask


def forgotten(history: History, now: datetime) -> list[str]:
    """What is due at an instant and has not been done, in words."""
    found = []
    for told in history.tasks.values():
        found += [f"{told.stream}: {what}" for what in _of_task(history, told, now)]
    for force in history.forces.values():
        for order, claimed in force.claimed.items():
            filled = len(claimed) == force.orders[order].open_to
            found += [
                f"{told.stream} waits for a place of {order}"
                for told in history.tasks.values()
                if filled and told.order == order and told.open and told.unclaimed
            ]
    found += [
        f"{told.stream} is over"
        for told in history.warnings.values()
        if told.status == "in_force"
        and told.content.expires is not None
        and told.content.expires <= now
    ]
    return found + [f"{post} of {who}" for post, who in _turns(history, now)]


def _turns(history: History, now: datetime) -> Iterator[tuple[Post, str]]:
    """Those whose turn it is, and who are not on duty."""
    for post, shifts in history.rosters.items():
        if post.department in history.dissolved:
            continue
        for shift in shifts:
            if not shift.begins <= now < shift.ends or post not in history.posts()[shift.person]:
                continue
            person, at = history.duty.get(post, ("", None))
            settled = at is not None and at >= shift.begins
            if not settled and person != shift.person:
                yield post, shift.person


def _of_task(history: History, told: ToldTask, now: datetime) -> list[str]:
    if told.status not in ("waiting", "in_progress"):
        return []
    if told.suspended is not None:
        until = told.suspended[1]
        return ["goes on"] if until is not None and until <= now else []
    found = []
    waiting = told.status == "waiting"
    accept_by, report_by = history.accept_by(told), history.report_by(told)
    if not (told.unclaimed and waiting):
        if waiting and accept_by is not None and accept_by <= now and "accept" not in told.overdue:
            found.append(f"overdue to accept since {accept_by}")
        if report_by is not None and report_by <= now and "report" not in told.overdue:
            found.append(f"overdue to report since {report_by}")
    order = history.forces[told.task_force].orders[told.order]
    rule = order.remind_accept if waiting else order.remind_report
    return found + ([] if rule is None else _chased(told, rule, now))


def _chased(told: ToldTask, rule: Reminding, now: datetime) -> list[str]:
    first, every = told.since + timedelta(seconds=rule.after), timedelta(seconds=rule.every)
    if told.reminded < rule.most:
        at = first + every * told.reminded
        return [f"reminder {told.reminded + 1}"] if at <= now else []
    tiers = max((len(told.division) - 6) // 3, 1)
    if told.escalated < tiers and not (told.unclaimed and told.status == "waiting"):
        at = first + every * (rule.most + told.escalated)
        return [f"escalation {told.escalated + 1}"] if at <= now else []
    return []
