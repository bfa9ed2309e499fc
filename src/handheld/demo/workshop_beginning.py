"""How the workshop story begins: a finding, a start, and people named by their departments."""

from __future__ import annotations

from handheld.demo.workshop_cast import GRID, at
from handheld.demo.workshop_orders import HOUR, WATCH, households, photo, start
from handheld.demo.workshop_play import Play
from handheld.domain import finding_commands, task
from handheld.domain.ordering import IssueOrder
from handheld.domain.passing_on import PassOn
from handheld.domain.reassigning import Reassign
from handheld_events.ids import finding_id, order_id, task_force_id

START_NAMES = ("demolish", "survey", "township", "grid")


def found(play: Play) -> None:
    """A grid worker reports it; the village cannot settle it, the township asks for a task force."""
    people = play.people
    play.at(at(0, "13:41:05"))
    report = finding_commands.ReportFinding(
        text="双桥村村口南侧有人在搭钢棚做豆腐作坊，没有审批手续，约三百平方米，废水直接排到沟里。",
        division=GRID,
        place="双桥村村口南侧",
        photos=(photo(1),),
    )
    play.finding = finding_id(play.without(people.grid_worker, report, at(0, "13:36")))
    about = play.finding
    play.at(at(0, "13:55"))
    play.do(
        people.village_official,
        finding_commands.PassUp(
            finding=about, reason="村里两次上门劝停，当事人不听，村里无权处置。"
        ),
    )
    play.at(at(0, "14:02"))
    play.do(
        people.grid_worker,
        finding_commands.AddToFinding(
            finding=about, text="当事人还在施工，正在浇水泥地坪。", photos=(photo(2),)
        ),
    )
    play.at(at(0, "14:10"))
    play.do(
        people.township_duty,
        finding_commands.PassUp(
            finding=about,
            reason="乡里看得见、管不着：涉及规划和执法两个部门，请求区里发起专班。",
            wants_task_force=True,
        ),
    )


def started(play: Play) -> None:
    """The duty officer of the district starts from the finding; units and people accept."""
    people = play.people
    play.without_signal.add(people.grid_head)
    play.at(at(0, "14:25"))
    request = play.stage.request(start(people, play.finding), people.day_officer)
    play.stage.send(request)
    command = request.meta.command
    play.task_force = task_force_id(command)
    play.orders = {name: order_id(command, n) for n, name in enumerate(START_NAMES)}
    play.phones()
    play.at(at(0, "14:27"))
    play.accept(people.township_head, "township")
    play.at(at(0, "14:29"))
    play.accept(people.enforcement_duty, "demolish")
    play.accept(people.grid_worker, "grid")
    play.at(at(0, "14:31"))
    play.accept(people.planning_duty, "survey")
    play.at(at(0, "14:34"))
    play.accept(people.township_official, "township")
    play.accept(people.village_official, "township")
    play.at(at(0, "14:38"))
    play.accept(people.team_leader, "township")


def named(play: Play) -> None:
    """The departments name their people; one declines and is replaced; the township calls its own."""
    people = play.people
    one, other = people.surveyors
    play.order(
        "surveying",
        people.planning_duty,
        PassOn(
            task=play.task(people.planning_duty, "survey"),
            people=(one,),
            text="到双桥村村口丈量作坊，调取地籍资料。",
            steps=("accept", "on_scene", "report"),
            report_within=4 * HOUR,
        ),
    )
    play.at(at(0, "14:41"))
    declined = play.task(one, "surveying")
    play.do(one, task.Read(task=declined))
    play.do(one, task.Decline(task=declined, reason="人在市里开会，今天赶不回来。"))
    play.at(at(0, "14:43"))
    play.do(
        people.planning_duty,
        Reassign(task=declined, to=other, reason="原办理人在外开会，改派在岗人员。"),
    )
    play.phones()
    play.at(at(0, "14:44"))
    play.accept(other, "surveying")
    # The grid head was reminded at 14:45, by reaction; the phone has no signal.
    play.at(at(0, "14:52"))
    on_call = at(0, "14:50")
    play.do(
        people.village_official,
        task.Accept(task=play.task(people.grid_head, "grid")),
        on_behalf_of=people.grid_head,
        occurred_at=on_call,
    )
    play.at(at(0, "14:55"))
    watch = IssueOrder(task_force=play.task_force, order=WATCH)
    play.order("watch", people.township_head, watch)
    play.at(at(0, "14:57"))
    for officer in people.stationed:
        play.accept(officer, "watch")
    play.at(at(0, "15:00"))
    visits = IssueOrder(task_force=play.task_force, order=households(people))
    play.order("visits", people.township_official, visits)
    play.at(at(0, "15:06"))
    play.accept(people.contact, "visits")
