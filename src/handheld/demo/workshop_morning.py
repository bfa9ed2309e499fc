"""The next morning of the workshop story: on scene, reported, done again, verified, closed."""

from __future__ import annotations

from handheld.demo.workshop_cast import at
from handheld.demo.workshop_orders import DEMOLISHED, HOUSEHOLDS, photo
from handheld.demo.workshop_play import Play
from handheld.domain import finding_commands, task, task_force
from handheld.domain.directing import HandOver
from handheld.domain.ending import CloseTaskForce
from handheld_events.forms import Filled


def demolition(play: Play) -> None:
    """They set out and arrive; the work begins; command goes back to the day duty officer."""
    people = play.people
    play.at(at(1, "06:15"))
    second = people.stationed[1]
    watched = task.Report(
        task=play.task(second, "watch"), text="下半夜盯守，未见转移设备。", photos=(photo(5),)
    )
    play.do(second, watched)
    teams = [(officer, "demolishing") for officer in people.enforcers]
    teams.append((people.enforcement_duty, "demolish"))
    for minute, (person, order) in enumerate(teams, 20):
        play.at(at(1, f"06:{minute}"))
        play.do(person, task.GoEnRoute(task=play.task(person, order)))
    teams += [(people.township_head, "township"), (people.township_official, "township")]
    teams += [(people.village_official, "township"), (people.team_leader, "township")]
    for minute, (person, order) in enumerate(teams, 48):
        play.at(at(1, f"06:{minute}"))
        play.do(person, task.ReachScene(task=play.task(person, order)))
    play.at(at(1, "07:02"))
    entry = "开始拆除：水电已断，警戒线已拉，当事人在场。"
    play.do(people.township_official, task_force.MakeEntry(task_force=play.task_force, text=entry))
    play.at(at(1, "07:25"))
    visits = play.task(people.contact, "visits")
    play.do(
        people.contact,
        task.Visit(
            task=visits,
            household="001",
            done="再次上门，说明转产补助办法，当事人表示理解配合。",
            satisfied=True,
        ),
    )
    play.do(
        people.contact,
        task.Report(
            task=visits,
            text="两户都已走访，当事人情绪平稳。",
            filled=Filled(numbers={HOUSEHOLDS: 2}),
        ),
    )
    # At 08:00 the day shift takes the duty, by reaction.
    play.at(at(1, "08:05"))
    play.do(
        people.night_officer,
        HandOver(
            task_force=play.task_force,
            to=people.day_officer,
            note="一夜无异常；七点零二分开拆，钢棚已拆过半。",
        ),
    )


def reported(play: Play) -> None:
    """The demolition is reported, sent back, done again and verified; so are the others' tasks."""
    people = play.people
    play.at(at(1, "08:40"))
    for officer in people.enforcers:
        text = "钢棚拆完，建筑垃圾正在清运。"
        play.do(officer, task.Report(task=play.task(officer, "demolishing"), text=text))
    demolish = play.task(people.enforcement_duty, "demolish")
    play.at(at(1, "08:52"))
    play.do(people.enforcement_duty, _demolished(demolish, "钢棚已全部拆除。", 280, 6))
    play.at(at(1, "09:15"))
    back = task.SendBack(
        task=demolish, reason="与规划核实的320平方米差40平方米：照片上水泥地坪还在，请清完再报。"
    )
    play.do(people.day_officer, back)
    play.at(at(1, "09:20"))
    play.do(people.enforcement_duty, task.ReachScene(task=demolish))
    play.at(at(1, "10:08"))
    again = _demolished(demolish, "水泥地坪也已破除清运，场地平整，沟渠疏通。", 320, 7)
    play.do(people.enforcement_duty, again)
    play.at(at(1, "10:20"))
    for number, (person, text) in enumerate(
        (
            (people.township_head, "全程在场，秩序正常，无人受伤。"),
            (people.township_official, "机械、断电、清运均已落实。"),
            (people.village_official, "当事人及周边农户工作已做好。"),
            (people.team_leader, "已到场协助维持秩序。"),
        ),
        8,
    ):
        stream = play.task(person, "township")
        play.do(person, task.Report(task=stream, text=text, photos=(photo(number),)))
    for person in (people.grid_head, people.grid_worker):
        text = "周边农户平稳，液化气瓶已搬走。"
        play.do(person, task.Report(task=play.task(person, "grid"), text=text))
    play.at(at(1, "10:25"))
    play.do(people.day_officer, task.Verify(task=demolish, text="面积、照片与认定一致。"))
    for person in (
        people.township_head,
        people.township_official,
        people.village_official,
        people.team_leader,
    ):
        play.do(people.day_officer, task.Verify(task=play.task(person, "township")))
    for officer in people.stationed:
        watch = play.task(officer, "watch")
        play.do(people.township_head, task.Verify(task=watch))
        # The township dispatched them, so the township scores them.
        play.do(people.township_head, task.Evaluate(task=watch, score=5))
    play.do(people.township_head, task.Rate(task=demolish, satisfied=True, text="拆得快，清得净。"))


def ended(play: Play) -> None:
    """The finding is settled, the task force closed, rated, evaluated and archived."""
    people = play.people
    name = play.task_force
    play.at(at(1, "10:45"))
    settled = "专班已依法拆除320平方米，现场已清理，沟渠已疏通。感谢上报。"
    play.do(people.day_officer, finding_commands.DealWith(finding=play.finding, text=settled))
    play.at(at(1, "11:00"))
    outcome = "豆腐作坊320平方米全部拆除，当事人配合，无人受伤。"
    play.do(people.day_officer, CloseTaskForce(task_force=name, outcome=outcome))
    play.at(at(1, "11:20"))
    rating = task_force.RateTaskForce(
        task_force=name, satisfied=True, text="管得着的一起来了，一晚上就解决了。"
    )
    play.do(people.township_duty, rating)
    play.at(at(1, "14:00"))
    score = task_force.EvaluateTaskForce(task_force=name, score=5, text="从上报到拆完不到一天。")
    play.do(people.commander, score)
    play.at(at(1, "14:30"))
    play.do(people.day_officer, task_force.ArchiveTaskForce(task_force=name))


def _demolished(stream: str, text: str, square_metres: int, number: int) -> task.Report:
    return task.Report(
        task=stream,
        text=text,
        filled=Filled(numbers={DEMOLISHED: square_metres}, choices={"way": "依法拆除"}),
        photos=(photo(number),),
    )
