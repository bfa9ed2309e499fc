"""Who is in a fleet, what they know of each other, and what time it is on their phones."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from handheld.domain.errors import Malformed, NotFound
from handheld.entrypoints.fleet import owners as files
from handheld.entrypoints.fleet.owners import Owner, organisation_of
from handheld.entrypoints.fleet.signing_in import device_of, whom
from handheld.entrypoints.fleet.tempers import CALM, Temper, Tempers
from handheld.entrypoints.fleet.times import Seen, Times, rate_of
from handheld_projections.organisation import Post
from tests.support_organisation import import_person, organisation

GRID = "330825101264001"
NOW = datetime(2021, 7, 23, 7, tzinfo=UTC)
OWNERS = [
    Owner(
        person=f"person-S{n}",
        token=f"secret-{n}",
        device=f"fleet-person-S{n}",
        posts=(Post("household_contact", GRID),),
        households=(f"{n}-1", f"{n}-2"),
    )
    for n in range(5)
]


def test_the_file_is_for_its_owner_alone_and_reads_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "fleet"
    path.write_text("something else")
    path.chmod(0o644)
    files.write(path, OWNERS)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert files.read(path) == OWNERS
    assert [one.name for one in tmp_path.iterdir()] == ["fleet"]


@pytest.mark.parametrize(
    ("text", "code"), [("", "fleet.nobody"), ('{"person":1}', "fleet.line"), ("x", "fleet.line")]
)
def test_a_file_that_is_none_is_refused(tmp_path: Path, text: str, code: str) -> None:
    path = tmp_path / "fleet"
    path.write_text(text)
    with pytest.raises(Malformed) as caught:
        files.read(path)
    assert caught.value.code == code
    with pytest.raises(Malformed):
        files.read(tmp_path / "none")


@pytest.mark.parametrize("of", [1, 2, 3, 7])
def test_each_person_is_in_exactly_one_share(of: int) -> None:
    shares = [files.share(OWNERS, number, of) for number in range(1, of + 1)]
    assert sorted(one.person for some in shares for one in some) == [o.person for o in OWNERS]


def test_they_know_each_others_posts_and_their_own_households() -> None:
    known = organisation_of(OWNERS)
    assert list(known.holders("household_contact", GRID)) == [o.person for o in OWNERS]
    assert known.people["person-S3"].households == ("3-1", "3-2")


def test_only_people_made_by_a_generator_get_a_phone() -> None:
    known = organisation((GRID[:6], GRID[:9], GRID[:12], GRID))
    import_person(known, "person-S1", [("grid_head", GRID)])
    import_person(known, "person-S2", [("household_contact", GRID)])
    real = replace(known.people["person-S2"], synthetic=False)
    known.people["person-S2"] = real
    assert whom(known, None, (), None) == ["person-S1"]
    assert whom(known, GRID[:9], ("grid_head",), None) == ["person-S1"]
    with pytest.raises(NotFound, match=r"fleet\.no_people"):
        whom(known, "330825102", (), None)
    with pytest.raises(NotFound, match=r"fleet\.no_people"):
        whom(known, None, ("household_contact",), None)


def test_the_id_of_a_phone_is_one_that_the_gateway_takes() -> None:
    for person in ("person-S1", "person-甲·乙", "person-" + "x" * 90):
        device = device_of(person)
        assert 8 <= len(device) <= 64
        assert device.isascii()


@pytest.mark.parametrize(("rate", "haste"), [(1.0, 1.0), (60.0, 1.0), (1.0, 200.0), (60.0, 10.0)])
def test_fleet_time_goes_with_the_servers_clock_and_back(rate: float, haste: float) -> None:
    times = Times(Seen(NOW, 100.0), rate, haste)
    assert times.server(110.0) == NOW + timedelta(seconds=10 * rate)
    assert times.fleet(110.0) == NOW + timedelta(seconds=10 * rate * haste)
    assert times.of_fleet(times.fleet(110.0)) == times.server(110.0)
    assert times.until(times.fleet(110.0), 104.0) == pytest.approx(6.0)


def test_where_the_clock_stands_people_go_on_and_all_occurs_at_that_time() -> None:
    assert rate_of(Seen(NOW, 1.0), Seen(NOW, 1.5)) == 0
    times = Times(Seen(NOW, 0.0), 0.0, 60.0)
    assert times.fleet(1.0) == NOW + timedelta(minutes=1)
    assert times.of_fleet(times.fleet(1.0)) == times.server(1.0) == NOW


def test_a_rate_is_measured_as_what_it_most_likely_is() -> None:
    assert rate_of(Seen(NOW, 1.0), Seen(NOW + timedelta(seconds=0.502), 1.5)) == 1
    assert rate_of(Seen(NOW, 1.0), Seen(NOW + timedelta(seconds=30.01), 1.5)) == 60


def test_the_same_seed_misbehaves_in_the_same_way_and_the_calm_do_not() -> None:
    tempers = Tempers(offline=1, slow=1, duplicates=0.5)
    one, other = (Temper(tempers, 4, "fleet-1") for _ in range(2))
    for _, first, second in zip(range(20), one.spells(), other.spells(), strict=False):
        assert first == second
        assert (one.twice(), one.pause()) == (other.twice(), other.pause())
    calm = Temper(CALM, 4, "fleet-1")
    assert list(calm.spells()) == []
    assert not any(calm.twice() or calm.pause() for _ in range(50))
    assert all(0 <= calm.back_in(n) <= 15 for n in range(40))
