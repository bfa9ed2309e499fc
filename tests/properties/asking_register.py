"""What can be asked of the register: territory, departments, people, groups, duty, posture, plans."""

from __future__ import annotations

from datetime import timedelta

from handheld.domain import (
    plan,
    register,
    register_departments,
    register_duty,
    register_groups,
    register_outlines,
    register_posture,
)
from handheld_events.division import Posture, Shift
from handheld_events.orders import LEVELS, PlanOrder, Reminding, Target, Wartime
from handheld_events.plan import Trigger
from handheld_events.warning import WARNING_LEVELS
from handheld_projections.organisation import Post
from tests.properties.asking import Asking
from tests.properties.picks import Picks
from tests.properties.places import (
    CODES,
    DEPARTMENTS,
    DISTRICT,
    FORMS,
    GROUPS,
    PEOPLE,
    PLANS,
    POSTS,
    ROLES,
    STEPS,
    TOWNSHIP,
    Where,
)

REMINDING = (None, Reminding(after=300, every=300, most=2), Reminding(after=60, every=600, most=3))


class AskingRegister(Asking):
    """Asks about the register."""

    def divisions(self, pick: Picks, where: Where) -> None:
        """A new division, or another name."""
        code = pick.one(CODES)
        row = register.DivisionRow(code=code, name=f"{code} {pick.of(3)}")
        self.ask(register.ImportDivisions(rows=(row,)), where, "operator", **self.meta(pick))

    def outlines(self, pick: Picks, where: Where) -> None:
        """A division is drawn on the map, otherwise, or no more."""
        east = 119.0 + pick.of(3)
        ring = ((east, 29.0), (east + 1, 29.0), (east, 30.0), (east, 29.0))
        polygons = ((ring,),) if pick.once_in(2) else ()
        row = register_outlines.OutlineRow(code=pick.one(CODES), polygons=polygons)
        command = register_outlines.OutlineDivisions(rows=(row,), source="合成")
        self.ask(command, where, "operator", **self.meta(pick))

    def departments(self, pick: Picks, where: Where) -> None:
        """A new department, or another name."""
        row = register_departments.DepartmentRow(
            key=pick.one((*DEPARTMENTS, "forest")),
            name=pick.one(("水利局", "公安局")),
            division=pick.one((DISTRICT, DISTRICT, TOWNSHIP)),
            synthetic=True,
        )
        self.ask(register_departments.ImportDepartments(rows=(row,)), where, "operator")

    def dissolve_department(self, pick: Picks, where: Where) -> None:
        """A department is dissolved."""
        key = pick.one(("forest", *DEPARTMENTS))
        key = key if pick.once_in(4) else "forest"
        command = register_departments.DissolveDepartment(department=key, reason="合并")
        self.ask(command, where, "operator")

    def people(self, pick: Picks, where: Where) -> None:
        """A new person, or other posts, contact, households."""
        who = pick.one(PEOPLE)
        posts = tuple(dict.fromkeys((pick.one(POSTS), *pick.some(POSTS[:4]))))
        known = any(fact.stream == who for fact in self.history.facts)
        contact = None if known and pick.of(2) else register.Contact(self.sealed(who))
        households = pick.one((None, None, (), ("1", "2"), ("3",)))
        row = register.PersonRow(
            person=who, contact=contact, posts=posts, synthetic=True, households=households
        )
        self.ask(register.ImportPeople(rows=(row,)), where, "operator", **self.meta(pick))

    def erase(self, pick: Picks, where: Where) -> None:
        """Somebody is erased."""
        who = pick.one(PEOPLE) if pick.once_in(6) else PEOPLE[-1]
        command = register.ErasePerson(person=who, reason="本人要求")
        self.ask(command, where, "operator")

    def form_group(self, pick: Picks, where: Where) -> None:
        """A group of some people."""
        command = register_groups.FormGroup(
            group=pick.one(GROUPS),
            name="突击队",
            division=pick.one((DISTRICT, *CODES[:3])),
            members=self.some_people(pick),
        )
        self.ask(command, where, self.officer(pick))

    def dissolve_group(self, pick: Picks, where: Where) -> None:
        """A group is dissolved."""
        command = register_groups.DissolveGroup(group=pick.one(GROUPS), reason="任务结束")
        self.ask(command, where, self.officer(pick))

    def _duty_post(self, pick: Picks) -> Post:
        return pick.one((POSTS[7], POSTS[8], POSTS[11], POSTS[2]))

    def _holder(self, pick: Picks, post: Post) -> str:
        holders = [who for who, held in self.history.posts().items() if post in held] or list(
            PEOPLE
        )
        return pick.one(PEOPLE) if pick.once_in(6) else pick.one(holders)

    def set_roster(self, pick: Picks, where: Where) -> None:
        """Turns of an hour or a day, from about now."""
        post = self._duty_post(pick)
        length = timedelta(seconds=pick.one((3600, 86_400)))
        begins = self.at + timedelta(seconds=pick.one((600, 60, -1800, 86_400)))
        shifts = tuple(
            Shift(
                person=self._holder(pick, post),
                begins=begins + length * n,
                ends=begins + length * (n + 1),
            )
            for n in range(pick.of(4))
        )
        command = register_duty.SetRoster(
            division=post.division, role=post.role, department=post.department, shifts=shifts
        )
        self.ask(command, where, self.officer(pick), **self.meta(pick))

    def hand_over_duty(self, pick: Picks, where: Where) -> None:
        """Somebody else is on duty."""
        post = self._duty_post(pick)
        command = register_duty.HandOverDuty(
            division=post.division,
            role=post.role,
            department=post.department,
            to=self._holder(pick, post),
            note=pick.one((None, "一切正常")),
        )
        self.ask(command, where, self.officer(pick))

    def take_duty(self, pick: Picks, where: Where) -> None:
        """Somebody takes their turn themselves, perhaps one that is not theirs."""
        post = self._duty_post(pick)
        person = self._holder(pick, post)
        begins = self.history.shifts(post) or [self.at]
        command = register_duty.TakeDuty(
            division=post.division,
            role=post.role,
            department=post.department,
            person=person,
            begins=pick.one(begins),
        )
        self.ask(command, where, pick.one((person, "operator", PEOPLE[0])))

    def switch_posture(self, pick: Picks, where: Where) -> None:
        """平战转换."""
        posture: Posture = "wartime" if pick.of(2) else "peacetime"
        command = register_posture.SwitchPosture(
            division=pick.one(CODES), posture=posture, reason="台风来了"
        )
        self.ask(command, where, self.officer(pick), **self.meta(pick))

    # --- plans --------------------------------------------------------------------------------------

    def target(self, pick: Picks) -> Target:
        """Posts, a unit or a group."""
        match pick.of(6):
            case 0 | 1:
                return Target(role=pick.one(ROLES))
            case 2:
                return Target(role="village_official", tier="village", on_duty=bool(pick.of(2)))
            case 3:
                return Target(department=pick.one(DEPARTMENTS))
            case 4:
                return Target(department=pick.one(DEPARTMENTS), role="department_officer")
            case _:
                return Target(group=pick.one(GROUPS))

    def _plan_order(self, pick: Picks, key: str) -> PlanOrder:
        form = pick.one(FORMS)
        steps = pick.one(STEPS[2:4] if form else STEPS)
        return PlanOrder(
            key=key,
            text="走访",
            to=(self.target(pick),),
            steps=steps,
            accept_within=pick.one((600, None)),
            report_within=pick.one((3600, None)),
            form=form,
            open_to=pick.one((None, None, None, 1)),
            level=pick.one((None, None, *LEVELS)),
            after=pick.one((None, None, 1800)),
            every=pick.one((None, None, None, 3600)),
            remind_accept=pick.one(REMINDING),
            remind_report=pick.one(REMINDING) if "report" in steps else None,
            wartime=pick.one((None, Wartime(accept_within=120, steps=("accept",)))),
        )

    def adopt(self, pick: Picks, where: Where) -> None:
        """An edition of a plan: a first order at once, further ones perhaps later."""
        first = PlanOrder(
            key="first",
            text="到岗",
            to=(Target(role=pick.one(ROLES)),),
            accept_within=600,
            remind_accept=pick.one(REMINDING),
        )
        more = tuple(self._plan_order(pick, f"more-{n}") for n in range(pick.of(3)))
        trigger = Trigger(
            event=pick.one(("台风", "暴雨")),
            at_least=pick.one(WARNING_LEVELS[:3]),
            does=pick.one(("propose", "start")),
            level=pick.one((None, "III")),
        )
        command = plan.AdoptPlan(
            plan=pick.one(PLANS),
            title="防台风",
            division=pick.one((DISTRICT, DISTRICT, TOWNSHIP)),
            orders=(first, *more),
            level=pick.one((None, "IV", "II")),
            triggers=(trigger,) if pick.of(4) else (),
            lead=pick.one((None, *DEPARTMENTS)),
            responding=pick.one(((), ("police",))),
        )
        self.ask(command, where, "operator")

    def retire(self, pick: Picks, where: Where) -> None:
        """A plan is retired."""
        self.ask(plan.RetirePlan(plan=pick.one(PLANS), reason="过时"), where, "operator")
