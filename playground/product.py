"""Product: starts the app under test as a process of its own, and stops it.

The app learns everything from its environment, and is known by its address only.
"""

import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from secrets import token_urlsafe
from tempfile import TemporaryDirectory

import requests

from playground.confluence import Confluence

PROJECT = Path(__file__).parent.parent
APP_KEY = "xpress-playground"
START_SECONDS = 60
STOP_SECONDS = 10


class ProductFailed(Exception):
    """The app did not start; the message ends with what it said last."""


def environment(confluence: Confluence, port: int, folder: Path) -> dict[str, str]:
    """Give the variables that tell the app where the playground is."""
    url = f"http://127.0.0.1:{port}"
    return {
        "XPRESS_BASE_URL": url,
        "XPRESS_APP_KEY": APP_KEY,
        "SECRET_KEY": token_urlsafe(48),
        "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
        "XPRESS_INSTALL_KEYS_URL": f"{confluence.origin}/install-keys",
        "XPRESS_AUTHORIZATION_SERVER_URL": confluence.oauth_url,
        "XPRESS_CONNECT_JS_URL": f"{confluence.origin}/connect/all.js",
        "XPRESS_ALLOWED_HOSTS": confluence.origin,
        "XPRESS_MEDIA_HOSTS": confluence.media_origin,
        "XPRESS_DRAIN_SECONDS": "0",  # no proxy stands before it
        "DEBUG": "1",
    }


@contextmanager
def running_product(
    confluence: Confluence,
    port: int,
    command: Sequence[str] = (),
    extra: Mapping[str, str] | None = None,
) -> Iterator[Path]:
    """Run the app while the block runs; its log file is given.

    `{port}` in the command becomes the port. The default is the product of this project.
    """
    with TemporaryDirectory(prefix="playground-") as name:
        folder = Path(name)
        log = folder / "app.log"
        # The app's own settings, also where a test run has chosen others for itself.
        inherited = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
        variables = {**inherited, **environment(confluence, port, folder), **(extra or {})}
        with log.open("wb") as output:
            process = _start(_commands(command, port), variables, output.fileno(), log)
            try:
                _wait(process, f"http://127.0.0.1:{port}", log)
                yield log
            finally:
                _stop(process)


def _commands(command: Sequence[str], port: int) -> list[list[str]]:
    if command:
        return [[part.replace("{port}", str(port)) for part in command]]
    gunicorn = f"-m gunicorn xpress.wsgi -c deploy/gunicorn.conf.py --bind 127.0.0.1:{port}"
    return [
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        [sys.executable, *shlex.split(gunicorn), "--log-level", "warning"],
    ]


def _start(
    commands: list[list[str]], variables: Mapping[str, str], output: int, log: Path
) -> subprocess.Popen[bytes]:
    for preparation in commands[:-1]:
        done = subprocess.run(
            preparation, cwd=PROJECT, env=variables, stdout=output, stderr=output, check=False
        )
        if done.returncode:
            raise ProductFailed(_last_words("could not be prepared", log))
    return subprocess.Popen(
        commands[-1],
        cwd=PROJECT,
        env=variables,
        stdout=output,
        stderr=output,
        # A group of its own: workers end with it, and Ctrl-C reaches it through us only.
        start_new_session=True,
    )


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    with requests.Session() as session:
        session.trust_env = False
        while time.monotonic() < deadline:
            if process.poll() is not None:
                raise ProductFailed(_last_words(f"ended with code {process.returncode}", log))
            try:
                # Ready is who serves its descriptor.
                if session.get(f"{url}/atlassian-connect.json", timeout=5).ok:
                    return
            except requests.RequestException:
                pass
            time.sleep(0.1)
    raise ProductFailed(_last_words(f"was not ready after {START_SECONDS} seconds", log))


def _last_words(what: str, log: Path) -> str:
    words = log.read_text(encoding="utf-8", errors="replace").splitlines()[-20:]
    return "\n  ".join([f"The app {what}.", *words])


def _stop(process: subprocess.Popen[bytes]) -> None:
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, sign)
        except ProcessLookupError:
            break
        try:
            process.wait(STOP_SECONDS)
            break
        except subprocess.TimeoutExpired:
            continue
    process.wait()
