"""The matrix of commands: who may, by brute force over the facts, as docs/rules/who-may.md has it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from tests.matrix.lines import NO_FINDING, NO_FORCE, NO_TASK, NO_WARNING
from tests.matrix.oracle import OFFICIALS, Oracle, Who, inside
from tests.matrix.world import D1, D2, DEPARTMENTS, GONE, T1, V9, World

Body = dict[str, Any]


class Deed(NamedTuple):
    """A command, and what is expected of it."""

    body: Body
    allowed: bool
    hidden: bool
    absent: Body | None
    """The same about what there is not."""
    on_behalf_of: str | None = None
    changes: bool = False
    """It is asked only of those who may not: it would change who stands how."""


class Deeds:
    """Every command, about everything that it can be about, of one who acts."""

    def __init__(self, world: World, oracle: Oracle, who: Who) -> None:
        self.world = world
        self.oracle = oracle
        self.who = who
        self.me = who.person

    def all(self) -> Iterator[Deed]:
        yield from self._tasks()
        yield from self._forces()
        yield from self._findings()
        yield from self._warnings()
        yield from self._register()

    # --- tasks ------------------------------------------------------------------------------------

    def _tasks(self) -> Iterator[Deed]:
        o, me = self.oracle, self.me
        for name, task in self.world.tasks.items():
            order = self.world.orders[task.order]
            mine = me == task.person
            of_unit = task.unit and any(d == task.department for _, _, d in o.posts(me))
            doing = mine or of_unit
            gave = me == order.giver
            department = (
                task.department is not None
                and DEPARTMENTS[task.department] == task.division
                and o.commands_department(me, task.department)
            )
            official = o.over(me, (task.division,), OFFICIALS)
            steers = o.directs(me, order.force) or gave or official or department
            reporter = me == o.reports_of(order.finding)
            evaluates = o.directs(me, order.force) or gave or official
            helps = o.over(me, (task.division,)) or steers
            hidden = o.task(self.who, name).extent == "nothing"
            plain: tuple[tuple[str, bool, Body], ...] = (
                ("task.deliver", mine, {}),
                ("task.read", mine, {}),
                ("task.accept", doing, {}),
                ("task.go_en_route", doing, {}),
                ("task.reach_scene", doing, {}),
                ("task.visit", doing, {"household": "H001", "done": "看过"}),
                ("task.report", doing, {"text": "已办"}),
                ("task.pass_on", doing, {"people": ["person-SYN-none"]}),
                ("task.verify", steers, {}),
                ("task.send_back", steers, {"reason": "再看"}),
                ("task.suspend", steers, {"reason": "等水退"}),
                ("task.extend", steers, {"report_by": "2199-01-01T00:00:00Z", "reason": "路断"}),
                ("task.remind", steers, {}),
                ("task.supervise", steers, {"text": "盯住"}),
                ("task.reassign", steers, {"to": task.person, "reason": "换人"}),
                ("task.resume", doing or steers, {}),
                ("task.correct", doing or steers, {"version": 1, "reason": "记错", "text": "对的"}),
                ("task.rate", steers or reporter, {"satisfied": True}),
                ("task.evaluate", evaluates, {"score": 3}),
                ("task.decline", doing, {"reason": "去不了"}),
                ("task.reopen", doing or steers, {"reason": "没完"}),
                ("task.withdraw", steers, {"reason": "不用了"}),
            )
            for command, allowed, more in plain:
                body = {"command": command, "task": name, **more}
                yield Deed(body, allowed, hidden, {**body, "task": NO_TASK})
            if not doing and task.person != GONE:
                body = {"command": "task.accept", "task": name}
                yield Deed(body, helps, hidden, {**body, "task": NO_TASK}, task.person)

    # --- task forces ------------------------------------------------------------------------------

    def _forces(self) -> Iterator[Deed]:
        o, me = self.oracle, self.me
        for name, known in self.world.forces.items():
            directs = o.directs(me, name)
            there = directs or any(
                (department is not None or role in OFFICIALS)
                and (inside(division, known.division) or inside(known.division, division))
                for role, division, department in o.posts(me)
            )
            member = o.has_task(me, name) or me in known.commanded or me in known.pulled
            reporter = me == o.reports_of(known.finding)
            hands = me == known.commander or o.room(me, known.division)
            lead = known.lead or "water"
            plain: tuple[tuple[str, bool, Body], ...] = (
                ("order.issue", there, {"order": {"text": "空", "people": []}}),
                ("task_force.pull_in", there, {"person": known.commander}),
                ("task_force.hand_over", hands, {"to": known.commander}),
                ("task_force.change_level", directs, {"level": "II", "reason": "水涨"}),
                ("task_force.evaluate", directs, {"score": 4}),
                ("entry.make", there or member, {"text": "记一笔"}),
                ("task_force.correct", there, {"version": 1, "reason": "记错", "text": "对的"}),
                ("message.send", directs or member, {"text": "收到"}),
                ("task_force.rate", reporter or there or member, {"satisfied": True}),
            )
            changing: tuple[tuple[str, bool, Body], ...] = (
                ("task_force.name_lead", directs, {"department": lead}),
                ("task_force.stand_down", directs, {"reason": "完了"}),
                ("task_force.close", directs, {"outcome": "完了"}),
                ("task_force.cancel", directs, {"reason": "误发"}),
                ("task_force.reopen", directs, {"reason": "没完"}),
                ("task_force.archive", directs, {}),
            )
            hidden = o.task_force(self.who, name).extent == "nothing"
            for commands, changes in ((plain, False), (changing, True)):
                for command, allowed, more in commands:
                    body = {"command": command, "task_force": name, **more}
                    absent = {**body, "task_force": NO_FORCE}
                    yield Deed(body, allowed, hidden, absent, changes=changes)
            for entry in known.entries:
                body = {"command": "entry.strike", "task_force": name, "entry": entry}
                body["reason"] = "记错"
                yield Deed(body, there, hidden, {**body, "task_force": NO_FORCE})
            for message, said in known.messages.items():
                asked = said.to is not None and o.of_unit(me, said.to)
                body = {"command": "message.send", "task_force": name, "text": "答"}
                body["answers"] = message
                allowed = directs or member or asked
                yield Deed(body, allowed, hidden, {**body, "task_force": NO_FORCE})
            for order in known.orders:
                gave = directs or me == self.world.orders[order].giver
                for command in ("order.amend", "order.withdraw"):
                    body = {"command": command, "task_force": name, "order": order}
                    body |= {"reason": "改"} | (
                        {"text": "改成"} if command == "order.amend" else {}
                    )
                    absent = {**body, "task_force": NO_FORCE}
                    yield Deed(body, gave, hidden, absent, changes=True)

    # --- findings and warnings --------------------------------------------------------------------

    def _findings(self) -> Iterator[Deed]:
        o, me = self.oracle, self.me
        for name, known in self.world.findings.items():
            desk, reporter = o.decides(me, known.desks[-1]), me == known.reporter
            hidden = o.finding(self.who, name).extent == "nothing"
            plain: tuple[tuple[str, bool, bool, Body], ...] = (
                ("finding.add", reporter, False, {"text": "还有"}),
                (
                    "finding.correct",
                    reporter or desk,
                    False,
                    {"version": 1, "reason": "记错", "text": "对"},
                ),
                ("finding.pass_up", desk, True, {"reason": "请上级定"}),
                ("finding.route", desk, True, {"desk": "330825101", "reason": "归你们"}),
                ("finding.return", desk, True, {"reason": "说清楚"}),
                ("finding.deal_with", desk, True, {"text": "办了"}),
            )
            for command, allowed, changes, more in plain:
                body = {"command": command, "finding": name, **more}
                yield Deed(body, allowed, hidden, {**body, "finding": NO_FINDING}, changes=changes)
        for name, task in self.world.tasks.items():
            body = {"command": "finding.report", "text": "见到", "division": V9, "task": name}
            hidden = o.task(self.who, name).extent == "nothing"
            yield Deed(body, me == task.person, hidden, {**body, "task": NO_TASK}, changes=True)

    def _warnings(self) -> Iterator[Deed]:
        for name, places in self.world.warnings.items():
            room = all(self.oracle.room(self.me, place) for place in places)
            hidden = self.oracle.placed(self.who, places).extent == "nothing"
            plain: tuple[tuple[str, bool, Body], ...] = (
                ("warning.update", False, {"headline": "更要当心"}),
                ("warning.correct", False, {"version": 1, "reason": "记错", "text": "对"}),
                ("warning.place", True, {"divisions": list(places)}),
                ("warning.lift", True, {"reason": "退了"}),
                (
                    "warning.decline_proposal",
                    True,
                    {"plan": "plan-alpha", "division": T1, "reason": "不用"},
                ),
            )
            for command, changes, more in plain:
                body = {"command": command, "warning": name, **more}
                yield Deed(body, room, hidden, {**body, "warning": NO_WARNING}, changes=changes)

    # --- the register -----------------------------------------------------------------------------

    def _register(self) -> Iterator[Deed]:
        o, me = self.oracle, self.me
        room, district = o.room(me, T1), o.room(me, D1)
        yield Deed(
            {"command": "posture.switch", "division": T1, "posture": "peacetime", "reason": "平时"},
            room,
            False,
            None,
        )
        yield Deed(
            {"command": "group.dissolve", "group": "team", "reason": "散"},
            room,
            False,
            None,
            changes=True,
        )
        yield Deed(
            {
                "command": "group.form",
                "group": "team",
                "name": "先锋队",
                "division": T1,
                "members": ["person-SYN-gh1"],
            },
            room,
            False,
            None,
        )
        yield Deed(
            {"command": "roster.set", "division": T1, "role": "township_official", "shifts": []},
            room,
            False,
            None,
        )
        yield Deed(
            {"command": "person.erase", "person": "person-SYN-none", "reason": "离开"},
            o.room(me, D2),
            False,
            None,
            changes=True,
        )
        yield Deed(
            {"command": "department.dissolve", "department": "water", "reason": "撤"},
            district,
            False,
            None,
            changes=True,
        )
        order = {"text": "巡查", "to": [{"role": "grid_head"}]}
        start = {
            "command": "task_force.start_ad_hoc",
            "title": "试",
            "division": T1,
            "orders": [order],
        }
        yield Deed(start, room, False, None, changes=True)
        new = {"event": "大风", "level": "blue", "headline": "有风", "divisions": [T1]}
        yield Deed({"command": "warning.raise", **new}, room, False, None, changes=True)
        told = {"event": "大风", "level": "blue", "divisions": [T1], "told_by": "气象台"}
        yield Deed({"command": "warning.tell", **told}, room, False, None, changes=True)
        for stream, division in self.world.plans.items():
            hidden = o.placed(self.who, (division,)).extent == "nothing"
            key = stream.removeprefix("plan-")
            retire = {"command": "plan.retire", "plan": key, "reason": "旧了"}
            absent = {**retire, "plan": "none-such"}
            yield Deed(retire, o.room(me, division), hidden, absent, changes=True)
            begin = {"command": "task_force.start", "plan": stream, "division": T1}
            absent = {**begin, "plan": "plan-none-such"}
            yield Deed(
                begin, room and not hidden and inside(T1, division), hidden, absent, changes=True
            )
