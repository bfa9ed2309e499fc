"""Whatever the way between a gateway and a phone does, both end up with the same."""

from __future__ import annotations

from pathlib import Path

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from handheld.entrypoints.fleet.state import PhoneState, Said
from handheld.entrypoints.fleet.store import opened
from handheld.entrypoints.gateway.messages import Ack, Failed, Items, Resend
from tests.support_phone import NOW, Gateway, command_of, sent_in

DEVICE = "phone-0001"


def positions(state: PhoneState) -> list[int]:
    return [state.items[seq].position for seq in sorted(state.items)]


def connect(state: PhoneState, gateway: Gateway) -> Said:
    """Hello, and all that is said to it, to the end."""
    messages, cards = [], []
    for said in gateway.greets(state.hello(NOW)):
        told = state.receive(said)
        messages += told.messages
        cards += told.cards
    return Said(messages, cards)


def converged(state: PhoneState, gateway: Gateway) -> None:
    """Nothing is lost on the way from now on."""
    waiting = connect(state, gateway).messages
    while waiting:
        message = waiting.pop(0)
        match message:
            case Resend(after=after):
                told = state.receive(gateway.items(*range(after + 1, len(gateway.positions) + 1)))
                waiting += told.messages
            case Ack():
                continue
            case _:
                for sent in sent_in([message]):
                    waiting += state.receive(gateway.takes(sent)).messages


def test_a_new_phone_takes_a_snapshot_and_goes_on_after_it() -> None:
    gateway, state = Gateway(), PhoneState(DEVICE)
    for position in (3, 5, 8):
        gateway.adds(position)
    told = connect(state, gateway)
    assert told.messages == [Ack(seq=3)]
    assert [card.position for card in told.cards] == [3, 5, 8]
    gateway.adds(13)
    assert state.receive(gateway.items(4)).messages == [Ack(seq=4)]
    assert positions(state) == [3, 5, 8, 13]


def test_a_gap_is_asked_for_once_and_never_skipped() -> None:
    gateway, state = Gateway(), PhoneState(DEVICE)
    connect(state, gateway)
    for position in range(10, 16):
        gateway.adds(position)
    assert state.receive(gateway.items(1)).messages == [Ack(seq=1)]
    assert state.receive(gateway.items(4)).messages == [Resend(after=1)]
    assert state.receive(gateway.items(5)).messages == []
    assert state.receive(gateway.items(2, 3, 4, 5)).messages == [Ack(seq=5)]
    assert state.receive(gateway.items(6)).messages == [Ack(seq=6)]
    assert positions(state) == list(range(10, 16))


def test_what_comes_again_is_counted_and_changes_nothing() -> None:
    gateway, state = Gateway(), PhoneState(DEVICE)
    connect(state, gateway)
    gateway.adds(1)
    state.receive(gateway.items(1))
    assert state.receive(gateway.items(1)) == Said([], [])
    assert (state.repeated, state.conflicting) == (1, 0)


def test_another_fact_under_a_number_that_is_stored_is_noticed() -> None:
    gateway, state = Gateway(), PhoneState(DEVICE)
    connect(state, gateway)
    gateway.adds(1)
    state.receive(gateway.items(1))
    gateway.positions[0] = 2
    state.receive(gateway.items(1))
    assert state.conflicting == 1


def test_a_new_epoch_replaces_the_inbox_and_only_what_is_new_is_told() -> None:
    gateway, state = Gateway(), PhoneState(DEVICE)
    for position in (1, 2):
        gateway.adds(position)
    connect(state, gateway)
    restored = Gateway("b.1")
    restored.adds(1)
    told = connect(state, restored)
    assert told.messages == [Ack(seq=1)]
    assert (state.epoch, state.last, positions(state)) == ("b.1", 1, [1])


def test_what_was_done_offline_is_sent_in_order_once_there_is_a_connection() -> None:
    gateway, state = Gateway(), PhoneState(DEVICE)
    for number in range(100):
        assert state.do(command_of(number)) == []
    converged(state, gateway)
    assert list(gateway.recorded) == [f"{n:032x}" for n in range(100)]
    assert state.whole


def test_what_was_refused_for_now_is_sent_again_and_what_makes_no_sense_is_not() -> None:
    gateway, state = Gateway(), PhoneState(DEVICE)
    connect(state, gateway)
    (busy,), nothing = sent_in(state.do(command_of(1))), state.do(command_of(2))
    assert nothing == []
    told = state.receive(Failed(id=busy.id, code="writer.busy", words="", again=True))
    assert told.messages == []
    assert state.waits
    one, other = sent_in(state.flush())
    assert one == busy
    state.receive(Failed(id=one.id, code="command.fields", words=""))
    state.receive(gateway.takes(other))
    assert state.whole
    assert state.answers[one.id].outcome == "failed"


def test_an_answer_that_came_twice_with_other_facts_is_noticed() -> None:
    gateway, state = Gateway(), PhoneState(DEVICE)
    connect(state, gateway)
    (sent,) = sent_in(state.do(command_of(1)))
    state.receive(gateway.takes(sent))
    state.receive(gateway.takes(sent))
    assert state.doubled == 0
    gateway.recorded.clear()
    gateway.recorded["x"] = 1
    state.receive(gateway.takes(sent))
    assert state.doubled == 1


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_order_loss_and_repetition_ends_with_the_same(data: st.DataObject) -> None:
    gateway, state = Gateway(), PhoneState(DEVICE)
    heard: list[int] = []
    number = 0
    for _ in range(data.draw(st.integers(1, 30))):
        match data.draw(st.integers(0, 6)):
            case 0:
                heard += [card.position for card in connect(state, gateway).cards]
            case 1 | 2:
                gateway.adds(len(gateway.positions) + 7)
            case 3:  # any of them, in any order, some twice
                some = data.draw(st.lists(st.integers(1, len(gateway.positions) + 1), max_size=6))
                told = state.receive(gateway.items(*some)) if state.epoch else Said([], [])
                heard += [card.position for card in told.cards]
            case 4:
                number += 1
                for sent in sent_in(state.do(command_of(number))):
                    if data.draw(st.booleans()):
                        answer = gateway.takes(sent)
                        if data.draw(st.booleans()):  # else it is lost on the way back
                            state.receive(answer)
            case 5 if state.epoch is not None:
                told = state.receive(gateway.snapshot())
                heard += [card.position for card in told.cards]
            case _:
                state.hello(NOW)  # a connection that ends at once
    before = len(heard)
    known = set(positions(state))
    converged(state, gateway)
    assert positions(state) == gateway.positions
    assert list(gateway.recorded) == [f"{n + 1:032x}" for n in range(number)]
    assert state.whole
    assert (state.conflicting, state.doubled) == (0, 0)
    assert before == len(set(heard)) == len(known)  # each was new once


def test_what_is_on_disk_is_the_phone(tmp_path: Path) -> None:
    gateway = Gateway()
    state, store, cards = opened(DEVICE, tmp_path)
    assert cards == []
    gateway.adds(4)
    connect(state, gateway)
    gateway.adds(6)
    state.receive(gateway.items(2))
    state.do(command_of(1))
    (second,) = sent_in(state.flush()) or (command_of(1),)
    state.receive(gateway.takes(second))
    state.do(command_of(2))
    store.close()
    with store.path.open("ab") as file:  # the process ended in the middle of a line
        file.write(b'{"items":[{"seq":3,"posi')

    again, store, cards = opened(DEVICE, tmp_path)
    assert [card.position for card in cards] == [4, 6]
    assert (again.epoch, again.last, again.items) == (state.epoch, 2, state.items)
    assert list(again.queue) == [command_of(2).id]
    gateway.adds(9)
    converged(again, gateway)
    assert positions(again) == [4, 6, 9]
    assert list(gateway.recorded) == [command_of(1).id, command_of(2).id]
    store.close()


def test_items_are_on_disk_before_they_are_acknowledged(tmp_path: Path) -> None:
    gateway = Gateway()
    state, store, _ = opened(DEVICE, tmp_path)
    connect(state, gateway)
    gateway.adds(1)
    told = state.receive(Items(items=(gateway.raw(1),)))
    assert told.messages == [Ack(seq=1)]
    assert msgspec.json.decode(store.path.read_bytes().splitlines()[-1])["items"][0]["seq"] == 1
    store.close()
