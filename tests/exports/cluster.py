"""A print cluster on this machine: certificates, and processes of a scheduler and its workers."""

from __future__ import annotations

import datetime
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from exports.cluster import ClusterPool
from exports.print_worker import Credentials
from playground.server import free_port

PROJECT = Path(__file__).parents[2]
_SECONDS = 60.0  # the longest wait for anything to happen


def until(happens: Callable[[], object], seconds: float = _SECONDS) -> None:
    """Wait for it; no measurement, but an end."""
    end = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.1)


class Authority:
    """Signs certificates, and puts all into a folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _named("authority")
        self._write("authority.pem", self._signed(self._name, self._key, is_authority=True))

    def credentials(self, name: str) -> Credentials:
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self._write(f"{name}.pem", self._signed(_named(name), key))
        kind, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
        private = key.private_bytes(kind, form, serialization.NoEncryption())
        path = self._folder / f"{name}.key"
        path.write_bytes(private)
        return Credentials(str(self._folder / "authority.pem"), certificate, str(path))

    def _signed(
        self, name: x509.Name, key: ec.EllipticCurvePrivateKey, is_authority: bool = False
    ) -> x509.Certificate:
        now = datetime.datetime.now(datetime.UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(hours=1))
            .not_valid_after(now + datetime.timedelta(hours=1))
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
            .sign(self._key, hashes.SHA256())
        )

    def _write(self, name: str, certificate: x509.Certificate) -> str:
        path = self._folder / name
        path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        return str(path)


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def copy_code(folder: Path) -> None:
    """What servers and workers run: a copy, so that they agree while somebody edits the code."""
    folder.mkdir()
    for name in ("manage.py", "CHANGELOG.md"):
        shutil.copy(PROJECT / name, folder)
    for name in ("xpress", "addon", "exports", "templates", "deploy"):
        shutil.copytree(PROJECT / name, folder / name)


@dataclass
class Cluster:
    """What runs. Processes that were ended here are started again by `repair`."""

    folder: Path  # each process has a folder for its temporary files here
    authority: Authority
    port: int = field(default_factory=free_port)
    scheduler: subprocess.Popen[bytes] | None = None
    workers: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"tls://127.0.0.1:{self.port}"

    def environment(self, name: str) -> dict[str, str]:
        """What tells XPress of the cluster."""
        mine = self.authority.credentials(name)
        return {
            "PYTHONPATH": str(self.code),
            "XPRESS_PRINT_CLUSTER": self.address,
            "XPRESS_PRINT_CLUSTER_CA": mine.authority,
            "XPRESS_PRINT_CLUSTER_CERT": mine.certificate,
            "XPRESS_PRINT_CLUSTER_KEY": mine.key,
        }

    @property
    def code(self) -> Path:
        return self.folder / "code"

    def server_command(self) -> list[str]:
        """What starts the product, for playground.boot."""
        gunicorn = "-m gunicorn xpress.wsgi -c deploy/gunicorn.conf.py --bind 127.0.0.1:{port}"
        prepare = f"{sys.executable} manage.py migrate --verbosity 0"
        return ["sh", "-c", f"cd {self.code} && {prepare} && exec {sys.executable} {gunicorn}"]

    def pool(self) -> ClusterPool:
        return ClusterPool(self.address, self.authority.credentials("server"))

    def repair(self) -> None:
        if self.scheduler is None or self.scheduler.poll() is not None:
            self.start_scheduler()
        for name in ("one", "two"):
            if name not in self.workers or self.workers[name].poll() is not None:
                self.start_worker(name)

    def start_scheduler(self) -> None:
        command = [str(PROJECT / "deploy" / "print-scheduler")]
        options = {
            **self.environment("scheduler"),
            "LISTEN": self.address,
            "PYTHON": sys.executable,
            "PYTHONPATH": "",  # it has nothing of XPress
        }
        self.scheduler = self._start("scheduler", command, options, self.folder)

    def start_worker(self, name: str, code: Path | None = None) -> None:
        code = code or self.code
        own = {"DEBUG": "1", "XPRESS_PRINTERS": "1", **self.environment(name)}
        own["PYTHONPATH"] = str(code)
        self.workers[name] = self._start(
            name, [sys.executable, "manage.py", "print_worker"], own, code
        )

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text()

    def printers(self) -> dict[str, list[psutil.Process]]:
        """The printer processes of each worker that lives."""
        return {
            name: psutil.Process(process.pid).children()
            for name, process in self.workers.items()
            if process.poll() is None
        }

    def stop(self) -> None:
        everything = [*self.workers.values(), *([self.scheduler] if self.scheduler else [])]
        for process in everything:
            process.kill()
        for process in everything:
            process.wait()

    def _start(
        self, name: str, command: list[str], more: dict[str, str], place: Path
    ) -> subprocess.Popen[bytes]:
        temporary = self.folder / f"{name}-temporary"
        temporary.mkdir(exist_ok=True)
        kept = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
        with (self.folder / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                command,
                cwd=place,
                env={**kept, "TMPDIR": str(temporary), **more},
                stdout=log,
                stderr=log,
            )


@contextmanager
def running(folder: Path) -> Iterator[Cluster]:
    cluster = Cluster(folder, Authority(folder / "certificates"))
    copy_code(cluster.code)
    try:
        cluster.repair()
        yield cluster
    finally:
        cluster.stop()
