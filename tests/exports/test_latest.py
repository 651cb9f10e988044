"""Of several pieces of work of one person, only the newest goes on; few people work at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from addon.outbound import Cancelled
from exports.latest import Latest, TooManyAtOnce, Turn

PATIENCE_SECONDS = 20


@contextmanager
def beginning(turn: Turn) -> Iterator[threading.Event]:
    """A thread that waits for its turn; set once it has begun."""
    begun = threading.Event()

    def run() -> None:
        turn.begin(lambda: None)
        begun.set()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    yield begun
    thread.join(PATIENCE_SECONDS)
    assert not thread.is_alive()


def test_a_newer_one_ends_the_older():
    latest, ended = Latest(1), threading.Event()
    older = latest.enter("alice")
    older.begin(ended.set)

    latest.enter("alice")

    assert ended.is_set()


def test_a_newer_one_begins_when_the_older_has_ended():
    latest = Latest(1)
    older = latest.enter("alice")
    older.begin(lambda: None)

    with beginning(latest.enter("alice")) as begun:
        assert not begun.wait(0.05)
        older.leave()

    assert begun.is_set()


def test_one_that_was_replaced_before_it_began_never_does():
    latest = Latest(1)
    older = latest.enter("alice")
    latest.enter("alice")

    with pytest.raises(Cancelled):
        older.begin(lambda: None)


def test_only_the_last_of_many_begins():
    latest = Latest(1)
    first, second, third = (latest.enter("alice") for _ in range(3))
    first.leave()

    with pytest.raises(Cancelled):
        second.begin(lambda: None)
    second.leave()

    third.begin(lambda: None)
    assert latest.running == 1


def test_when_all_turns_are_taken_others_are_told_to_come_back_soon():
    latest = Latest(2)
    taken = [latest.enter("alice"), latest.enter("bob")]

    with pytest.raises(TooManyAtOnce) as refused:
        latest.enter("carol")

    assert refused.value.status == 429
    assert 0 < refused.value.retry_after < 10
    taken[0].leave()
    latest.enter("carol")


def test_a_turn_given_back_twice_frees_nobody_elses():
    latest = Latest(1)
    older = latest.enter("alice")
    newer = latest.enter("alice")

    older.leave()
    older.leave()

    assert latest.running == 1
    newer.leave()
    assert latest.running == 0


def test_the_turn_of_one_does_not_touch_that_of_another():
    latest, ended = Latest(2), threading.Event()
    latest.enter("alice").begin(ended.set)

    latest.enter("bob").begin(lambda: None)

    assert not ended.is_set()
