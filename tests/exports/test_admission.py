"""Who exports now, who waits in which order, and who is sent away."""

from __future__ import annotations

import itertools
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from addon.outbound import Cancelled
from exports.admission import Admission, Busy, Place, Stopping, WaitedTooLong, turns

A, B, C = 1, 2, 3  # tenants
PATIENCE_SECONDS = 20


class Waiter:
    """A thread that waits for its slot, and what it was told on the way."""

    def __init__(self, place: Place, seconds: float = PATIENCE_SECONDS) -> None:
        self.place = place
        self.positions: list[int] = []
        self.error: Exception | None = None
        self._told = threading.Condition()
        self._seconds = seconds
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self.place.wait(self._seconds, self._tell)
            self._tell(0)
        except Exception as error:
            self.error = error

    def _tell(self, position: int) -> None:
        with self._told:
            self.positions.append(position)
            self._told.notify_all()

    def is_at(self, position: int) -> bool:
        """Come to this place in the queue, 0 being a slot."""
        with self._told:
            return self._told.wait_for(lambda: self.positions[-1:] == [position], PATIENCE_SECONDS)

    def fails(self) -> Exception | None:
        self._thread.join(PATIENCE_SECONDS)
        return self.error


@pytest.fixture
def waiting() -> Iterator[Callable[[Place], Waiter]]:
    places: list[Place] = []

    def start(place: Place) -> Waiter:
        places.append(place)
        return Waiter(place)

    yield start
    for place in places:
        place.leave()


# The order, pure


def test_within_a_tenant_who_came_first_is_served_first():
    assert turns([A, A, A], {A: 2}, {A: 2}) == [0, 1, 2]


def test_the_tenant_with_the_fewest_running_exports_is_next():
    assert turns([A, B], {A: 2, B: 1}, {B: 9, A: 1}) == [1, 0]


def test_among_equals_it_is_the_one_that_was_served_longest_ago():
    assert turns([A, B, C], {}, {A: 5, B: 3, C: 4}) == [1, 2, 0]


def test_who_was_never_served_comes_before_who_was():
    assert turns([A, B], {A: 1, B: 1}, {A: 1}) == [1, 0]


def test_a_slot_that_is_given_counts_for_the_next_one():
    assert turns([A, A, A, B, B], {}, {}) == [0, 3, 1, 4, 2]


def test_a_crowd_of_one_tenant_is_overtaken_by_the_only_one_of_another():
    assert turns([A] * 50 + [B], {A: 2}, {A: 7})[0] == 50


def test_everybody_gets_one_turn_and_no_tenant_two_more_than_another_that_waits():
    for queue in itertools.product([A, B, C], repeat=6):
        order = turns(queue, {}, {})

        assert sorted(order) == list(range(len(queue)))
        had, left = Counter[int](), Counter(queue)
        for tenant in (queue[at] for at in order):
            had[tenant] += 1
            left[tenant] -= 1
            assert all(had[tenant] - had[other] <= 1 for other in left if left[other])


# The slots and the queue


def test_as_many_run_as_there_are_slots_and_the_others_wait_in_order(waiting):
    admission = Admission(slots=2, places=4)
    first, second = admission.enter(A), admission.enter(B)
    third, fourth = waiting(admission.enter(A)), waiting(admission.enter(B))
    assert third.is_at(1)
    assert fourth.is_at(2)
    assert (admission.running, admission.waiting) == (2, 2)

    first.leave()

    assert third.is_at(0)
    assert fourth.is_at(1)
    second.leave()
    assert fourth.is_at(0)
    assert (admission.running, admission.waiting) == (2, 0)


def test_a_newcomer_of_another_site_moves_those_back_who_have_more(waiting):
    admission = Admission(slots=1, places=4)
    admission.enter(A)
    mine = waiting(admission.enter(A))
    assert mine.is_at(1)

    theirs = waiting(admission.enter(B))

    assert theirs.is_at(1)
    assert mine.is_at(2)


def test_who_has_a_slot_does_not_wait():
    told: list[int] = []

    Admission(slots=1, places=0).enter(A).wait(0, told.append)

    assert told == []


def test_a_full_queue_sends_away_with_a_time_to_come_back():
    admission = Admission(slots=1, places=2)
    for tenant in (A, A, B):
        admission.enter(tenant)

    with pytest.raises(Busy) as refused:
        admission.enter(C)

    assert refused.value.status == 429
    assert 5 <= refused.value.retry_after <= 15


def test_times_to_come_back_differ_so_that_not_all_come_at_once():
    admission = Admission(slots=1, places=0)
    admission.enter(A)
    times = set()

    for _ in range(60):
        with pytest.raises(Busy) as refused:
            admission.enter(B)
        times.add(refused.value.retry_after)

    assert len(times) > 3


def test_one_site_takes_no_more_than_half_of_the_queue():
    admission = Admission(slots=1, places=5)
    for _ in range(1 + 3):
        admission.enter(A)

    with pytest.raises(Busy, match="your site"):
        admission.enter(A)

    admission.enter(B)


def test_a_queue_of_one_place_can_be_taken_by_anybody():
    admission = Admission(slots=1, places=1)
    admission.enter(A)

    admission.enter(A)

    assert admission.waiting == 1


def test_a_slot_given_back_twice_is_one_slot():
    admission = Admission(slots=1, places=1)
    place = admission.enter(A)
    place.leave()
    place.leave()

    admission.enter(A)

    assert admission.running == 1
    admission.enter(B)
    assert (admission.running, admission.waiting) == (1, 1)


def test_who_leaves_the_queue_is_gone_from_it_and_the_others_move_up(waiting):
    admission = Admission(slots=1, places=4)
    admission.enter(A)
    gone, stays = waiting(admission.enter(B)), waiting(admission.enter(C))
    assert stays.is_at(2)

    gone.place.leave()

    assert isinstance(gone.fails(), Cancelled)
    assert stays.is_at(1)
    assert admission.waiting == 1


def test_leaving_the_queue_keeps_a_slot_until_its_work_has_ended():
    admission = Admission(slots=1, places=1)
    place = admission.enter(A)

    place.leave_queue()

    assert admission.running == 1
    place.leave()
    assert admission.running == 0


def test_nobody_waits_for_ever():
    admission = Admission(slots=1, places=1)
    admission.enter(A)
    waiter = Waiter(admission.enter(B), seconds=0.05)

    error = waiter.fails()

    assert isinstance(error, WaitedTooLong)
    assert (error.code, error.status) == ("busy", 503)
    assert error.retry_after > 0
    assert "Try again" in error.message


def test_after_stopping_nobody_comes_in_and_who_waits_is_served(waiting):
    admission = Admission(slots=1, places=2)
    running = admission.enter(A)
    waiter = waiting(admission.enter(B))

    admission.stop()

    with pytest.raises(Stopping) as refused:
        admission.enter(C)
    assert refused.value.status == 503
    assert refused.value.retry_after > 0
    running.leave()
    assert waiter.is_at(0)


def test_many_threads_never_run_more_than_there_are_slots():
    admission = Admission(slots=3, places=100)
    at_once, most, lock = [0], [0], threading.Lock()

    def work(tenant: int) -> None:
        place = admission.enter(tenant)
        try:
            place.wait(PATIENCE_SECONDS, lambda position: None)
            with lock:
                at_once[0] += 1
                most[0] = max(most[0], at_once[0])
            time.sleep(0.002)  # so that the others have time to come in wrongly
            with lock:
                at_once[0] -= 1
        finally:
            place.leave()

    threads = [threading.Thread(target=work, args=(n % 7,)) for n in range(60)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)

    assert most[0] == 3
    assert (admission.running, admission.waiting) == (0, 0)
