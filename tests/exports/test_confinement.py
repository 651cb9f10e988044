"""What a printer can still reach, tried from inside of one."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest

from addon.outbound import Budget
from exports import confinement
from exports.document import Chunk
from exports.printers import Printers
from tests.exports.pdf.pictures import a_png
from tests.pdf_reading import Sheets

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def printers():
    printers = Printers(1)
    yield printers
    printers.stop()


def inside(printers, function, *args):
    """Run a function in a printer process, as the code of an attacker would run there."""
    return printers._pool.schedule(function, args=args).result(60)


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        (Path.read_text, [Path("/etc/passwd")]),
        (Path.read_text, [ROOT / "pyproject.toml"]),
        (Path.read_bytes, [Path("/proc/self/environ")]),
        (Path.read_bytes, [Path(f"/proc/{os.getpid()}/maps")]),
        (os.listdir, ["/"]),
        (os.listdir, [str(ROOT)]),
        (Path.write_text, [Path("/tmp/xpress-was-here"), "x"]),
        (os.unlink, [str(ROOT / "README.md")]),
        (socket.socket, []),
        (socket.getaddrinfo, ["localhost", 80]),
        (socket.create_connection, [("127.0.0.1", 80)]),
        (subprocess.run, [["/bin/true"]]),
        (os.execv, ["/bin/true", ["true"]]),
        (os.kill, [1, 0]),
    ],
    ids=lambda value: getattr(value, "__qualname__", None) or str(value)[:40],
)
def test_a_printer_reaches_no_file_no_socket_and_no_program(printers, function, arguments):
    with pytest.raises((PermissionError, socket.gaierror)):
        inside(printers, function, *arguments)


def test_a_printer_knows_no_secret_of_the_server(printers, monkeypatch):
    monkeypatch.setenv("XPRESS_FERNET_KEYS", "secret")
    fresh = Printers(1)
    try:
        assert inside(fresh, os.getenv, "XPRESS_FERNET_KEYS") is None
        assert inside(fresh, os.getenv, "PATH")
    finally:
        fresh.stop()


def test_a_printer_has_no_more_memory_than_a_chunk_may_take(printers):
    with pytest.raises(MemoryError):
        inside(printers, bytes, 2 * confinement.MEMORY_BYTES)


def test_a_printer_prints_in_every_script_all_the_same(printers):
    chunk = Chunk("<!doctype html><title></title><p>Ab ßü 日本語 العربية हिन्दी ไทย 😀", {})

    printed = printers.chunk(chunk, "", Budget.of(60))

    assert "日本語" in Sheets(printed.pdf).text()
    assert printers.picture(a_png(), Budget.of(30)).media_type == "image/png"


def test_this_system_can_confine_and_says_so():
    confinement.check()


def test_a_server_does_not_start_where_printers_cannot_be_confined():
    code = (
        "from exports import confinement\n"
        "def cannot(): raise confinement.NotConfined('Landlock is not there')\n"
        "confinement.check = cannot\n"
        "import xpress.wsgi\n"
    )
    environment = os.environ | {"DEBUG": "0", "SECRET_KEY": "x" * 60, "PYTHONPATH": str(ROOT)}
    environment |= {"DJANGO_SETTINGS_MODULE": "xpress.settings"}

    started = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60
    )

    assert started.returncode
    assert "Landlock is not there" in started.stderr


def test_printers_outlive_the_thread_that_asked_for_them_first():
    fresh = Printers(1)
    try:
        first = threading.Thread(target=inside, args=[fresh, os.getpid])
        first.start()
        first.join()
        at_work = {inside(fresh, os.getpid) for _ in range(3)}
        time.sleep(1.5)

        assert {inside(fresh, os.getpid)} == at_work
    finally:
        fresh.stop()


def test_a_printer_leaves_when_the_server_is_killed():
    code = (
        "import time\n"
        "from exports.printers import Printers\n"
        "import os\n"
        "if __name__ == '__main__':\n"
        "    printers = Printers(1)\n"
        "    print(printers._pool.schedule(os.getpid).result(60), flush=True)\n"
        "    printers._pool.schedule(time.sleep, args=[600])\n"
        "    time.sleep(600)\n"
    )
    environment = os.environ | {"DEBUG": "1", "PYTHONPATH": str(ROOT)}
    environment |= {"DJANGO_SETTINGS_MODULE": "xpress.settings"}
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "server.py"
        script.write_text(code)
        server = subprocess.Popen(
            [sys.executable, str(script)], env=environment, stdout=subprocess.PIPE, text=True
        )
        printer = int(server.stdout.readline())
        server.kill()
        server.wait()
        server.stdout.close()

    for _ in range(100):
        if not Path(f"/proc/{printer}").exists():
            return
        time.sleep(0.1)
    pytest.fail("the printer is still there")
