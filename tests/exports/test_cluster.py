"""Printing on other machines: the same PDF, no trace of it there, and sentences when they are away.

A scheduler and two workers with one printer each run on this machine, as processes of their own.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, wait
from pathlib import Path

import psutil
import pytest

from addon.options import ExportOptions
from addon.outbound import Budget, Cancelled
from exports import confinement, tasks
from exports.cluster import PrintersAway
from exports.document import Article, Chunk, Drawing, Illustrated, Image, Page, Printed
from exports.pool import TaskFailed
from exports.print_worker import Printing
from exports.printers import Printers, PrintFailed
from exports.setting import Setting
from playground.boot import running as running_world
from tests.builders import a_tree
from tests.exports.cluster import Authority, Cluster, copy_code, running, until
from tests.exports.pdf.pictures import a_noisy_jpeg
from tests.journeys.exporting import export
from tests.pdf_reading import Sheets

MARK = "OCHRE-PELICAN"  # stands in all content of these tests
ENDLESS = Chunk(f"<p>{MARK}" + "<b><i><u>x" * 60_000, {})
HANDBOOK, PICTURES = "65537", "65556"
WHO_PRINTS = tasks.Timed(os.getppid, 20.0)


@pytest.fixture(scope="module")
def _cluster(tmp_path_factory):
    with running(tmp_path_factory.mktemp("cluster")) as cluster:
        yield cluster


@pytest.fixture
def cluster(_cluster) -> Cluster:
    _cluster.repair()
    return _cluster


@pytest.fixture(scope="module")
def _pool(_cluster):
    pool = _cluster.pool()
    yield pool
    pool.shutdown()


@pytest.fixture
def pool(_pool, cluster):
    """The printers of the cluster, all of them there."""
    until(lambda: width(_pool) == 2)
    return _pool


@pytest.fixture
def printers(pool) -> Printers:
    return Printers(pool, lambda: pool.width)


@pytest.fixture(scope="module")
def at_home():
    printers = Printers.local(1)
    yield printers
    printers.stop()


@pytest.fixture(scope="module")
def world(_cluster):
    environment = _cluster.environment("server")
    command = _cluster.server_command()
    with running_world(app_command=command, app_environment=environment) as world:
        yield world


def width(pool) -> int:
    try:
        return pool.width
    except PrintersAway:
        return 0


def a_chunk(text: str, paragraphs: int = 1) -> Chunk:
    return Chunk(f"<!doctype html><title></title>{f'<p>{text} {MARK}</p>' * paragraphs}", {})


def a_document(printers: Printers, picture: Image) -> bytes:
    """The whole way from cleaned pages to a PDF."""
    tree = a_tree(*(f"{number} Page {number}" for number in range(1, 13)))
    html = f"<p>{'Words of some length ' * 9}{MARK}</p>" * 120 + '<img src="xpress-image:one">'
    articles = [Illustrated(Article(Page(ref, ""), html), {"one": picture}) for ref in tree]
    setting = Setting(Budget.of(100), tree, ExportOptions(), printers, lambda *step: None)
    body = setting.print(articles)
    placement = setting.place(body)
    front = setting.front("All", placement)
    return setting.join(front, body, placement, "All")


def test_a_document_is_the_same_as_printed_at_home_and_all_workers_had_a_part(
    pool, printers, at_home, cluster
):
    have_worked = all_busy(processes_at_rest(pool, cluster))
    photo = a_noisy_jpeg()
    picture = printers.picture(photo, Budget.of(30))

    pdf = a_document(printers, picture)

    assert picture == at_home.picture(photo, Budget.of(30))
    assert pdf == a_document(at_home, picture)
    assert have_worked()


def test_formulas_and_drawings_are_drawn_there_too(printers):
    wanted = [
        Drawing("a", "tex", "x^2"),
        Drawing("b", "svg", '<svg width="9" height="9"><rect width="5" height="5"/></svg>'),
        Drawing("c", "tex", r"\unheardof"),
    ]

    found = printers.drawings(wanted, Budget.of(30))

    assert [type(found[key]) for key in "abc"] == [Image, Image, str]


def test_the_server_prints_there_when_it_is_told_so(world, pool, cluster):
    processes = processes_at_rest(pool, cluster)
    before = sum(map(seconds_of_work, processes))

    outcome = export(world, PICTURES, "page")

    assert outcome.kinds.endswith("R")
    assert "Pictures" in outcome.sheets.text(1)
    assert sum(map(seconds_of_work, processes)) > before


def test_what_was_printed_leaves_no_trace_on_the_machines_in_between(printers, cluster):
    results = printers.chunks([(n, a_chunk(f"Part {n}", 200)) for n in range(6)], "", Budget.of(60))
    next(results)
    opened = [
        file.read_bytes()
        for process in (cluster.scheduler, *cluster.workers.values())
        for file in Path(f"/proc/{process.pid}/fd").iterdir()  # also of files without a name
        if file.is_file()
    ]
    list(results)
    written = [path for path in cluster.folder.rglob("*") if path.is_file()]

    assert {"scheduler.log", "one.log", "two.log"} <= {path.name for path in written}
    assert not [path for path in written if MARK.encode() in path.read_bytes()]
    assert not [content for content in opened if MARK.encode() in content]


def test_printers_there_are_confined_as_they_are_at_home(pool, cluster):
    try:
        confinement.check()
    except confinement.NotConfined as reason:
        pytest.skip(str(reason))

    for printer in processes_at_rest(pool, cluster):
        assert "Seccomp:\t2" in Path(f"/proc/{printer.pid}/status").read_text()
        assert "SECRET_KEY" not in printer.environ()


def test_a_chunk_that_takes_too_long_is_killed_there_and_fails_alone(pool):
    impatient = Printers(pool, 2, tasks.Timed(tasks.chunk, 2.0))
    jobs = [(1, a_chunk("Before")), (2, ENDLESS), (3, a_chunk("After"))]

    before, failed, after = (result for _, result in impatient.chunks(jobs, "", Budget.of(60)))

    assert isinstance(before, Printed)
    assert isinstance(after, Printed)
    assert isinstance(failed, PrintFailed)
    assert failed.message == "This part takes too long to print."


def test_a_task_that_cannot_be_done_says_no_more_than_that(pool, cluster):
    future = pool.submit(tasks.Timed(int, 5.0), MARK)

    with pytest.raises(TaskFailed, match="failed"):
        future.result(30)
    assert MARK not in cluster.log("one") + cluster.log("two") + cluster.log("scheduler")


def test_cancelling_kills_the_work_there(printers, pool, cluster):
    left = threading.Event()
    processes = processes_at_rest(pool, cluster)
    threading.Thread(target=lambda: (until(all_busy(processes)), left.set())).start()
    budget = Budget(time.monotonic() + 100, left.is_set)

    with pytest.raises(Cancelled):
        list(printers.chunks([(1, ENDLESS), (2, ENDLESS)], "", budget))

    until(lambda: not any(map(is_alive, processes)))
    assert pool.submit(WHO_PRINTS).result(60)


def test_a_task_that_is_released_before_it_has_begun_is_not_done():
    class Queue:
        def submit(self, task):
            return Future()  # which nobody will ever do

    printing = Printing(Queue())
    printing.transition("one", "constrained", "executing")
    printing.transition("one", "executing", "released")

    with pytest.raises(CancelledError):
        printing.do("one", WHO_PRINTS, (), {})


def test_a_server_that_dies_is_worked_for_no_longer(pool, cluster):
    program = """
import django
django.setup()
from exports.document import Chunk
from exports.printers import shared_printers
endless = Chunk("<b><i><u>x" * 60_000, {})
for future in [shared_printers().start_chunk(endless, "") for _ in range(2)]:
    future.result()
"""
    processes = processes_at_rest(pool, cluster)
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "xpress.settings", "DEBUG": "1"}
    environment |= cluster.environment("server")
    command = [sys.executable, "-c", program]

    with subprocess.Popen(command, env=environment, cwd=cluster.code) as server:
        until(all_busy(processes))
        server.kill()

    until(lambda: not any(map(is_alive, processes)))
    assert pool.submit(WHO_PRINTS).result(60)


def test_a_worker_that_is_killed_in_the_middle_costs_nothing_but_time(printers, cluster):
    jobs = [(number, a_chunk(f"Part {number}", 300)) for number in range(10)]
    printed = printers.chunks(jobs, "", Budget.of(100))
    first = next(printed)
    orphans = cluster.printers()["one"]

    cluster.workers["one"].kill()

    results = [first, *printed]
    assert [key for key, _ in results] == list(range(10))
    assert all(f"Part {key}" in Sheets(result.pdf).text() for key, result in results)
    until(lambda: not any(map(is_alive, orphans)))


def test_a_worker_that_is_told_to_stop_hands_over_what_it_does(printers, pool, cluster):
    jobs = [(number, a_chunk(f"Part {number}", 300)) for number in range(8)]
    printed = printers.chunks(jobs, "", Budget.of(100))
    next(printed)

    cluster.workers["two"].terminate()

    assert all(isinstance(result, Printed) for _, result in printed)
    assert cluster.workers["two"].wait(30) == 0
    until(lambda: width(pool) == 1)
    assert not list((cluster.folder / "two-temporary").iterdir())


def test_without_a_scheduler_there_is_a_sentence_and_with_it_there_are_printers_again(
    world, pool, cluster
):
    cluster.scheduler.kill()
    cluster.scheduler.wait()

    lost = export(world, HANDBOOK, "tree")
    still = export(world, HANDBOOK, "tree")
    cluster.start_scheduler()
    until(lambda: width(pool) == 2)
    again = export(world, PICTURES, "page")

    assert lost.error["code"] == still.error["code"] == "printers_away"
    assert still.error["message"].endswith("cannot be reached. Try again in a minute.")
    assert again.kinds.endswith("R")


def test_a_scheduler_that_is_lost_in_the_middle_ends_what_waits_for_it(pool, cluster):
    futures = [pool.submit(tasks.CHUNK, ENDLESS, "") for _ in range(2)]

    cluster.scheduler.kill()
    cluster.scheduler.wait()

    assert not wait(futures, 60).not_done
    with pytest.raises(PrintersAway, match="were lost in the middle"):
        futures[0].result()


def test_without_workers_there_is_a_sentence(cluster):
    for worker in cluster.workers.values():
        worker.kill()
        worker.wait()
    pool = cluster.pool()
    until(lambda: width(pool) == 0)

    with pytest.raises(PrintersAway, match="None of the printers of XPress is running"):
        submitted(pool)
    pool.shutdown()


def test_workers_of_another_version_get_nothing_to_do(cluster, tmp_path):
    for worker in cluster.workers.values():
        worker.kill()
        worker.wait()
    copy_code(tmp_path / "code")
    with (tmp_path / "code" / "exports" / "tasks.py").open("a") as code:
        code.write("\n# of tomorrow\n")
    starts = cluster.log("one").count("ready")
    cluster.start_worker("one", tmp_path / "code")
    until(lambda: cluster.log("one").count("ready") > starts)
    pool = cluster.pool()

    with pytest.raises(PrintersAway, match="are being renewed"):
        submitted(pool)
    pool.shutdown()
    cluster.workers["one"].kill()
    cluster.workers["one"].wait()


def test_who_has_no_certificate_of_the_authority_is_refused(cluster, tmp_path):
    stranger = Cluster(cluster.folder, Authority(tmp_path / "others"), cluster.port)
    pool = stranger.pool()

    with pytest.raises(PrintersAway, match="cannot be reached"):
        submitted(pool)
    pool.shutdown()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"XPRESS_PRINT_CLUSTER": "tcp://127.0.0.1:8786"}, "It must be tls"),
        ({"XPRESS_PRINT_CLUSTER_CERT": "/nowhere.pem"}, "XPRESS_PRINT_CLUSTER_CERT is the path"),
        ({"XPRESS_PRINT_CLUSTER_KEY": ""}, "XPRESS_PRINT_CLUSTER_KEY is the path"),
    ],
)
def test_a_cluster_that_is_not_secure_is_no_setting(cluster, changed, said):
    environment = {**os.environ, "DEBUG": "1", "DJANGO_SETTINGS_MODULE": "xpress.settings"}
    environment |= {**cluster.environment("server"), **changed}

    tried = subprocess.run(
        [sys.executable, "-c", "from django.conf import settings; settings.DEBUG"],
        env=environment,
        cwd=cluster.code,
        capture_output=True,
        text=True,
        check=False,
    )

    assert tried.returncode
    assert said in tried.stderr


def submitted(pool) -> object:
    return pool.submit(WHO_PRINTS).result(60)


def processes_at_rest(pool, cluster: Cluster) -> list[psutil.Process]:
    """One printer of each worker, ready and without a task."""
    workers = {worker.pid for worker in cluster.workers.values()}
    until(lambda: {pool.submit(WHO_PRINTS).result(60) for _ in range(4)} == workers)
    return [printer for (printer,) in cluster.printers().values()]


def all_busy(processes: list[psutil.Process]) -> Callable[[], bool]:
    """Whether each has begun to work since now."""
    before = [seconds_of_work(process) for process in processes]
    return lambda: all(
        seconds_of_work(process) > start + 0.2
        for process, start in zip(processes, before, strict=True)
    )


def seconds_of_work(process: psutil.Process) -> float:
    return process.cpu_times().user


def is_alive(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
