"""`handheld posture`: peacetime and wartime procedure, switched and shown."""

from __future__ import annotations

from typing import Annotated, cast, get_args

import typer

import handheld.entrypoints.cli.arguments as arguments
from handheld.domain.errors import Malformed
from handheld.domain.register_posture import SwitchPosture
from handheld.entrypoints.cli.context import session_of
from handheld.entrypoints.cli.options import As, CommandId, Json, MaybeCode, Reason
from handheld.entrypoints.cli.plan_words import place_name
from handheld.entrypoints.cli.receipts import report
from handheld.entrypoints.cli.render import clean, table
from handheld.entrypoints.cli.shell import command, group
from handheld.entrypoints.cli.words import help_text
from handheld.texts import LANGUAGES, Texts
from handheld_events.division import Posture


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    commands = group("posture")
    command(commands, "switch", "posture.switch")(switch)
    command(commands, "show", "posture.show")(show)
    app.add_typer(commands, name="posture")


def posture_from(text: str) -> Posture:
    """A posture by its key or its name in either language. Raises Malformed (`usage.posture`)."""
    wanted = text.strip().lower()
    for posture in get_args(Posture):
        names = {Texts(lang).say(f"postures.{posture}").lower() for lang in LANGUAGES}
        if wanted == posture or wanted in names:
            return cast(Posture, posture)
    raise Malformed("usage.posture", text=text)


def switch(
    ctx: typer.Context,
    division: Annotated[str, typer.Argument(metavar="CODE", help=help_text("posture.division"))],
    posture: Annotated[
        str, typer.Argument(metavar="wartime|peacetime", help=help_text("posture.posture"))
    ],
    reason: Reason,
    actor: As = arguments.OPERATOR,
    command_id: CommandId = None,
    as_json: Json = False,
) -> None:
    """Go over to wartime or peacetime procedure."""
    session = session_of(ctx, as_json)
    wanted = posture_from(posture)
    with session.home() as home:
        code = arguments.known_division(division, session.organisation(home))
        receipt = session.execute(
            home,
            SwitchPosture(division=code, posture=wanted, reason=reason),
            actor,
            command_id=command_id,
        )
        where = place_name(code, session.organisation(home))
    report(session, receipt, division=code, posture=wanted)
    if receipt.outcome == "accepted":
        said = session.texts.say(f"postures.{wanted}")
        session.say("postures.switched", division=clean(where), posture=said)


def show(ctx: typer.Context, code: MaybeCode = None, as_json: Json = False) -> None:
    """The posture of a division; without one, every division that says its own."""
    session = session_of(ctx, as_json)
    texts = session.texts
    with session.home() as home:
        organisation = session.organisation(home)
    if code is not None:
        asked = arguments.known_division(code, organisation)
        posture = organisation.posture_of(asked)
        if as_json:
            session.json({"division": asked, "posture": posture})
            return
        where, said = place_name(asked, organisation), texts.say(f"postures.{posture}")
        session.say("postures.now", division=clean(where), posture=said)
        return
    own = [known for known in organisation.divisions.values() if known.posture is not None]
    own.sort(key=lambda known: known.code)
    if as_json:
        session.json([{"division": known.code, "posture": known.posture} for known in own])
    elif not own:
        session.say("postures.none")
    else:
        made = table(texts.say("cli.head.division"), texts.say("cli.postures.posture"))
        for known in own:
            said = texts.say(f"postures.{known.posture}")
            made.add_row(clean(place_name(known.code, organisation)), said)
        session.show(made)
