"""The machine asks for everything that there is to ask for, and everything comes about."""

from __future__ import annotations

from random import Random

import pytest

from handheld.application.handlers.table import HANDLERS
from handheld_events.catalogue import CATALOGUE
from tests.properties.picks import Picks
from tests.properties.rules import JUMPS
from tests.properties.test_machine_in_memory import InMemory
from tests.properties.ways import KINDS, OFTEN

WALKS, STEPS = 10, 400


def walk(seed: int, steps: int, on: InMemory | None = None) -> InMemory:
    """Ask by chance, the same for the same seed."""
    chance = Random(seed)
    machine = on or InMemory()
    for _ in range(steps):
        match chance.randrange(10):
            case 0:
                machine.react(chance.choice(JUMPS), chance.choice(("here", "there", "both")))
            case 1 if chance.randrange(5) == 0:
                machine.restart(chance.choice(("here", "there")))
            case 2 if chance.randrange(3) == 0:
                kinds = [(chance.choice(KINDS), chance.getrandbits(48), "there") for _ in range(3)]
                machine.react_meanwhile(kinds, chance.choice(JUMPS))
            case _:
                for _ in range(chance.choice((1, 1, 1, 3))):
                    where = chance.choice(("here", "here", "there"))
                    getattr(machine, chance.choice(KINDS))(Picks(chance.getrandbits(48)), where)
                machine.all_kept()
        machine.boards_are_the_recount()
    return machine


def test_no_command_is_forgotten() -> None:
    machine = InMemory()
    for way in OFTEN:
        for number in range(5):
            getattr(machine, way)(Picks(number), "here")
    asked = set(machine.asked)
    machine.here = []
    machine.teardown()
    assert {c.__name__ for c in HANDLERS.keys() - asked} == set()


def test_every_command_is_accepted_now_and_then_and_every_event_comes_about() -> None:
    accepted: set[str] = set()
    seen: set[str] = set()
    for seed in range(WALKS):
        machine = walk(seed, STEPS)
        machine.teardown()
        seen |= {type(fact.event).TOPIC for fact in machine.history.facts}
        accepted |= {
            type(request.command).__name__
            for request, receipt in machine.done
            if receipt.outcome == "accepted"
        }
    # By chance an order about a finding is hardly ever done as a whole: the reactions' tests do it.
    assert {c.__name__ for c in HANDLERS} - accepted <= {"SettleFinding"}
    assert CATALOGUE.keys() - seen == set()


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 140))
def test_a_long_walk_keeps_all_promises(seed: int) -> None:
    walk(seed, 1_000).teardown()
