"""`handheld task show`: a task, what is noted beside its state, and its course."""

from __future__ import annotations

from typing import Any

import typer

import handheld.entrypoints.cli.arguments as arguments
from handheld.application.loading import States
from handheld.application.telling.facts import Describer, Marks, facts_in, machine_fact
from handheld.application.telling.form_labels import told
from handheld.bootstrap import Home
from handheld.domain.errors import NotFound
from handheld.domain.task_force import OrderTerms, TaskForce
from handheld.domain.task_state import Task
from handheld.entrypoints.cli.context import Session, session_of
from handheld.entrypoints.cli.options import Json, TaskId
from handheld.entrypoints.cli.render import facts
from handheld.entrypoints.cli.timelines import course


def show(ctx: typer.Context, task: TaskId, as_json: Json = False) -> None:
    """Show a task and its course. Raises NotFound (`task.unknown`)."""
    session = session_of(ctx, as_json)
    texts = session.texts
    stream = arguments.task_stream(task)
    with session.home() as home:
        found = list(facts_in(home.log.read_streams([stream])))
        state, about, terms = _loaded(home, stream)
        if as_json:
            session.json(
                {
                    "task": stream,
                    "division": about.division,
                    "task_force": about.task_force,
                    "state": state,
                    "facts": [machine_fact(fact) for fact in found],
                }
            )
            return
        names = session.names(home)
        describer = Describer(texts, names, session.organisation(home), home.log)
        values = [
            ("person", names.label(state.person)),
            ("division", describer.division(about.division or "")),
            ("department", describer.department(state.department)),
            ("instead_of", describer.vacancies(getattr(found[0], "event", None))),
            ("task_force", about.task_force or ""),
            ("order", state.order),
            ("text", terms.text if terms else ""),
            ("steps", describer.steps(state.steps)),
            ("state", texts.state(state.status)),
            ("marks", _marks(session, state)),
            ("accept_by", _by(session, state.accept_by, terms and terms.accept_by)),
            ("report_by", _by(session, state.report_by, terms and terms.report_by)),
            ("visits", str(len(state.visits)) if state.visits else ""),
            ("report", state.report or ""),
            ("form", _filled(session, state, terms)),
            ("rated", _rated(session, state)),
        ]
        rows = [(texts.say(f"cli.tasks.{key}"), value) for key, value in values]
        session.show(facts(rows, title=texts.say("cli.tasks.title", task=stream)))
        session.show(course(session, found, Marks(found), describer))


def _loaded(home: Home, stream: str) -> tuple[Task, Any, OrderTerms | None]:
    states = States(home.log)
    states.load((stream,))
    loaded = states.get(stream)
    if loaded.state is None:
        raise NotFound("task.unknown", task=stream)
    task: Task = loaded.state
    name = loaded.about.task_force or ""
    states.load((name,))
    task_force: TaskForce | None = states.get(name).state
    return task, loaded.about, task_force.orders.get(task.order) if task_force else None


def _marks(session: Session, state: Task) -> str:
    texts = session.texts
    said = [
        (state.delivered, "delivered"),
        (state.read, "read"),
        (state.en_route, "en_route"),
        (state.on_scene, "on_scene"),
        (state.open and not state.claimed, "open"),
        (state.unit, "unit"),
        (state.amended > 0, "amended"),
        (state.suspended is not None, "suspended"),
        (bool(state.overdue), "overdue"),
        (bool(state.reminded), "reminded"),
        (bool(state.escalated), "escalated"),
        (state.supervised is not None, "supervised"),
        (bool(state.passed_on), "passed_on"),
        (state.reassigned_to is not None, "reassigned"),
    ]
    return texts.say("cli.list_comma").join(
        texts.say(f"marks.{key}") for is_so, key in said if is_so
    )


def _by(session: Session, own: Any, of_order: Any) -> str:
    moment = own or of_order
    return "" if moment is None else session.texts.time(moment)


def _filled(session: Session, state: Task, terms: OrderTerms | None) -> str:
    filled, photos = state.told
    fields = {field.key: field for field in terms.form} if terms else {}
    said = list(told({**filled.numbers, **filled.choices, **filled.texts}, fields))
    texts = session.texts
    if photos:
        said.append(texts.say("cli.tasks.photos", count=len(photos)))
    return texts.say("cli.list_comma").join(said)


def _rated(session: Session, state: Task) -> str:
    texts = session.texts
    said = []
    if state.rated is not None:
        said.append(texts.satisfaction(state.rated[0]) + _words(session, state.rated[1]))
    if state.evaluated is not None:
        score = texts.say("cli.tasks.score", score=state.evaluated[0])
        said.append(score + _words(session, state.evaluated[1]))
    return texts.say("cli.list_comma").join(said)


def _words(session: Session, text: str | None) -> str:
    return f"{session.texts.say('cli.colon')}{text}" if text else ""
