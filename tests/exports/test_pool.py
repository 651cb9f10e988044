"""A pool of processes that may end at any moment: what its tasks come to, and what it leaves."""

from __future__ import annotations

import json
import os
import pickle
import random
import signal
import struct
import subprocess
import sys
import threading
import time
from concurrent.futures import CancelledError, as_completed, wait
from pathlib import Path

import pytest

from exports import pool as pool_module
from exports.document import Image, Printed, Spot
from exports.pool import LocalPool, TaskFailed
from exports.tasks import Timed
from tests.exports import chores
from tests.processes import children, comes_true, is_there, open_files

SECONDS = 60  # for what comes at once


@pytest.fixture
def new_pool():
    """Make pools that are shut down at the end."""
    pools = []

    def make(processes=1, prepare=chores.nothing):
        pools.append(LocalPool(processes, prepare))
        return pools[-1]

    yield make
    for pool in pools:
        pool.shutdown()


@pytest.fixture
def pool(new_pool):
    return new_pool()


def pid_of(pool: LocalPool) -> int:
    return pool.submit(os.getpid).result(SECONDS)


def failure(future) -> str:
    with pytest.raises(TaskFailed) as caught:
        future.result(SECONDS)
    return caught.value.kind


def test_tasks_are_done_in_the_order_they_came(pool):
    futures = [pool.submit(pow, number, 2) for number in range(20)]

    assert [future.result(SECONDS) for future in futures] == [n * n for n in range(20)]


def test_urgent_tasks_go_first_and_never_twice_before_one_that_waits(pool, tmp_path):
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    done: list[str] = []
    # Until somebody opens the other end.
    held = pool.submit(Timed(gate.read_bytes, SECONDS, is_urgent=True))
    for name in ("usual 1", "usual 2", "usual 3", "usual 4", "urgent 1", "urgent 2", "urgent 3"):
        task = Timed(str, SECONDS, is_urgent=name.startswith("urgent"))
        pool.submit(task, name).add_done_callback(lambda future: done.append(future.result()))
    last = pool.submit(str, "last")

    gate.write_bytes(b"open")
    wait([held, last], SECONDS)

    assert done == [
        *("usual 1", "urgent 1", "usual 2", "urgent 2", "usual 3", "urgent 3"),
        "usual 4",
    ]


def test_as_many_processes_work_as_were_asked_for(new_pool):
    pool = new_pool(2)
    before = children()
    futures = [pool.submit(time.sleep, 0.2) for _ in range(8)]
    wait(futures, SECONDS)

    assert len(children() - before) <= 2


def test_the_values_of_an_export_come_back_as_they_were(pool):
    printed = Printed(b"%PDF", 3, {"p1": Spot(0, 1.5, 2.0)}, "\U0002a6d6")
    drawn = {"a": Image(b"\x89PNG", "image/png", 4, 5, depth=2), "b": "it cannot be read"}

    assert pool.submit(dict, printed=printed).result(SECONDS) == {"printed": printed}
    assert pool.submit(dict, drawn).result(SECONDS) == drawn


def test_a_task_that_fails_costs_itself_only(pool):
    before = pid_of(pool)

    assert failure(pool.submit(chores.fail)) == "failed"
    assert pid_of(pool) == before


def test_what_cannot_be_sent_is_refused_at_once(pool):
    with pytest.raises((pickle.PicklingError, AttributeError)):
        pool.submit(lambda: None)


# Ends of processes


def test_a_process_killed_while_idle_is_replaced_before_the_next_task_comes(pool):
    others = children()
    killed = pid_of(pool)
    os.kill(killed, signal.SIGKILL)

    assert comes_true(lambda: len(children() - others - {killed}) == 1 and not is_there(killed))
    assert not Path(f"/proc/{killed}").exists()
    assert pid_of(pool) != killed


def test_a_process_killed_just_before_a_task_costs_nothing(pool):
    for _ in range(3):
        os.kill(pid_of(pool), signal.SIGKILL)

        assert pool.submit(pow, 3, 2).result(SECONDS) == 9


def test_a_task_whose_process_somebody_kills_is_done_again(pool, tmp_path):
    busy = pid_of(pool)
    future = pool.submit(chores.sleep_once, tmp_path / "note")
    assert comes_true((tmp_path / "note").exists)

    os.kill(busy, signal.SIGKILL)

    assert future.result(SECONDS) == "again"


@pytest.mark.parametrize(
    ("task", "times"),
    [
        ((chores.kill_myself, signal.SIGKILL), 2),
        ((chores.kill_myself, signal.SIGSEGV), 1),
        ((chores.kill_myself, signal.SIGABRT), 1),
        ((chores.crash, 1), 1),
    ],
    ids=["killed again", "segmentation fault", "abort", "exit"],
)
def test_a_task_that_ends_its_process_fails_and_the_next_is_served(pool, tmp_path, task, times):
    future = pool.submit(chores.tally, tmp_path / "tally", *task)
    following = pool.submit(pow, 3, 2)

    assert failure(future) == "died"
    assert following.result(SECONDS) == 9
    assert len((tmp_path / "tally").read_text().split()) == times


def test_all_processes_may_be_killed_at_once(new_pool):
    pool = new_pool(2)
    before = children()
    wait([pool.submit(time.sleep, 0.2) for _ in range(4)], SECONDS)
    for pid in children() - before:
        os.kill(pid, signal.SIGKILL)

    assert [pool.submit(pow, n, 2).result(SECONDS) for n in range(4)] == [0, 1, 4, 9]


def test_a_task_past_its_time_fails_and_the_next_is_served(pool):
    late = pid_of(pool)

    assert failure(pool.submit(Timed(time.sleep, 0.3), 600)) == "time"
    assert pid_of(pool) != late
    assert not is_there(late)


def test_a_process_that_does_not_listen_is_given_up_in_time(pool):
    """The task is larger than what the wire holds, so sending it would never end."""
    stopped = pid_of(pool)
    os.kill(stopped, signal.SIGSTOP)

    assert failure(pool.submit(Timed(len, 0.3), bytes(10_000_000))) == "time"
    assert comes_true(lambda: not is_there(stopped))


def test_a_task_cancelled_while_it_waits_is_never_begun(pool, tmp_path):
    first = pool.submit(time.sleep, 0.5)
    waiting = pool.submit(chores.tally, tmp_path / "tally", pow, 3, 2)

    assert waiting.cancel()

    first.result(SECONDS)
    assert pool.submit(pow, 3, 2).result(SECONDS) == 9
    assert not (tmp_path / "tally").exists()


def test_a_task_cancelled_while_it_runs_is_killed_and_the_next_is_served(pool, tmp_path):
    busy = pid_of(pool)
    running = pool.submit(chores.sleep_once, tmp_path / "note")
    assert comes_true((tmp_path / "note").exists)

    assert running.cancel()

    assert comes_true(lambda: not is_there(busy))
    assert pid_of(pool) != busy


def test_who_waits_for_a_cancelled_task_is_told(pool, tmp_path):
    running = pool.submit(chores.sleep_once, tmp_path / "note")
    waiting = pool.submit(pow, 3, 2)
    assert comes_true((tmp_path / "note").exists)

    running.cancel()
    waiting.cancel()

    assert set(as_completed([running, waiting], SECONDS)) == {running, waiting}


def test_a_process_is_replaced_after_a_number_of_tasks(new_pool, monkeypatch):
    monkeypatch.setattr(pool_module, "_TASKS_A_PROCESS", 3)
    pool = new_pool()

    pids = [pid_of(pool) for _ in range(6)]

    assert pids == [pids[0]] * 3 + [pids[3]] * 3
    assert pids[0] != pids[3]


def test_a_process_that_has_grown_is_replaced(new_pool, monkeypatch):
    monkeypatch.setattr(pool_module, "_KIBIBYTES_A_PROCESS", 1)
    pool = new_pool()

    assert pid_of(pool) != pid_of(pool)


# Answers


def test_a_result_of_another_class_fails_and_the_process_goes_on(pool):
    before = pid_of(pool)

    assert failure(pool.submit(chores.foreign)) == "failed"
    assert pid_of(pool) == before


def test_a_result_that_is_too_large_fails(pool):
    assert failure(pool.submit(chores.too_large)) == "failed"


class Hostile:
    """Makes a file when it is read as a pickle."""

    def __init__(self, note: Path) -> None:
        self.note = note

    def __reduce__(self):
        return os.system, (f"touch {self.note}",)


def a_result(text: str, rest: bytes = b"") -> bytes:
    return struct.pack(">I", len(text)) + text.encode() + rest


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xff\xff\xff",
        a_result("[" * 100_000),
        a_result("9" * 100_000),
        a_result('["done",{"bytes":5},0]', b"four"),
        a_result('["done",{"bytes":-1},0]'),
        a_result('["done",null,0]', b"and more"),
        a_result('["done",{"os.system":["touch x"]},0]'),
        a_result('["done",{"Spot":[1,NaN,0.5]},0]'),
        a_result('["done",{"Spot":[1,0.5]},0]'),
        a_result('["done",{"Image":["no bytes","image/png",1,1,0,0]},0]'),
        a_result('["done",{},0]'),
        a_result('["done"]'),
        a_result('["done",null,"many"]'),
        a_result('"done"'),
        a_result(json.dumps({"map": {"a": 1}, "bytes": 0})),
    ],
    ids=lambda content: repr(content[4:40]),
)
def test_an_answer_that_no_printer_gives_fails_and_the_next_task_is_served(pool, content):
    forger = pid_of(pool)

    assert failure(pool.submit(chores.forge, content)) == "failed"
    assert pid_of(pool) != forger


def test_an_answer_is_never_read_as_a_pickle(pool, tmp_path):
    forged = pickle.dumps(["done", Hostile(tmp_path / "note"), 0])

    assert failure(pool.submit(chores.forge, forged)) == "failed"
    assert pool.submit(pow, 3, 2).result(SECONDS) == 9
    assert not (tmp_path / "note").exists()


def test_an_answer_that_says_it_has_no_end_fails_at_once(pool):
    assert failure(pool.submit(chores.forge, b"", 1 << 62)) == "failed"


def test_an_answer_that_stops_in_the_middle_is_given_up_in_time(pool):
    half = pool.submit(Timed(chores.forge, 0.5), b"[", 400_000_000)

    assert failure(half) == "time"
    assert pool.submit(pow, 3, 2).result(SECONDS) == 9


def test_a_process_that_hangs_up_and_stays_is_ended(pool):
    silent = pid_of(pool)

    assert failure(pool.submit(chores.forge, b"", close=True)) in ("failed", "died")
    assert pid_of(pool) != silent
    assert not is_there(silent)


def test_what_a_process_says_cannot_forge_a_line_of_the_log(pool, caplog):
    said = json.dumps(["failed", "x\nERROR all is lost" + "y" * 10_000, 0])

    assert failure(pool.submit(chores.forge, a_result(said))) == "failed"

    assert "\n" not in caplog.messages[-1]
    assert len(caplog.messages[-1]) < 400


# Starts


def test_where_no_process_can_be_prepared_tasks_fail_soon_and_few_are_tried(new_pool, tmp_path):
    pool = new_pool(2, Preparation(tmp_path / "tally", tmp_path / "never"))

    futures = [pool.submit(pow, 3, 2) for _ in range(50)]

    assert {failure(future) for future in futures} == {"died"}
    assert len((tmp_path / "tally").read_text().split()) <= 10


def test_a_pool_recovers_when_processes_can_be_prepared_again(new_pool, tmp_path):
    pool = new_pool(2, Preparation(tmp_path / "tally", tmp_path / "now"))
    assert failure(pool.submit(pow, 3, 2)) == "died"

    (tmp_path / "now").touch()

    assert comes_true(lambda: pool.submit(pow, 3, 2).exception(SECONDS) is None)


def test_the_reason_why_none_can_be_prepared_is_in_the_log(new_pool, caplog):
    pool = new_pool(1, chores.fail)

    assert failure(pool.submit(pow, 3, 2)) == "died"

    assert "what is needed is not there" in caplog.text


def test_a_process_that_ends_while_it_is_prepared_counts_as_one_that_cannot_be(new_pool, caplog):
    pool = new_pool(1, Crash())

    assert failure(pool.submit(pow, 3, 2)) == "died"
    assert "code=7" in caplog.text


class Preparation:
    """Leaves a line in a file, and fails unless another is there."""

    def __init__(self, tally: Path, needed: Path) -> None:
        self.tally, self.needed = tally, needed

    def __call__(self) -> None:
        chores.tally(self.tally, chores.fail, self.needed)


class Crash:
    def __call__(self) -> None:
        chores.crash(7)


# Ends of the pool


def test_shutting_down_leaves_no_process_and_no_open_file(new_pool, tmp_path):
    processes, files = children(), len(open_files())
    pool = new_pool(2)
    done = pool.submit(pow, 3, 2)
    running = [pool.submit(chores.tally, tmp_path / "tally", time.sleep, 600) for _ in range(2)]
    waiting = [pool.submit(time.sleep, 600) for _ in range(5)]
    assert comes_true(lambda: (tmp_path / "tally").exists())
    for future in waiting[:3]:
        future.cancel()

    pool.shutdown()

    assert children() == processes
    assert len(open_files()) == files
    assert done.result(SECONDS) == 9
    for future in (*running, *waiting):
        with pytest.raises((TaskFailed, CancelledError)):
            future.result(SECONDS)
    with pytest.raises(RuntimeError):
        pool.submit(pow, 3, 2)


def test_shutting_down_does_not_wait_for_processes_that_start(new_pool):
    pool = new_pool(1, Deaf())
    future = pool.submit(pow, 3, 2)
    time.sleep(0.5)

    pool.shutdown()

    assert future.cancelled()


class Deaf:
    def __call__(self) -> None:
        chores.deaf()


def test_processes_outlive_the_thread_that_asked_for_them_first(pool):
    found = []
    first = threading.Thread(target=lambda: found.append(pid_of(pool)))
    first.start()
    first.join()
    time.sleep(0.5)

    assert [pid_of(pool)] == found


def test_a_process_has_a_session_and_files_of_its_own(pool):
    """So Ctrl-C does not reach it, and nothing of ours does."""
    with Path(__file__).open():
        pid = pid_of(pool)

    assert os.getsid(pid) == pid
    rest = [name for name in open_files(pid) if name != "/dev/null"]
    assert sorted(name.partition(":")[0].rpartition("/")[2] for name in rest) == ["socket", "statm"]


SERVER = """
import os, sys, time
from pathlib import Path
from exports.pool import LocalPool
from tests.exports import chores
if __name__ == "__main__":
    pool = LocalPool(2, chores.nothing)
    print(pool.submit(os.getpid).result(60), flush=True)
    for number in range(2):
        pool.submit(chores.spin, Path(sys.argv[1], str(number)))
    time.sleep(600)
"""


def test_processes_are_gone_when_the_server_is_killed_even_in_the_middle_of_c(tmp_path):
    command = [sys.executable, "-c", SERVER, str(tmp_path)]
    root = str(Path(__file__).parents[2])
    with subprocess.Popen(
        command, env=os.environ | {"PYTHONPATH": root}, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout.readline()
        assert comes_true(lambda: (tmp_path / "0").exists() and (tmp_path / "1").exists())
        busy = children(server.pid)
        assert len(busy) == 2

        server.kill()

    assert comes_true(lambda: not any(map(is_there, busy)))


def test_whatever_is_killed_every_task_comes_to_an_end_and_nothing_is_left(new_pool):
    others = children()  # other tests' printers among them
    pool = new_pool(2)
    wait([pool.submit(pow, 1, 1) for _ in range(8)], SECONDS)
    assert comes_true(lambda: len(printers() - others) == 2)
    files = len(open_files())
    chance = random.Random(4)
    futures = [pool.submit(Timed(time.sleep, 30.0), 0.02) for _ in range(200)]

    for _ in range(12):
        time.sleep(chance.uniform(0, 0.3))
        for pid in sorted(printers() - others)[:1]:
            os.kill(pid, signal.SIGKILL)
        chance.choice(futures).cancel()

    assert not wait(futures, 300).not_done
    assert {kind_of(future) for future in futures} <= {"done", "cancelled", "died"}
    assert sum(kind_of(future) == "done" for future in futures) > 150
    assert comes_true(lambda: len(children() - others) == 2)
    assert comes_true(lambda: len(open_files()) == files)


def printers() -> set[int]:
    """Our children that are no zombies, by the code they run."""
    return {pid for pid in children() if b"exports.printer" in command_of(pid)}


def command_of(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def kind_of(future) -> str:
    if future.cancelled():
        return "cancelled"
    error = future.exception(0)
    return error.kind if isinstance(error, TaskFailed) else "done"
