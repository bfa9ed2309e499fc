"""The afternoon and the night of the workshop story: survey, households, a change, a watch."""

from __future__ import annotations

from handheld.demo.workshop_cast import TOWNSHIP, at
from handheld.demo.workshop_orders import AMENDED, BUILT, HOUR, photo
from handheld.demo.workshop_play import Play
from handheld.domain import task, task_force
from handheld.domain.directing import AmendOrder, HandOver
from handheld.domain.passing_on import PassOn
from handheld_events.forms import Filled
from handheld_events.ids import message_id


def afternoon(play: Play) -> None:
    """A question and its answer, the survey, the first household, and the order amended."""
    people = play.people
    play.at(at(0, "15:12"))
    asked = play.stage.request(
        task_force.SendMessage(
            task_force=play.task_force,
            text="作坊里有没有住人？有几个液化气瓶？",
            to=TOWNSHIP,
            question=True,
        ),
        people.enforcement_duty,
    )
    play.stage.send(asked)
    play.at(at(0, "15:20"))
    play.do(
        people.grid_worker,
        task_force.SendMessage(
            task_force=play.task_force,
            text="没有住人；液化气瓶两个，已请当事人搬到院外。",
            photos=(photo(3),),
            answers=message_id(asked.meta.command),
        ),
    )
    surveyor = people.surveyors[1]
    survey = play.task(surveyor, "surveying")
    play.at(at(0, "15:35"))
    play.do(surveyor, task.ReachScene(task=survey))
    play.at(at(0, "16:08"))
    visits = play.task(people.contact, "visits")
    angry = task.Visit(
        task=visits, household="001", done="讲了政策，当事人嫌损失大，情绪较大。", satisfied=False
    )
    play.do(people.contact, angry)
    play.at(at(0, "16:15"))
    play.do(
        surveyor,
        task.Report(task=survey, text="已丈量：钢棚和地坪共320平方米，用地为集体农用地。"),
    )
    play.at(at(0, "16:30"))
    play.do(
        people.planning_duty,
        task.Report(
            task=play.task(people.planning_duty, "survey"),
            text="经核实，未批先建，占集体农用地，应予拆除；书面认定意见已送执法局。",
            filled=Filled(numbers={BUILT: 320}, choices={"land": "集体农用地"}),
        ),
    )
    play.at(at(0, "16:40"))
    checked = play.task(people.planning_duty, "survey")
    play.do(people.day_officer, task.Verify(task=checked))
    play.at(at(0, "16:50"))
    _pass_on_demolition(play)
    _amend(play)


def _pass_on_demolition(play: Play) -> None:
    people = play.people
    play.order(
        "demolishing",
        people.enforcement_duty,
        PassOn(
            task=play.task(people.enforcement_duty, "demolish"),
            people=people.enforcers,
            text="明早十点到双桥村村口，带队拆除豆腐作坊。",
            steps=("accept", "en_route", "on_scene", "report"),
            report_within=20 * HOUR,
        ),
    )
    play.at(at(0, "16:56"))
    for officer in people.enforcers:
        play.accept(officer, "demolishing")


def _amend(play: Play) -> None:
    """The demolition moves to seven o'clock: who had accepted accepts anew."""
    people = play.people
    play.at(at(0, "17:20"))
    play.do(
        people.day_officer,
        AmendOrder(
            task_force=play.task_force,
            order=play.orders["demolish"],
            reason="气象台预报明天中午前后有大雨。",
            text=AMENDED,
            accept_within=HOUR // 2,
            report_within=17 * HOUR,
        ),
    )
    play.at(at(0, "17:24"))
    play.accept(people.enforcement_duty, "demolish")
    play.at(at(0, "17:26"))
    play.do(
        people.enforcement_duty,
        AmendOrder(
            task_force=play.task_force,
            order=play.orders["demolishing"],
            reason="拆除时间提前。",
            text="明早七点到双桥村村口，带队拆除豆腐作坊；六点二十在局里集合。",
            accept_within=HOUR // 2,
        ),
    )
    play.at(at(0, "17:33"))
    for officer in people.enforcers:
        play.accept(officer, "demolishing")


def night(play: Play) -> None:
    """Command goes to the night duty officer; the watch, and the second household."""
    people = play.people
    # At 18:00 the night shift takes the duty, by reaction.
    play.at(at(0, "18:05"))
    play.do(
        people.day_officer,
        HandOver(
            task_force=play.task_force,
            to=people.night_officer,
            note="规划认定已核查；执法局明早七点拆除，人员机械已备；网格长手机无信号，打电话联系。",
        ),
    )
    play.at(at(0, "18:40"))
    play.without_signal.discard(people.grid_head)
    play.phones()
    play.do(people.grid_head, task.Read(task=play.task(people.grid_head, "grid")))
    play.at(at(0, "19:10"))
    first, second = people.stationed
    play.do(first, task.ReachScene(task=play.task(first, "watch")))
    play.at(at(0, "20:14:30"))
    reached = task.Visit(
        task=play.task(people.contact, "visits"),
        household="002",
        done="白天无人，晚上见到：支持拆除，担心施工堵路，已答应留一条道。",
        satisfied=True,
    )
    play.without(people.contact, reached, at(0, "20:05"))
    play.at(at(0, "21:45"))
    play.do(
        people.night_officer,
        task_force.MakeEntry(
            task_force=play.task_force, text="电话查岗：盯守人员在位，现场已停工，无异常。"
        ),
    )
    play.at(at(0, "23:58"))
    quiet = task.Report(
        task=play.task(first, "watch"), text="上半夜盯守，未见施工。", photos=(photo(4),)
    )
    play.do(first, quiet)
    play.at(at(1, "00:02"))
    play.do(second, task.ReachScene(task=play.task(second, "watch")))
