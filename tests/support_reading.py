"""The workshop story, and a second task force with what the first has not, to be looked at by all.

All people are synthetic.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from handheld.bootstrap import Home
from handheld.demo.stage import Stage
from handheld.demo.workshop import ORIGIN, SCENES
from handheld.demo.workshop_cast import (
    DISTRICT,
    ENFORCEMENT,
    GRID,
    TOWNSHIP,
    VILLAGE,
    Cast,
    cast,
    prepare,
)
from handheld.demo.workshop_play import Play
from handheld.domain.directing import AmendOrder
from handheld.domain.joining import PullIn
from handheld.domain.ordering import IssueOrder, Order
from handheld.domain.register import (
    Contact,
    DivisionRow,
    ErasePerson,
    ImportDivisions,
    ImportPeople,
    PersonRow,
)
from handheld.domain.seeing import Viewer
from handheld.domain.starting import StartAdHoc
from handheld.domain.task_commands import Accept, CorrectTask, Decline, Report, Visit
from handheld.domain.task_force import MakeEntry, SendMessage, StrikeEntry
from handheld_events.codec import Reading
from handheld_events.envelope import Recorded
from handheld_events.forms import Filled, FormField, Photo
from handheld_events.ids import TaskIds, entry_id, order_id, task_force_id
from handheld_projections.organisation import Organisation, Post

__all__ = ["DISTRICT", "ENFORCEMENT", "GRID", "TOWNSHIP", "VILLAGE", "Town", "town"]

SEED = 20210518
ANALYST = "person-SYN-AN"
"""Of the neighbouring district: nothing here is theirs by their post."""
PHOTO = "ab" * 32
FORM = (
    FormField(key="moved", label="转移人数", kind="number", unit="人"),
    FormField(key="left", label="还缺什么", kind="text", required=False),
    FormField(key="seen", label="走访", kind="visits", required=False),
)
SAID = {
    "order": "请逐户转移到村小学，带好被褥。",
    "amended": "改到镇中学，不要带牲畜。",
    "changed": "村小学漏雨，住不下人。",
    "entry": "第一批已经到镇中学了。",
    "struck": "听说桥断了一半。",
    "why_struck": "没有的事，是误传。",
    "to_all": "请各组每小时报一次人数。",
    "to_unit": "你们派两个人守桥头。",
    "report": "转移三十一人，老陈家不肯走。",
    "left": "缺被子二十床。",
    "right": "是三十二人，漏数一人。",
    "why_right": "点名时漏了一个孩子。",
    "done": "劝了两次，答应下午走。",
    "declined": "人在外地，赶不回来。",
    "later": "天黑前必须全部转移完。",
}
"""All words that people wrote in the second task force."""


class Town(NamedTuple):
    """What was played, and who and what is in it."""

    home: Home
    people: Cast
    workshop: str
    """The task force of the story; it is closed."""
    finding: str
    """That of the story."""
    flood: str
    """The second task force; it is active."""
    order: str
    """Its order to the village's cadres and contacts, amended once."""
    entry: str
    struck: str
    erased: str
    """A household contact of another village who had a task of it and was erased."""
    erased_name: str
    newcomer: str
    """A commander of another township, who was pulled in and sees it from then on."""
    joined_at: int
    """The position at which that was recorded."""

    @property
    def organisation(self) -> Organisation:
        return self.home.organisation.known()

    def task(self, person: str, order: str | None = None) -> str:
        return TaskIds(order or self.order).of(person)

    def facts(self) -> list[Recorded[Any]]:
        fact = Reading().fact
        return [fact(*row) for row in self.home.log.read(0, 1_000_000)]

    def everybody(self) -> list[str]:
        return sorted(self.organisation.people)

    def names_and_phones(self) -> set[str]:
        """Every name and telephone number that there is, and was."""
        found = set[str]()
        for person in self.organisation.people.values():
            for sealed in (person.name, person.phone):
                text = None if sealed is None else self.home.keyring.open(sealed)
                if text is not None:
                    found.add(text)
        return found

    def viewers(self) -> list[Viewer]:
        """One of each kind, and the two kinds of analysts."""
        people, organisation = self.people, self.organisation
        chosen = [
            *(person for person in people if isinstance(person, str)),
            *people.enforcers,
            *people.stationed,
            *people.surveyors,
            self.newcomer,
            *organisation.holders("household_contact", "330803203217001")[:1],
            *organisation.holders("grid_head", "330803203213001")[:1],
            *organisation.holders("department_officer", DISTRICT, "police")[:1],
        ]
        return [
            *(Viewer(person) for person in dict.fromkeys(chosen)),
            Viewer(ANALYST, "analyst"),
            Viewer(ANALYST, "analyst", names=True),
            Viewer("person-nobody"),
            Viewer(self.erased),
        ]


@contextmanager
def town(directory: Path) -> Generator[Town]:
    """Play the story, then the second task force."""
    stage = Stage(directory, origin=ORIGIN, seed=SEED)
    for _ in prepare(stage):
        pass
    play = Play(stage, cast(stage.organisation()))
    for _, scene, _ in SCENES:
        scene(play)
    home = stage.home
    try:
        home.caught_up()
        found = _flood(home, play)
        home.caught_up()
        yield found
    finally:
        home.close()


def _flood(home: Home, play: Play) -> Town:
    (name,) = home.keyring.seal([(ANALYST, "演练分析员")])
    elsewhere = DivisionRow(code="330802", name="演练邻区", synthetic=True)
    home.execute(ImportDivisions(rows=(elsewhere,)), "operator")
    posts = (Post("duty_officer", "330802"),)
    row = PersonRow(person=ANALYST, contact=Contact(name), posts=posts, synthetic=True)
    home.execute(ImportPeople(rows=(row,)), "operator")
    people, known = play.people, home.organisation.known()
    head = people.grid_head
    lost = known.holders("household_contact", "330803203213002")[0]
    assignees = (people.village_official, head, people.contact, people.grid_worker, lost)
    start = home.new_command_id()
    order = Order(text=SAID["order"], people=assignees, form=FORM, report_within=7_200)
    begin = StartAdHoc(
        title="山洪转移", division=TOWNSHIP, place="双桥溪两岸", level="III", orders=(order,)
    )
    home.execute(begin, people.township_head, command_id=start)
    flood, first = task_force_id(start), order_id(start, 0)
    say = _Saying(home, flood)
    say.everything(people, first, lost)
    newcomer = known.holders("township_commander", "330803101")[0]
    joined = say.do(
        PullIn(task_force=flood, person=newcomer, sees="from_now"), people.township_head
    )
    say.do(SendMessage(task_force=flood, text=SAID["later"]), people.township_head)
    lost_name = home.keyring.open(known.people[lost].name) or ""
    say.do(ErasePerson(person=lost, reason="离开"), "operator")
    home.erase_keys(lost)
    return Town(
        home,
        people,
        play.task_force,
        play.finding,
        flood,
        first,
        say.entry,
        say.struck,
        lost,
        lost_name,
        newcomer,
        joined,
    )


class _Saying:
    """Says and does everything in the second task force that there is to hide."""

    def __init__(self, home: Home, flood: str) -> None:
        self._home = home
        self._flood = flood
        self.entry = self.struck = ""

    def do(self, command: Any, actor: str, **about: Any) -> int:
        receipt = self._home.execute(command, actor, **about)
        assert receipt.outcome == "accepted", (command, receipt)
        return receipt.first or 0

    def everything(self, people: Cast, order: str, lost: str) -> None:
        flood, chief = self._flood, people.township_head
        first, second = self._home.new_command_id(), self._home.new_command_id()
        self.do(MakeEntry(task_force=flood, text=SAID["entry"]), chief, command_id=first)
        self.do(MakeEntry(task_force=flood, text=SAID["struck"]), chief, command_id=second)
        self.entry, self.struck = entry_id(first), entry_id(second)
        strike = StrikeEntry(task_force=flood, entry=self.struck, reason=SAID["why_struck"])
        self.do(strike, chief)
        self.do(SendMessage(task_force=flood, text=SAID["to_all"]), chief)
        unit = f"department-{ENFORCEMENT}"
        self.do(SendMessage(task_force=flood, text=SAID["to_unit"], to=unit, question=True), chief)
        task = TaskIds(order).of
        visit = Visit(task=task(people.contact), household="H001", done=SAID["done"])
        self.do(visit, people.contact)
        self.do(
            Report(
                task=task(people.grid_head),
                text=SAID["report"],
                filled=Filled(numbers={"moved": 31}, texts={"left": SAID["left"]}),
                photos=(Photo(sha256=PHOTO, size=12_345),),
            ),
            people.grid_head,
        )
        self.do(
            CorrectTask(
                task=task(people.grid_head), version=3, reason=SAID["why_right"], text=SAID["right"]
            ),
            people.grid_head,
        )
        self.do(Decline(task=task(people.grid_worker), reason=SAID["declined"]), people.grid_worker)
        self.do(Accept(task=task(lost)), lost)
        amend = AmendOrder(
            task_force=flood, order=order, reason=SAID["changed"], text=SAID["amended"]
        )
        self.do(amend, chief)
        more = Order(text="执法队到桥头警戒。", people=people.stationed[:1])
        self.do(IssueOrder(task_force=flood, order=more), people.township_official)


def encoded(value: object) -> str:
    """What a route would send."""
    return msgspec.json.encode(value).decode()
