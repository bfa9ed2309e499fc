"""What an import would change, one by one, for people to look at before it is done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Literal

import msgspec

from handheld.application.importing import ImportPlan
from handheld.application.people_rows import Gathered
from handheld.application.ports import Keyring
from handheld.domain.register import ImportDivisions
from handheld.domain.register_departments import ImportDepartments
from handheld_projections.organisation import Organisation, Person, Post

DISTRICT = 6
"""Digits of a district's code."""

Field = Literal["name", "phone", "posts", "households"]


class FieldChange(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that is to be another. Telephone numbers are not repeated."""

    field: Field
    before: str | None = None
    after: str | None = None
    posts_gone: tuple[Post, ...] = ()
    posts_new: tuple[Post, ...] = ()


class Change(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What becomes of one of the registered, or of what the table has."""

    what: Literal["new", "changed", "absent"]
    """`absent`: registered and not in the table; it stays as it is."""
    key: str
    """A division's code, a department's key, a person stream."""
    name: str
    synthetic: bool = False
    posts: tuple[Post, ...] = ()
    """Of somebody new."""
    division: str | None = None
    """Of a department."""
    fields: tuple[FieldChange, ...] = ()


def changes_of(plan: ImportPlan, organisation: Organisation, keyring: Keyring) -> Iterator[Change]:
    """What is new, what changes, and what is registered where the table is about, but not in it."""
    match plan.command:
        case ImportDivisions(rows=rows):
            for row in rows:
                known = organisation.divisions.get(row.code)
                yield _named(
                    row.code, row.name, None if known is None else known.name, row.synthetic
                )
            yield from _absent_divisions(plan, organisation)
        case ImportDepartments(rows=departments):
            for one in departments:
                old = organisation.departments.get(one.key)
                made = _named(one.key, one.name, None if old is None else old.name, one.synthetic)
                yield msgspec.structs.replace(made, division=one.division)
            yield from _absent_departments(plan, organisation)
        case _:
            for gathered, person, contact in plan.people:
                yield _person(gathered, person, contact, keyring)
            yield from _absent_people(plan, organisation, keyring)


def tag_of(plan: ImportPlan, changes: Iterable[Change]) -> str:
    """Stands for what a preview showed: another register or another table gives another one."""
    counts = f"{plan.new} {plan.changed} {plan.unchanged}".encode()
    wanted = [change for change in changes if change.what != "absent"]
    whole = sha256(counts + msgspec.json.encode(wanted) + _phones(plan))
    return whole.hexdigest()[:32]


def _phones(plan: ImportPlan) -> bytes:
    return msgspec.json.encode([gathered.phone for gathered, _, contact in plan.people if contact])


def _named(key: str, name: str, before: str | None, synthetic: bool) -> Change:
    if before is None:
        return Change(what="new", key=key, name=name, synthetic=synthetic)
    field = FieldChange("name", before, name)
    return Change(what="changed", key=key, name=name, synthetic=synthetic, fields=(field,))


def _person(gathered: Gathered, known: Person | None, contact: bool, keyring: Keyring) -> Change:
    key, name, synthetic = gathered.person, gathered.name, gathered.synthetic
    posts = tuple(gathered.posts)
    if known is None:
        return Change(what="new", key=key, name=name, synthetic=synthetic, posts=posts)
    fields: list[FieldChange] = []
    if contact:
        before = keyring.open(known.name)
        if before != name:
            fields.append(FieldChange("name", before, name))
        had = None if known.phone is None else keyring.open(known.phone)
        if gathered.phone is not None and gathered.phone != (had or ""):
            fields.append(FieldChange("phone"))
    if set(posts) != set(known.posts):
        gone = tuple(post for post in known.posts if post not in posts)
        new = tuple(post for post in posts if post not in known.posts)
        fields.append(FieldChange("posts", posts_gone=gone, posts_new=new))
    households = gathered.households
    if households is not None and households != known.households:
        before, after = str(len(known.households)), str(len(households))
        fields.append(FieldChange("households", before, after))
    return Change(what="changed", key=key, name=name, synthetic=synthetic, fields=tuple(fields))


def _absent_divisions(plan: ImportPlan, organisation: Organisation) -> Iterator[Change]:
    about = {code[:DISTRICT] for code in plan.named}
    for code, known in sorted(organisation.divisions.items()):
        if code not in plan.named and code[:DISTRICT] in about:
            yield Change(what="absent", key=code, name=known.name, synthetic=known.synthetic)


def _absent_departments(plan: ImportPlan, organisation: Organisation) -> Iterator[Change]:
    for key, known in sorted(organisation.departments.items()):
        if key not in plan.named and not known.dissolved:
            yield Change(what="absent", key=key, name=known.name, synthetic=known.synthetic)


def _absent_people(
    plan: ImportPlan, organisation: Organisation, keyring: Keyring
) -> Iterator[Change]:
    for key, known in sorted(organisation.people.items()):
        if key not in plan.named and not known.erased:
            name = keyring.open(known.name) or ""
            yield Change(what="absent", key=key, name=name, synthetic=known.synthetic)
