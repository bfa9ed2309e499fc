"""Trees across the road of 希塘村: found from below, and cleared by whoever is near."""

from __future__ import annotations

from handheld.demo.habits import photo
from handheld.demo.scene import TOWNSHIP, VILLAGE, Scene
from handheld.domain import task
from handheld.domain.finding_commands import OrderOnFinding, ReportFinding
from handheld.domain.ordering import Order
from handheld_events.forms import FormField, Location
from handheld_events.ids import finding_id
from handheld_events.territory import within

PLACES, NEARBY = 6, 8
"""So many can claim the clearing of the road, of so many who are asked."""


class Road:
    """Nobody had ordered that: it came from below."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.finding = ""
        self.order = ""
        """The order by which the road is cleared."""
        self.reporter = ""
        """The household contact who finds the trees."""

    def find(self) -> None:
        """A household contact comes upon fallen trees: nobody had ordered that."""
        grid = self.scene.grids()[0]
        self.reporter = self.scene.first("household_contact", grid)
        tasks = self.scene.tasks()
        report = ReportFinding(
            text="希塘村进村主路上倒了三棵大树，把路全堵了，车过不去，电线没有碰到。",
            division=grid,
            place="希塘村进村主路，村口桥东约二百米",
            photos=(photo("trees across the road"),),
            location=Location(latitude=29.0561, longitude=119.2733, accuracy=12.0),
            task=next((s for s, one in tasks.items() if one.person == self.reporter), None),
        )
        request = self.scene.request(report, self.reporter)
        self.finding = finding_id(request.meta.command)
        self.scene.stage.send(request)

    def order_clearing(self) -> None:
        """The village calls people nearby: the first six who say yes go."""
        form = (FormField(key="road", label="现场照片", kind="photo"),)
        order = Order(
            text="希塘村进村主路倒树堵路，请带油锯、绳索到村口桥东清障，注意来车和电线，清完拍照回报。",
            people=self._nearby(),
            steps=("accept", "en_route", "on_scene", "report"),
            accept_within=15 * 60,
            report_within=90 * 60,
            form=form,
            open_to=PLACES,
        )
        command = OrderOnFinding(
            finding=self.finding, task_force=self.scene.task_force, order=order
        )
        self.scene.do(command, self.scene.first("village_official", VILLAGE))
        summary = self.scene.summary()
        self.order = next(
            order.order for order in summary.orders.values() if order.finding == self.finding
        )

    def _nearby(self) -> tuple[str, ...]:
        """People of the village first, then of the villages around; never the reporter."""
        organisation = self.scene.stage.organisation()
        grids = [
            *self.scene.grids(),
            *(g for g in self.scene.grids(TOWNSHIP) if not within(g, VILLAGE)),
        ]
        people: dict[str, None] = {}
        for role in ("household_contact", "grid_head"):
            for grid in grids:
                people |= dict.fromkeys(organisation.holders(role, grid)[:4])
        people.pop(self.reporter, None)
        return tuple(people)[:NEARBY]

    def rate(self) -> None:
        """Whoever reported it says, of each who cleared it, whether they are satisfied; of one later."""
        for stream in self.cleared()[:-1]:
            self.scene.do(task.Rate(task=stream, satisfied=True), self.reporter)

    def rate_late(self) -> None:
        """A rating that comes the next morning held nothing up."""
        words = "路通了，路边的树枝还没有拉走"
        late = task.Rate(task=self.cleared()[-1], satisfied=False, text=words)
        self.scene.do(late, self.reporter)

    def cleared(self) -> list[str]:
        """The tasks of those who cleared the road."""
        return [
            stream
            for stream, one in self.scene.tasks().items()
            if one.order == self.order and one.status == "closed"
        ]
