"""The register: divisions, departments, people, groups, rosters, postures, and plans.

All but plans are decided on the organisation. Every stream that a decision rests on is named with
the version that the organisation has of it, so that the commit checks them all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from handheld.application.handlers.allowed import lets
from handheld.application.handlers.base import (
    ORGANISATION,
    Get,
    Handler,
    Proposal,
    Table,
    World,
    decided_at,
    one,
)
from handheld.application.handlers.task_world import read_of
from handheld.application.loading import Append
from handheld.application.requests import Request
from handheld.domain import (
    duty,
    plan,
    register,
    register_departments,
    register_duty,
    register_groups,
    register_outlines,
    register_posture,
)
from handheld.domain.answers import Answer
from handheld.domain.errors import Malformed, NotAllowed, NotFound
from handheld_events.base import Event
from handheld_events.envelope import About
from handheld_events.ids import department_stream, division_stream, group_stream, plan_stream
from handheld_events.plan import PlanAdopted
from handheld_events.territory import within
from handheld_projections.organisation import Organisation

E = TypeVar("E", bound=Event)

Versions = list[tuple[str, int]]


def _plan(command: plan.Command, request: Request, get: Get, world: World) -> Proposal:
    _not_in_a_drill(request)
    asked = read_of(request.meta.actor, world)
    stream = plan_stream(command.plan)
    loaded = get(stream)
    known: plan.Plan | None = loaded.state
    former = known.edition.division if known is not None else None
    if isinstance(command, plan.AdoptPlan):
        organisation, _ = world.organisation()
        if not lets(command, request, world, territory=command.division, also=former):
            raise NotAllowed("plan.not_yours")
        if command.division not in organisation.divisions:
            raise NotFound("division.unknown", division=command.division)
        answer = plan.decide(known, command)
        for event in answer.events:
            if isinstance(event, PlanAdopted):
                _check_departments(event, organisation)
        about = loaded.about if loaded.version else About(division=command.division)
        return one(answer, stream, loaded, about)._replace(reads=asked)
    if former is None:
        raise NotFound("plan.unknown", plan=command.plan)
    if not lets(command, request, world, territory=former):
        raise NotAllowed("plan.not_yours")
    return one(plan.decide(known, command), stream, loaded)._replace(reads=asked)


def _check_departments(edition: PlanAdopted, organisation: Organisation) -> None:
    """Whoever adopts a plan learns what it lacks, not whoever starts it."""
    unknown = plan.unknown_departments(edition, organisation.departments)
    if unknown:
        raise NotFound("plan.departments_unknown", departments=", ".join(unknown))


def _import(
    command: register.ImportDivisions
    | register.ImportPeople
    | register_departments.ImportDepartments
    | register_outlines.OutlineDivisions,
    request: Request,
    get: Get,
    world: World,
) -> Proposal:
    if not lets(command, request, world):
        raise NotAllowed("register.not_yours")
    _not_in_a_drill(request)
    organisation, _ = world.organisation()
    match command:
        case register.ImportDivisions():
            reads = _divisions(organisation, (row.code for row in command.rows))
            changes = register.decide_divisions(command, organisation)
            return _of_changes(changes, "divisions.unchanged", reads)
        case register_outlines.OutlineDivisions():
            reads = _divisions(organisation, (row.code for row in command.rows))
            changes = register_outlines.decide_outlines(command, organisation)
            return _of_changes(changes, "outlines.unchanged", reads)
        case register_departments.ImportDepartments():
            reads = _departments(organisation, (row.key for row in command.rows))
            changes = register_departments.decide_departments(command, organisation)
            return _of_changes(changes, "departments.unchanged", reads)
        case register.ImportPeople():
            posts = (post for row in command.rows for post in row.posts)
            reads = _people(organisation, (row.person for row in command.rows))
            reads += _departments(organisation, (post.department for post in posts))
            changes = register.decide_people(command, organisation)
            return _of_changes(changes, "people.unchanged", reads)


def _of_changes(
    changes: Sequence[register.StreamChange], done: str, reads: Sequence[tuple[str, int]]
) -> Proposal:
    if not changes:
        return Proposal("already_done", done, (), reads)
    appends = [
        Append(
            change.stream,
            change.read,
            About(division=change.division, person=change.person),
            change.events,
        )
        for change in changes
    ]
    return Proposal("accepted", None, appends, reads)


def _district_of(command: register.ErasePerson, organisation: Organisation) -> str:
    known = organisation.people.get(command.person)
    return known.posts[0].division[:6] if known is not None and known.posts else ""


def _erase(command: register.ErasePerson, request: Request, get: Get, world: World) -> Proposal:
    _not_in_a_drill(request)
    organisation, _ = world.organisation()
    if not duty.may_start(organisation, request.meta.actor, _district_of(command, organisation)):
        raise NotAllowed("person.erased_by", person=command.person)
    answer = register.decide_erasure(command, organisation)
    if not answer.events:
        return Proposal(answer.outcome, answer.code, ())
    known = organisation.people[command.person]
    about = About(division=known.posts[0].division if known.posts else None, person=command.person)
    return Proposal(
        answer.outcome,
        answer.code,
        (Append(command.person, known.version, about, answer.events),),
    )


def _dissolve(
    command: register_departments.DissolveDepartment, request: Request, get: Get, world: World
) -> Proposal:
    _not_in_a_drill(request)
    organisation, _ = world.organisation()
    known = register_departments.known_department(command.department, organisation)
    if not lets(command, request, world, territory=known.division):
        raise NotAllowed("register.not_yours")
    answer = register_departments.decide_dissolution(command, organisation)
    stream = department_stream(command.department)
    return _of_answer(
        answer, stream, known.version, known.division, read_of(request.meta.actor, world)
    )


def _group(command: register_groups.Command, request: Request, get: Get, world: World) -> Proposal:
    _not_in_a_drill(request)
    organisation, _ = world.organisation()
    answer = register_groups.decide(command, organisation, request.meta.actor)
    known = organisation.groups.get(command.group)
    members = command.members if isinstance(command, register_groups.FormGroup) else ()
    reads = _people(organisation, (request.meta.actor, *members))
    division = command.division if isinstance(command, register_groups.FormGroup) else None
    if known is not None and division is None:
        division = known.division
    version = known.version if known is not None else 0
    return _of_answer(answer, group_stream(command.group), version, division, reads)


def _duty(command: register_duty.Command, request: Request, get: Get, world: World) -> Proposal:
    _not_in_a_drill(request)
    organisation, _ = world.organisation()
    answer = register_duty.decide(
        command, organisation, request.meta.actor, decided_at(request, world)
    )
    before = organisation.on_duty(command.role, command.division, command.department)
    reads = _people(organisation, (*_named_in(command), request.meta.actor, before))
    reads += _departments(organisation, (command.department,))
    code = command.division
    version = organisation.divisions[code].version
    return _of_answer(answer, division_stream(code), version, code, reads)


def _named_in(command: register_duty.Command) -> Iterable[str]:
    match command:
        case register_duty.SetRoster():
            return [shift.person for shift in command.shifts]
        case register_duty.HandOverDuty():
            return [command.to]
        case register_duty.TakeDuty():
            return [command.person]


def _posture(
    command: register_posture.SwitchPosture, request: Request, get: Get, world: World
) -> Proposal:
    _not_in_a_drill(request)
    organisation, _ = world.organisation()
    changes = register_posture.decide(command, organisation, request.meta.actor)
    code = command.division
    asked = (
        known
        for known in organisation.divisions
        if within(code, known) or (command.posture == "wartime" and within(known, code))
    )
    reads = _divisions(organisation, asked) + _people(organisation, (request.meta.actor,))
    return _of_changes(changes, "posture.as_asked", reads)


def _not_in_a_drill(request: Request) -> None:
    """The register is real, and so are plans: a drill cannot change them."""
    if request.meta.drill:
        raise Malformed("register.drill")


def _of_answer(
    answer: Answer[E],
    stream: str,
    read: int,
    division: str | None,
    reads: Sequence[tuple[str, int]],
) -> Proposal:
    """What an answer about one stream of the register comes to."""
    reads = ((stream, read), *reads)
    if not answer.events:
        return Proposal(answer.outcome, answer.code, (), reads)
    append = Append(stream, read, About(division=division), answer.events)
    return Proposal(answer.outcome, answer.code, (append,), reads)


def _divisions(organisation: Organisation, codes: Iterable[str]) -> Versions:
    known = organisation.divisions
    return [(division_stream(code), known[code].version) for code in codes if code in known]


def _departments(organisation: Organisation, keys: Iterable[str | None]) -> Versions:
    known = organisation.departments
    named = (key for key in dict.fromkeys(keys) if key is not None)
    return [(department_stream(key), known[key].version) for key in named if key in known]


def _people(organisation: Organisation, people: Iterable[str | None]) -> Versions:
    known = organisation.people
    named = (person for person in dict.fromkeys(people) if person is not None)
    return [(person, known[person].version) for person in named if person in known]


_PLAN = Handler(lambda c: (plan_stream(c.plan),), _plan, ORGANISATION, ORGANISATION)
_REGISTER = Handler(lambda _: (), _import, ORGANISATION, ORGANISATION)
_DUTY = Handler(lambda _: (), _duty, ORGANISATION, ORGANISATION)
_GROUP = Handler(lambda _: (), _group, ORGANISATION, ORGANISATION)

HANDLERS: Table = {
    register.ImportDivisions: _REGISTER,
    register_departments.ImportDepartments: _REGISTER,
    register_departments.DissolveDepartment: Handler(
        lambda _: (), _dissolve, ORGANISATION, ORGANISATION
    ),
    register.ImportPeople: _REGISTER,
    register_outlines.OutlineDivisions: _REGISTER,
    register.ErasePerson: Handler(lambda _: (), _erase, ORGANISATION, ORGANISATION),
    register_groups.FormGroup: _GROUP,
    register_groups.DissolveGroup: _GROUP,
    register_duty.SetRoster: _DUTY,
    register_duty.HandOverDuty: _DUTY,
    register_duty.TakeDuty: _DUTY,
    register_posture.SwitchPosture: Handler(lambda _: (), _posture, ORGANISATION, ORGANISATION),
    plan.AdoptPlan: _PLAN,
    plan.RetirePlan: _PLAN,
}
