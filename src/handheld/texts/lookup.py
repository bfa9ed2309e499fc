"""The texts of one language, by key."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

from handheld.texts.durations import parts
from handheld.texts.language import Language
from handheld.texts.times import shown, shown_clock

_UTC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00")
"""An instant as an error names it; people read it in their zone."""

_FAULTS = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("missing", r"Object missing required field `(?P<field>[^`]*)`"),
        ("unknown", r"Object contains unknown field `(?P<field>[^`]*)`"),
        ("expected", r"Expected `(?P<wanted>[^`]*)`.*, got `(?P<found>[^`]*)`"),
        ("value", r"Invalid (?:enum )?value (?P<found>.*)"),
        ("malformed", r"JSON is malformed: .*\(byte (?P<at>\d+)\)"),
        ("truncated", r"Input data was truncated"),
        ("encoding", r"'utf-8' codec|.*[Ii]nvalid utf-8"),
    )
)
"""How msgspec tells each kind of fault, in messages that have no other form."""


FAULTY = frozenset(
    (
        "plan.file",
        "start.file",
        "form.file",
        "command.fields",
        "request.body",
        "request.query",
    )
)
"""Errors whose reason is a fault as msgspec tells it."""


class Explained(NamedTuple):
    """What is the matter, and what to do."""

    wrong: str
    todo: str


@lru_cache
def load(language: Language) -> Mapping[str, str]:
    """Every text of a language under its full key: `errors.plan.unknown.wrong`.

    A language is a folder of files; a key stands in one of them only.
    """
    flat: dict[str, str] = {}
    for source in sorted(files("handheld.texts").joinpath(language).iterdir(), key=str):
        if source.name.endswith(".toml"):
            _flatten("", tomllib.loads(source.read_text("utf-8")), flat)
    return flat


def _flatten(prefix: str, table: Mapping[str, Any], flat: dict[str, str]) -> None:
    for key, value in table.items():
        if isinstance(value, dict):
            _flatten(f"{prefix}{key}.", value, flat)
        elif prefix + key in flat:
            msg = f"{prefix + key} stands in two files"
            raise ValueError(msg)
        else:
            flat[prefix + key] = value


class _Params(dict[str, object]):
    """A value that nobody gave reads as a question mark: a text is never lost to its values."""

    def __missing__(self, key: str) -> str:
        return "?"


class Texts:
    """The words of one language. A key that has no text raises KeyError: the tests find it."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language
        self._texts = load(language)

    def say(self, key: str, /, **params: object) -> str:
        """The text under a full key, with its values."""
        return self._texts[key].format_map(_Params(params))

    # --- what a code means --------------------------------------------------------------------

    def error(self, code: str, params: Mapping[str, object]) -> Explained:
        """What is wrong and what to do, for the code of an error; an unknown one is named."""
        return self._explained("errors", code, params)

    def row_error(self, code: str, params: Mapping[str, object]) -> Explained:
        """The same for one row of a table, where earlier lines can be named."""
        special = f"rows.{code}.wrong" in self._texts
        return self._explained("rows" if special else "errors", code, params)

    def outcome(self, code: str, params: Mapping[str, object]) -> Explained:
        """What is the matter and what to do, for the code of an answer."""
        return self._explained("outcomes", code, params)

    def _explained(self, table: str, code: str, params: Mapping[str, object]) -> Explained:
        values = {name: self._value(name, value) for name, value in params.items()}
        if code in FAULTY:
            values["reason"] = self.fault(str(params.get("reason", "")))
        if code == "role.unknown":
            values["known"] = self._keyed("roles")
        if code == "division.kind_unknown":
            values["known"] = self._keyed("kinds")
        if code == "division.kind_fixed":
            values |= {name: self.named("kinds", str(values[name])) for name in ("known", "kind")}
        if f"{table}.{code}.wrong" not in self._texts:
            table, code, values = "errors", "unexpected", {"error": code}
        return Explained(
            self.say(f"{table}.{code}.wrong", **values), self.say(f"{table}.{code}.todo", **values)
        )

    def _value(self, name: str, value: object) -> object:
        if name == "person" and isinstance(value, str):
            return value.removeprefix("person-")
        if name == "role" and isinstance(value, str):
            return self.role(value)
        if name in ("desk", "to") and isinstance(value, str):
            return value.removeprefix("department-")
        if isinstance(value, datetime):
            return self.time(value)
        if name == "field":
            return self._texts.get(f"fields.{value}", value)
        if name == "fold" and isinstance(value, str):
            return self.fold(value)
        if name == "check":
            return self._texts.get(f"checks.{value}", value)
        if isinstance(value, str) and _UTC.fullmatch(value):
            return self.time(datetime.fromisoformat(value))
        if isinstance(value, bool):
            return self.say("cli.synthetic" if value else "cli.real")
        return value

    def fault(self, told: str) -> str:
        """What is wrong in a JSON file and where, from what its reader told (in English)."""
        what, _, at = told.partition(" - at ")
        at = at.strip("`") or "$"
        for name, pattern in _FAULTS:
            found = pattern.match(what)
            if found is not None:
                return self.say(f"faults.{name}", **{"at": at, **found.groupdict()})
        return self.say("faults.other", at=at)

    def _keyed(self, table: str) -> str:
        """Every name of a table, with its key where that is another."""
        keys = (key.removeprefix(f"{table}.") for key in self._texts if key.startswith(f"{table}."))
        return self.say("cli.list_comma").join(
            key
            if self.named(table, key).replace(" ", "_") == key
            else f"{self.named(table, key)} ({key})"
            for key in keys
        )

    # --- names of things ----------------------------------------------------------------------

    def field(self, field: str | None) -> str:
        """A field of a form or a column of a table."""
        return self._texts.get(f"fields.{field}", field or "")

    def fold(self, fold: str) -> str:
        """What a fold makes, such as the boards, whatever its version."""
        return self._texts.get(f"folds.{fold.partition('.')[0]}", fold)

    def answer(self, outcome: str) -> str:
        """What became of a command: accepted, already done, overtaken, refused."""
        return self.say(f"answers.{outcome}")

    def state(self, state: str) -> str:
        """A state of a task, as on every board."""
        return self.say(f"states.{state}")

    def stage(self, stage: str) -> str:
        """A step of the funnel."""
        return self.say(f"stages.{stage}")

    def role(self, role: str | None) -> str:
        """A role; one that has no name here is shown by its key."""
        return self._texts.get(f"roles.{role}", role or self.say("cli.by_name"))

    def key(self, table: str, name: str) -> str | None:
        """The key of a name such as 网格长; None where nothing has it."""
        for key, text in self._texts.items():
            if text == name and key.startswith(f"{table}."):
                return key.removeprefix(f"{table}.")
        return None

    def tier(self, tier: str) -> str:
        """A tier."""
        return self.say(f"tiers.{tier}")

    def kind(self, kind: str | None) -> str:
        """What a village-tier division is; nothing for other tiers."""
        return self.say(f"kinds.{kind}") if kind else ""

    def status(self, status: str) -> str:
        """The status of a task force."""
        return self.say(f"statuses.{status}")

    def level(self, level: str | None) -> str:
        """A response level; nothing where there is none."""
        return self.say(f"levels.{level}") if level else ""

    def named(self, table: str, key: str, otherwise: str | None = None) -> str:
        """The name of a value in a table of names; the value itself where it has none."""
        return self._texts.get(f"{table}.{key}", key if otherwise is None else otherwise)

    def satisfaction(self, satisfied: bool) -> str:
        """How somebody rated."""
        return self.say("cli.satisfied" if satisfied else "cli.dissatisfied")

    def topic(self, topic: str, params: Mapping[str, object]) -> str:
        """One line for a timeline."""
        key = f"topics.{topic}"
        return self.say(key, **params) if key in self._texts else topic

    # --- times --------------------------------------------------------------------------------

    def duration(self, seconds: int) -> str:
        """A length of time in words: the two largest units, rounded up."""
        return self.say("units.between").join(
            self.say(f"units.{unit}", n=number) for unit, number in parts(seconds)
        )

    def time(self, moment: datetime) -> str:
        """Date and time in the division's zone."""
        return shown(moment)

    def clock(self, moment: datetime) -> str:
        """The time of day in the division's zone."""
        return shown_clock(moment)
