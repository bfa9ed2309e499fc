"""What a fact holds, as the values that the line of a timeline names."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from handheld.application.names import Names
from handheld.application.ports import Log
from handheld.application.telling.form_labels import FormLabels
from handheld.application.telling.lines import number
from handheld.texts import Texts
from handheld_events.base import Corrected
from handheld_events.forms import Filled
from handheld_events.orders import PlanOrder, Steps, Vacancy
from handheld_events.plan import PlanAdopted
from handheld_events.task import TaskOvertaken
from handheld_events.warning import WarningContent
from handheld_projections.organisation import Organisation

SHOWN = 6
"""So many divisions or posts are named; more are counted."""

TOLD = frozenset(
    {
        "subject",
        "count",
        "note",
        "right",
        "extra",
        "skipped_note",
        "until_note",
        "satisfied_note",
        "when",
        "places",
    }
)
"""Values that no event has as a field; besides, each field may end in one of ENDINGS."""
ENDINGS = ("_name", "_names", "_time", "_count")

_TABLES = {
    "awaited": "steps",
    "posture": "postures",
    "part": "parts",
    "source": "sources",
    "sees": "sees",
    "did": "did",
    "rung": "rungs",
    "result": "notice_results",
}
"""Fields whose values have names in a table of the texts."""


class Telling:
    """Says in words what facts hold, with the names of people, departments and divisions."""

    def __init__(
        self, texts: Texts, names: Names, organisation: Organisation, log: Log | None = None
    ) -> None:
        """With a log, what a report form asks is called as the form calls it."""
        self._labels = FormLabels(log)
        self._texts = texts
        self._names = names
        self._divisions = organisation.divisions
        self._departments = organisation.departments
        self._plans = organisation.plans

    # --- names of things --------------------------------------------------------------------------

    def division(self, code: str) -> str:
        """The name of a division; its code where it is not registered."""
        known = self._divisions.get(code)
        return known.name if known else code

    def department(self, key: str | None) -> str:
        """The name of a department; its key where it is not registered."""
        known = self._departments.get((key or "").removeprefix("department-"))
        return known.name if known else key or ""

    def unit(self, name: str) -> str:
        """A person, a department or a division by name."""
        if name.startswith("person-"):
            return self._names.label(name)
        if name.startswith("department-"):
            return self.department(name)
        return self.division(name)

    def steps(self, steps: Steps) -> str:
        """The steps of a task in words."""
        return self._joined(self._texts.say(f"steps.{step}") for step in steps)

    def vacancies(self, event: object) -> str:
        """The vacant posts for which the assignee of a dispatch stands in."""
        vacant: tuple[Vacancy, ...] = getattr(event, "instead_of", ())
        return self.posts(vacant)

    def posts(self, vacant: tuple[Vacancy, ...]) -> str:
        """Vacant posts, the first by name."""
        posts = [f"{self.division(v.division)} {self._texts.role(v.role)}" for v in vacant[:SHOWN]]
        return self._joined(posts) + self._more(len(vacant))

    def _joined(self, words: Iterable[str]) -> str:
        return self._texts.say("cli.list_comma").join(words)

    def _more(self, count: int) -> str:
        return self._texts.say("cli.and_more", count=number(count)) if count > SHOWN else ""

    # --- values -----------------------------------------------------------------------------------

    def params(self, fact: Any) -> dict[str, object]:
        """Every value that the line of this fact may name."""
        event = fact.event
        params = self._of(event)
        if fact.person is not None:
            params["subject"] = self._names.label(fact.person)
        text = getattr(event, "text", None) or getattr(event, "note", None)
        params["note"] = f"{self._texts.say('cli.colon')}{text}" if text else ""
        params["extra"] = self._extra(event, fact.task_force)
        params["skipped_note"] = self._noted("skipped", getattr(event, "skipped", 0))
        until = getattr(event, "until", None)
        params["until_note"] = self._noted("until", until and self._texts.time(until))
        satisfied = getattr(event, "satisfied", None)
        params["satisfied_note"] = (
            "" if satisfied is None else f"{self._texts.say('cli.comma')}{params['satisfied_name']}"
        )
        if isinstance(event, PlanAdopted):
            params["count"] = len(event.orders)
        if isinstance(event, Corrected):
            params["right"] = self._right(event)
        if isinstance(event, TaskOvertaken):
            params["because_name"] = self._because(event)
        return params

    def _of(self, held: msgspec.Struct) -> dict[str, object]:
        params: dict[str, object] = {}
        for name in held.__struct_fields__:
            value = getattr(held, name)
            match value:
                case WarningContent():
                    params |= self._of(value)
                    params["places"] = params["divisions_names"]
                case PlanOrder():
                    params |= {
                        "text": value.text,
                        "key": value.key,
                        "when": self._when(value, held),
                    }
                case datetime():
                    params[f"{name}_time"] = self._texts.time(value)
                case tuple():
                    params[f"{name}_count"] = number(len(value))
                    params[f"{name}_names"] = self._tuple(value)
                case bool() | None:
                    params[name] = value
                    params[f"{name}_name"] = self._flag(name, value)
                case int():
                    params[name] = number(value)
                case str():
                    params[name] = self._reason(value) if name == "reason" else value
                    if name != "name":
                        params[f"{name}_name"] = self._name(name, value)
                case _:
                    pass
        return params

    def _name(self, field: str, value: str) -> str:
        texts = self._texts
        if field in _TABLES:
            return texts.named(_TABLES[field], value)
        if field in ("level", "before"):
            return texts.named("levels", value, texts.named("warning_levels", value))
        if field == "role":
            return texts.role(value)
        if field == "department":
            return self.department(value)
        if field == "plan":
            plan = self._plans.get(value)
            return plan.edition.title if plan else value.removeprefix("plan-")
        return self.unit(value)

    def _flag(self, field: str, value: bool | None) -> str:
        if field == "satisfied":
            return "" if value is None else self._texts.satisfaction(value)
        if field == "arrived":
            return self._texts.say(f"notice_answers.{'arrived' if value else 'lost'}")
        if field in ("level", "before"):
            return self._texts.say("cli.no_level")
        return self._texts.role(None) if field == "role" else ""

    def _tuple(self, values: tuple[object, ...]) -> str:
        if not all(isinstance(value, str) for value in values):
            return ""
        return self._joined(self.unit(str(v)) for v in values[:SHOWN]) + self._more(len(values))

    def _reason(self, reason: str) -> str:
        """A reason that the system itself gave is a code, and has its words."""
        return self._texts.named("reasons", reason)

    def _when(self, order: PlanOrder, held: Any) -> str:
        if held.at is not None:
            return self._texts.say("cli.when.at", time=self._texts.time(held.at))
        return self._texts.say("cli.when.level", level=self._texts.level(order.level))

    def _extra(self, event: object, task_force: str | None) -> str:
        said: list[str] = []
        filled = getattr(event, "filled", None)
        if isinstance(filled, Filled):
            said += self._labels.told(task_force or "", filled)
        photos = getattr(event, "photos", ())
        if photos:
            said.append(self._texts.say("cli.tasks.photos", count=len(photos)))
        vacant = getattr(event, "instead_of", ())
        if vacant:
            said.append(self._texts.say("cli.start.stands_in", posts=self.posts(vacant)))
        return self._texts.say("cli.aside", text=self._joined(said)) if said else ""

    def _noted(self, key: str, value: object) -> str:
        return self._texts.say(f"cli.{key}_note", **{key: value}) if value else ""

    def _because(self, event: TaskOvertaken) -> str:
        texts = self._texts
        if event.because == "reported":
            return texts.stage("reported")
        if event.because == "claimed":
            return texts.say("cli.claimed_by_others")
        return texts.state(event.because)

    def _right(self, event: Corrected) -> str:
        texts = self._texts
        words = "" if event.text is None else texts.say("cli.right_text", text=event.text)
        if event.occurred_at is not None:
            words += texts.say("cli.right_time", time=texts.time(event.occurred_at))
        return words
