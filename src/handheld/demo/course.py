"""What the command room and the village do on the typhoon afternoon, act by act, with its times."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from importlib.resources import files
from typing import NamedTuple

from handheld.adapters.cap import read_cap
from handheld.demo.habits import photo
from handheld.demo.road import Road
from handheld.demo.scene import (
    ARCHIVE,
    CLOSE,
    COUNTY,
    OPERATOR,
    SHIFTS,
    STAND_DOWN,
    TOWNSHIP,
    Scene,
    at,
)
from handheld.demo.stage import Stage
from handheld.domain import task, task_force
from handheld.domain.cap_reading import from_cap, is_drill
from handheld.domain.directing import AmendOrder, HandOver
from handheld.domain.ending import CloseTaskForce, StandDown
from handheld.domain.register_duty import SetRoster
from handheld.domain.warning_commands import DeclineProposal, LiftWarning, TellWarning
from handheld.domain.waves import ChangeLevel
from handheld_events.division import Shift
from handheld_events.ids import message_id, warning_id
from handheld_events.territory import within


class Act(NamedTuple):
    """Something that is done at a time."""

    at: datetime
    do: Callable[[], None]


class Course(Scene):
    """The acts. What they need of each other is kept here."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.road = Road(self)
        self.warning = ""
        """The one because of which it was started."""
        self._telephoned = ""
        self._question = ""

    def acts(self) -> Iterator[Act]:
        """All that follows the start, by time."""
        yield Act(at("15:12"), self._ask)
        yield Act(at("15:19"), self._answer)
        yield Act(at("15:52"), self.road.find)
        yield Act(at("15:58"), self.road.order_clearing)
        yield Act(at("16:30"), self._told_by_telephone)
        yield Act(at("16:33"), self._decline_second)
        yield Act(at("16:35"), self._raise)
        yield Act(at("17:10"), self._amend)
        yield Act(at("18:05"), self._hand_over)
        yield Act(at("18:40"), self._supervise)
        yield Act(at("19:05:20"), lambda: self.receive("typhoon-2-update.xml"))
        yield Act(at("19:08"), self._lower)
        yield Act(at("19:52:20"), lambda: self.receive("typhoon-3-cancel.xml"))
        yield Act(at("19:56"), self._lift_telephoned)
        yield Act(STAND_DOWN, self._stand_down)
        yield Act(at("20:28"), self._evaluate_leaders)
        yield Act(CLOSE, self._close)
        yield Act(at("20:41"), self._rate)
        yield Act(at("07:40", 24), self.road.rate_late)
        yield Act(ARCHIVE, self._archive)

    # --- before the start -------------------------------------------------------------------------

    def roster(self) -> None:
        """The day's and the night's duty officer of the county."""
        holders = self.stage.organisation().holders("duty_officer", COUNTY)
        times = [at(clock, day) for clock, day in SHIFTS]
        shifts = tuple(
            Shift(person=person, begins=begins, ends=ends)
            for person, begins, ends in zip(holders, times, times[1:], strict=False)
        )
        self.do(SetRoster(division=COUNTY, role="duty_officer", shifts=shifts), OPERATOR)

    def receive(self, name: str) -> None:
        """A CAP message arrives by itself: read, held against the register, taken in."""
        alert = read_cap((files("handheld.data") / "demo" / name).read_bytes())
        command = from_cap(alert, self.stage.organisation())
        self.do(command, OPERATOR, drill=is_drill(alert))
        self.stage.home.react()
        self.stage.home.caught_up()

    # --- the afternoon ------------------------------------------------------------------------------

    def _ask(self) -> None:
        asked = self.request(
            task_force.SendMessage(
                task_force=self.task_force,
                text="湖镇镇：沿溪低洼处今天要转移多少人？安置点够不够？",
                to=TOWNSHIP,
                question=True,
            ),
            self.commander(),
        )
        self._question = message_id(asked.meta.command)
        self.stage.send(asked)

    def _answer(self) -> None:
        answer = task_force.SendMessage(
            task_force=self.task_force,
            text="沿溪三个村要转移，安置点都已打开，床位够用。",
            photos=(photo("shelter"),),
            answers=self._question,
        )
        self.do(answer, self.first("township_official", TOWNSHIP))

    def _told_by_telephone(self) -> None:
        """The office calls: typed in at once, a warning of its own beside the message."""
        told = TellWarning(
            event="台风",
            level="orange",
            divisions=(COUNTY,),
            told_by="演练气象台值班室（虚构）",
            headline="电话通知：雨带提前，18时至20时小时雨量可达60毫米",
        )
        request = self.request(told, self.commander())
        self._telephoned = warning_id(request.meta.command)
        self.stage.send(request)

    def _decline_second(self) -> None:
        """The plan answers it once more, by reaction; it runs already."""
        (proposal,) = self.stage.home.boards.warnings().open[self._telephoned].proposals
        decline = DeclineProposal(
            warning=self._telephoned,
            plan=proposal.plan,
            division=proposal.division,
            reason="专班已在运行，改为升级响应",
        )
        self.do(decline, self.commander())

    def _raise(self) -> None:
        up = ChangeLevel(task_force=self.task_force, level="II", reason="雨带提前，夜间有大暴雨")
        self.do(up, self.commander())

    def _amend(self) -> None:
        order = next(o.order for o in self.summary().orders.values() if o.key == "rescue")
        amended = AmendOrder(
            task_force=self.task_force,
            order=order,
            reason="雨带提前，18时前要到位",
            text="抢险力量18时前前移到沿溪和山区乡镇待命，随叫随到。到位后回报人数和装备。",
            accept_within=20 * 60,
        )
        self.do(amended, self.commander())

    def _hand_over(self) -> None:
        """At 18:00 the night shift took the duty, by its roster; command goes with it."""
        before = self.summary().commander or OPERATOR
        over = HandOver(
            task_force=self.task_force,
            to=self.commander(),
            note="联户走访还有少数人未领办，已提级到县；抢险力量已前移；希塘村道路已通。",
        )
        self.do(over, before)

    def _supervise(self) -> None:
        """Three of those who are late longest are watched from the county."""
        home = self.stage.home
        home.caught_up()
        late = home.boards.waiters(COUNTY, task_force=self.task_force, late=True)
        for waiter in [one for one in late if one.state == "waiting"][:3]:
            words = task.Supervise(task=waiter.task, text="县里督办：19时前必须联系上并走访到户")
            self.do(words, self.commander())

    def _lower(self) -> None:
        down = ChangeLevel(task_force=self.task_force, level="III", reason="预警降为黄色，雨势转小")
        self.do(down, self.commander())

    # --- the end ------------------------------------------------------------------------------------

    def _lift_telephoned(self) -> None:
        lifted = LiftWarning(warning=self._telephoned, reason="电话通知：强降雨结束")
        self.do(lifted, self.commander())

    def _stand_down(self) -> None:
        over = StandDown(task_force=self.task_force, reason="台风远离，响应终止")
        self.do(over, self.commander())

    def _evaluate_leaders(self) -> None:
        """The township says how well its village-team leaders did."""
        official = self.first("township_official", TOWNSHIP)
        lead = next(o.order for o in self.summary().orders.values() if o.key == "lead")
        for number, (stream, one) in enumerate(self.tasks().items()):
            closed = one.status == "closed" and one.order == lead
            if closed and within(one.division, TOWNSHIP):
                score = (5, 4, 5, 3)[number % 4]
                self.do(task.Evaluate(task=stream, score=score), official)

    def _close(self) -> None:
        closed = CloseTaskForce(task_force=self.task_force, outcome="无人员伤亡，隐患全部处置")
        self.do(closed, self.commander())

    def _rate(self) -> None:
        """Whoever asked says whether they are satisfied; the county's commander evaluates."""
        self.road.rate()
        rated = task_force.RateTaskForce(
            task_force=self.task_force, satisfied=True, text="通知及时，到村到户"
        )
        self.do(rated, self.first("township_commander", TOWNSHIP))
        evaluated = task_force.EvaluateTaskForce(task_force=self.task_force, score=5)
        self.do(evaluated, self.first("district_commander", COUNTY))

    def _archive(self) -> None:
        self.do(task_force.ArchiveTaskForce(task_force=self.task_force), OPERATOR)
