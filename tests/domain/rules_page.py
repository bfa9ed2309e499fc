"""docs/rules/*.md, made from the rules.

`HANDHELD_WRITE_DOCS=1 pytest tests/domain/test_rules_pages.py` writes them anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handheld_events.orders import Steps
from tests.domain.task import table as tasks
from tests.domain.task_force import table as task_forces
from tests.support_rules import ALL_STEPS

MADE = (
    "<!-- Made from the rules: HANDHELD_WRITE_DOCS=1 pytest tests/domain/test_rules_pages.py -->\n"
)

READING = """\
How to read a cell:

- **bold words** are the facts that are recorded, in this order.
- *already done* means that the state is as asked: nothing is recorded, and nobody is troubled.
- **overtaken** means that somebody did it, perhaps without signal, after the task had ended. It is
  recorded and shown as such, without effect: their words are not lost.
- *refused* means that the state does not allow it. Nothing is recorded in the stream; the answer
  is kept with the command.

The word in `code` is the stable code of the answer. Its texts for people are in `handheld.texts`.
"""

TASK = """\
# What may happen to a task

A task (任务) is in one of six states, which exclude each other: waiting (未领办), in progress (办理中),
to verify (待核查), closed (已办结), declined (已退单), withdrawn (已撤回). *Delivered* (送达) and *read*
(已读) are marks beside the state: they change no other answer. The tables show the first time; the
second is already done (`task.delivered`, `task.read`).

Some things hold in every state. Only the assignee, or somebody on their behalf (代领办, 代回单), may
deliver, read, accept, decline or report; the assignee may not verify their own report. A correction
(更正) is always recorded and changes nothing else.
"""

TASK_FORCE = """\
# What may happen to a task force

A task force (专班) is active, stood down (终止响应) or closed (办结). Standing down takes no new orders
and withdraws what nobody had accepted; what is under way goes on and can still be reported. Entries
(记事) and corrections (更正) can be made at any time, after the close too: the record goes on.

In this table four tasks are open where it says "tasks open": two waiting, one in progress, one to
verify.
"""

_ORDERS: Mapping[Steps, str] = {
    ("accept",): "An order that asks for acceptance only",
    ("accept", "report"): "An order that asks for acceptance and a report (the usual one)",
    ("accept", "report", "verify"): "An order whose reports are verified",
}


def task_page() -> str:
    """docs/rules/task.md."""
    answers = tasks.all_answers()
    parts = [MADE, TASK, READING]
    for steps in ALL_STEPS:
        states = [state.label for state in tasks.STATES[steps]]
        columns = {
            state: [answers[steps, state, asked.label] for asked in tasks.COMMANDS]
            for state in states
        }
        parts.append(f"## {_ORDERS[steps]}\n")
        parts.append(_table([asked.label for asked in tasks.COMMANDS], _merged(columns)))
    parts.append("## What is an error in every state\n")
    parts.append(
        _list(
            {
                asked.label: tasks.in_words(tasks.answer(tasks.reach(ALL_STEPS[2]), asked))
                for asked in tasks.WRONG
            }
        )
    )
    parts.append("A task that there is not: NotFound `task.unknown`.\n")
    return "\n".join(parts)


def task_force_page() -> str:
    """docs/rules/task-force.md."""
    answers = task_forces.all_answers()
    columns = {
        state: [answers[state, asked.label] for asked in task_forces.COMMANDS]
        for state in task_forces.STATES
    }
    active = task_forces.reach(task_forces.STATES["active"])
    wrong = {
        asked.label: task_forces.in_words(task_forces.answer(active, asked))
        for asked in (*task_forces.WRONG, *task_forces.WRONG_WHILE_ACTIVE)
    }
    return "\n".join(
        (
            MADE,
            TASK_FORCE,
            READING,
            _table([asked.label for asked in task_forces.COMMANDS], _merged(columns)),
            "## What is an error while it is active\n",
            _list(wrong),
            "A task force that there is not: NotFound `task_force.unknown`.\n",
        )
    )


def _merged(columns: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    """States that answer alike share a column."""
    merged: dict[tuple[str, ...], list[str]] = {}
    for state, cells in columns.items():
        merged.setdefault(tuple(cells), []).append(state)
    return {_heading(states): cells for cells, states in merged.items()}


def _heading(states: Sequence[str]) -> str:
    """`declined` for "declined", "declined after acceptance"; else all of them."""
    first = states[0]
    if all(state.startswith(first) for state in states):
        return first
    return ", ".join(states)


def _table(rows: Sequence[str], columns: Mapping[str, Sequence[str]]) -> str:
    lines = ["| | " + " | ".join(columns) + " |", "|---" * (len(columns) + 1) + "|"]
    for n, row in enumerate(rows):
        lines.append(f"| {row} | " + " | ".join(cells[n] for cells in columns.values()) + " |")
    return "\n".join(lines) + "\n"


def _list(items: Mapping[str, str]) -> str:
    return "\n".join(f"- {label}: {words}" for label, words in items.items()) + "\n"
