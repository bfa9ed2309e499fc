"""Where what is stored meets what is new: no number is missed, none comes twice."""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import AsyncExitStack
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handheld.application.index_keeper import INBOX
from handheld.application.pushing import hub
from handheld.domain import task
from tests.support_gateway import Json, Phone, Site, held_index, opened, serving, token_of
from tests.support_log import copied, person

WHO = person(5)


async def test_phones_do_not_wait_for_the_index(site: Site) -> None:
    with held_index(site.home) as index:
        index.hold()
        async with Phone.of(site, WHO) as phone:
            await phone.hello()
            await site.start()
            await phone.until(1)
            assert site.home.views.heads(INBOX).get(WHO) is None


async def test_who_resumes_gets_what_the_index_has_and_what_it_has_not_yet(site: Site) -> None:
    epoch = site.gateway.hub.epoch
    await site.start()
    await asyncio.to_thread(site.home.caught_up)
    with held_index(site.home) as index:
        index.hold()
        await site.start()
        await site.until(lambda: site.gateway.hub.head(WHO) == 2)
        async with Phone.of(site, WHO, "device-1") as one:
            await one.hello(epoch=epoch, last_seq=0)
            await one.until(2)
            assert one.numbers() == [1, 2]
        async with Phone.of(site, WHO, "device-2") as two:
            two.stored[1] = {}
            await two.hello(epoch=epoch)
            await two.until(2)
            assert two.numbers() == [2]
        index.let_go()
        await asyncio.to_thread(site.home.caught_up)
        await site.start()
        async with Phone.of(site, WHO, "device-3") as three:
            await three.hello(epoch=epoch, last_seq=0)
            await three.until(3)
            assert three.numbers() == [1, 2, 3]


async def test_many_items_are_caught_up_with_in_slices(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "SLICE", 2)
    for _ in range(5):
        await site.start()
    async with Phone.of(site, WHO) as phone:
        await phone.hello(epoch=site.gateway.hub.epoch, last_seq=0)
        await phone.until(5)
        assert phone.numbers() == [1, 2, 3, 4, 5]
        assert site.gateway.figures.caught_up == 3


STEPS = st.lists(
    st.sampled_from(("news", "news", "join", "leave", "hold", "let go", "ack", "resend")),
    min_size=3,
    max_size=16,
)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_whatever_the_interleaving_each_phone_has_every_number_once(
    county: Path, steps: list[str]
) -> None:
    with tempfile.TemporaryDirectory() as name:
        asyncio.run(_play(copied(county, Path(name) / "data"), steps))


async def _play(directory: Path, steps: list[str]) -> None:
    """One person with a phone that comes and goes, beside one that stays."""
    with opened(directory) as home, held_index(home) as index:
        async with serving(home) as site, AsyncExitStack() as stack:
            epoch = site.gateway.hub.epoch
            token = token_of(home, WHO, "device-2")
            stays = await stack.enter_async_context(Phone.of(site, WHO, "device-1"))
            await stays.hello(epoch=epoch)
            await site.start()
            await stays.until(1)
            remind = task.Remind(task=stays.stored[1]["task"])
            kept: dict[int, Json] = {}
            comes: Phone | None = None
            coming = AsyncExitStack()
            there = 1
            resent = False
            for step in [*steps, "news", "join", "let go"]:
                match step:
                    case "news":
                        there += 1
                        await site.do(remind)
                    case "join" if comes is None:
                        comes = await coming.enter_async_context(
                            Phone.of(site, WHO, "device-2", token)
                        )
                        comes.stored = kept
                        await comes.hello(epoch=epoch)
                    case "leave" if comes is not None:
                        kept, comes = comes.stored, None
                        await coming.aclose()
                    case "hold":
                        index.hold()
                    case "let go":
                        index.let_go()
                    case "ack":
                        await stays.ack()
                    case "resend" if not resent:
                        resent = True
                        await stays.say("resend", after=0)
                    case _:
                        pass
            assert comes is not None
            await comes.until(there)
            await stays.until(there)
            assert sorted(comes.stored) == [*range(1, there + 1)]
            numbers = comes.numbers()
            assert numbers == [*range(there - len(numbers) + 1, there + 1)]
            numbers = stays.numbers()
            if not resent:
                assert numbers == [*range(1, there + 1)]
            for before, after in pairwise(numbers):
                assert after in (before + 1, 1)
            await coming.aclose()
