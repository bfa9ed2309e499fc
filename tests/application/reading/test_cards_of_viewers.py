"""One finding, warning, plan, division, department, group or person, for whoever looks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec
import pytest

from handheld.application.reading import (
    duty,
    findings,
    organisation,
    people,
    plans,
    preview,
    warnings,
)
from handheld.application.reading.seen import Look
from handheld.domain.errors import NotAllowed, NotFound
from handheld.domain.ordering import Order
from handheld.domain.seeing import Seen, Viewer, visible
from handheld.domain.starting import StartAdHoc, StartFromPlan
from handheld_events.orders import Target
from tests.support_listed import OTHER, PHOTO, District, district, unknown
from tests.support_reading import DISTRICT, ENFORCEMENT, GRID, TOWNSHIP, VILLAGE

NOON = datetime(2021, 5, 19, 4, tzinfo=UTC)


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[District]:
    with district(tmp_path_factory.mktemp("district") / "data") as found:
        yield found


@pytest.fixture
def look(here: District) -> Look:
    found: Look = here.home.looking.look()
    return found


def plan_seen(look: Look, key: str) -> Seen | None:
    known = look.organisation.plans.get(f"plan-{key}")
    return None if known is None else Seen(look.organisation, (known.edition.division,))


class Card(NamedTuple):
    """A kind of thing: how it is shown, and how the policy is asked about it."""

    name: str
    shown: Callable[[Look, Viewer, str], Any]
    seen: Callable[[Look, str], Seen | None]
    reading: Any
    there: Callable[[District], list[str]]
    absent: str


CARDS = (
    Card(
        "finding",
        findings.finding_card,
        lambda look, key: look.finding(key),
        "finding",
        lambda here: [here.town.finding, *here.findings.values()],
        unknown("finding"),
    ),
    Card(
        "warning",
        warnings.warning_card,
        lambda look, key: look.warning(key),
        "warning",
        lambda here: list(here.warnings.values()),
        unknown("warning"),
    ),
    Card("plan", plans.plan_card, plan_seen, "plan", lambda _: ["flood", "other"], "nothing"),
    Card(
        "division",
        organisation.division_card,
        lambda look, _: Seen(look.organisation),
        "organisation",
        lambda _: [DISTRICT, TOWNSHIP, VILLAGE, GRID],
        "330803999",
    ),
    Card(
        "department",
        lambda look, viewer, key: organisation.department_card(look, viewer, key, NOON),
        lambda look, _: Seen(look.organisation),
        "organisation",
        lambda here: sorted(here.town.organisation.departments),
        "nothing",
    ),
    Card(
        "group",
        organisation.group_card,
        lambda look, _: Seen(look.organisation),
        "organisation",
        lambda _: ["boats"],
        "nothing",
    ),
    Card(
        "person",
        people.person_card,
        lambda look, _: Seen(look.organisation),
        "organisation",
        lambda here: here.town.everybody()[::40],
        "person-nobody-else",
    ),
)


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.name)
def test_what_is_hidden_is_answered_as_what_there_is_not(
    here: District, look: Look, card: Card
) -> None:
    hidden = shown = 0
    for viewer in here.viewers():
        with pytest.raises(NotFound) as absent:
            card.shown(look, viewer, card.absent)
        (param,) = absent.value.params
        assert absent.value.params[param] == card.absent
        for key in card.there(here):
            seen = card.seen(look, key)
            assert seen is not None
            if visible(viewer, card.reading, seen).extent != "nothing":
                card.shown(look, viewer, key)
                shown += 1
                continue
            with pytest.raises(NotFound) as refused:
                card.shown(look, viewer, key)
            assert (refused.value.code, refused.value.params) == (absent.value.code, {param: key})
            hidden += 1
    assert hidden
    assert shown


def test_an_analyst_without_names_reads_no_words_of_people_and_no_names_on_any_card(
    here: District, look: Look
) -> None:
    viewer = next(v for v in here.town.viewers() if v.role == "analyst" and not v.names)
    told = b"".join(
        msgspec.json.encode(card.shown(look, viewer, key))
        for card in CARDS
        for key in card.there(here)
    ).decode()
    hidden = {"电线杆", "大树横倒", "王家院墙", "说清楚哪家", "无设备", "已疏通", PHOTO, "28.9"}
    hidden |= {text for text in here.town.names_and_phones() if len(text) > 1}
    own = here.town.organisation.people[viewer.actor]
    hidden.discard(here.home.keyring.open(own.name))
    assert [text for text in hidden if text in told] == []


def test_a_finding_tells_its_course_over_the_desks_and_what_came_of_it(
    here: District, look: Look
) -> None:
    cast, tree = here.town.people, here.findings["tree"]
    card = findings.finding_card(look, Viewer(cast.commander), tree, lambda sha: sha != PHOTO)
    assert (card.text, card.corrected, card.place) == ("电线杆横倒在路上", True, "村口")
    assert [desk.desk.unit for desk in card.desks] == [
        VILLAGE,
        TOWNSHIP,
        DISTRICT,
        f"department-{ENFORCEMENT}",
    ]
    assert [desk.reason for desk in card.desks] == [None, "无设备", "路归市里管", "归口"]
    assert (card.desk, card.may_decide) == (card.desks[-1].desk, True)
    assert [(photo.sha256, photo.awaited) for photo in card.photos] == [(PHOTO, True)]
    assert card.reporter.name is not None
    assert card.reporter.phone is not None
    assert card.version == len(here.home.log.read_streams([tree]))
    head = findings.finding_card(look, Viewer(cast.grid_head), tree)
    assert not head.may_decide
    pit = findings.finding_card(look, Viewer(cast.commander), here.findings["pit"])
    ((order,), started) = (pit.orders, pit.task_force)
    assert (order.task_force, order.title, order.text) == (here.town.flood, "山洪转移", "先围起来")
    assert started is None
    ditch = findings.finding_card(look, Viewer(cast.village_official), here.findings["ditch"])
    assert (ditch.state, ditch.settled_by) == ("dealt_with", "已疏通")
    assert ditch.settled_at is not None


def test_a_reporter_is_told_that_a_task_force_was_started_and_not_what_it_orders(
    here: District, look: Look
) -> None:
    reporter = here.town.organisation.holders("household_contact", "330803203217001")[0]
    started = here.forces["asked"]
    known = look.force(started)
    assert known is not None
    assert known.finding is not None
    card = findings.finding_card(look, Viewer(reporter), known.finding)
    assert card.task_force == findings.CameOfIt(task_force=started, title="山坡排险")


def test_a_warning_tells_where_it_is_for_and_the_starts_that_it_proposes(
    here: District, look: Look
) -> None:
    flood, cast = here.warnings["flood"], here.town.people
    card = warnings.warning_card(look, Viewer(cast.township_duty), flood)
    assert ([place.code for place in card.divisions], card.level) == ([TOWNSHIP], "orange")
    assert (card.in_force, card.told_by) == (True, "气象台值班室")
    (proposal,) = card.proposals
    assert (proposal.plan, proposal.division.code) == ("plan-flood", TOWNSHIP)
    assert (proposal.waits, proposal.may_start) == (True, True)
    village = warnings.warning_card(look, Viewer(cast.village_official), flood)
    assert not village.proposals[0].may_start
    over = warnings.warning_card(look, Viewer(cast.commander), here.warnings["far"])
    assert (over.status, over.in_force) == ("cancelled", False)
    assert over.ended_at is not None


def test_the_warnings_in_force_are_those_of_ones_place_the_highest_first(
    here: District, look: Look
) -> None:
    lines = list(here.home.boards.warnings().open.values())
    named = {stream: name for name, stream in here.warnings.items()}

    def shown(person: str, division: str | None = None) -> list[str]:
        found = warnings.warnings_in_force(look, Viewer(person), lines, division)
        return [named[card.warning] for card in found if card.warning in named]

    cast = here.town.people
    two, *lower = [shown(cast.commander)[:2], *shown(cast.commander)[2:]]
    assert (set(two), lower) == ({"all", "flood"}, ["nowhere", "village"])
    assert shown(cast.commander, OTHER) == ["all", "nowhere", "village"]
    assert shown(cast.contact) == []


def test_a_plan_is_shown_in_each_of_its_editions(here: District, look: Look) -> None:
    chief = Viewer(here.town.people.township_head)
    assert [plan.plan for plan in plans.plans(look, chief)] == ["flood"]
    assert [plan.plan for plan in plans.plans(look, Viewer("operator"), OTHER)] == ["other"]
    card = plans.plan_card(look, chief, "flood", 1)
    assert (card.edition, card.version, card.editions) == (1, 1, (1,))
    assert (card.may_start, card.orders[0].text) == (True, "巡查")
    assert card.lead is not None
    assert card.lead.unit == f"department-{ENFORCEMENT}"
    official = Viewer(here.town.people.village_official)
    assert not plans.plan_card(look, official, "flood").may_start
    with pytest.raises(NotFound) as refused:
        plans.plan_card(look, chief, "flood", 2)
    assert refused.value.code == "plan.no_edition"


def test_a_division_tells_what_lies_below_it_and_who_holds_its_posts(
    here: District, look: Look
) -> None:
    known = here.town.organisation
    chief = Viewer(here.town.people.township_head)
    card = organisation.division_card(look, chief, TOWNSHIP)
    assert [child.code for child in card.children] == [d.code for d in known.children(TOWNSHIP)]
    assert {child.code: child.children for child in card.children} == {
        child.code: len(known.children(child.code)) for child in known.children(TOWNSHIP)
    }
    assert (card.own_posture, card.division.posture, card.may_command) == (
        "wartime",
        "wartime",
        True,
    )
    held = {(post.role, post.person.person) for post in card.posts}
    assert held == {
        (post.role, stream)
        for stream, person in known.people.items()
        for post in person.posts
        if post.division == TOWNSHIP and post.department is None
    }
    village = organisation.division_card(look, chief, VILLAGE)
    assert (village.own_posture, village.division.posture) == (None, "wartime")
    assert [above.code for above in village.above] == [DISTRICT, TOWNSHIP]
    roots = organisation.divisions(look, chief)
    assert [root.code for root in roots] == sorted(c for c in known.divisions if len(c) == 6)


def test_a_department_names_its_people_to_those_who_answer_for_it(
    here: District, look: Look
) -> None:
    cast = here.town.people
    for viewer, named in ((cast.enforcement_duty, True), (cast.contact, False)):
        card = organisation.department_card(look, Viewer(viewer), ENFORCEMENT, NOON)
        assert {post.person.name is not None for post in card.posts} == {named}
        assert card.department.people == len(card.posts)
        stationed = {post.person.person for post in card.posts if post.stationed}
        assert set(cast.stationed) <= stationed
        assert card.answers is not None


def test_a_roster_tells_who_is_on_and_who_comes_next(here: District, look: Look) -> None:
    cast, known = here.town.people, here.town.organisation
    now = here.home.clock.now()
    shown = duty.duties(look, Viewer(cast.commander), now, DISTRICT)
    own = next(one for one in shown if one.department is None and one.role == "duty_officer")
    kept = known.duty_of(next(iter(duty.posts_with_rosters(known, DISTRICT))))
    assert [(s.person.person, s.begins, s.ends) for s in own.shifts] == [
        (s.person, s.begins, s.ends) for s in kept.shifts
    ]
    assert own.on_duty is not None
    assert own.on_duty.person in (cast.day_officer, cast.night_officer)
    assert own.on_duty.phone is not None
    assert own.version == known.divisions[DISTRICT].version
    everywhere = duty.duties(look, Viewer(cast.commander), now)
    assert set(shown) <= set(everywhere)


def test_somebody_is_named_to_those_above_and_known_by_their_posts_to_all(
    here: District, look: Look
) -> None:
    cast, known = here.town.people, here.town.organisation
    contact = known.people[cast.contact]
    above = people.person_card(look, Viewer(cast.village_official), cast.contact)
    assert above.person.name is not None
    assert above.person.phone is not None
    assert above.households == contact.households
    assert [group.group for group in above.groups] == ["boats"]
    stranger = people.person_card(look, Viewer(cast.surveyors[0]), cast.contact)
    assert (stranger.person.name, stranger.person.phone, stranger.households) == (None,) * 3
    assert [(p.role, p.division.code) for p in stranger.posts] == [
        (p.role, p.division) for p in contact.posts
    ]
    erased = people.person_card(look, Viewer("operator"), here.town.erased)
    assert (erased.erased, erased.person.name, erased.posts) == (True, "erased", ())


def test_a_preview_says_whom_a_start_would_call_and_changes_nothing(
    here: District, look: Look
) -> None:
    cast, end = here.town.people, here.home.log.end()
    command = StartFromPlan(plan="plan-flood", division=TOWNSHIP)
    shown = preview.start_preview(
        look, Viewer(cast.township_duty), command, here.home.preview, names=True
    )
    ask = here.home.preview(command)
    called = {a.person for _, found in ask.orders for a in found.assignees}
    (order,) = shown.orders
    assert order.assignees is not None
    assert {one.person.person for one in order.assignees} == called
    assert all(one.person.name and one.person.phone for one in order.assignees)
    assert (shown.people, shown.tasks, shown.posture) == (len(called), order.tasks, "wartime")
    assert [(d.department.unit, d.part) for d in shown.departments] == [
        (f"department-{ENFORCEMENT}", "lead")
    ]
    assert here.home.log.end() == end


def test_only_those_who_may_start_there_are_shown_whom_it_would_call(
    here: District, look: Look
) -> None:
    cast = here.town.people
    order = Order(text="集合", to=(Target(role="grid_head"),))
    command = StartAdHoc(title="集合", division=TOWNSHIP, orders=(order,))
    for person in (cast.village_official, cast.contact, cast.enforcement_duty):
        with pytest.raises(NotAllowed) as refused:
            preview.start_preview(look, Viewer(person), command, here.home.preview)
        assert refused.value.code == "start.ask"
    for viewer in (Viewer(cast.commander), Viewer("operator")):
        assert preview.start_preview(look, viewer, command, here.home.preview).tasks > 0
    hidden = StartFromPlan(plan="plan-other", division=TOWNSHIP)
    missing = StartFromPlan(plan="plan-none", division=TOWNSHIP)
    for wanted in (hidden, missing):
        with pytest.raises(NotFound) as unseen:
            preview.start_preview(look, Viewer(cast.township_duty), wanted, here.home.preview)
        assert unseen.value.code == "plan.unknown"
        assert unseen.value.params == {"plan": wanted.plan.removeprefix("plan-")}
