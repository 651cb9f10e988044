"""What a printer can still reach, tried from inside of one."""

from __future__ import annotations

import os
import resource
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest

from addon.outbound import Budget
from exports import confinement, tasks
from exports.document import Chunk, Printed
from exports.pdf.printing import print_chunk
from exports.pool import LocalPool, TaskFailed
from exports.printers import Printers
from tests.exports import chores
from tests.exports.pdf.pictures import a_jpeg, a_png
from tests.pdf_reading import Sheets
from tests.processes import children, comes_true, is_there, status

ROOT = Path(__file__).parents[2]
SECONDS = 60
PR_SET_DUMPABLE = 4
SIGNAL_0 = 0


@pytest.fixture(scope="module")
def pool():
    pool = LocalPool(1, chores.prepare_as_in_production)
    yield pool
    pool.shutdown()


@pytest.fixture(scope="module")
def printers(pool):
    return Printers(pool, 1)


def printer(pool: LocalPool) -> int:
    """The process of a pool that has one."""
    return pool.submit(os.getpid).result(SECONDS)


def inside(pool, function, *args):
    """How the system answers the code of an attacker in a printer."""
    return pool.submit(chores.attempt, function, *args).result(SECONDS)


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        (Path.read_text, [Path("/etc/passwd")]),
        (Path.read_text, [ROOT / "pyproject.toml"]),
        (Path.read_text, [ROOT / "xpress" / "settings.py"]),
        (Path.read_bytes, [Path("/proc/self/environ")]),
        (Path.read_bytes, [Path("/proc/self/mem")]),
        (Path.read_bytes, [Path(f"/proc/{os.getpid()}/environ")]),
        (Path.read_bytes, [Path(f"/proc/{os.getpid()}/maps")]),
        (os.listdir, ["/"]),
        (os.listdir, [str(ROOT)]),
        (os.listdir, ["/proc"]),
        (Path.read_bytes, [Path("/dev/tty")]),
        (Path.read_bytes, [Path("/dev/zero")]),
    ],
)
def test_a_printer_reads_no_file_but_fonts_and_code(pool, function, arguments):
    assert inside(pool, function, *arguments) == "EACCES"


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        (Path.write_text, [Path("/tmp/xpress-was-here"), "x"]),
        (Path.write_text, [ROOT / "exports" / "pool.py", "x"]),
        (Path.write_bytes, [Path("/dev/null"), b"x"]),
        (tempfile.mkdtemp, []),
        (os.unlink, [str(ROOT / "README.md")]),
        (os.rename, [str(ROOT / "README.md"), str(ROOT / "README")]),
        (os.mkdir, ["/tmp/xpress-was-here"]),
        (os.symlink, ["/etc/passwd", "/tmp/xpress-was-here"]),
        (os.chmod, [str(ROOT / "README.md"), 0o777]),
        (os.truncate, [str(ROOT / "README.md"), 0]),
        (os.memfd_create, ["x"]),
    ],
)
def test_a_printer_writes_nothing(pool, function, arguments):
    answer = inside(pool, function, *arguments)

    assert answer in ("EACCES", "ENOSYS", "ENOENT")  # ENOENT: no folder for temporary files
    assert not Path("/tmp/xpress-was-here").exists()
    assert (ROOT / "README.md").stat().st_size


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        (socket.socket, []),
        (socket.socket, [socket.AF_UNIX]),
        (socket.socketpair, []),
        (socket.create_connection, [("127.0.0.1", 80)]),
        (os.execv, ["/bin/true", ["true"]]),
        (os.posix_spawn, ["/bin/true", ["true"], {}]),
        (subprocess.run, [["/bin/true"]]),
        (chores.fork, []),
        (os.kill, [os.getpid(), SIGNAL_0]),
        (os.killpg, [0, SIGNAL_0]),
        (os.pidfd_open, [os.getpid()]),
        (chores.call, ["tgkill", os.getpid(), os.getpid(), SIGNAL_0]),
        (chores.call, ["ptrace", 16, os.getpid(), 0, 0]),
        (chores.call, ["unshare", 0x10000000]),
        (chores.call, ["mount", b"none", b"/tmp", b"tmpfs", 0, 0]),
        (chores.call, ["prctl", PR_SET_DUMPABLE, 1, 0, 0, 0]),
        (chores.call, ["setpriority", 0, 0, -5]),
        (chores.call, ["setuid", 1]),
        (os.setsid, []),
        (os.pipe, []),
    ],
)
def test_a_printer_asks_the_kernel_for_nothing_that_reaches_others(pool, function, arguments):
    assert inside(pool, function, *arguments) in ("ENOSYS", "EPERM")


def test_a_printer_cannot_lift_its_limits(pool):
    most = (confinement.MEMORY_BYTES, confinement.MEMORY_BYTES)

    assert pool.submit(resource.getrlimit, resource.RLIMIT_AS).result(SECONDS) == list(most)
    assert pool.submit(chores.lift_limit).result(SECONDS) == "refused"


def test_a_printer_knows_no_name_in_the_network(pool):
    with pytest.raises(TaskFailed):
        pool.submit(socket.getaddrinfo, "localhost", 80).result(SECONDS)


def test_every_thread_of_a_printer_is_held(pool):
    assert pool.submit(chores.in_a_thread, Path("/etc/passwd")).result(SECONDS) == "EACCES"


def test_the_kernel_says_that_a_printer_is_confined(pool):
    told = status(printer(pool))

    assert (told["Seccomp"], told["NoNewPrivs"]) == ("2", "1")
    assert told["Threads"] == "1"


def test_a_printer_begins_without_the_secrets_of_the_server(monkeypatch):
    for name in ("SECRET_KEY", "DATABASE_URL", "XPRESS_FERNET_KEYS", "PATH"):
        monkeypatch.setenv(name, "what-nobody-may-know")
    fresh = LocalPool(1, chores.nothing)
    try:
        began_with = Path(f"/proc/{printer(fresh)}/environ").read_bytes()
        knows = fresh.submit(chores.environment).result(SECONDS)
    finally:
        fresh.shutdown()

    assert b"PYTHONPATH=" in began_with
    assert b"what-nobody-may-know" not in began_with
    assert "what-nobody-may-know" not in knows.values()


def test_a_printer_has_no_more_memory_than_a_chunk_may_take_and_the_next_is_served(pool):
    greedy = printer(pool)

    with pytest.raises(TaskFailed) as caught:
        pool.submit(bytes, 2 * confinement.MEMORY_BYTES).result(SECONDS)

    assert caught.value.kind == "memory"
    assert printer(pool) != greedy


def test_a_page_that_takes_all_memory_costs_itself_only(pool, printers):
    bomb = Chunk("<table><tr><td colspan=1000000000>x</table>", {})

    with pytest.raises(TaskFailed) as caught:
        pool.submit(tasks.CHUNK, bomb, "").result(SECONDS)

    assert caught.value.kind == "memory"
    assert isinstance(printers.chunk(Chunk("<p>next", {}), "", Budget.of(SECONDS)), Printed)


def test_a_printer_sets_every_script_all_the_same(printers):
    chunk = Chunk("<!doctype html><title></title><p>Ab ßü 日本語 العربية हिन्दी ไทย 😀", {})

    printed = printers.chunk(chunk, "", Budget.of(SECONDS))

    assert "日本語" in Sheets(printed.pdf).text()


@pytest.mark.parametrize(
    ("language", "text"),
    [("th", "ภาษาไทยไม่มีช่องว่างระหว่างคำ" * 20), ("de", "Donaudampfschifffahrtsgesellschaft " * 40)],
    ids=["by a dictionary of Pango", "by a dictionary of pyphen"],
)
def test_lines_are_broken_as_they_are_without_confinement(printers, language, text):
    style = "p { hyphens: auto; font: 11pt Noto Sans, Noto Sans Thai; width: 60mm }"
    chunk = Chunk(f'<!doctype html><title></title><p lang="{language}">{text}', {})

    inside = printers.chunk(chunk, style, Budget.of(SECONDS))

    assert Sheets(inside.pdf).text() == Sheets(print_chunk(chunk, style).pdf).text()


def test_a_printer_reads_pictures_of_every_kind_and_of_the_largest_size(printers):
    assert printers.picture(a_png(), Budget.of(SECONDS)).media_type == "image/png"
    large = printers.picture(a_jpeg(10_000, 6_000), Budget.of(SECONDS), "original")
    assert (large.width, large.height) == (10_000, 6_000)
    small = printers.picture(a_png(10_000, 5_900), Budget.of(SECONDS), "small", 72.0)
    assert small.width == 110


def test_a_style_that_was_never_seen_needs_nothing_more(printers):
    """It makes WeasyPrint read the configuration of fonts once more."""
    style = "p { font: italic 700 9pt/1.3 serif; hyphens: auto } @page { size: A6 }"

    printed = printers.chunk(Chunk('<p lang="de">Donaudampfschiff', {}), style, Budget.of(SECONDS))

    assert isinstance(printed, Printed)


def test_this_system_can_confine_and_says_so():
    confinement.check()


def test_a_process_that_has_threads_already_is_not_confined():
    stopping = threading.Event()
    threading.Thread(target=stopping.wait).start()
    try:
        with pytest.raises(confinement.NotConfined, match="threads"):
            confinement.confine()
    finally:
        stopping.set()


WITHOUT_LANDLOCK = """
from exports import confinement, tasks
def cannot(): raise confinement.NotConfined("Landlock is not there")
confinement.check = cannot
import xpress.wsgi
"""


def start_of_server(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    own = {"SECRET_KEY": "x" * 60, "DATABASE_URL": f"sqlite:///{tmp_path / 'x'}"}
    own |= {"PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "xpress.settings"}
    return subprocess.run(
        [sys.executable, "-c", WITHOUT_LANDLOCK],
        env=os.environ | own | environment,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )


def test_a_server_does_not_start_where_printers_cannot_be_confined(tmp_path):
    started = start_of_server(tmp_path, DEBUG="0", XPRESS_BASE_URL="https://xpress.example.com")

    assert started.returncode
    assert started.stderr.endswith("Printers cannot be confined here: Landlock is not there.\n")


def test_a_server_for_trying_starts_there_and_says_so(tmp_path):
    started = start_of_server(tmp_path, DEBUG="1")

    assert started.returncode == 0
    assert started.stderr.count("printers are not confined here: Landlock is not there") == 1


def test_a_check_that_cannot_be_done_says_why(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")

    with pytest.raises(confinement.NotConfined, match="cannot be tried"):
        confinement.check()


def test_the_check_leaves_no_process_behind():
    before = children()

    confinement.check()

    assert children() == before


SERVER = """
import os, time
from exports.pool import LocalPool
from tests.exports import chores
if __name__ == "__main__":
    pool = LocalPool(2, chores.prepare_as_in_production)
    pool.submit(time.sleep, 600)
    print(pool.submit(os.getpid).result(60), flush=True)
    time.sleep(600)
"""


def test_confined_printers_busy_or_idle_are_gone_when_the_server_is_killed():
    with subprocess.Popen(
        [sys.executable, "-c", SERVER],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        idle = int(server.stdout.readline())
        printers = children(server.pid)
        server.kill()

    assert idle in printers
    assert comes_true(lambda: not any(map(is_there, printers)))


def test_a_signal_to_itself_is_what_abort_needs(pool):
    before = printer(pool)

    with pytest.raises(TaskFailed) as caught:
        pool.submit(os.abort).result(SECONDS)

    assert caught.value.kind == "died"
    assert printer(pool) != before
