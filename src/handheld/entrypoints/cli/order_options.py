"""What the options of a command say of an order: to whom, which steps, by when, what to report."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple, cast, get_args

import msgspec

import handheld.entrypoints.cli.arguments as arguments
from handheld.domain.errors import Malformed
from handheld.domain.ordering import Order
from handheld.entrypoints.cli.files import read
from handheld.entrypoints.cli.options import (
    AcceptWithin,
    FormFile,
    OnDuty,
    OpenTo,
    RemindAfter,
    RemindEvery,
    RemindMost,
    ReportWithin,
    StepList,
    To,
    ToDepartments,
    ToGroups,
    ToPeople,
    Verified,
)
from handheld_events.division import DivisionKind, Tier
from handheld_events.forms import Form
from handheld_events.orders import ALL_STEPS, DEFAULT_STEPS, Reminding, Step, Steps, Target
from handheld_events.territory import TIERS
from handheld_projections.organisation import Organisation

_DURATION = re.compile(r"([0-9]{1,7}) ?(|s|sec|秒|m|min|分|分钟|h|小时|d|天)")
_SECONDS = {"": 60, "s": 1, "sec": 1, "秒": 1, "m": 60, "min": 60, "分": 60, "分钟": 60}
_SECONDS |= {"h": 3600, "小时": 3600, "d": 86_400, "天": 86_400}


class Whom(NamedTuple):
    """Whom an order is for, as typed: options of a command."""

    to: To = None
    departments: ToDepartments = None
    groups: ToGroups = None
    people: ToPeople = None
    on_duty: OnDuty = False

    def targets(self, organisation: Organisation) -> tuple[Target, ...]:
        """Posts, units and groups. Raises Malformed, NotFound."""
        return (
            *(target(text, organisation, on_duty=self.on_duty) for text in self.to or ()),
            *(
                Target(department=arguments.known_department(text, organisation))
                for text in self.departments or ()
            ),
            *(
                Target(group=arguments.known_group(text, organisation))
                for text in self.groups or ()
            ),
        )

    def named(self, organisation: Organisation) -> tuple[str, ...]:
        """People by name. Raises Malformed, NotFound."""
        return tuple(arguments.known_person(text, organisation) for text in self.people or ())


class How(NamedTuple):
    """How an order is to be carried out, as typed: options of a command."""

    open_to: OpenTo = None
    verify: Verified = False
    steps: StepList = None
    accept_within: AcceptWithin = None
    report_within: ReportWithin = None
    form: FormFile = None
    remind_after: RemindAfter = None
    remind_every: RemindEvery = None
    remind_most: RemindMost = 3


def order_from(text: str, whom: Whom, how: How, organisation: Organisation) -> Order:
    """An order as options give it. Raises Malformed, NotFound."""
    wanted = steps_from(how.steps, how.verify) or DEFAULT_STEPS
    reminding = _reminding(how)
    return Order(
        text=text,
        to=whom.targets(organisation),
        people=whom.named(organisation),
        steps=wanted,
        accept_within=seconds(how.accept_within),
        report_within=seconds(how.report_within),
        form=read_form(how.form) or (),
        open_to=how.open_to,
        remind_accept=reminding,
        remind_report=reminding if "report" in wanted else None,
    )


def steps_from(text: str | None, verify: bool) -> Steps | None:
    """The steps that are named; with `--verify` the report is verified. None where nothing is said.

    Raises Malformed (`usage.steps`).
    """
    if text is None:
        return (*DEFAULT_STEPS, "verify") if verify else None
    found = steps(text)
    return (*found, "verify") if verify and "verify" not in found else found


def read_form(file: Path | None) -> Form | None:
    """A report form from a JSON file. Raises Malformed (`file.*`, `form.file`)."""
    if file is None:
        return None
    try:
        return msgspec.json.decode(read(file), type=Form)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Malformed("form.file", path=str(file), reason=str(error)) from None


def _reminding(how: How) -> Reminding | None:
    after = seconds(how.remind_after)
    if after is None:
        if how.remind_every is not None:
            raise Malformed("usage.remind")
        return None
    every = seconds(how.remind_every)
    return Reminding(after=after, every=after if every is None else every, most=how.remind_most)


def target(text: str, organisation: Organisation | None = None, *, on_duty: bool = False) -> Target:
    """`role`, `role@tier` or `role@tier:kind`, by key or name; of a department: `KEY/role`.

    Raises Malformed (`usage.target`), NotFound (`department.unknown`).
    """
    whose, slash, post = text.strip().replace("：", ":").rpartition("/")
    who, _, where = post.partition("@")
    tier, _, kind = where.partition(":")
    tier, kind = arguments.key_of("tiers", tier), arguments.key_of("kinds", kind)
    tiers, kinds = tuple(TIERS.values()), get_args(DivisionKind)
    right = who and (not where or tier in tiers) and (not kind or kind in kinds)
    unsaid = ("@" in post and not where) or (":" in where and not kind) or (slash and not whose)
    if not right or unsaid:
        raise Malformed("usage.target", text=text, tiers=" ".join(tiers), kinds=" ".join(kinds))
    department = whose or None
    if whose and organisation is not None:
        department = arguments.known_department(whose, organisation)
    return Target(
        role=arguments.role(who),
        tier=cast(Tier, tier) if tier else None,
        kind=cast(DivisionKind, kind) if kind else None,
        department=department,
        on_duty=on_duty,
    )


def steps(text: str) -> Steps:
    """The steps of a task by key or name, with commas between. Raises Malformed (`usage.steps`)."""
    words = [word for word in re.split(r"[,，、 ]+", text.strip()) if word]
    keys = [arguments.key_of("steps", word) for word in words]
    for key, word in zip(keys, words, strict=True):
        if key not in ALL_STEPS:
            raise Malformed("usage.steps", text=word, known=", ".join(ALL_STEPS))
    return tuple(cast(Step, key) for key in keys)


def seconds(text: str | None) -> int | None:
    """A length of time: `45m`, `2h`, `1d`, `90s`, `2小时`; a bare number is minutes.

    Raises Malformed (`usage.duration`).
    """
    if text is None:
        return None
    found = _DURATION.fullmatch(text.strip().lower())
    if found is None:
        raise Malformed("usage.duration", text=text)
    return int(found[1]) * _SECONDS[found[2]]
