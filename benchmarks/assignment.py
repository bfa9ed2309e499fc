"""Assignment: whom the three orders of a plan reach among the people of a county.

The floor is what cannot be left out: one entry made for everybody who is called, from a list of
them that is there already, in the order of their posts.
"""

from __future__ import annotations

from benchmarks import county
from benchmarks.county import LONGYOU, Shape
from benchmarks.desk import desk
from benchmarks.measure import Timing, in_turns, spread, timed
from benchmarks.places import Place
from benchmarks.report import Line, contest
from handheld.application.loading import States
from handheld.domain.assignment import Assignee, Assignment, assign
from handheld.domain.plan import Plan
from handheld_events.orders import PlanOrder
from handheld_projections.organisation import Organisation

NAME = "assignment"
GOAL_SECONDS = 0.05


class Assignments:
    """The orders of one plan, held against one organisation."""

    def __init__(self, place: Place, shape: Shape) -> None:
        self.shape = shape
        template = place.template("county", lambda path: county.settle(path, shape))
        with place.copy(template) as path, desk(path) as opened:
            self._organisation: Organisation = opened.organisation.caught_up()[0]
            states = States(opened.log)
            states.load([county.PLAN])
            plan: Plan = states.get(county.PLAN).state
        self._orders: tuple[PlanOrder, ...] = plan.edition.orders
        self._expected = [found.assignees for found in self._assigned()]
        if sum(len(found) for found in self._expected) != shape.tasks:
            msg = "the plan does not reach everybody"
            raise RuntimeError(msg)

    def _assigned(self) -> list[Assignment]:
        return [assign(self._organisation, county.DISTRICT, order.to) for order in self._orders]

    def by_hand(self) -> Timing:
        """The floor: the same entries, from what is known to be the answer."""
        made: list[list[Assignee]] = []

        def work() -> None:
            for order in self._expected:
                made.append([Assignee(one.person, one.division, one.role) for one in order])

        timing = timed(work)
        self._check(made)
        return timing

    def assigned(self) -> Timing:
        """The product."""
        found: list[Assignment] = []
        timing = timed(lambda: found.extend(self._assigned()))
        self._check([one.assignees for one in found])
        return timing

    def _check(self, found: list[list[Assignee]]) -> None:
        if found != self._expected:
            msg = "somebody else was called"
            raise RuntimeError(msg)


def run(place: Place, rounds: int, shape: Shape = LONGYOU) -> list[Line]:
    """The three orders together."""
    assignments = Assignments(place, shape)
    measured = in_turns(
        rounds,
        {"entries made by hand": assignments.by_hand, "assignment": assignments.assigned},
    )
    floor, product = measured["entries made by hand"], measured["assignment"]
    least, most = spread(product, floor)
    return [
        Line(
            benchmark=NAME,
            what=f"a plan over {shape.tasks:,} people",
            value=product.wall * 1000,
            unit="ms",
            goal=GOAL_SECONDS * 1000,
            at_most=True,
            note=f"{least:.1f} to {most:.1f} times the floor",
            contests=(contest("entries made by hand", floor), contest("assignment", product)),
        )
    ]
