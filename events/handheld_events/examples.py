"""Named examples of every event, shared by the tests and the documentation.

The course is the one of Longyou county on 23 July 2021, retold with synthetic people: a typhoon
warning, one start, a household visit reported, a tree found across the road. Nobody named here
exists: every person is marked synthetic, and the sealed fields are bytes without a key.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from handheld_events.base import Event
from handheld_events.department import (
    DepartmentDissolved,
    DepartmentRegistered,
    DepartmentRenamed,
)
from handheld_events.division import (
    DivisionOutlined,
    DivisionRegistered,
    DivisionRenamed,
    DutyTaken,
    PostureSwitched,
    RosterSet,
    Shift,
)
from handheld_events.envelope import About, Meta, Recorded
from handheld_events.finding import (
    FindingAdded,
    FindingCorrected,
    FindingDealtWith,
    FindingOrdered,
    FindingPassedUp,
    FindingPutBack,
    FindingReported,
    FindingReturned,
    FindingRouted,
    FindingStarted,
)
from handheld_events.forms import Filled, FormField, Location, Photo
from handheld_events.group import GroupDissolved, GroupFormed
from handheld_events.ids import (
    TaskIds,
    cap_warning_id,
    command_id,
    entry_id,
    finding_id,
    order_id,
    task_force_id,
)
from handheld_events.orders import PlanOrder, Reminding, Target, Vacancy, Wartime
from handheld_events.person import (
    HouseholdsLinked,
    PersonContactChanged,
    PersonErased,
    PersonRegistered,
    PostLeft,
    PostTaken,
)
from handheld_events.plan import PlanAdopted, PlanRetired, Trigger
from handheld_events.sealed import Sealed
from handheld_events.task import (
    HouseholdVisited,
    TaskAccepted,
    TaskAmended,
    TaskCancelled,
    TaskClosed,
    TaskCorrected,
    TaskDeclined,
    TaskDelivered,
    TaskDispatched,
    TaskEnRoute,
    TaskEscalated,
    TaskEvaluated,
    TaskExtended,
    TaskNoticeAnswered,
    TaskNoticeAttempted,
    TaskNoticeBegun,
    TaskOnScene,
    TaskOverdue,
    TaskOvertaken,
    TaskPassedOn,
    TaskRated,
    TaskRead,
    TaskReassigned,
    TaskReminded,
    TaskReopened,
    TaskReported,
    TaskResumed,
    TaskSentBack,
    TaskSupervised,
    TaskSuspended,
    TaskVerified,
    TaskWithdrawn,
)
from handheld_events.task_force import (
    CommandHandedOver,
    DepartmentAccepted,
    DepartmentCalled,
    EntryMade,
    EntryStruck,
    LevelChanged,
    MessageSent,
    OrderAmended,
    OrderClaimed,
    OrderForeseen,
    OrderIssued,
    OrderUnclaimed,
    OrderUnfilled,
    OrderWithdrawn,
    PersonPulledIn,
    StoodDown,
    TaskForceArchived,
    TaskForceCancelled,
    TaskForceClosed,
    TaskForceCorrected,
    TaskForceEvaluated,
    TaskForceRated,
    TaskForceReopened,
    TaskForceStarted,
)
from handheld_events.warning import (
    Cap,
    ProposalDeclined,
    StartCancelled,
    StartedOnWarning,
    StartProposed,
    WarningCancelled,
    WarningContent,
    WarningCorrected,
    WarningExpired,
    WarningPlaced,
    WarningReceived,
    WarningUpdated,
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
FINDING = finding_id(START)

CAP = Cap(
    sender="cap@weather.example",
    identifier="T20210723001",
    sent=datetime(2021, 7, 23, 6, tzinfo=UTC),
)
"""The message of a weather office that does not exist."""
WARNING = cap_warning_id(CAP.sender, CAP.identifier, 1_627_020_000_000)


def at(hour: int, minute: int = 0) -> datetime:
    """An instant of 23 July 2021 (UTC; Longyou is eight hours ahead)."""
    return datetime(2021, 7, 23, hour, minute, tzinfo=UTC)


def sealed(subject: str) -> Sealed:
    """A sealed value as the log shows one; no key for it exists."""
    return Sealed(subject=subject, key="example", box=bytes(range(44)))


_TYPHOON = WarningContent(
    event="台风",
    level="orange",
    headline="台风橙色预警",
    divisions=("330825",),
    area="龙游县",
    description="预计未来24小时平均风力10级以上",
    instruction="停止户外作业，转移危房人员",
    severity="Severe",
    urgency="Expected",
    certainty="Likely",
    effective=at(6),
    expires=at(18),
)

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
    "department": ("department-water", About(division="330825")),
    "group": ("group-rescue", About(division="330825")),
    "person": (PERSON, About(division=VILLAGE, person=PERSON)),
    "plan": (PLAN, About(division="330825")),
    "task_force": (TASK_FORCE, About(division="330825", task_force=TASK_FORCE)),
    "task": (TASK, About(division=VILLAGE, task_force=TASK_FORCE, person=PERSON)),
    "finding": (FINDING, About(division=VILLAGE, person=PERSON)),
    "warning": (WARNING, About(division="330825")),
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
    "posture switched": PostureSwitched(posture="wartime", reason="台风橙色预警"),
    "division outlined": DivisionOutlined(
        polygons=((((119.1, 29.0), (119.2, 29.0), (119.2, 29.1), (119.1, 29.0)),),),
        source="合成示例",
    ),
    "outline taken away": DivisionOutlined(polygons=()),
    "roster set": RosterSet(
        role="duty_officer",
        shifts=(
            Shift(person=PERSON, begins=at(0), ends=at(12)),
            Shift(person=OFFICIAL, begins=at(12), ends=at(23)),
        ),
    ),
    "roster of a department set": RosterSet(
        role="duty_officer",
        shifts=(Shift(person=OFFICIAL, begins=at(12), ends=at(23)),),
        department="water",
    ),
    "duty taken": DutyTaken(role="duty_officer", person=OFFICIAL),
    "duty handed over": DutyTaken(
        role="duty_officer",
        person=OFFICIAL,
        department="water",
        taken_from=PERSON,
        note="两处积水点已派人，等回单",
    ),
    # Departments
    "department registered": DepartmentRegistered(name="水利局", division="330825"),
    "department registered, synthetic": DepartmentRegistered(
        name="演练水利局", division="330825", synthetic=True
    ),
    "department renamed": DepartmentRenamed(name="水务局"),
    "department dissolved": DepartmentDissolved(reason="机构改革，职能并入应急管理局"),
    # Groups
    "group formed": GroupFormed(name="抢险突击队", division="330825", members=(PERSON, OFFICIAL)),
    "group dissolved": GroupDissolved(reason="汛期结束"),
    # People
    "person registered": PersonRegistered(
        name=sealed(PERSON), phone=sealed(PERSON), synthetic=True
    ),
    "person registered, no telephone": PersonRegistered(name=sealed(PERSON)),
    "contact changed": PersonContactChanged(name=sealed(PERSON), phone=sealed(PERSON)),
    "contact changed, no telephone": PersonContactChanged(name=sealed(PERSON)),
    "post taken": PostTaken(role="household_contact", division=VILLAGE),
    "post left": PostLeft(role="household_contact", division=VILLAGE),
    "post of a department taken, stationed": PostTaken(
        role="enforcement_officer", division="330825101", department="enforcement"
    ),
    "post of a department left": PostLeft(
        role="enforcement_officer", division="330825101", department="enforcement"
    ),
    "households linked": HouseholdsLinked(households=("001", "002", "003")),
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
    "plan adopted, all that can be said": PlanAdopted(
        title="防台风应急预案",
        division="330825",
        orders=(
            PlanOrder(
                key="visit",
                text="走访联系户，转移危房人员，回单说明走访情况",
                to=(_VISIT, Target(department="water"), Target(group="rescue")),
                steps=("accept", "en_route", "on_scene", "report", "verify"),
                accept_within=3600,
                report_within=14_400,
                form=(
                    FormField(key="moved", label="转移人数", kind="number", unit="人", most=500),
                    FormField(key="road", label="道路", kind="choice", choices=("畅通", "受阻")),
                    FormField(key="note", label="其他情况", kind="text", required=False),
                    FormField(key="photo", label="现场照片", kind="photo", required=False),
                    FormField(key="visits", label="走访的农户", kind="visits"),
                ),
                open_to=3,
                level="II",
                after=1800,
                every=3600,
                remind_accept=Reminding(after=3900, every=1800, most=2),
                remind_report=Reminding(after=10_800, every=3600),
                wartime=Wartime(accept_within=1800, report_within=7200, steps=("accept", "report")),
            ),
        ),
        level="III",
        triggers=(
            Trigger(event="台风", at_least="orange"),
            Trigger(event="山洪", at_least="red", does="start", level="II"),
        ),
        lead="emergency",
        responding=("water", "housing"),
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
    "task force started on a warning": TaskForceStarted(
        title="台风“烟花”应急专班",
        division="330825",
        organisation_at=11_800,
        plan=PLAN,
        plan_version=1,
        level="III",
        commander=OFFICIAL,
        posture="wartime",
        warning="warning-017ad1f9a28000112233445566778899",
        finding="finding-017ad1f9a28000112233445566778899",
    ),
    "order foreseen": OrderForeseen(
        order=PlanOrder(
            key="standby",
            text="到村待命",
            to=(Target(role="village_official", tier="village"),),
            level="II",
        )
    ),
    "order foreseen at a time": OrderForeseen(
        order=PlanOrder(
            key="patrol",
            text="巡查网格",
            to=(Target(role="grid_head", tier="grid"),),
            every=7_200,
        ),
        at=at(9),
    ),
    "order issued again": OrderIssued(
        order=ORDER,
        text="巡查网格",
        tasks=561,
        key="patrol",
        form=(FormField(key="hazards", label="隐患", kind="number", unit="处", most=99),),
        open_to=2,
        called_at_level="II",
        occurrence=3,
        next_at=at(11),
        skipped=1,
        remind_accept=Reminding(after=600, every=300),
        remind_report=Reminding(after=3_600, every=900, most=2),
        passed_on_from=TASK,
        finding="finding-017ad1f9a28000112233445566778899",
    ),
    "order amended": OrderAmended(
        order=ORDER,
        number=1,
        text="走访联系户，今晚七点前危房人员全部转移",
        reason="风雨提前",
        tasks=9_800,
        steps=("accept", "report", "verify"),
        form=(FormField(key="moved", label="转移人数", kind="number", unit="人"),),
        accept_by=at(9),
        report_by=at(11),
    ),
    "order amended, words only": OrderAmended(
        order=ORDER, number=2, text="走访联系户", reason="说清楚", tasks=0
    ),
    "order withdrawn": OrderWithdrawn(order=ORDER, reason="已无必要", withdrawn=12),
    "order claimed": OrderClaimed(order=ORDER, task=TASK, left=1),
    "order unclaimed": OrderUnclaimed(order=ORDER, task=TASK, left=1),
    "order unfilled": OrderUnfilled(order=ORDER, left=2, due_at=at(9), to=OFFICIAL),
    "order unfilled, nobody to tell": OrderUnfilled(order=ORDER, left=2, due_at=at(9)),
    "order given by an official": OrderIssued(
        order=ORDER, text="清除路障", tasks=1, given_by=OFFICIAL, organisation_at=7
    ),
    "level raised": LevelChanged(level="II", before="III", reason="台风橙色预警升级"),
    "level lowered": LevelChanged(level="IV", before=None, reason="风雨减弱", withdrawn=20),
    "command handed over": CommandHandedOver(to=PERSON, handed_by=OFFICIAL, note="道路已通"),
    "command handed over without words": CommandHandedOver(to=PERSON, handed_by=OFFICIAL),
    "department called": DepartmentCalled(department="emergency", part="lead"),
    "department accepted": DepartmentAccepted(department="emergency", task=TASK),
    "message sent": MessageSent(
        message="message-017ad1f9a28000112233445566778899",
        text="抽水泵在哪里领？",
        photos=(Photo(sha256="00" * 32, size=120_000),),
        to="department-emergency",
        question=True,
        answers="message-017ad1f9a28000112233445566778800",
    ),
    "message sent to all": MessageSent(
        message="message-017ad1f9a28000112233445566778899", text="雨带北移，注意安全"
    ),
    "person pulled in, from now on": PersonPulledIn(
        person=PERSON, division=VILLAGE, sees="from_now"
    ),
    "task force cancelled": TaskForceCancelled(reason="误发，系演练口误", tasks=11_124),
    "task force cancelled, with somebody looking on": TaskForceCancelled(
        reason="误发，系演练口误", tasks=3, told=(OFFICIAL,)
    ),
    "task force reopened": TaskForceReopened(reason="又有险情"),
    "task force rated": TaskForceRated(satisfied=True, text="处置及时"),
    "task force rated without words": TaskForceRated(satisfied=False),
    "task force evaluated": TaskForceEvaluated(score=4, text="指令清楚"),
    "task force evaluated without words": TaskForceEvaluated(score=5),
    "task force archived": TaskForceArchived(),
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
    "task dispatched to a unit": TaskDispatched(
        order=ORDER, person=OFFICIAL, role="duty_officer", department="water", unit=True
    ),
    "task dispatched, open to a group": TaskDispatched(order=ORDER, person=PERSON, open=True),
    "task dispatched in place of another": TaskDispatched(
        order=ORDER,
        person=PERSON,
        role="household_contact",
        instead_of=(Vacancy(role="village_team_leader", division="330825101265"),),
        form=True,
        passed_on_from=TaskIds(ORDER).of(OFFICIAL),
        replaces=TaskIds(ORDER).of("person-S000003"),
        accept_by=at(9),
        report_by=at(12),
    ),
    "task delivered": TaskDelivered(),
    "task read": TaskRead(),
    "task accepted": TaskAccepted(),
    "task declined": TaskDeclined(reason="人在外地，赶不回来"),
    "task en route": TaskEnRoute(),
    "task on scene": TaskOnScene(),
    "household visited": HouseholdVisited(
        household="3-2", done="帮助关好门窗，老人转移到村委会", satisfied=True
    ),
    "household visited, nobody asked": HouseholdVisited(household="3-4", done="家中无人，已打电话"),
    "task reported": TaskReported(text="走访8户，均已关好门窗，村口大树倒伏挡路"),
    "task reported with a form": TaskReported(
        text="走访8户，转移2人",
        filled=Filled(
            numbers={"moved": 2}, choices={"road": "畅通"}, texts={"note": "另有一户在外地"}
        ),
        photos=(Photo(sha256="5e" * 32, size=183_204),),
    ),
    "task reported on their behalf": TaskReported(text="电话回单：走访8户", reported_by=OFFICIAL),
    "task verified": TaskVerified(text="电话抽查2户，属实"),
    "task verified without words": TaskVerified(),
    "task sent back": TaskSentBack(reason="还有两户没有走访"),
    "task closed": TaskClosed(),
    "task withdrawn": TaskWithdrawn(reason="台风已过境"),
    "task reassigned": TaskReassigned(
        to=OFFICIAL, task=TaskIds(ORDER).of(OFFICIAL), reason="原联系人住院"
    ),
    "task passed on": TaskPassedOn(order=order_id(START, 1), tasks=4),
    "task suspended": TaskSuspended(reason="道路被淹，暂时进不去", until=at(10), at=at(8)),
    "task suspended until further notice": TaskSuspended(reason="道路被淹，暂时进不去"),
    "task resumed": TaskResumed(accept_by=at(9), report_by=at(12)),
    "task resumed, no deadlines": TaskResumed(),
    "task extended": TaskExtended(report_by=at(13), reason="雨势太大，走访放慢"),
    "task extended while it was suspended": TaskExtended(
        report_by=at(15), reason="路还没通", at=at(10)
    ),
    "task reminded by the system": TaskReminded(awaited="accept", number=1),
    "task reminded by somebody": TaskReminded(
        awaited="report", number=3, skipped=1, text="请尽快回单"
    ),
    "task escalated": TaskEscalated(
        awaited="accept", number=1, to=OFFICIAL, division="330825101", skipped=1
    ),
    "task escalated, post vacant": TaskEscalated(
        awaited="accept", number=1, to=None, division="330825101"
    ),
    "task overdue": TaskOverdue(awaited="accept", due_at=at(8)),
    "task notice begun": TaskNoticeBegun(rung="web_push", number=1),
    "task notice begun once more": TaskNoticeBegun(rung="sms", number=4, repeats=3),
    "task notice taken": TaskNoticeAttempted(
        rung="messenger", number=2, result="taken", reference="256271667526"
    ),
    "task notice refused": TaskNoticeAttempted(
        rung="web_push", number=1, result="refused", code="gone"
    ),
    "task on the call list": TaskNoticeAttempted(rung="call_list", number=5, result="listed"),
    "task notice arrived": TaskNoticeAnswered(number=2, arrived=True),
    "task notice did not arrive": TaskNoticeAnswered(number=2, arrived=False, code="143105"),
    "task supervised": TaskSupervised(text="区指挥部挂牌督办，17时前办结"),
    "task amended": TaskAmended(
        number=1,
        steps=("accept", "report", "verify"),
        form=True,
        accept_by=at(9),
        report_by=at(12),
    ),
    "task amended, least": TaskAmended(number=1, steps=("accept", "report")),
    "task reopened": TaskReopened(reason="群众反映仍有积水"),
    "task reopened, with another time to accept": TaskReopened(reason="已联系上", accept_by=at(9)),
    "task rated": TaskRated(satisfied=True, text="来得很快"),
    "task rated without words": TaskRated(satisfied=False),
    "task evaluated": TaskEvaluated(score=5, text="走访扎实，回单及时"),
    "task evaluated without words": TaskEvaluated(score=3),
    "task cancelled": TaskCancelled(reason="误发，请忽略"),
    "report overtaken": TaskOvertaken(did="report", because="withdrawn", text="道路已清通"),
    "acceptance overtaken": TaskOvertaken(did="accept", because="withdrawn"),
    "acceptance overtaken by others": TaskOvertaken(did="accept", because="claimed"),
    "task corrected": TaskCorrected(
        version=6, reason="户数写错", text="走访9户", occurred_at=at(8, 30)
    ),
    "task corrected, words only": TaskCorrected(version=6, reason="户数写错", text="走访9户"),
    "task corrected, time only": TaskCorrected(version=6, reason="时间写错", occurred_at=at(8, 30)),
    # Warnings
    "warning received": WarningReceived(source="cap", content=_TYPHOON, cap=CAP),
    "warning received by telephone": WarningReceived(
        source="telephone",
        content=WarningContent(
            event="暴雨", level="yellow", headline="暴雨黄色预警", divisions=("330825100",)
        ),
        told_by="县气象台",
    ),
    "warning received, first messages missing": WarningReceived(
        source="cap",
        content=WarningContent(event="台风", level="red", headline="台风红色预警", area="沿江地区"),
        cap=Cap(sender=CAP.sender, identifier="T20210723002", sent=at(7)),
        references=(CAP,),
    ),
    "warning updated": WarningUpdated(
        content=replace(_TYPHOON, level="red", headline="台风红色预警"),
        cap=Cap(sender=CAP.sender, identifier="T20210723002", sent=at(7)),
    ),
    "warning updated by hand": WarningUpdated(content=_TYPHOON),
    "warning updated by telephone": WarningUpdated(content=_TYPHOON, told_by="县气象台"),
    "warning cancelled": WarningCancelled(
        reason="台风已减弱为热带低压",
        cap=Cap(sender=CAP.sender, identifier="T20210723003", sent=at(17)),
    ),
    "warning lifted by hand": WarningCancelled(reason="县气象台电话解除"),
    "warning expired": WarningExpired(due_at=at(18)),
    "warning placed": WarningPlaced(divisions=("330825100", "330825101")),
    "start proposed": StartProposed(
        plan=PLAN,
        plan_version=1,
        division="330825",
        title="防台风应急预案：台风橙色预警",
        level="III",
        at_once=True,
    ),
    "start proposed, least": StartProposed(
        plan=PLAN, plan_version=1, division="330825", title="防台风应急预案：台风橙色预警"
    ),
    "proposal declined": ProposalDeclined(plan=PLAN, division="330825", reason="已按原专班处置"),
    "started on warning": StartedOnWarning(task_force=TASK_FORCE, division="330825", plan=PLAN),
    "started on warning, without a plan": StartedOnWarning(
        task_force=TASK_FORCE, division="330825"
    ),
    "start on warning cancelled": StartCancelled(task_force=TASK_FORCE, reason="误发"),
    "warning corrected": WarningCorrected(
        version=1, reason="听错了", text="暴雨橙色预警", occurred_at=at(6, 30)
    ),
    "warning corrected, words only": WarningCorrected(
        version=1, reason="听错了", text="暴雨橙色预警"
    ),
    "warning corrected, time only": WarningCorrected(
        version=1, reason="时间写错", occurred_at=at(6, 30)
    ),
    # Findings
    "finding reported": FindingReported(
        text="村口大树倒伏，横在主干道上",
        division=VILLAGE,
        desk=VILLAGE,
        place="村口老桥边",
        photos=(Photo(sha256="5e" * 32, size=183_204),),
        location=Location(latitude=29.03, longitude=119.17, accuracy=12.5),
        task=TASK,
    ),
    "finding reported, words only": FindingReported(
        text="村口大树倒伏，横在主干道上", division=VILLAGE, desk=VILLAGE
    ),
    "finding passed up": FindingPassedUp(
        desk="330825101", reason="树太大，村里没有吊机", wants_task_force=True
    ),
    "finding passed up, no task force wanted": FindingPassedUp(
        desk="330825101", reason="树太大，村里没有吊机"
    ),
    "finding routed": FindingRouted(desk="department-transport", reason="是县道"),
    "finding returned": FindingReturned(reason="请补一张照片，说明在哪一段"),
    "finding added": FindingAdded(
        text="在老桥往北五十米", photos=(Photo(sha256="7a" * 32, media="image/png"),)
    ),
    "finding added, words only": FindingAdded(text="在老桥往北五十米"),
    "finding dealt with": FindingDealtWith(text="树已锯开移走，路通了"),
    "finding dealt with by an order": FindingDealtWith(text="道路已清通", order=ORDER),
    "finding dealt with by a close": FindingDealtWith(
        text="险情排除，全线通车", task_force=TASK_FORCE
    ),
    "finding ordered": FindingOrdered(task_force_started=TASK_FORCE, order=ORDER),
    "finding started": FindingStarted(task_force_started=TASK_FORCE),
    "finding put back": FindingPutBack(task_force=TASK_FORCE, reason="误发", ordered=True),
    "finding put back, nothing ordered": FindingPutBack(task_force=TASK_FORCE, reason="误发"),
    "finding corrected": FindingCorrected(
        version=1, reason="写错了地点", text="村尾大树倒伏，横在主干道上", occurred_at=at(7, 40)
    ),
    "finding corrected, words only": FindingCorrected(
        version=1, reason="写错了地点", text="村尾大树倒伏，横在主干道上"
    ),
    "finding corrected, time only": FindingCorrected(
        version=1, reason="时间写错", occurred_at=at(7, 40)
    ),
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
