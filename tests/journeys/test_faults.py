"""What fails around an export costs what it must and nothing more: processes killed, the disk full,
memory short, readers gone, too many at once, the database broken. Asked for over HTTP.

`tests/exports/test_pool.py` has what becomes of single tasks, `test_admission.py` who waits for
whom.
"""

from __future__ import annotations

import io
import json
import os
import resource
import signal
import socket
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests
import urllib3
from PIL import Image

from playground.boot import World, running
from playground.sample import ExportFailed, frames
from tests.attacks import site
from tests.attacks.attack import Attack, File, attached
from tests.attacks.conftest import squeezed
from tests.journeys.exporting import FRAMES, Outcome, ask, comes_true, export
from tests.processes import children, is_there, open_files, status

SLOTS, PLACES, PRINTERS = 2, 3, 2
CLIENTS = 5 * SLOTS
VISITS = 10
TICKS = os.sysconf("SC_CLK_TCK")  # of CPU, a second
MEBIBYTES_TO_SPARE = 160  # more than the peaceful pages need, and less than the vast picture
VAST = 7600  # pixels each way: 230 MB once it has colours
LONG, LARGE, VAST_PAGE = "A long page", "A large page", "A page with a vast picture"
LONG_LINES = [f"This is line {number} of a page that takes its time." for number in range(3000)]


def vast() -> bytes:
    """A picture within all limits whose file is small."""
    file = io.BytesIO()
    Image.new("P", (VAST, VAST), 3).save(file, "PNG", compress_level=1)
    return file.getvalue()


def noise() -> bytes:
    """A photo of some 9 MB, and no smaller in the PDF: more than a connection has on its way."""
    file = io.BytesIO()
    size = 2400
    Image.frombytes("RGB", (size, size), os.urandom(3 * size * size)).save(file, "JPEG", quality=98)
    return file.getvalue()


def pages() -> Iterator[Attack]:
    yield Attack(LONG, "".join(f"<p>{line}</p>" for line in LONG_LINES))
    yield attached(LARGE, File("noise.jpg", "image/jpeg", noise()))
    yield attached(VAST_PAGE, File("vast.png", "image/png", vast()))


class Server:
    """A running product, its site, and its processes as the kernel shows them."""

    def __init__(self, world: World, branch: site.Branch, master: int) -> None:
        self.world, self.branch, self._master = world, branch, master
        self._pages = {attack.name: page_id for page_id, attack in branch.pages.items()}

    def page(self, name: str) -> str:
        return self._pages[name]

    def export(self, page: str = site.CONTROL, scope: str = "page", **more: Any) -> Outcome:
        return export(self.world, page, scope, **more)

    def put_settings(self, paper: str) -> requests.Response:
        return requests.put(
            f"{self.world.app_url}/api/settings",
            json={"options": {"paper": paper}},
            headers=self.world.authorization(),
            timeout=60,
        )

    def paper(self) -> str:
        answer = requests.get(
            f"{self.world.app_url}/api/settings", headers=self.world.authorization(), timeout=60
        )
        chosen: str = answer.json()["options"]["paper"]
        return chosen

    def is_ready(self) -> bool:
        return requests.get(f"{self.world.app_url}/readyz", timeout=60).status_code == 200

    @property
    def folder(self) -> Path:
        """Where its database and its log are."""
        assert self.world.app_log
        return self.world.app_log.parent

    @property
    def log(self) -> str:
        return (self.folder / "app.log").read_text(encoding="utf-8", errors="replace")

    @property
    def worker(self) -> int:
        (worker,) = filter(is_there, children(self._master))
        return worker

    @property
    def processes(self) -> set[int]:
        return {self._master, self.worker}

    @property
    def printers(self) -> set[int]:
        return {pid for pid in children(self.worker) if is_printer(pid)}

    def settle(self) -> None:
        """Come to rest: nothing runs, and all threads and printers that there will be are there."""
        assert self.export().kinds[-1] == "R"
        self._start_all_threads()
        assert comes_true(lambda: len(self.printers) == PRINTERS)
        assert comes_true(lambda: self._is_quiet())

    def _start_all_threads(self) -> None:
        """Call so often that no thread is left to start; who says nothing is waited for."""
        port = int(self.world.app_url.rpartition(":")[2])
        with ExitStack() as calls:
            for _ in range(SLOTS + PLACES + 16 + 8):  # deploy/gunicorn.conf.py, and some more
                calls.enter_context(socket.create_connection(("127.0.0.1", port)))
            threads = SLOTS + PLACES + 16 + PRINTERS
            assert comes_true(lambda: int(status(self.worker)["Threads"]) > threads)

    def _is_quiet(self) -> bool:
        before = {pid: cpu_seconds(pid) for pid in self.printers}
        time.sleep(0.3)
        return before == {pid: cpu_seconds(pid) for pid in self.printers}

    def holdings(self) -> Counter[str]:
        """What could leak: threads, children, and open files by their kind."""
        kinds = (name.partition(":")[0] for name in open_files(self.worker))
        held = Counter(kinds)
        held["threads"] = int(status(self.worker)["Threads"])
        held["children"] = len(children(self.worker))
        return held

    def resident_mebibytes(self) -> float:
        pids = self.processes | self.printers
        return sum(int(status(pid)["VmRSS"].split()[0]) for pid in pids) / 1024


def is_printer(pid: int) -> bool:
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    return b"exports.printer" in command and is_there(pid)


def cpu_seconds(pid: int) -> float:
    """User and system time (proc_pid_stat(5)); the name before may hold spaces."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


@contextmanager
def limited(pids: set[int], which: int, soft: dict[int, int]) -> Iterator[None]:
    """Lower a limit of running processes, for a while."""
    before = {pid: resource.prlimit(pid, which) for pid in pids}
    for pid in pids:
        resource.prlimit(pid, which, (soft[pid], before[pid][1]))
    try:
        yield
    finally:
        for pid in filter(is_there, pids):
            resource.prlimit(pid, which, before[pid])


@pytest.fixture(scope="module")
def temporary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The server's folder for temporary files."""
    return tmp_path_factory.mktemp("temporary")


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory, temporary: Path) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("faults") / "site"
    branch = site.write(folder, {"faults": list(pages())}, b"")["faults"]
    environment = {
        "XPRESS_EXPORTS": str(SLOTS),
        "XPRESS_QUEUE": str(PLACES),
        "XPRESS_PRINTERS": str(PRINTERS),
        "TMPDIR": str(temporary),
    }
    others = children()
    with running(folder, app_environment=environment) as world:
        (master,) = children() - others
        yield Server(world, branch, master)


@pytest.fixture
def server(started: Server, temporary: Path) -> Iterator[Server]:
    """At rest before; afterwards it serves, and has left no file."""
    started.settle()
    yield started
    started.world.confluence.faults.clear()
    assert whole(started.export())
    assert list(temporary.iterdir()) == []
    assert {it.name for it in started.folder.iterdir()} == {"app.log", "db.sqlite3"}


@pytest.fixture
def slow(server: Server) -> Server:
    """With a Confluence that takes two seconds for a page."""
    server.world.confluence.faults.add(match="GET .*body-format=export_view", delayMs=2000)
    return server


def whole(outcome: Outcome, title: str = "Control") -> bool:
    """Whether the PDF holds all lines of a peaceful page."""
    assert outcome.kinds[-1] == "R", outcome.error
    text = squeezed(outcome.sheets.text())
    return all(squeezed(line) in text for line in site.lines_of(title))


def come_to(stage: str, stream: Iterator[tuple[str, bytes]]) -> None:
    """Read frames until the export is that far."""
    for kind, payload in stream:
        if kind == "P" and json.loads(payload)["stage"] == stage:
            return
    raise AssertionError(f"it ended before {stage}")


# Killed


def test_printers_killed_in_the_middle_of_a_page_cost_nothing(server):
    printers, log = server.printers, server.log
    before = {pid: cpu_seconds(pid) for pid in printers}
    with ask(server.world, server.page(LONG), "page") as answer:
        assert comes_true(lambda: any(cpu_seconds(pid) > before[pid] + 0.2 for pid in printers))
        for pid in printers:
            os.kill(pid, signal.SIGKILL)
        received = list(frames(answer.raw))

    assert "in the middle of a task, code=-9" in server.log.removeprefix(log)
    assert received[-1][0] == "R"
    report = json.loads(received[-1][1])
    assert (report["notes"], report["left_out"]) == ([], 0)
    pdf = b"".join(payload for kind, payload in received if kind == "D")
    text = squeezed(Outcome("", [], pdf, report, {}, b"").sheets.text())
    assert [line for line in LONG_LINES if squeezed(line) not in text] == []
    assert comes_true(lambda: len(server.printers) == len(printers))
    assert server.printers.isdisjoint(printers)
    assert comes_true(lambda: len(children(server.worker)) == len(printers))


def test_a_killed_worker_takes_its_printers_along_and_another_starts_with_free_slots(slow):
    worker, printers = slow.worker, slow.printers
    with ExitStack() as open_answers:
        answers = [
            open_answers.enter_context(ask(slow.world, slow.branch.folder, "tree"))
            for _ in range(SLOTS)
        ]
        streams = [frames(answer.raw) for answer in answers]
        for stream in streams:
            come_to("listing", stream)

        os.kill(worker, signal.SIGKILL)

        for stream in streams:
            with pytest.raises((urllib3.exceptions.HTTPError, ExportFailed)):
                list(stream)
    assert comes_true(lambda: not any(map(is_there, printers)))
    with ExitStack() as open_answers:
        answers = [
            open_answers.enter_context(ask(slow.world, site.CONTROL, "page")) for _ in range(SLOTS)
        ]
        ends = [list(frames(answer.raw)) for answer in answers]
    assert not any(b'"waiting"' in payload for end in ends for _, payload in end)
    assert [end[-1][0] for end in ends] == ["R"] * SLOTS
    assert slow.worker != worker
    assert slow.printers.isdisjoint(printers)


# Full


def test_where_nothing_can_be_written_exports_arrive_and_settings_stay_as_they_are(server):
    """No process of the server can make any file longer: not the database, not its own log."""
    assert server.put_settings("Letter").status_code == 200
    pids = server.processes
    with limited(pids, resource.RLIMIT_FSIZE, dict.fromkeys(pids, 0)):
        refused = server.put_settings("A4")
        exported = server.export(server.branch.folder, "tree")
        kept = server.paper()

    assert refused.status_code == 503
    assert int(refused.headers["Retry-After"]) > 0
    assert refused.json()["code"] == "unavailable"
    assert "Try again" in refused.json()["message"]
    assert kept == "Letter"
    assert whole(exported, server.branch.before)
    assert whole(exported, server.branch.after)
    assert exported.report["notes"] == []
    assert server.processes == pids
    assert server.put_settings("A4").status_code == 200
    assert server.paper() == "A4"


def test_exports_need_no_folder_for_temporary_files():
    """/proc is there and takes no file, whoever asks."""
    with running(app_environment={"TMPDIR": "/proc"}) as world:
        assert export(world, "65537", "page").kinds[-1] == "R"


# Short of memory


def test_a_picture_that_needs_too_much_memory_costs_itself_only(server):
    log, branch = server.log, server.branch
    spared = {pid: in_bytes(status(pid)["VmSize"]) for pid in server.printers}
    most = {pid: size + MEBIBYTES_TO_SPARE * 2**20 for pid, size in spared.items()}
    with limited(server.printers, resource.RLIMIT_AS, most):
        short = server.export(branch.folder, "tree")

    (note,) = short.report["notes"]
    assert (note["code"], note["page"]["title"]) == ("image_missing", VAST_PAGE)
    for title in (branch.before, branch.after):
        assert whole(short, title)
    text = squeezed(short.sheets.text())
    assert squeezed(f"Begin of {VAST_PAGE}.") in text
    assert squeezed(f"End of {VAST_PAGE}.") in text
    assert " ERROR " not in server.log.removeprefix(log)


def test_what_a_vast_picture_took_is_given_back(server):
    before = server.resident_mebibytes()

    exported = server.export(server.page(VAST_PAGE), "page")

    assert exported.report["notes"] == []
    assert comes_true(lambda: len(server.printers) == PRINTERS)
    assert server.resident_mebibytes() < before + 100


def in_bytes(told: str) -> int:
    """
    >>> in_bytes("3 kB")
    3072
    """
    return int(told.split()[0]) * 1024


# Gone, and too many


def test_readers_who_leave_while_the_pdf_is_sent_leave_nothing_behind(server):
    leave_early(server)
    before, log = server.holdings(), server.log

    for _ in range(VISITS):
        leave_early(server)

    assert comes_true(lambda: server.holdings() <= before), server.holdings() - before
    assert " ERROR " not in server.log.removeprefix(log)


def leave_early(server: Server) -> None:
    """Take the first piece of a PDF that is larger than what is on the way, and hang up."""
    address, _, port = server.world.app_url.removeprefix("http://").partition(":")
    order = {
        "page": server.page(LARGE),
        "scope": "page",
        "options": {"images": "original"},
    }
    body = json.dumps(order).encode()
    head = [
        "POST /api/exports HTTP/1.0",
        f"Host: {address}:{port}",
        f"Accept: {FRAMES}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        *(f"{name}: {value}" for name, value in server.world.authorization().items()),
    ]
    with socket.socket() as connection:
        connection.settimeout(60)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)  # the rest stays there
        connection.connect((address, int(port)))
        connection.sendall("\r\n".join([*head, "", ""]).encode() + body)
        stream = connection.makefile("rb")
        assert b" 200 " in stream.readline()
        while stream.readline().strip():
            pass
        assert next(kind for kind, _ in frames(stream) if kind in "DE") == "D"


def test_five_times_as_many_as_can_be_served_get_all_or_are_told_when_to_come_back(slow):
    before, log = slow.holdings(), slow.log

    with ThreadPoolExecutor(CLIENTS) as clients:
        answers = list(clients.map(lambda _: visit(slow), range(CLIENTS)))

    assert {status for status, _ in answers} == {200, 429}
    assert [status for status, _ in answers].count(200) >= SLOTS + (PLACES + 1) // 2
    assert all(is_right for _, is_right in answers)
    assert comes_true(lambda: slow.holdings() <= before), slow.holdings() - before
    assert " ERROR " not in slow.log.removeprefix(log)


def visit(server: Server) -> tuple[int, bool]:
    """The status, and whether the answer is what belongs to it."""
    with ask(server.world, site.CONTROL, "page") as answer:
        if answer.status_code == 200:
            return 200, [kind for kind, _ in frames(answer.raw)][-1] == "R"
        return answer.status_code, answer.headers["Retry-After"].isdecimal()


# Without a database


@pytest.mark.parametrize("content", [b"no database" * 100, None], ids=["broken", "missing"])
def test_an_export_outlives_the_database_and_all_goes_on_when_it_is_back(slow, content):
    worker, database, away = slow.worker, slow.folder / "db.sqlite3", slow.folder / "away"
    with ask(slow.world, site.CONTROL, "page") as answer:
        stream = frames(answer.raw)
        come_to("reading", stream)
        database.rename(away)
        try:
            if content is not None:
                database.write_bytes(content)
            is_ready = slow.is_ready()
            refused = ask(slow.world, site.CONTROL, "page")
            kinds = [kind for kind, _ in stream]
        finally:
            away.replace(database)

    assert kinds[-1] == "R"
    assert not is_ready
    assert refused.status_code == 503
    assert int(refused.headers["Retry-After"]) > 0
    assert refused.json()["code"] == "unavailable"
    assert slow.is_ready()
    assert whole(slow.export())
    assert slow.worker == worker
