"""A sign-in for each role of the demonstration: accounts with passwords, links for the field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from handheld.application.access.identity import AccountRole
from handheld.application.access.service import Access
from handheld.application.names import Names
from handheld.demo.parts import ANALYST, Part
from handheld.entrypoints.cli.context import Session
from handheld.entrypoints.cli.demo_naming import Naming
from handheld.entrypoints.cli.render import clean, table
from handheld.entrypoints.cli.wrapping import Words
from handheld_projections.organisation import Organisation

OPERATOR = "operator"
"""The account that is no person's."""


class Account(NamedTuple):
    """An account that was made."""

    name: str
    password: str
    part: Part | None
    """None where it is no person's."""


class Link(NamedTuple):
    """A link that was issued."""

    secret: str
    part: Part


class SignIns(NamedTuple):
    """All of them, as long as somebody reads them."""

    accounts: list[Account]
    links: list[Link]


def made(access: Access, parts: Sequence[Part]) -> SignIns:
    """Make them. Passwords are drawn, and stand nowhere but in what is given back."""
    accounts: list[Account] = []
    for part in parts:
        if part.account is not None:
            kind: AccountRole | None = "analyst" if part.account == ANALYST else None
            password = access.create_account(part.account, person=part.person, role=kind, by="demo")
            accounts.append(Account(part.account, password or "", part))
    password = access.create_account(OPERATOR, role="operator", by="demo")
    accounts.append(Account(OPERATOR, password or "", None))
    field = [part for part in parts if part.account is None]
    issued = access.issue_links([part.person for part in field], by="demo") if field else []
    of = {part.person: part for part in field}
    return SignIns(accounts, [Link(one.secret, of[one.person]) for one in issued])


def show(
    session: Session,
    address: str,
    signs: SignIns,
    organisation: Organisation,
    names: Names,
) -> None:
    """A line for each."""
    texts, naming = session.texts, Naming(session.texts, organisation)

    def who(part: Part) -> str:
        department = "" if part.department is None else naming.department(part.department)
        place = department or naming.division(part.division)
        return f"{texts.role(part.role)}\n{place} {clean(names.label(part.person))}"

    heads = [texts.say(f"cli.live.head.{one}") for one in ("account", "password", "who")]
    shown = table(*heads, title=texts.say("cli.live.accounts"))
    for account in signs.accounts:
        words = "" if account.part is None else who(account.part)
        if account.name in (ANALYST, OPERATOR):
            words = f"{texts.say(f'cli.live.{account.name}')}\n{words}".rstrip()
        shown.add_row(account.name, account.password, words)
    session.show("", shown)
    if not signs.links:
        return
    session.show(Words.of(texts.say("cli.live.links")))
    for link in signs.links:
        role, _, person = who(link.part).partition("\n")
        session.show("", Words.of(f"{role}  {person}"))
        session.out.print(f"{address}/s#{link.secret}", soft_wrap=True)
