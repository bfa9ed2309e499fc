"""The matrix: for every route that can be read, what each viewer must be answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from tests.matrix.oracle import Oracle, Sees, Who, inside
from tests.matrix.world import DEPARTMENTS, DIVISIONS, GONE, World

Json = Any
UPLOADER = "person-SYN-dc1"
T = TypeVar("T")
Check = Callable[[Json], None]
NO_FORCE = "tf-" + "0" * 32
NO_TASK = "task-" + "0" * 32
NO_ORDER = "order-" + "0" * 32
NO_FINDING = "finding-" + "0" * 32
NO_WARNING = "warning-" + "0" * 32


class Ask(NamedTuple):
    """A question, and what is expected."""

    path: str
    status: int
    check: Check | None = None
    hides: tuple[str, str] | None = None
    """Where it is hidden: the name, and one that is nobody's."""
    names: tuple[str | None, ...] | None = None
    """The task forces within which people are shown; None: not checked here."""


@dataclass
class Asking:
    """What the lines are made from."""

    world: World
    oracle: Oracle
    who: Who
    everything: Callable[[str], Json]
    """What the operator is answered: all that there is."""
    now: str
    """An instant by the log's clock, when all was done."""
    number: int = 0
    every: int = 1
    """Of the searches for single words each so-many-th is made, beginning at `number`."""

    def some(self, things: Iterable[T]) -> Iterator[T]:
        """Those that are asked about in this run: not the same for everybody."""
        for number, thing in enumerate(things, self.number):
            if number % self.every == 0:
                yield thing

    def hidden(self, path: str, name: str, absent: str, view: Sees, check: Check) -> Ask:
        """A thing with a name: 200 and checked, or 404 as if there were none."""
        if view.extent == "nothing":
            return Ask(path.format(name), 404, None, (name, absent))
        return Ask(path.format(name), 200, check)

    # --- task forces ------------------------------------------------------------------------------

    def force_card(self) -> Iterator[Ask]:
        for force in self.world.forces:
            course = self.oracle.course(self.who, force)

            def check(card: Json, force: str = force, course: Sees = course) -> None:
                assert card.get("inside", False) == (course.extent != "nothing")
                assert ("members" in card) == (course.extent == "whole")
                assert ("tasks" in card) == (course.extent == "whole")
                assert card.get("after", 0) == course.after
                view = self.oracle.task_force(self.who, force)
                assert (card.get("place") is not None) == view.names
                finding = self.world.forces[force].finding
                sees = finding is not None and course.extent != "nothing"
                sees = sees and self.oracle.finding(self.who, finding or "").extent != "nothing"
                assert card.get("finding") == (finding if sees else None)
                self.named(card, force)

            view = self.oracle.task_force(self.who, force)
            yield self.hidden("/task-forces/{}", force, NO_FORCE, view, check)

    def _orders(self, force: str) -> list[str]:
        found = []
        for order in self.world.forces[force].orders:
            view = self.oracle.order(self.who, order)
            if view.extent != "nothing" and self.world.orders[order].position > view.after:
                found.append(order)
        return found

    def orders(self) -> Iterator[Ask]:
        for force in self.world.forces:
            wanted = self._orders(force)
            whole = self.oracle.course(self.who, force).extent == "whole"

            def check(
                page: Json, force: str = force, wanted: list[str] = wanted, whole: bool = whole
            ) -> None:
                assert [one["order"] for one in page["orders"]] == wanted
                for one in page["orders"]:
                    assert ("tasks" in one) == ("states" in one) == whole
                    assert ("text" in one) == self.oracle.order(self.who, one["order"]).names
                self.named(page, force)

            view = self.oracle.task_force(self.who, force)
            yield self.hidden("/task-forces/{}/orders", force, NO_FORCE, view, check)

    def order(self) -> Iterator[Ask]:
        for force, known in self.world.forces.items():
            seen = self.oracle.task_force(self.who, force).extent != "nothing"
            wanted = self._orders(force) if seen else []
            for order in known.orders:
                status = 200 if order in wanted else 404
                hides = None if order in wanted else (order, NO_ORDER)
                yield Ask(f"/task-forces/{force}/orders/{order}", status, None, hides)

    def _members(self, force: str, view: Sees) -> set[str]:
        known, found = self.world.forces[force], set[str]()
        for task in self.world.tasks.values():
            if self.world.orders[task.order].force == force and self._in_part(view, task):
                found.add(task.person)
        for person in known.commanded | set(known.pulled):
            if view.extent == "whole" or any(
                any(inside(division, part) for part in view.parts)
                if department is None
                else f"department-{department}" in view.parts
                for _, division, department in self.oracle.posts(person)
            ):
                found.add(person)
        return found

    def _in_part(self, view: Sees, task: Any) -> bool:
        return (
            view.extent == "whole"
            or any(inside(task.division, part) for part in view.parts)
            or (task.department is not None and f"department-{task.department}" in view.parts)
        )

    def members(self) -> Iterator[Ask]:
        for force in self.world.forces:
            view = self.oracle.course(self.who, force)
            wanted = self._members(force, view)

            def check(page: Json, force: str = force, wanted: set[str] = wanted) -> None:
                assert {one["person"]["person"] for one in page["members"]} == wanted
                assert page["count"] == len(wanted)
                assert "next" not in page
                self.named(page, force, phones=True)

            yield self.hidden("/task-forces/{}/members", force, NO_FORCE, view, check)

    def entries(self) -> Iterator[Ask]:
        for force, known in self.world.forces.items():
            view = self.oracle.course(self.who, force)
            wanted = [e for e, said in known.entries.items() if said.position > view.after]

            def check(
                page: Json, force: str = force, wanted: list[str] = wanted, view: Sees = view
            ) -> None:
                assert [one["entry"] for one in page["entries"]] == wanted
                assert all(("text" in one) == view.names for one in page["entries"])
                assert "next" not in page
                assert "previous" not in page
                self.named(page, force)

            yield self.hidden("/task-forces/{}/entries", force, NO_FORCE, view, check)

    def messages(self) -> Iterator[Ask]:
        for force, known in self.world.forces.items():
            wanted = [
                m
                for m in known.messages
                if self.oracle.message(self.who, force, m).extent != "nothing"
            ]

            def check(page: Json, force: str = force, wanted: list[str] = wanted) -> None:
                assert [one["message"] for one in page["messages"]] == wanted
                assert "next" not in page
                assert "previous" not in page
                self.named(page, force)

            view = self.oracle.task_force(self.who, force)
            yield self.hidden("/task-forces/{}/messages", force, NO_FORCE, view, check)

    # --- timelines --------------------------------------------------------------------------------

    def _message_at(self, position: int) -> tuple[str, str] | None:
        for force, known in self.world.forces.items():
            for message, said in known.messages.items():
                if said.position == position:
                    return force, message
        return None

    def _of_stream(self, fact: Json) -> Sees:
        """How much of a fact's own stream they see."""
        stream, oracle, who = fact["stream"], self.oracle, self.who
        kind = stream.partition("-")[0]
        match kind:
            case "tf":
                return oracle.course(who, stream)
            case "task":
                return oracle.task(who, stream, history=True)
            case "finding":
                return oracle.finding(who, stream)
            case "warning":
                return oracle.placed(who, self.world.warnings[stream])
            case "plan":
                return oracle.placed(who, (self.world.plans[stream],))
            case "person":
                named = oracle.name(who, stream) or oracle.scores(who, stream)
                return Sees("whole" if named else "nothing")
            case _:
                return Sees("whole" if oracle.registered(who) else "nothing")

    def _sees_fact(self, fact: Json, view: Sees | None) -> bool:
        """`view`: of the timeline; None where each is asked by itself."""
        message = self._message_at(fact["position"])
        if message is not None:
            seen = self.oracle.message(self.who, *message).extent != "nothing"
            return seen and (view is None or fact["position"] > view.after)
        if view is None:
            own = self._of_stream(fact)
            return own.extent != "nothing" and fact["position"] > own.after
        if fact["position"] <= view.after:
            return False
        stream: str = fact["stream"]
        if view.extent == "whole" or stream.startswith("tf-"):
            return True
        if stream.startswith("task-"):
            return self._in_part(view, self.world.tasks[stream])
        return self._of_stream(fact).extent != "nothing"

    def _course(self, path: str, name: str, absent: str, view: Sees, force: str | None) -> Ask:
        every = self.everything(path.format(name))["facts"]
        wanted = [fact["position"] for fact in every if self._sees_fact(fact, view)]

        def check(page: Json) -> None:
            assert [fact["position"] for fact in page["facts"]] == wanted
            assert "next" not in page
            self.named(page, force)

        return self.hidden(path, name, absent, view, check)

    def force_timeline(self) -> Iterator[Ask]:
        for force in self.world.forces:
            view = self.oracle.course(self.who, force)
            path = "/task-forces/{}/timeline?limit=500"
            yield self._course(path, force, NO_FORCE, view, force)

    def _shown(self, force: str, view: Sees) -> list[Json]:
        """The facts of its timeline that are for them."""
        path = "/task-forces/{}/timeline?limit=500"
        facts = self.everything(path.format(force))["facts"]
        return [fact for fact in facts if self._sees_fact(fact, view)]

    def density(self) -> Iterator[Ask]:
        for force in self.world.forces:
            view = self.oracle.course(self.who, force)
            wanted = Counter(f["topic"].rpartition(".v")[0] for f in self._shown(force, view))

            def check(
                page: Json, force: str = force, wanted: Counter[str] = wanted, view: Sees = view
            ) -> None:
                topics = page.get("topics", {})
                assert {topic: sum(parts) for topic, parts in topics.items()} == wanted
                assert page.get("total", 0) == wanted.total()
                assert page.get("part", False) == (view.extent == "part")
                self.named(page, force)

            yield self.hidden("/task-forces/{}/density?buckets=5", force, NO_FORCE, view, check)

    def waits(self) -> Iterator[Ask]:
        for force in self.world.forces:
            view = self.oracle.course(self.who, force)
            wanted = {
                fact["stream"]
                for fact in self._shown(force, view)
                if fact["topic"] == "task.dispatched.v1"
            }

            def check(page: Json, force: str = force, wanted: set[str] = wanted) -> None:
                first = next(iter(page.get("steps", ())), {"step": "delivered", "tasks": 0})
                assert (first["step"], first["tasks"]) == ("delivered", len(wanted))
                assert {one["task"] for one in page.get("longest", ())} <= wanted
                self.named(page, force)

            yield self.hidden("/task-forces/{}/waits?limit=2000", force, NO_FORCE, view, check)

    def task_history(self) -> Iterator[Ask]:
        for name, task in self.world.tasks.items():
            view = self.oracle.task(self.who, name, history=True)
            force = self.world.orders[task.order].force
            every = self.everything(f"/tasks/{name}/history?limit=500")["facts"]

            def check(page: Json, every: Json = every, force: str = force) -> None:
                assert [f["position"] for f in page["facts"]] == [f["position"] for f in every]
                self.named(page, force)

            yield self.hidden("/tasks/{}/history?limit=500", name, NO_TASK, view, check)

    def person_timeline(self) -> Iterator[Ask]:
        for person in self.world.posts:
            path = f"/people/{person}/timeline?limit=500"
            every = self.everything(path)["facts"]
            wanted = [fact["position"] for fact in every if self._sees_fact(fact, None)]

            def check(page: Json, wanted: list[int] = wanted) -> None:
                assert [fact["position"] for fact in page["facts"]] == wanted
                assert "next" not in page
                self.named(page, None)

            view = Sees("whole" if wanted else "nothing")
            yield self.hidden(
                "/people/{}/timeline?limit=500", person, "person-SYN-nobody", view, check
            )

    def finding_history(self) -> Iterator[Ask]:
        for name in self.world.findings:
            view = self.oracle.finding(self.who, name)

            def check(page: Json) -> None:
                self.named(page, None)

            yield self.hidden("/findings/{}/history", name, NO_FINDING, view, check)

    def warning_history(self) -> Iterator[Ask]:
        for name, places in self.world.warnings.items():
            view = self.oracle.placed(self.who, places)
            yield self.hidden("/warnings/{}/history", name, NO_WARNING, view, _nothing)

    # --- cards ------------------------------------------------------------------------------------

    def task(self) -> Iterator[Ask]:
        for name, known in self.world.tasks.items():
            view = self.oracle.task(self.who, name)
            force, order = self.world.orders[known.order].force, self.world.orders[known.order]

            def check(
                card: Json, name: str = name, view: Sees = view, force: str = force, o: Any = order
            ) -> None:
                history = self.oracle.task(self.who, name, history=True).extent != "nothing"
                assert card.get("history", False) == history
                assert ("text" in card["order"]) == view.names
                sees = o.finding is not None
                sees = sees and self.oracle.finding(self.who, o.finding).extent != "nothing"
                assert card["order"].get("finding") == (o.finding if sees else None)
                self.named(card, force)

            yield self.hidden("/tasks/{}", name, NO_TASK, view, check)

    def finding(self) -> Iterator[Ask]:
        for name, known in self.world.findings.items():
            view = self.oracle.finding(self.who, name)

            def check(card: Json, view: Sees = view, known: Any = known) -> None:
                assert (card["text"] is not None) == view.names
                assert card["may_decide"] == self.oracle.decides(self.who.person, known.desks[-1])
                came = card["task_force"]
                if came is not None:
                    sees = self.oracle.task_force(self.who, came["task_force"])
                    assert (came["title"] is not None) == (sees.extent != "nothing")
                assert bool(card["photos"]) <= view.names
                self.named(card, None)

            yield self.hidden("/findings/{}", name, NO_FINDING, view, check)

    def warning(self) -> Iterator[Ask]:
        for name, places in self.world.warnings.items():
            view = self.oracle.placed(self.who, places)
            yield self.hidden("/warnings/{}", name, NO_WARNING, view, _nothing)

    def warnings_in_force(self) -> Iterator[Ask]:
        wanted = self._warnings()

        def check(page: Json) -> None:
            assert {one["warning"] for one in page["rows"]} == wanted

        yield Ask("/warnings/in-force", 200, check)

    def _warnings(self) -> set[str]:
        return {
            name
            for name, places in self.world.warnings.items()
            if self.oracle.placed(self.who, places).extent != "nothing"
        }

    def plan(self) -> Iterator[Ask]:
        for stream, division in self.world.plans.items():
            view, key = self.oracle.placed(self.who, (division,)), stream.removeprefix("plan-")
            yield self.hidden("/plans/{}", key, "none-such", view, _nothing)

    def plans(self) -> Iterator[Ask]:
        wanted = [
            stream.removeprefix("plan-")
            for stream, division in sorted(self.world.plans.items())
            if self.oracle.placed(self.who, (division,)).extent != "nothing"
        ]

        def check(page: Json) -> None:
            assert [one["plan"] for one in page["rows"]] == wanted

        yield Ask("/plans", 200, check)

    # --- the register of the organisation ---------------------------------------------------------

    def anybody(self, *paths: str) -> Callable[[], Iterator[Ask]]:
        def asks() -> Iterator[Ask]:
            for path in paths:
                yield Ask(path, 200, lambda page: self.named(page, None))

        return asks

    def person(self) -> Iterator[Ask]:
        for person in self.world.posts:

            def check(card: Json, person: str = person) -> None:
                self.named(card, None, phones=True)
                places = tuple(place for _, place, _ in self.oracle.posts(person))
                households = (
                    self.who.person == person
                    or self.oracle.over(self.who.person, places)
                    or (self.who.analyst and self.who.names)
                )
                assert (card["households"] is not None) == households

            yield Ask(f"/people/{person}", 200, check)

    def people(self) -> Iterator[Ask]:
        wanted = [person for person in self.world.posts if self.oracle.name(self.who, person)]

        def check(page: Json) -> None:
            assert [one["person"]["person"] for one in page["rows"]] == wanted
            assert (page["count"], page["more"], page["next"]) == (len(wanted), False, None)
            self.named(page, None, phones=True)

        yield Ask("/people?limit=500", 200, check)
        for person, name in self.some(self.world.names.items()):
            for words in (name, self.world.phones[person]):
                is_name = words == name
                told = self.oracle.name(self.who, person) and person != GONE
                told = told and (is_name or self.oracle.phone(self.who, person))

                def found(page: Json, told: bool = told) -> None:
                    assert (page["count"], len(page["rows"])) == (told, told)

                yield Ask(f"/people?words={words}", 200, found)

    # --- lists ------------------------------------------------------------------------------------

    def _list(self, path: str, key: str, wanted: set[str]) -> Iterator[Ask]:
        def check(page: Json) -> None:
            assert {one[key] for one in page["rows"]} == wanted
            assert (page["count"], page["more"], page["next"]) == (len(wanted), False, None)

        yield Ask(path, 200, check)

    def list_forces(self) -> Iterator[Ask]:
        for drill in (False, True):
            wanted = {
                force
                for force, known in self.world.forces.items()
                if known.drill is drill
                and self.oracle.task_force(self.who, force).extent != "nothing"
            }
            yield from self._list(
                f"/task-forces?limit=500&drill={str(drill).lower()}", "task_force", wanted
            )
        yield from self._words("/task-forces", "task_force")

    def list_tasks(self) -> Iterator[Ask]:
        for drill in (False, True):
            wanted = {
                name
                for name, task in self.world.tasks.items()
                if self.world.forces[self.world.orders[task.order].force].drill is drill
                and self.world.forces[self.world.orders[task.order].force].division[:6] != "330803"
                and self.oracle.task(self.who, name).extent != "nothing"
            }
            yield from self._list(f"/tasks?limit=500&drill={str(drill).lower()}", "task", wanted)
        for person, name in self.some(self.world.names.items()):
            if person == GONE:
                continue
            told = {
                task
                for task, known in self.world.tasks.items()
                if known.person == person
                and not self.world.forces[self.world.orders[known.order].force].drill
                and self.world.forces[self.world.orders[known.order].force].division[:6] != "330803"
                and self.oracle.task(self.who, task).extent != "nothing"
                and self.oracle.name(self.who, person, self.world.orders[known.order].force)
            }
            yield from self._list(f"/tasks?limit=500&words={name}", "task", told)
        yield from self._words("/tasks", "task")

    def list_findings(self) -> Iterator[Ask]:
        wanted = {
            name
            for name in self.world.findings
            if self.oracle.finding(self.who, name).extent != "nothing"
        }
        yield from self._list("/findings?limit=500", "finding", wanted)
        yield from self._words("/findings", "finding")

    def list_warnings(self) -> Iterator[Ask]:
        yield from self._list("/warnings?limit=500", "warning", self._warnings())

    def _words(self, path: str, key: str) -> Iterator[Ask]:
        """Words that are not for them find nothing."""
        for words in self.some(self.world.words):
            if not self.oracle.reads(self.who, words):

                def check(page: Json, words: str = words) -> None:
                    assert page["rows"] == [], words
                    assert (page["count"], page["more"], page["next"]) == (0, False, None)

                yield Ask(f"{path}?words={words}", 200, check)

    # --- boards -----------------------------------------------------------------------------------

    def board(self) -> Iterator[Ask]:
        for path in ("/boards/divisions/{}", "/boards/divisions/{}/shown?at=" + self.now):
            for division in DIVISIONS:
                view = self.oracle.board(self.who, division)
                yield self.hidden(path, division, "330899", view, self._board(view))
            joint = "&" if "?" in path else "?"
            for force in self.world.forces:
                view = self.oracle.course(self.who, force)
                asked = path.format("330825") + joint + "task_force={}"
                yield self.hidden(asked, force, NO_FORCE, view, self._board(view))

    def _board(self, view: Sees) -> Check:
        def check(page: Json) -> None:
            if not view.names:
                assert "names" not in page.get("board", {})

        return check

    def rows(self) -> Iterator[Ask]:
        for division in DIVISIONS:
            view = self.oracle.board(self.who, division)
            path = "/boards/divisions/{}/rows?limit=200&phones=true"
            yield self.hidden(path, division, "330899", view, self._rows(path, division, view))
        for force in self.world.forces:
            course, view = self.oracle.course(self.who, force), self.oracle.late(self.who, force)
            path = "/boards/divisions/330825/rows?limit=200&phones=true&task_force={}"
            seen = view if course.extent != "nothing" else course
            yield self.hidden(path, force, NO_FORCE, seen, self._rows(path, force, view))

    def _rows(self, path: str, name: str, view: Sees) -> Check:
        every = self.everything(path.format(name))["rows"]["tasks"]
        wanted = {task for task in every if self._in_part(view, self.world.tasks[task])}

        def check(page: Json) -> None:
            assert set(page["rows"]["tasks"]) == wanted
            assert page["rows"]["total"] == len(wanted)
            names = page.get("names") or {}
            assert bool(names) == (view.names and bool(wanted))
            for person, told in names.items():
                phone = self.oracle.phone(self.who, person)
                assert (told.get("phone") is not None) == (phone and person != GONE)

        return check

    def department_board(self) -> Iterator[Ask]:
        for path in (
            "/boards/departments/{}",
            "/boards/departments/{}/shown?at=" + self.now,
            "/boards/departments/{}/rows?phones=true",
        ):
            for department in DEPARTMENTS:
                view = self.oracle.department_board(self.who, department)
                yield self.hidden(path, department, "none-such", view, _nothing)

    def call_list(self) -> Iterator[Ask]:
        for division in DIVISIONS:
            view = self.oracle.board(self.who, division)
            path = f"/divisions/{division}/call-list"
            every = _to_call(self.everything(path))
            wanted = {t for t in every if self.oracle.task(self.who, t).extent != "nothing"}

            def check(page: Json, wanted: set[str] = wanted) -> None:
                assert set(_to_call(page)) == wanted
                assert page["total"] == len(wanted)
                for task, shown in _to_call(page).items():
                    force = self.world.orders[self.world.tasks[task].order].force
                    self.named(shown, force, phones=True)

            yield self.hidden("/divisions/{}/call-list", division, "330899", view, check)

    # --- attachments ------------------------------------------------------------------------------

    def attachments(self, end: str, original: bool) -> Callable[[], Iterator[Ask]]:
        def asks() -> Iterator[Ask]:
            for digest, (kind, name, brought) in self.world.photos.items():
                plain = Who(self.who.person)
                match kind:
                    case "task":
                        history = self.oracle.task(plain, name, history=True)
                        sight = history if original else self.oracle.task(self.who, name)
                        seen = sight.extent == "whole"
                    case "finding":
                        sight = self.oracle.finding(plain if original else self.who, name)
                        seen = sight.extent == "whole"
                    case _:
                        force, message = name.split()
                        seen = self.oracle.message(self.who, force, message).extent != "nothing"
                        if original:
                            seen = seen and self.oracle.late(plain, force).extent == "whole"
                seen = seen or self.who.person == brought
                path = f"/attachments/{digest}{end}"
                if seen:
                    yield Ask(path, 200)
                else:
                    yield Ask(path, 404, None, (digest, "0" * 64))

        return asks

    def upload(self) -> Iterator[Ask]:
        """What is under way is for whoever sends it."""
        name = self.world.upload
        view = Sees("whole" if self.who.person == UPLOADER else "nothing")
        yield self.hidden("/attachments/uploads/{}", name, "0" * len(name), view, _nothing)

    # --- who is named -----------------------------------------------------------------------------

    def named(self, body: Json, force: str | None, *, phones: bool = False) -> None:
        """Everybody who is shown is named, or not, as the pages say; and so are numbers."""
        for one in _people(body):
            person = one["person"]
            if person not in self.world.posts:
                continue
            name = self.oracle.name(self.who, person, force)
            right = ("erased" if person == GONE else self.world.names[person]) if name else None
            assert one.get("name") == right, (person, force, one)
            phone = self.oracle.phone(self.who, person, force) and person != GONE
            if phones or one.get("phone") is not None:
                assert one.get("phone") == (self.world.phones[person] if phone else None), one


def _people(body: Json) -> Iterator[Json]:
    """Whoever is shown, wherever in the answer."""
    if isinstance(body, dict):
        if isinstance(body.get("person"), str) and body.keys() <= {
            "person",
            "name",
            "phone",
            "synthetic",
        }:
            yield body
        for value in body.values():
            yield from _people(value)
    elif isinstance(body, list):
        for value in body:
            yield from _people(value)


def _to_call(page: Json) -> dict[str, Json]:
    return {one["task"]: one for place in page["places"] for one in place["people"]}


def _nothing(_: Json) -> None:
    """What is shown whole has nothing to be left out."""


def lines(asking: Asking) -> dict[str, Callable[[], Iterable[Ask]]]:
    """By the path of the OpenAPI document."""
    divisions = [f"/divisions/{code}" for code in DIVISIONS]
    departments = [f"/departments/{key}" for key in DEPARTMENTS]
    operator = [Ask("", 403)]

    def only_operators(path: str) -> Callable[[], Iterable[Ask]]:
        return lambda: [ask._replace(path=path) for ask in operator]

    def gives(path: str, status: int = 200, check: Check | None = None) -> Any:
        return lambda: [Ask(path, status, check)]

    def me(page: Json) -> None:
        assert page["actor"] == asking.who.person
        assert page["name"] == asking.world.names[asking.who.person]

    return {
        "/openapi.json": gives("/openapi.json"),
        "/asyncapi.json": gives("/asyncapi.json"),
        "/problems/{code}": gives("/problems/task.unknown"),
        "/health": gives("/health"),
        "/me": gives("/me", 200, me),
        "/me/sessions": gives("/me/sessions"),
        "/me/devices": gives("/me/devices"),
        "/me/inbox": gives("/me/inbox?limit=500"),
        "/boards/divisions/{key}": asking.board,
        "/boards/divisions/{key}/rows": asking.rows,
        "/boards/divisions/{key}/shown": list,
        "/boards/departments/{key}": asking.department_board,
        "/boards/departments/{key}/rows": list,
        "/boards/departments/{key}/shown": list,
        "/task-forces/{task_force}": asking.force_card,
        "/task-forces/{task_force}/orders": asking.orders,
        "/task-forces/{task_force}/orders/{order}": asking.order,
        "/task-forces/{task_force}/members": asking.members,
        "/task-forces/{task_force}/entries": asking.entries,
        "/task-forces/{task_force}/messages": asking.messages,
        "/task-forces/{task_force}/timeline": asking.force_timeline,
        "/task-forces/{task_force}/density": asking.density,
        "/task-forces/{task_force}/waits": asking.waits,
        "/tasks/{task}": asking.task,
        "/tasks/{task}/history": asking.task_history,
        "/people/{person}/timeline": asking.person_timeline,
        "/task-forces": asking.list_forces,
        "/tasks": asking.list_tasks,
        "/findings": asking.list_findings,
        "/warnings": asking.list_warnings,
        "/people": asking.people,
        "/divisions": asking.anybody("/divisions", "/divisions?below=330825"),
        "/divisions/{division}": asking.anybody(*divisions),
        "/departments": asking.anybody("/departments"),
        "/departments/{department}": asking.anybody(*departments),
        "/groups": asking.anybody("/groups"),
        "/groups/{group}": asking.anybody("/groups/team"),
        "/people/{person}": asking.person,
        "/duty": asking.anybody("/duty"),
        "/outlines/{division}": asking.anybody("/outlines/330825"),
        "/plans": asking.plans,
        "/plans/{plan}": asking.plan,
        "/shipped-plans": gives("/shipped-plans"),
        "/shipped-plans/{plan}": gives("/shipped-plans/typhoon"),
        "/findings/{finding}": asking.finding,
        "/findings/{finding}/history": asking.finding_history,
        "/warnings/in-force": asking.warnings_in_force,
        "/warnings/{warning}": asking.warning,
        "/warnings/{warning}/history": asking.warning_history,
        "/accounts": only_operators("/accounts"),
        "/sessions": only_operators("/sessions"),
        "/links": only_operators("/links"),
        "/audit": only_operators("/audit"),
        "/links/whom": only_operators("/links/whom?division=330825"),
        "/links/batches": only_operators("/links/batches"),
        "/imports/{what}/template": only_operators("/imports/people/template"),
        "/samples": only_operators("/samples"),
        "/condition": only_operators("/condition"),
        "/setup": gives("/setup"),
        "/attachments/uploads/{upload}": asking.upload,
        "/attachments/{attachment}": asking.attachments("", original=False),
        "/attachments/{attachment}/metadata": asking.attachments("/metadata", original=False),
        "/attachments/{attachment}/original": asking.attachments("/original", original=True),
        "/divisions/{division}/call-list": asking.call_list,
        "/push/key": gives("/push/key", 404),
    }
