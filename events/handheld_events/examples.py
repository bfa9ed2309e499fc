"""Named examples of every event, shared by the tests and the documentation.

The course is the one of Longyou county on 23 July 2021, retold with synthetic people: a typhoon
warning, one start, a household visit reported, a tree found across the road. Nobody named here
exists: every person is marked synthetic, and the sealed fields are bytes without a key.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from handheld_events.base import Event
from handheld_events.division import DivisionRegistered, DivisionRenamed
from handheld_events.envelope import About, Meta, Recorded
from handheld_events.ids import TaskIds, command_id, entry_id, order_id, task_force_id
from handheld_events.orders import PlanOrder, Target, Vacancy
from handheld_events.person import (
    PersonContactChanged,
    PersonErased,
    PersonRegistered,
    PostLeft,
    PostTaken,
)
from handheld_events.plan import PlanAdopted, PlanRetired
from handheld_events.sealed import Sealed
from handheld_events.task import (
    TaskAccepted,
    TaskClosed,
    TaskCorrected,
    TaskDeclined,
    TaskDelivered,
    TaskDispatched,
    TaskOvertaken,
    TaskRead,
    TaskReported,
    TaskSentBack,
    TaskVerified,
    TaskWithdrawn,
)
from handheld_events.task_force import (
    EntryMade,
    EntryStruck,
    OrderIssued,
    PersonPulledIn,
    StoodDown,
    TaskForceClosed,
    TaskForceCorrected,
    TaskForceStarted,
)

START = command_id(1_627_023_600_000, bytes(range(10)))
"""The command of the start, 23 July 2021, 07:00 UTC (15:00 in Longyou)."""
PLAN = "plan-typhoon"
PERSON = "person-S000001"
"""A household contact, synthetic."""
OFFICIAL = "person-S000002"
"""A township official, synthetic."""
VILLAGE = "330825101264"
TASK_FORCE = task_force_id(START)
ORDER = order_id(START, 0)
ENTRY = entry_id(START)
TASK = TaskIds(ORDER).of(PERSON)


def at(hour: int, minute: int = 0) -> datetime:
    """An instant of 23 July 2021 (UTC; Longyou is eight hours ahead)."""
    return datetime(2021, 7, 23, hour, minute, tzinfo=UTC)


def sealed(subject: str) -> Sealed:
    """A sealed value as the log shows one; no key for it exists."""
    return Sealed(subject=subject, key="example", box=bytes(range(44)))


META = Meta(actor=OFFICIAL, command=START, occurred_at=at(7))
"""The least that is known of a fact."""

META_ON_BEHALF = Meta(
    actor=OFFICIAL,
    command=command_id(1_627_027_260_000, bytes(range(10, 20))),
    occurred_at=at(8),
    reported_at=at(8, 1),
    on_behalf_of=PERSON,
    device="device-example",
    clock_offset=-2.5,
    drill=True,
)
"""All that can be known of a fact: reported for somebody reached by telephone, in a drill."""

STREAMS: Mapping[str, tuple[str, About]] = {
    "division": (f"division-{VILLAGE}", About(division=VILLAGE)),
    "person": (PERSON, About(division=VILLAGE, person=PERSON)),
    "plan": (PLAN, About(division="330825")),
    "task_force": (TASK_FORCE, About(division="330825", task_force=TASK_FORCE)),
    "task": (TASK, About(division=VILLAGE, task_force=TASK_FORCE, person=PERSON)),
}
"""The stream of the examples of each kind, and where its facts belong, by the topic's first word."""

_VISIT = Target(role="household_contact", tier="village", kind="villagers_committee")

EXAMPLES: Mapping[str, Event] = {
    # Divisions
    "division registered": DivisionRegistered(
        code=VILLAGE, name="希塘村", kind="villagers_committee"
    ),
    "grid registered, synthetic": DivisionRegistered(
        code=VILLAGE + "001", name="第一网格", synthetic=True
    ),
    "division renamed": DivisionRenamed(name="希塘社区"),
    # People
    "person registered": PersonRegistered(
        name=sealed(PERSON), phone=sealed(PERSON), synthetic=True
    ),
    "person registered, no telephone": PersonRegistered(name=sealed(PERSON)),
    "contact changed": PersonContactChanged(name=sealed(PERSON), phone=sealed(PERSON)),
    "contact changed, no telephone": PersonContactChanged(name=sealed(PERSON)),
    "post taken": PostTaken(role="household_contact", division=VILLAGE),
    "post left": PostLeft(role="household_contact", division=VILLAGE),
    "person erased": PersonErased(reason="本人申请删除"),
    # Plans
    "plan adopted": PlanAdopted(
        title="防台风应急预案",
        division="330825",
        orders=(
            PlanOrder(
                key="visit",
                text="走访联系户，转移危房人员，回单说明走访情况",
                to=(_VISIT,),
                steps=("accept", "report", "verify"),
                accept_within=3600,
                report_within=14_400,
            ),
        ),
        level="IV",
    ),
    "plan adopted, least": PlanAdopted(
        title="巡查",
        division="330825",
        orders=(PlanOrder(key="patrol", text="巡查网格", to=(Target(role="grid_head"),)),),
    ),
    "plan retired": PlanRetired(reason="已由新预案取代"),
    # Task forces
    "task force started from a plan": TaskForceStarted(
        title="台风“烟花”应急专班",
        division="330825",
        organisation_at=11_800,
        plan=PLAN,
        plan_version=1,
        place="龙游县",
        level="IV",
    ),
    "task force started ad hoc": TaskForceStarted(
        title="违法建筑拆除", division="330825", organisation_at=11_800
    ),
    "order issued": OrderIssued(
        order=ORDER,
        text="走访联系户，转移危房人员，回单说明走访情况",
        tasks=10_300,
        key="visit",
        to=(_VISIT,),
        steps=("accept", "report", "verify"),
        accept_by=at(8),
        report_by=at(11),
        vacant=(Vacancy(role="village_team_leader", division="330825101265"),),
        vacant_count=1,
    ),
    "order issued to people named": OrderIssued(order=ORDER, text="到现场集合", tasks=3),
    "person pulled in with a task": PersonPulledIn(person=PERSON, division=VILLAGE, order=ORDER),
    "person pulled in": PersonPulledIn(person=PERSON, division=VILLAGE),
    "entry made": EntryMade(entry=ENTRY, text="气象台电话：风力加大，雨带南移"),
    "entry struck": EntryStruck(entry=ENTRY, reason="记在了别的专班"),
    "task force corrected": TaskForceCorrected(
        version=3, reason="听错了地名", text="雨带北移", occurred_at=at(7, 20)
    ),
    "task force corrected, words only": TaskForceCorrected(
        version=3, reason="听错了地名", text="雨带北移"
    ),
    "task force corrected, time only": TaskForceCorrected(
        version=3, reason="时间写错", occurred_at=at(7, 20)
    ),
    "stood down": StoodDown(reason="台风已过境", withdrawn=12),
    "task force closed": TaskForceClosed(outcome="走访全部完成，无人员伤亡"),
    "task force closed, open tasks withdrawn": TaskForceClosed(outcome="响应提前结束", withdrawn=3),
    # Tasks
    "task dispatched": TaskDispatched(
        order=ORDER,
        person=PERSON,
        role="household_contact",
        steps=("accept", "report", "verify"),
    ),
    "task dispatched to a person named": TaskDispatched(order=ORDER, person=PERSON),
    "task delivered": TaskDelivered(),
    "task read": TaskRead(),
    "task accepted": TaskAccepted(),
    "task declined": TaskDeclined(reason="人在外地，赶不回来"),
    "task reported": TaskReported(text="走访8户，均已关好门窗，村口大树倒伏挡路"),
    "task verified": TaskVerified(text="电话抽查2户，属实"),
    "task verified without words": TaskVerified(),
    "task sent back": TaskSentBack(reason="还有两户没有走访"),
    "task closed": TaskClosed(),
    "task withdrawn": TaskWithdrawn(reason="台风已过境"),
    "report overtaken": TaskOvertaken(did="report", because="withdrawn", text="道路已清通"),
    "acceptance overtaken": TaskOvertaken(did="accept", because="withdrawn"),
    "task corrected": TaskCorrected(
        version=6, reason="户数写错", text="走访9户", occurred_at=at(8, 30)
    ),
    "task corrected, words only": TaskCorrected(version=6, reason="户数写错", text="走访9户"),
    "task corrected, time only": TaskCorrected(version=6, reason="时间写错", occurred_at=at(8, 30)),
}
"""Examples by name: at least one of each event in the catalogue, with and without what is optional."""


def stream_of(event: Event) -> tuple[str, About]:
    """The stream of an example, and where its facts belong."""
    return STREAMS[event.TOPIC.partition(".")[0]]


def examples_of(topic: str) -> dict[str, Event]:
    """The examples of one event, by name."""
    return {name: event for name, event in EXAMPLES.items() if topic == event.TOPIC}


def recorded(
    event: Event, meta: Meta = META, *, position: int = 12_000, version: int = 1
) -> Recorded[Any]:
    """An example as it is read from a log, recorded two seconds after it occurred."""
    stream, about = stream_of(event)
    return Recorded(
        position,
        stream,
        version,
        at(7).replace(second=2),
        meta,
        about.division,
        about.task_force,
        about.person,
        event,
    )
