"""What is marked on a fact: corrected or struck by a later one, too late, or an unlikely time.

Nothing is left out for it: the fact stays as it was, with its mark beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from handheld.application.telling.lines import one_line
from handheld.texts import Texts
from handheld_events.base import Corrected
from handheld_events.envelope import Recorded
from handheld_events.task import TaskOvertaken
from handheld_events.task_force import EntryMade, EntryStruck
from handheld_events.times import Judged, judge

CHANGING = (".corrected.", "task_force.entry_struck.")
"""What the topics of those facts hold that mark earlier ones."""


def changes(topic: str) -> bool:
    """Whether a fact of this topic marks an earlier one."""
    return any(part in topic for part in CHANGING)


class Marks:
    """What facts say of each other, and what their times say."""

    def __init__(self, facts: Iterable[object]) -> None:
        """`facts` that cannot be read, and those that mark nothing, are passed over."""
        self._corrected: dict[str, Corrected] = {}
        self._struck: set[tuple[str, str]] = set()
        self._dispatched: dict[str, datetime] = {}
        for fact in facts:
            if not isinstance(fact, Recorded):
                continue
            event = fact.event
            if fact.version == 1 and fact.stream.startswith("task-"):
                self._dispatched[fact.stream] = fact.recorded_at
            elif isinstance(event, Corrected):
                self._corrected[f"{fact.stream}/{event.version}"] = event
            elif isinstance(event, EntryStruck):
                self._struck.add((fact.stream, event.entry))

    def corrected(self, fact: Recorded[Any]) -> Corrected | None:
        """The latest correction of this fact."""
        return self._corrected.get(fact.event_id)

    def struck(self, fact: Recorded[Any]) -> bool:
        """Whether this fact is an entry that was struck."""
        event = fact.event
        return isinstance(event, EntryMade) and (fact.stream, event.entry) in self._struck

    def judged(self, fact: Recorded[Any]) -> Judged:
        """The time by which the fact is judged, and whether that is the one claimed."""
        not_before = self._dispatched.get(fact.stream) if fact.version > 1 else None
        return judge(fact.meta, fact.recorded_at, not_before)

    def words(self, fact: Recorded[Any], texts: Texts) -> list[str]:
        """The marks of a fact, for people."""
        words = [texts.say("cli.timeline.struck")] if self.struck(fact) else []
        correction = self.corrected(fact)
        if correction is not None:
            if correction.text is not None:
                right = one_line(correction.text)
                words.append(texts.say("cli.timeline.corrected_text", text=right))
            if correction.occurred_at is not None:
                right = texts.time(correction.occurred_at)
                words.append(texts.say("cli.timeline.corrected_time", time=right))
        if isinstance(fact.event, TaskOvertaken):
            words.append(texts.say("cli.timeline.overtaken"))
        at, claim = self.judged(fact)
        if claim != "as_claimed":
            words.append(texts.say(f"cli.timeline.{claim}", time=texts.time(at)))
        return words

    def machine(self, fact: Recorded[Any]) -> dict[str, object]:
        """The marks of a fact, for scripts."""
        marks: dict[str, object] = {}
        if self.struck(fact):
            marks["struck"] = True
        correction = self.corrected(fact)
        if correction is not None:
            marks["corrected"] = msgspec.to_builtins(correction)
        at, claim = self.judged(fact)
        if claim != "as_claimed":
            marks["claim"] = claim
            marks["judged_at"] = at
        return marks
