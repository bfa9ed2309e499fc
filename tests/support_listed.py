"""A district with more in it: findings on many desks, warnings, drills, a second township's trouble.

All people are synthetic.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from handheld.domain.finding_commands import (
    AddToFinding,
    CorrectFinding,
    DealWith,
    OrderOnFinding,
    PassUp,
    ReportFinding,
    Return,
    Route,
)
from handheld.domain.ordering import Order
from handheld.domain.passing_on import PassOn
from handheld.domain.plan import AdoptPlan
from handheld.domain.reassigning import Reassign
from handheld.domain.register_groups import FormGroup
from handheld.domain.register_posture import SwitchPosture
from handheld.domain.seeing import Viewer
from handheld.domain.starting import StartAdHoc
from handheld.domain.task_force import SendMessage
from handheld.domain.warning_commands import LiftWarning, RaiseWarning, ReceiveCap, TellWarning
from handheld_events.forms import Location, Photo
from handheld_events.ids import (
    TaskIds,
    cap_warning_id,
    derived,
    finding_id,
    order_id,
    task_force_id,
    warning_id,
)
from handheld_events.orders import PlanOrder, Target
from handheld_events.plan import Trigger
from handheld_events.warning import Cap, WarningContent
from tests.support_reading import DISTRICT, ENFORCEMENT, GRID, TOWNSHIP, VILLAGE, Town, town

OTHER = "330803101"
"""Another township."""
OTHER_VILLAGE = "330803203217"
OTHER_GRID = "330803203217001"
PHOTO = "cd" * 32


class District(NamedTuple):
    """What there is to look at."""

    town: Town
    findings: dict[str, str]
    """By what it is about."""
    warnings: dict[str, str]
    forces: dict[str, str]

    @property
    def home(self) -> Any:
        return self.town.home

    def viewers(self) -> list[Viewer]:
        """One of each kind of post that there is, and those who are in the stories."""
        organisation = self.town.organisation
        kinds: dict[tuple[str, str | None, bool], str] = {}
        for stream, person in organisation.people.items():
            for post in person.posts:
                kinds.setdefault((post.role, post.department, organisation.stationed(post)), stream)
        told = [Viewer(person) for person in kinds.values()]
        return list(dict.fromkeys([*self.town.viewers(), *told, Viewer("operator")]))


@contextmanager
def district(directory: Path) -> Generator[District]:
    """Play it all."""
    with town(directory) as played:
        doing = _Doing(played)
        found = District(played, doing.findings(), doing.warnings(), doing.forces())
        played.home.caught_up()
        yield found


class _Doing:
    def __init__(self, played: Town) -> None:
        self._town = played
        self._home = played.home

    def do(self, command: Any, actor: str, **about: Any) -> str:
        identity = self._home.new_command_id()
        receipt = self._home.execute(command, actor, command_id=identity, **about)
        assert receipt.outcome == "accepted", (command, receipt)
        return identity

    def findings(self) -> dict[str, str]:
        people, do = self._town.people, self.do
        known = self._town.organisation
        contact = known.holders("household_contact", OTHER_GRID)[0]
        far = known.holders("grid_head", "330803101001001") or known.holders(
            "township_official", OTHER
        )

        def report(text: str, where: str, actor: str, **more: Any) -> str:
            return finding_id(do(ReportFinding(text=text, division=where, **more), actor))

        tree = report(
            "大树横倒在路上",
            GRID,
            people.contact,
            place="村口",
            photos=(Photo(sha256=PHOTO, size=99),),
            location=Location(latitude=28.9, longitude=118.8),
        )
        do(
            CorrectFinding(finding=tree, version=1, reason="听错", text="电线杆横倒在路上"),
            people.contact,
        )
        do(PassUp(finding=tree, reason="无设备", wants_task_force=True), people.village_official)
        do(PassUp(finding=tree, reason="路归市里管"), people.township_head)
        do(Route(finding=tree, desk=f"department-{ENFORCEMENT}", reason="归口"), people.commander)
        wall = report("院墙裂了", OTHER_GRID, contact)
        do(
            Return(finding=wall, reason="说清楚哪家"),
            known.holders("village_official", OTHER_VILLAGE)[0],
        )
        do(AddToFinding(finding=wall, text="王家院墙"), contact)
        ditch = report("水沟堵了", VILLAGE, people.grid_worker)
        do(DealWith(finding=ditch, text="已疏通"), people.village_official)
        road = report("路面塌陷", OTHER, far[0])
        pit = report("井盖丢了", GRID, people.stationed[0])
        order = OrderOnFinding(
            finding=pit,
            task_force=self._town.flood,
            order=Order(text="先围起来", people=(contact,)),
        )
        do(PassUp(finding=pit, reason="要人手"), people.village_official)
        do(order, people.township_head)
        drill = finding_id(
            do(ReportFinding(text="演练用的火情", division=GRID), people.contact, drill=True)
        )
        return {
            "tree": tree,
            "wall": wall,
            "ditch": ditch,
            "road": road,
            "pit": pit,
            "drill": drill,
        }

    def warnings(self) -> dict[str, str]:
        do = self.do
        edition = AdoptPlan(
            plan="flood",
            title="防汛预案",
            division=TOWNSHIP,
            orders=(PlanOrder(key="look", text="巡查", to=(Target(role="grid_head"),)),),
            triggers=(Trigger(event="山洪", at_least="yellow"),),
            lead=ENFORCEMENT,
        )
        do(edition, "operator")
        do(
            AdoptPlan(
                plan="other",
                title="别处的预案",
                division=OTHER,
                orders=edition.orders,
            ),
            "operator",
        )

        def tell(event: str, *where: str) -> str:
            return warning_id(
                do(
                    TellWarning(
                        event=event, level="orange", divisions=where, told_by="气象台值班室"
                    ),
                    "operator",
                )
            )

        flood, far = tell("山洪", TOWNSHIP), tell("雷电", OTHER)
        all_over = tell("暴雨", DISTRICT)
        village = warning_id(
            do(
                RaiseWarning(
                    event="欠费", level="blue", headline="水电欠费异常", divisions=(VILLAGE, OTHER)
                ),
                "operator",
            )
        )
        do(LiftWarning(warning=far, reason="解除"), "operator")
        cap = ReceiveCap(
            cap=Cap(sender="qx@example", identifier="1", sent=self._home.clock.now()),
            kind="Alert",
            status="Actual",
            content=WarningContent(
                event="大雾", level="yellow", headline="大雾黄色预警", area="沿江一带"
            ),
        )
        do(cap, "operator")
        sent = round(cap.cap.sent.timestamp() * 1000)
        nowhere = cap_warning_id(cap.cap.sender, cap.cap.identifier, sent)
        self._home.react()
        return {"flood": flood, "far": far, "all": all_over, "village": village, "nowhere": nowhere}

    def forces(self) -> dict[str, str]:
        people, do = self._town.people, self.do
        known = self._town.organisation
        chief = known.holders("township_commander", OTHER)[0]
        officials = known.holders("township_official", OTHER)
        begin = do(
            StartAdHoc(
                title="抢修塌方",
                division=OTHER,
                place="老鹰岩",
                lead="water",
                orders=(Order(text="清理落石", people=(officials[0], people.grid_worker)),),
            ),
            chief,
        )
        there = task_force_id(begin)
        contact = known.holders("household_contact", OTHER_GRID)[0]
        seen = finding_id(
            do(ReportFinding(text="山坡开裂", division=OTHER, place="鹰嘴崖"), contact)
        )
        asked = task_force_id(
            do(
                StartAdHoc(
                    title="山坡排险",
                    division=OTHER,
                    finding=seen,
                    orders=(Order(text="拉警戒线", people=(officials[0],)),),
                ),
                chief,
            )
        )
        task = TaskIds(order_id(begin, 0)).of
        below = next(
            stream
            for stream, person in known.people.items()
            if any(
                post.division.startswith(OTHER) and len(post.division) > 9 for post in person.posts
            )
        )
        do(SendMessage(task_force=there, text="请交通口留意", to="department-transport"), chief)
        do(
            PassOn(task=task(officials[0]), text="分头去", people=(below,)),
            officials[0],
        )
        do(Reassign(task=task(officials[0]), to=people.enforcers[1], reason="换人"), chief)
        drill = task_force_id(
            do(
                StartAdHoc(
                    title="消防演练",
                    division=VILLAGE,
                    orders=(Order(text="集合", people=(people.contact, people.grid_head)),),
                ),
                people.township_head,
                drill=True,
            )
        )
        do(
            FormGroup(
                group="boats",
                name="冲锋舟队",
                division=TOWNSHIP,
                members=(people.contact, people.grid_head),
            ),
            people.township_head,
        )
        do(SwitchPosture(division=TOWNSHIP, posture="wartime", reason="汛情"), people.township_head)
        return {"there": there, "drill": drill, "asked": asked}


def unknown(kind: str) -> str:
    """The id of something of this kind that there is not."""
    return f"{kind}-{derived('0' * 32, kind)}"
