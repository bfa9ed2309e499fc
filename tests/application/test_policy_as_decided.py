"""Who may, as the table has it, is who is let through: asked of the handlers, by all kinds of people.

The commands about tasks and task forces ask the table itself (tests/application/test_authority.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from msgspec.structs import replace

from handheld.adapters.log import open_memory
from handheld.application.deciding import Case, decide_all
from handheld.application.handlers import task_forces, tasks
from handheld.application.handlers.table import HANDLERS
from handheld.application.loading import States
from handheld.application.requests import Request
from handheld.domain import finding_commands as findings
from handheld.domain import warning_commands as warnings
from handheld.domain.errors import HandheldError, NotAllowed
from handheld.domain.ordering import Order
from handheld.domain.plan import AdoptPlan, RetirePlan
from handheld.domain.policy import Subject, may
from handheld.domain.register import (
    Contact,
    DivisionRow,
    ErasePerson,
    ImportDivisions,
    ImportPeople,
    PersonRow,
)
from handheld.domain.register_departments import (
    DepartmentRow,
    DissolveDepartment,
    ImportDepartments,
)
from handheld.domain.register_duty import HandOverDuty, SetRoster, TakeDuty
from handheld.domain.register_groups import DissolveGroup, FormGroup
from handheld.domain.register_outlines import OutlineDivisions, OutlineRow
from handheld.domain.register_posture import SwitchPosture
from handheld.domain.starting import StartAdHoc
from handheld.domain.task_force import TaskForceCommand
from handheld_events.division import Shift
from handheld_events.envelope import Meta
from handheld_events.ids import (
    TaskIds,
    cap_warning_id,
    finding_id,
    order_id,
    person_stream,
    plan_stream,
    task_force_id,
    warning_id,
)
from handheld_events.orders import PlanOrder, Target
from handheld_events.plan import Trigger
from handheld_events.warning import Cap, WarningContent
from handheld_projections.organisation import Post
from tests.support_log import Bench, new_command

TRIANGLE = ((119.0, 29.0), (120.0, 29.0), (119.0, 30.0), (119.0, 29.0))
COUNTY, TOWN, NEXT, VILLAGE = "330825", "330825101", "330825102", "330825101264"
GRID = "330825101264001"
POSTS: dict[str, tuple[Post, ...]] = {
    "commander": (Post("district_commander", COUNTY),),
    "duty": (Post("duty_officer", COUNTY),),
    "duty-2": (Post("duty_officer", COUNTY),),
    "town-commander": (Post("township_commander", TOWN),),
    "town-duty": (Post("duty_officer", TOWN),),
    "town-duty-2": (Post("duty_officer", TOWN),),
    "next-duty": (Post("duty_officer", NEXT),),
    "town-official": (Post("township_official", TOWN),),
    "leader": (Post("village_team_leader", VILLAGE),),
    "village-official": (Post("village_official", VILLAGE),),
    "grid-head": (Post("grid_head", GRID),),
    "contact": (Post("household_contact", GRID),),
    "water-head": (Post("department_head", COUNTY, "water"),),
    "water-duty": (Post("duty_officer", COUNTY, "water"),),
    "water-duty-2": (Post("duty_officer", COUNTY, "water"),),
    "water-stationed": (Post("enforcement_officer", TOWN, "water"),),
    "police-head": (Post("department_head", COUNTY, "police"),),
    "both": (Post("village_official", VILLAGE), Post("duty_officer", NEXT)),
}
PEOPLE = [person_stream(number) for number in POSTS]
ACTORS = [*PEOPLE, "person-unknown", "operator", "reactions"]
REPORTER, ASSIGNEE = person_stream("contact"), person_stream("leader")


class Asked(NamedTuple):
    """A command, what the table is told of it, and on whose behalf it is asked."""

    command: Any
    subject: Subject
    on_behalf_of: str | None = None


class Place:
    """A small county with a finding on each kind of desk, warnings, a plan, groups, rosters."""

    def __init__(self, directory: Path) -> None:
        self.bench = Bench(open_memory(), directory / "keyring.db")
        self.now = self.bench.clock.now()
        codes = (COUNTY, TOWN, NEXT, VILLAGE, GRID)
        self.do(ImportDivisions(rows=tuple(DivisionRow(code=c, name=f"名{c}") for c in codes)))
        self.do(
            ImportDepartments(
                rows=tuple(
                    DepartmentRow(key=key, name=f"名{key}", division=division)
                    for key, division in (("water", COUNTY), ("police", COUNTY), ("guards", TOWN))
                )
            )
        )
        self.do(ImportPeople(rows=tuple(self.row(number) for number in POSTS)))
        for key, division in (("town", TOWN), ("next", NEXT), ("county", COUNTY)):
            self.do(self.group(key, division))
        self.do(self.plan())
        self.do(self.plan(key="flood", division=TOWN))
        started = self.do(
            StartAdHoc(
                title="防台",
                division=COUNTY,
                orders=(Order(text="巡查", people=(ASSIGNEE,)),),
            )
        )
        self.task_force = task_force_id(started)
        self.task = TaskIds(order_id(started, 0)).of(ASSIGNEE)
        self.desks = {
            desk: self.finding(desk) for desk in (VILLAGE, TOWN, COUNTY, "department-water")
        }
        self.ordered = self.finding(VILLAGE)
        ordering = new_command()
        self.do(self.order(self.ordered), ordering)
        self.by_order = order_id(ordering, 0)
        self.told = {
            place: warning_id(self.do(self.telephoned(place))) for place in (COUNTY, TOWN, NEXT)
        }
        self.told[""] = self.unplaced()
        self.do(warnings.ProposeStart(warning=self.told[COUNTY]))
        for role, department in (("duty_officer", None), ("duty_officer", "water")):
            self.do(self.roster(role, COUNTY, department))
        on_duty = person_stream("duty-2")
        self.do(HandOverDuty(division=COUNTY, role="duty_officer", to=on_duty))

    def do(self, command: Any, command_id: str | None = None, who: str | None = None) -> str:
        made = command_id or new_command()
        meta = Meta(actor="operator", command=made, occurred_at=self.now, on_behalf_of=who)
        answer = self.bench.writer.execute(Request(command, meta))
        assert answer.outcome == "accepted", (command, answer)
        return made

    def row(self, number: str) -> PersonRow:
        stream = person_stream(number)
        sealed = self.bench.keyring.seal([(stream, f"合成{number}")])
        return PersonRow(
            person=stream, contact=Contact(sealed[0]), posts=POSTS[number], synthetic=True
        )

    def group(self, key: str, division: str) -> FormGroup:
        return FormGroup(group=key, name=f"组{key}", division=division, members=(REPORTER,))

    def plan(
        self, title: str = "防台预案", key: str = "typhoon", division: str = COUNTY
    ) -> AdoptPlan:
        return AdoptPlan(
            plan=key,
            title=title,
            division=division,
            orders=(PlanOrder(key="a", text="巡查", to=(Target(role="grid_head"),)),),
            triggers=(Trigger(event="台风", at_least="yellow"),),
        )

    def finding(self, desk: str) -> str:
        """A finding that lies on this desk."""
        report = findings.ReportFinding(text="大树倒伏", division=GRID)
        found = finding_id(self.do(report, who=REPORTER))
        up = {VILLAGE: 0, TOWN: 1}.get(desk, 2)
        for _ in range(up):
            self.do(findings.PassUp(finding=found, reason="村里处理不了"))
        if desk == "department-water":
            self.do(findings.Route(finding=found, desk=desk, reason="属水利"))
        return found

    def order(self, finding: str) -> findings.OrderOnFinding:
        return findings.OrderOnFinding(
            finding=finding,
            task_force=self.task_force,
            order=Order(text="清障", people=(person_stream("grid-head"),)),
        )

    def telephoned(self, *divisions: str) -> warnings.TellWarning:
        return warnings.TellWarning(
            event="台风", level="orange", divisions=divisions, told_by="市气象台"
        )

    def unplaced(self) -> str:
        """A warning of the weather office for an area that no division is known by."""
        content = WarningContent(event="大风", level="blue", headline="大风", divisions=())
        cap = Cap(sender="气象台", identifier="1", sent=self.now)
        self.do(warnings.ReceiveCap(cap=cap, status="Actual", kind="Alert", content=content))
        return cap_warning_id(cap.sender, cap.identifier, round(cap.sent.timestamp() * 1000))

    def roster(self, role: str, division: str, department: str | None) -> SetRoster:
        holders = [
            person
            for number, posts in POSTS.items()
            for person in [person_stream(number)]
            if Post(role, division, department) in posts
        ]
        shift = Shift(
            person=holders[-1],
            begins=self.now - timedelta(hours=1),
            ends=self.now + timedelta(hours=7),
        )
        return SetRoster(division=division, role=role, department=department, shifts=(shift,))

    def lets(self, asked: Asked, actor: str) -> bool:
        """Whether the handler lets this actor through; nothing is written."""
        meta = Meta(
            actor=actor,
            command=new_command(),
            occurred_at=self.now,
            on_behalf_of=asked.on_behalf_of,
        )
        request = Request(asked.command, meta)
        case = Case(request, request.key(), 0)
        decisions = decide_all([case], States(self.bench.log), self.bench.world)
        if decisions.ready:
            return True
        error: HandheldError = decisions.failed[0].error
        # Whoever is in no register finds nothing: that is an answer to who they are.
        unknown = isinstance(asked.command, findings.ReportFinding)
        assert isinstance(error, NotAllowed) or (unknown and error.code == "person.unknown"), error
        return False

    def all(self) -> Iterator[Asked]:
        organisation = self.bench.world.organisation()[0]
        anybody = Subject(organisation, COUNTY)
        yield from self.by_itself(anybody)
        yield from self.about_plans_and_warnings(anybody)
        yield from self.about_findings(anybody)
        yield from self.about_the_register(anybody)

    def by_itself(self, anybody: Subject) -> Iterator[Asked]:
        content = WarningContent(event="台风", level="red", headline="台风", divisions=(COUNTY,))
        cap = Cap(sender="气象台", identifier="2", sent=self.now)
        for command in (
            ImportDivisions(rows=(DivisionRow(code=COUNTY, name="新名"),)),
            ImportDepartments(rows=(DepartmentRow(key="water", name="新名", division=COUNTY),)),
            ImportPeople(rows=(self.row("contact"),)),
            OutlineDivisions(rows=(OutlineRow(code=COUNTY, polygons=((TRIANGLE,),)),)),
            warnings.ReceiveCap(cap=cap, status="Actual", kind="Alert", content=content),
            warnings.ExpireWarning(warning=self.told[COUNTY], due_at=self.now),
            warnings.ProposeStart(warning=self.told[COUNTY]),
        ):
            yield Asked(command, anybody)

    def about_plans_and_warnings(self, anybody: Subject) -> Iterator[Asked]:
        for key, division in (("police", COUNTY), ("guards", TOWN)):
            dissolve = DissolveDepartment(department=key, reason="机构改革")
            yield Asked(dissolve, anybody._replace(territory=division))
        for division in (COUNTY, TOWN, NEXT, VILLAGE):
            there = anybody._replace(territory=division)
            yield Asked(self.plan("新版", "fresh", division), there)
            for key, was in (("typhoon", COUNTY), ("flood", TOWN)):
                yield Asked(self.plan("新版", key, division), there._replace(also=was))
        for key, was in (("typhoon", COUNTY), ("flood", TOWN)):
            yield Asked(RetirePlan(plan=key, reason="不再用"), anybody._replace(territory=was))
        for places in ((COUNTY,), (TOWN,), (TOWN, NEXT), (VILLAGE,)):
            there = anybody._replace(places=places)
            yield Asked(self.telephoned(*places), there)
            raised = warnings.RaiseWarning(
                event="欠薪", level="blue", headline="水电费异常", divisions=places
            )
            yield Asked(raised, there)
        for known, warning in self.told.items():
            yield from self.about_one_warning(warning, (known,) if known else (), anybody)

    def about_one_warning(
        self, told: str, known: tuple[str, ...], anybody: Subject
    ) -> Iterator[Asked]:
        there = anybody._replace(places=known)
        yield Asked(warnings.UpdateWarning(warning=told, level="red"), there)
        yield Asked(warnings.LiftWarning(warning=told, reason="解除"), there)
        yield Asked(
            warnings.CorrectWarning(warning=told, version=1, reason="笔误", text="台风"), there
        )
        decline = warnings.DeclineProposal(
            warning=told, plan=plan_stream("typhoon"), division=COUNTY, reason="已有专班"
        )
        if known == (COUNTY,):
            yield Asked(decline, there)
        for places in ((COUNTY,), (TOWN,), (NEXT,)):
            given = anybody._replace(places=(*known, *places))
            yield Asked(warnings.UpdateWarning(warning=told, divisions=places), given)
            yield Asked(warnings.PlaceWarning(warning=told, divisions=places), given)
            yield Asked(replace(self.telephoned(*places), updates=told), given)

    def about_findings(self, anybody: Subject) -> Iterator[Asked]:
        loaded = States(self.bench.log)
        loaded.load((self.task,))
        task = loaded.get(self.task).state
        for who in (None, REPORTER, ASSIGNEE):
            told = anybody._replace(who=who, reporter=lambda: REPORTER, division=VILLAGE)
            yield Asked(findings.ReportFinding(text="积水", division=VILLAGE), told, who)
            in_course = findings.ReportFinding(text="积水", division=VILLAGE, task=self.task)
            yield Asked(in_course, told._replace(task=task), who)
            for desk, finding in self.desks.items():
                lies = told._replace(desk=desk, division=GRID)
                yield Asked(findings.AddToFinding(finding=finding, text="还在倒"), lies, who)
                correct = findings.CorrectFinding(
                    finding=finding, version=1, reason="笔误", text="树倒"
                )
                yield Asked(correct, lies, who)
                yield Asked(findings.PassUp(finding=finding, reason="难"), lies, who)
                yield Asked(findings.Route(finding=finding, desk=desk, reason="归"), lies, who)
                yield Asked(findings.Return(finding=finding, reason="已有"), lies, who)
                yield Asked(findings.DealWith(finding=finding, text="已清"), lies, who)
                yield Asked(self.order(finding), lies, who)
            settle = findings.SettleFinding(finding=self.ordered, order=self.by_order)
            yield Asked(settle, told._replace(desk=VILLAGE), who)

    def about_the_register(self, anybody: Subject) -> Iterator[Asked]:
        for division in (COUNTY, TOWN, NEXT, VILLAGE, GRID):
            there = anybody._replace(territory=division)
            switch = SwitchPosture(division=division, posture="wartime", reason="台风")
            yield Asked(switch, there)
            yield Asked(self.group("fresh", division), there)
            for key, was in (("town", TOWN), ("next", NEXT), ("county", COUNTY)):
                yield Asked(self.group(key, division), there._replace(also=was))
        for key, was in (("town", TOWN), ("next", NEXT), ("county", COUNTY)):
            dissolve = DissolveGroup(group=key, reason="已散")
            yield Asked(dissolve, anybody._replace(territory=was))
        for person in PEOPLE:
            yield Asked(ErasePerson(person=person, reason="本人申请"), anybody)
        for role, division, department in (
            ("duty_officer", COUNTY, None),
            ("duty_officer", TOWN, None),
            ("township_commander", TOWN, None),
            ("village_official", VILLAGE, None),
            ("duty_officer", COUNTY, "water"),
            ("enforcement_officer", TOWN, "water"),
        ):
            post = Post(role, division, department)
            about = anybody._replace(post=post)
            yield Asked(self.roster(role, division, department), about)
            shift = self.roster(role, division, department).shifts[0]
            hand_over = HandOverDuty(
                division=division, role=role, department=department, to=shift.person
            )
            yield Asked(hand_over, about)
            take = TakeDuty(
                division=division,
                role=role,
                department=department,
                person=shift.person,
                begins=shift.begins,
            )
            yield Asked(take, about._replace(who=shift.person))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    made = Place(tmp_path_factory.mktemp("county"))
    yield made
    made.bench.close()


def test_the_table_lets_through_whom_the_handlers_let_through(place: Place) -> None:
    asked = list(place.all())
    differing = [
        (type(one.command).__name__, actor, one.on_behalf_of, one.subject.desk, one.command)
        for one in asked
        for actor in ACTORS
        if place.lets(one, actor) != may(actor, type(one.command), one.subject)
    ]
    assert not differing


def test_every_command_is_asked_for_that_the_table_does_not_decide_itself(place: Place) -> None:
    asked = {type(one.command) for one in place.all()}
    decided = set(task_forces.HANDLERS) | set(tasks.HANDLERS)
    assert asked == set(HANDLERS) - decided
    assert not any(issubclass(command, TaskForceCommand) for command in asked)
