"""What an order must be to make sense, whether a plan foresees it or somebody gives it ad hoc."""

from __future__ import annotations

from itertools import pairwise

from handheld.domain.errors import Malformed
from handheld.domain.words import check_words
from handheld_events.forms import Form, FormField
from handheld_events.ids import is_key
from handheld_events.orders import ALL_STEPS, PlanOrder, Reminding, Steps, Wartime

MINUTE = 60
LONGEST_DEADLINE = 366 * 86_400
LONGEST_WAIT = 31 * 86_400
"""Seconds. What is called later than this, or more rarely, is another plan."""
MOST_FIELDS = 12
"""A form is filled in on a phone, perhaps with wet hands."""
MOST_CHOICES = 20
MOST_REMINDERS = 10


def check_order(order: PlanOrder) -> None:
    """An order makes sense, apart from whom it is for.

    Raises Malformed (`words.missing`, `words.too_long`, `order.*`, `form.*`).
    """
    check_words(text=order.text)
    check_steps(order.steps)
    check_seconds(order)
    check_form(order.key, order.form)
    if order.form and "report" not in order.steps:
        raise Malformed("order.form_unreported", order=order.key)
    if order.open_to is not None and order.open_to < 1:
        raise Malformed("order.open_to", order=order.key, open_to=order.open_to)
    check_reminding(order.key, order.remind_accept)
    check_reminding(order.key, order.remind_report)
    if order.remind_report is not None and "report" not in order.steps:
        raise Malformed("order.remind_unreported", order=order.key)
    if order.wartime is not None:
        _check_wartime(order, order.wartime)


def check_steps(steps: Steps) -> None:
    """A task begins with acceptance and takes its steps in their order; what is verified was reported.

    Raises Malformed (`order.steps`).
    """
    places = [ALL_STEPS.index(step) for step in steps]
    in_order = all(before < after for before, after in pairwise(places))
    begins = steps[:1] == ("accept",)
    if not (begins and in_order) or ("verify" in steps and "report" not in steps):
        raise Malformed("order.steps", steps=", ".join(steps) or "-", known=", ".join(ALL_STEPS))


def check_seconds(order: PlanOrder) -> None:
    """Deadlines lie between a minute and a year, later calls between a minute and 31 days.

    Raises Malformed (`order.deadline`, `order.later`).
    """
    _check_deadlines(order.key, order.accept_within, order.report_within)
    for seconds in (order.after, order.every):
        if seconds is not None and not MINUTE <= seconds <= LONGEST_WAIT:
            raise Malformed("order.later", order=order.key, seconds=seconds)


def check_reminding(order: str, reminding: Reminding | None) -> None:
    """Reminders come after a minute at the least, a minute apart, ten at the most.

    Raises Malformed (`order.reminding`).
    """
    if reminding is None:
        return
    for seconds in (reminding.after, reminding.every):
        if not MINUTE <= seconds <= LONGEST_WAIT:
            raise Malformed("order.reminding", order=order, seconds=seconds)
    if not 1 <= reminding.most <= MOST_REMINDERS:
        raise Malformed("order.reminders", order=order, most=reminding.most, limit=MOST_REMINDERS)


def check_form(order: str, form: Form) -> None:
    """A report form is short, each field has a key of its own, and says what its kind needs.

    Raises Malformed (`form.too_long`, `form.key`, `form.key_twice`, `form.choices`, `form.most`,
    `form.misplaced`, `words.missing`, `words.too_long`).
    """
    if len(form) > MOST_FIELDS:
        raise Malformed("form.too_long", order=order, count=len(form), limit=MOST_FIELDS)
    seen: set[str] = set()
    for field in form:
        if not is_key(field.key):
            raise Malformed("form.key", order=order, key=field.key)
        if field.key in seen:
            raise Malformed("form.key_twice", order=order, key=field.key)
        seen.add(field.key)
        check_words(label=field.label, unit=field.unit)
        _check_field(order, field)


def _check_deadlines(order: str, *deadlines: int | None) -> None:
    for seconds in deadlines:
        if seconds is not None and not MINUTE <= seconds <= LONGEST_DEADLINE:
            raise Malformed("order.deadline", order=order, seconds=seconds)


def _check_field(order: str, field: FormField) -> None:
    if field.kind == "choice":
        unlike = set(field.choices)
        if not 2 <= len(unlike) == len(field.choices) <= MOST_CHOICES:
            raise Malformed("form.choices", order=order, key=field.key, limit=MOST_CHOICES)
        for choice in field.choices:
            check_words(choice=choice)
    elif field.choices:
        raise Malformed("form.misplaced", order=order, key=field.key, kind=field.kind)
    if field.kind == "number":
        if field.most is not None and field.most < 1:
            raise Malformed("form.most", order=order, key=field.key, most=field.most)
    elif field.most is not None or field.unit is not None:
        raise Malformed("form.misplaced", order=order, key=field.key, kind=field.kind)


def _check_wartime(order: PlanOrder, wartime: Wartime) -> None:
    """In wartime deadlines differ and steps are left out; none is added."""
    _check_deadlines(order.key, wartime.accept_within, wartime.report_within)
    if wartime.steps is not None:
        check_steps(wartime.steps)
        if not set(wartime.steps) <= set(order.steps):
            raise Malformed("order.wartime_steps", order=order.key, steps=", ".join(wartime.steps))
