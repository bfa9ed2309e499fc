"""docs/rules/*.md, made from the rules.

`HANDHELD_WRITE_DOCS=1 pytest tests/domain/test_rules_pages.py` writes them anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handheld.domain import seeing
from handheld.domain.policy import TABLE
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
to verify (待核查), closed (已办结), declined (已退单), withdrawn (已撤回). What was reassigned (转派) or
belonged to a task force started by mistake (误发) is withdrawn. An amended order (变更指令) makes an
open task wait again, to be accepted anew.

Beside the state there are marks. A task that is *delivered* (送达), *read* (已读), *en route* (出发),
*on scene* (到场), *suspended* (挂起), *supervised* (督办), *rated* (评价) or *evaluated* (评单) answers the
same command with "already done"; so does one where the same household visit (走访) was recorded, or
the same extension (延期) given. A suspended task can be resumed, and nobody is reminded of it. *Overdue*
(超期) changes no answer. The tables show the first time.

Some things hold in every state. Only the assignee, or somebody on their behalf (代领办, 代回单), may
deliver, read, accept, decline, set out, be there, visit or report; where a department is called as a
unit, anybody of that department may do all of it but deliver and read. [Who may do the
rest](who-may.md) is one table. Nobody verifies or sends back their own report, moves their own deadline
(suspend, extend), rates or evaluates their own work, reopens it once it is closed, or has their own
task withdrawn or reassigned: they decline. What was declined and is reopened after its time to accept
has as long again. A time before the dispatch is kept, and the answer says so (`task.before_dispatch`). A
correction (更正) is always recorded and changes nothing else.

Four things take more than the task, and are not in the tables:

- A task that is open to a group (待抢办) is accepted while places are left; then whatever would accept
  it is **overtaken** `task.claimed_by_others`. Whoever has a place and declines gives it back.
- A report is held against the form that the order has; a household visited before counts for it.
- Reassign: waiting, in progress and declined tasks. Refused for what is reported (`task.reported`:
  send it back first) and for a person who still has a task of the order (`task.has_one`).
- Pass on (下派): waiting tasks, which are accepted by it, and those in progress. The task stays in
  progress, and the official answerable.

What becomes due (overdue marks, reminders, escalations, the end of a suspension) is decided for up to
256 tasks of a task force at once, each on its own state: one for which it no longer holds is passed
over, and where none is left it is already done (`tasks.nothing_due`).
"""

TASK_FORCE = """\
# What may happen to a task force

A task force (专班) is active, stood down (终止响应), closed (办结), or cancelled as a start by mistake
(撤销). Standing down takes no new orders and withdraws what nobody had accepted; what is under way
goes on and can still be reported. Messages (消息), entries (记事) and corrections (更正) can be made at
any time, after the close too: the record goes on. A late rating (评价) never holds up a close or an
archive; whoever commands neither rates nor evaluates what they led.

Who may start one is a rule: the command room of a district anywhere, that of a township in its
territory; others ask (`start.ask`). The same plan is not started twice in a division while the first
runs, unless that is confirmed (`start.running`). [Who may do the rest](who-may.md) is one table. Command
(指挥) is handed over until the close. With an order go those passed on from it (下派).

Raising the response level (升级) calls the waves of the plan up to the new level, each time anew;
lowering it (降级) releases those of its tasks that nobody had accepted. What a plan calls again and
again comes at its time while the task force is active; what was missed meanwhile is counted, not
made up for. Whoever has an open task of an amended order (变更指令) accepts it anew: by the deadlines
of the amendment, else by those of the order, or within as long again where these have passed.

In this table four tasks are open where a command looks at tasks: two waiting, one in progress, one to
verify. Those waiting are open to a group where it says "place".
"""

_READINGS: Mapping[seeing.Reading, str] = {
    "task_force": "a task force: title, place, level, state",
    "task_force.timeline": "its timeline",
    "task_force.late": "its open and late tasks, with names",
    "order": "an order of it",
    "entry": "an entry",
    "message": "a message to all",
    "message.unit": "a message to one unit",
    "task": "a task: its text and state",
    "task.history": "its history",
    "board.division": "the tier board of a division",
    "board.department": "the board of a department",
    "board.grid": "the board of a grid, with households",
    "late": "the open and late tasks of a division, with names",
    "finding": "a finding",
    "warning": "a warning",
    "plan": "a plan",
    "organisation": "divisions, departments, posts: without names",
    "person.name": "somebody's name",
    "person.phone": "somebody's telephone number",
    "inbox": "an inbox",
    "score": "somebody's score in a post",
}

_ORDERS: Mapping[Steps, str] = {
    ("accept",): "An order that asks for acceptance only",
    ("accept", "report"): "An order that asks for acceptance and a report (the usual one)",
    ("accept", "report", "verify"): "An order whose reports are verified",
    ("accept", "on_scene"): "An order that asks to be there, without a report",
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


WHO_MAY = """\
# Who may do what

Any of the relations in a line is enough. It is asked of whoever acts, never of those for whom they say
that they act. The operator and processes may whatever a person may, but for what a phone alone can say.
Other systems may only what [their register](../receiving.md) names, of these at most:
`warning.receive_cap`, `warning.raise`, `finding.report`, `task_force.start`.
What the state allows is told by the pages on [tasks](task.md) and [task forces](task-force.md). Who
may see what is [another table](who-may-see.md).

| relation | who that is |
|---|---|
| assignee | the task is theirs |
| unit | they hold a post of the department that is called as a unit |
| helper | on behalf (代领办, 代回单): officials, team leaders and grid heads there or above; who steers it |
| directs | who commands, a command room of the place or above, the lead department |
| giver | who gave the order by itself, or has the task from which it was passed on |
| official above | an official of the task's division or of one above it |
| department | commands the assignee's department, unless the assignee is stationed elsewhere (派驻) |
| reporter | reported the finding that it is about |
| commander | commands the task force |
| command room | of a district or township, in its territory |
| official there | an official, or a person of a department, where the task force is at work |
| finding official | the same, of an order about a finding whose giver is not known |
| member | has or had a task, commands or commanded, was pulled in |
| asked | holds a post of the unit that was asked |
| process | no person: what falls due by itself, what machines or the operator take in |
| finder | any registered person, or who speaks for them; of what was found on a task, its assignee |
| for reporter | who reported the finding, or who speaks for them: the operator, too, only so |
| desk | decides where the finding lies: people of that division or department, command above it |
| roster | the command room of the post's territory; of a post of a department, who commands that |
| on duty | is on duty in the post; where nobody is, whoever holds it |
| above post | commands above the duty post: a tier above, its commander, the head of its department |
| whose turn | the turn is theirs |

Officials, team leaders and grid heads of a place or above it speak for people who found something there.
A group that moves from one division to another is asked about in both, and so is a plan. A warning is
asked about in every division that it is for, and in those that it is given; one that nobody has placed
yet, at a district. Somebody is erased by the command room of the district of the post that they took
first.
"""

WHO_MAY_SEE = """\
# Who may see what

Any of the standings in a line is enough; where somebody has several, the widest view is theirs. What is
hidden is answered exactly as what there is not. It is asked at every read and at every push, of the posts
that people hold then: a post that was left opens nothing any more, not even of its own time. A page of a
register is its rows, each asked by itself. Processes and the operator see everything; whoever is not
registered, or was erased, nothing. [Who may do what](who-may.md) is another table: whoever may act on
something sees it.

A view is whole, or a part: of what lies above them officials see what is in their territory, departments
what their own people do, and of what has no place of its own (title, orders, entries, messages to
all) everything. Whoever was pulled in to see it from then on sees nothing of the time before, nor the
boards of that time. An analyst whose account allows names sees those, too, of everybody; never a telephone
number.

| standing | who that is |
|---|---|
| self | it is theirs: their task, inbox, score, name; the words that they wrote |
| unit | they hold a post of the department that is called as a unit |
| directs | who commands, a command room of the place or above, the lead department |
| over | an official, village-team leader or grid head of the place or of one above it |
| official | an official of the place or of one above it |
| under | an official, village-team leader or grid head of a place below: their part |
| department there | holds a post of a department that serves where it is: their part |
| department | answers for the department (head, officer, on duty), wherever its person serves |
| department home | the same, unless the person is stationed elsewhere (派驻) |
| called | answers for a department that leads or responds |
| member | commands or commanded, was pulled in; of those who only have a task, officials and departments |
| assignee | has or had a task of it |
| giver | who gave the order by itself, or has the task from which it was passed on |
| reporter | reported the finding that it is, or that it is about |
| desk | decides where the finding lies, or where it has lain |
| asked | holds a post of the unit that was asked or told |
| room | a command room of the division, or of one above it |
| told | has a task: of who ordered it and who commands |
| superior | of the officials, team leaders and grid heads of one's own places and those above |
| analyst | an account for analysis: without names, unless the account allows them |
| anybody | whoever is registered |
"""


def who_may_page() -> str:
    lines = "\n".join(
        f"| `{action.__struct_config__.tag}` | {', '.join(r.replace('_', ' ') for r in relations)} |"
        for action, relations in TABLE.items()
    )
    return f"{MADE}\n{WHO_MAY}\n| command | who may |\n|---|---|\n{lines}\n"


def who_may_see_page() -> str:
    """docs/rules/who-may-see.md."""
    lines = "\n".join(
        f"| {_READINGS[reading]} | {', '.join(s.replace('_', ' ') for s in standings)} |"
        for reading, standings in seeing.TABLE.items()
    )
    return f"{MADE}\n{WHO_MAY_SEE}\n| what | who sees it |\n|---|---|\n{lines}\n"


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
