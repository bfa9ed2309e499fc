"""Group commit, as every adapter does it: check all, then write the rest.

The checks are the same for each log; how to look things up and how to insert is the adapter's.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from handheld.application.ports import CommandKey, Conflict, Decided, Reused, Verdict, Written


class KnownCommand(NamedTuple):
    """A line of the table of commands."""

    body_hash: bytes
    written: Written


def answer_known(
    keys: Sequence[CommandKey], known: Mapping[tuple[str, str], KnownCommand]
) -> dict[tuple[str, str], Verdict]:
    """What was answered before to those of the commands that came before."""
    answers: dict[tuple[str, str], Verdict] = {}
    for key in keys:
        line = known.get((key.actor, key.command))
        if line is not None:
            same = line.body_hash == key.body_hash
            answers[key.actor, key.command] = (
                line.written._replace(repeated=True) if same else Reused()
            )
    return answers


def streams_of(decisions: Sequence[Decided]) -> set[str]:
    """Every stream that the decisions read or write."""
    streams = {stream for decision in decisions for stream, _ in decision.reads}
    streams.update(row[0] for decision in decisions for row in decision.rows)
    return streams


def read_only_versions(decisions: Sequence[Decided]) -> dict[str, int] | None:
    """The versions expected of streams that are read and not written.

    None where the decisions do not agree on them: then they are checked one by one.
    """
    expected: dict[str, int] = {}
    for decision in decisions:
        for stream, version in decision.reads:
            if expected.setdefault(stream, version) != version:
                return None
    if expected:
        for decision in decisions:
            for row in decision.rows:
                if row[0] in expected:
                    return None
    return expected


def check_one_by_one(
    decisions: Sequence[Decided],
    versions: Mapping[str, int],
    answered: Mapping[tuple[str, str], Verdict],
) -> tuple[list[Verdict | None], list[int]]:
    """Hold each decision against the versions, in order, each seeing those before it.

    Gives a verdict for those that are not to be written, and the indexes of those that are. What
    rests on a decision that is not written is not written either, although somebody else's fact may
    have the very version that it expected.
    """
    now = dict(versions)
    unwritten: set[tuple[str, int]] = set()
    seen: set[tuple[str, str]] = set()
    verdicts: list[Verdict | None] = []
    survivors: list[int] = []
    for index, decision in enumerate(decisions):
        key = (decision.key.actor, decision.key.command)
        verdict = answered.get(key)
        if verdict is None:
            verdict = _against(decision, now, unwritten)
        if verdict is None and key in seen:
            verdict = Conflict(decision.rows[0][0] if decision.rows else key[1])
        verdicts.append(verdict)
        if verdict is None:
            seen.add(key)
            survivors.append(index)
            for stream, version, _, _ in decision.rows:
                now[stream] = version
        else:
            unwritten.update((stream, version) for stream, version, _, _ in decision.rows)
    return verdicts, survivors


def _against(
    decision: Decided, now: Mapping[str, int], unwritten: Collection[tuple[str, int]]
) -> Verdict | None:
    for stream, version in decision.reads:
        if now.get(stream, 0) != version or (stream, version) in unwritten:
            return Conflict(stream)
    follows: dict[str, int] = {}
    for stream, version, _, _ in decision.rows:
        if follows.get(stream, now.get(stream, 0)) != version - 1:
            return Conflict(stream)
        if stream not in follows and (stream, version - 1) in unwritten:
            return Conflict(stream)
        follows[stream] = version
    return None


def spans(
    decisions: Sequence[Decided], indexes: Collection[int], end: int, recorded_us: int
) -> list[Written]:
    """The answers of those written, their rows numbered on from `end`, one after the other."""
    answers: list[Written] = []
    for index in indexes:
        decision = decisions[index]
        count = len(decision.rows)
        first, last = (end + 1, end + count) if count else (None, None)
        answers.append(Written(decision.outcome, decision.code, first, last, recorded_us))
        end += count
    return answers
