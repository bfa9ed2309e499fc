"""An order of a plan, line by line: when, to whom, which steps, by when, what is reported."""

from __future__ import annotations

from handheld.entrypoints.cli.context import Session
from handheld.entrypoints.cli.plan_words import steps, targets
from handheld_events.forms import FormField
from handheld_events.orders import PlanOrder, Reminding, Wartime
from handheld_projections.organisation import Organisation


def order_rows(
    session: Session, order: PlanOrder, organisation: Organisation
) -> list[tuple[str, str]]:
    """An order, line by line: what is not said is left out."""
    texts = session.texts
    return [
        (texts.say("cli.head.orders"), order.key),
        (texts.say("cli.head.text"), order.text),
        (texts.say("cli.plans.when"), _when(session, order)),
        (texts.say("cli.head.to"), targets(session, order.to, organisation)),
        (
            texts.say("cli.plans.open_to"),
            ""
            if order.open_to is None
            else texts.say("cli.plans.first_to_claim", count=order.open_to),
        ),
        (texts.say("cli.head.steps"), steps(session, order.steps)),
        (texts.say("cli.head.accept_by"), _seconds(session, order.accept_within)),
        (texts.say("cli.head.report_by"), _seconds(session, order.report_within)),
        (texts.say("cli.plans.form"), "\n".join(_field(session, field) for field in order.form)),
        (texts.say("cli.plans.remind_accept"), _reminding(session, order.remind_accept)),
        (texts.say("cli.plans.remind_report"), _reminding(session, order.remind_report)),
        (texts.say("cli.plans.wartime"), _wartime(session, order.wartime)),
    ]


def _when(session: Session, order: PlanOrder) -> str:
    """The wave it belongs to: at the start, at a response level, later, again and again."""
    texts = session.texts
    words = [texts.say("cli.plans.at_start")]
    if order.level is not None:
        words = [texts.say("cli.plans.at_level", level=texts.level(order.level))]
    if order.after is not None:
        words.append(texts.say("cli.plans.after", time=texts.duration(order.after)))
    if order.every is not None:
        words.append(texts.say("cli.plans.every", time=texts.duration(order.every)))
    return texts.say("cli.comma").join(words)


def _field(session: Session, field: FormField) -> str:
    texts = session.texts
    words = [texts.say(f"form_kinds.{field.kind}")]
    if field.unit is not None:
        words.append(texts.say("cli.plans.unit", unit=field.unit))
    if field.most is not None:
        words.append(texts.say("cli.plans.most", most=field.most))
    if field.choices:
        words.append(" / ".join(field.choices))
    if not field.required:
        words.append(texts.say("cli.plans.optional"))
    return f"{field.label} ({field.key}): {texts.say('cli.comma').join(words)}"


def _reminding(session: Session, reminding: Reminding | None) -> str:
    if reminding is None:
        return ""
    texts = session.texts
    return texts.say(
        "cli.plans.reminding",
        after=texts.duration(reminding.after),
        every=texts.duration(reminding.every),
        most=reminding.most,
    )


def _wartime(session: Session, wartime: Wartime | None) -> str:
    if wartime is None:
        return ""
    texts = session.texts
    words: list[str] = []
    for key, seconds in (
        ("accept_by", wartime.accept_within),
        ("report_by", wartime.report_within),
    ):
        if seconds is not None:
            words.append(f"{texts.say(f'cli.head.{key}')} {texts.duration(seconds)}")
    if wartime.steps is not None:
        words.append(f"{texts.say('cli.head.steps')} {steps(session, wartime.steps)}")
    return texts.say("cli.comma").join(words)


def _seconds(session: Session, seconds: int | None) -> str:
    return "" if seconds is None else session.texts.duration(seconds)
