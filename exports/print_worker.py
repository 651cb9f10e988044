"""A print worker: the printers of one machine, at the service of servers on other machines.

Dask distributed brings orders and takes answers away; in between stands the LocalPool of this
machine, so killing, memory limits and confinement are the same as at home. An order and its answer
are bytes that only the two ends read: the scheduler carries them unopened.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import pickle
import platform
import signal
import ssl
import threading
from asyncio import Event
from collections.abc import Awaitable, Callable
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import dask

# Dask sets the levels of its loggers when it is imported; ours are in settings.LOGGING.
dask.config.set({"distributed.logging": {"version": 1, "incremental": True}})

from distributed import Security, Status, Worker, WorkerPlugin, get_worker  # noqa: E402

from addon.errors import place  # noqa: E402
from exports import results  # noqa: E402
from exports.pool import LocalPool, TaskFailed  # noqa: E402

_CODE = ("document.py", "tasks.py", "printer.py", "results.py", "print_worker.py", "pdf")
_ENGINE = ("weasyprint", "pydyf", "distributed")
_CONNECT_SECONDS = 10.0
_PAUSE_SECONDS = 1.0  # between two attempts to find the scheduler
_CONFIGURATION = {
    # Nothing that came from a page is written to a disk, whatever becomes of the memory.
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    "distributed.worker.memory.terminate": False,
    "distributed.worker.use-file-locking": False,
    # What could show content, or needs a port.
    "distributed.worker.http.routes": [],
    "distributed.worker.profile.enabled": False,
    "distributed.diagnostics.nvml": False,
    "distributed.comm.require-encryption": True,
    "distributed.comm.timeouts.connect": _CONNECT_SECONDS,
}

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What server, scheduler and workers prove themselves to each other with: paths of PEM files.

    Dask runs what it is sent, so whoever has a certificate of this authority can run code on all
    of them. Dask does not compare names: the authority must sign for this cluster alone.
    """

    authority: str
    certificate: str
    key: str

    def security(self) -> Security:
        """TLS both ways. Raises OSError for files that are not there or not what they should be."""
        security = Security(
            require_encryption=True,
            tls_min_version=ssl.TLSVersion.TLSv1_3,
            tls_ca_file=self.authority,
            tls_client_cert=self.certificate,
            tls_client_key=self.key,
            tls_worker_cert=self.certificate,
            tls_worker_key=self.key,
        )
        security.get_connection_args("client")  # reads the files
        return security


def python() -> str:
    """The version that compiled code depends on, e.g. `3.11`."""
    return ".".join(platform.python_version_tuple()[:2])


def _digest() -> str:
    """Of the code that prints, so that two states between releases are told apart too."""
    digest = hashlib.sha256()
    for name in _CODE:
        path = Path(__file__).with_name(name)
        for file in [path] if path.is_file() else sorted(path.rglob("*.py")):
            digest.update(file.read_bytes())
    for package in _ENGINE:
        digest.update(f"{package} {version(package)}".encode())
    return digest.hexdigest()[:16]


# What a server and its workers must have in common, e.g. `xpress-1f0c5d8e9a7b6c4d-python-3.11`.
# Made when the code is read, not when it is asked for: files may have changed by then.
STAMP = f"xpress-{_digest()}-python-{python()}"


def order(task: Callable[..., Any], args: Any, kwargs: Any) -> bytes:
    """What a server sends."""
    return pickle.dumps((task, args, kwargs))


def answer(order: bytes) -> bytes:
    """What a worker sends back: `["done", result]`, or the kind of a TaskFailed and nothing.

    Runs in one of the worker's threads. Raises nothing: Dask would log the order with it.
    """
    try:
        task, args, kwargs = pickle.loads(order)  # noqa: S301  # from a server, by mutual TLS
        worker = get_worker()
        printing: Printing = worker.plugins[Printing.name]  # type: ignore[assignment]
        result = printing.do(str(worker.get_current_task()), task, args, kwargs)
        return results.encode(["done", result])
    except TaskFailed as failure:
        return results.encode([failure.kind, None])
    except CancelledError:
        return results.encode(["died", None])
    except Exception as error:
        logger.error("print worker: %s", place(error))
        return results.encode(["failed", None])


class Printing(WorkerPlugin):
    """Hands the worker's tasks to the printers of its machine, and calls back what is not wanted.

    Dask cannot stop a thread. It tells its plugins, however, when a task that is being done is
    released: its server cancelled it, or left, or the scheduler gave it to somebody else.
    """

    name = "xpress"

    def __init__(self, pool: LocalPool) -> None:
        self._pool = pool
        self._lock = threading.Lock()
        self._wanted: dict[str, Future[Any] | None] = {}  # by the key of a task that is being done

    def do(self, key: str, task: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        """The result. Raises TaskFailed, or CancelledError when nobody wants it any more."""
        future = self._pool.submit(task, *args, **kwargs)
        with self._lock:
            is_wanted = key in self._wanted
            if is_wanted:
                self._wanted[key] = future
        if not is_wanted:  # released before it had begun
            future.cancel()
        return future.result()

    def transition(self, key: Any, start: str, finish: str, **_: Any) -> None:
        """Dask's word that a task goes from one state to the next; in the thread of its loop."""
        future: Future[Any] | None = None
        with self._lock:
            if finish == "executing":
                self._wanted.setdefault(str(key), None)
            elif start in ("executing", "long-running"):
                future = self._wanted.pop(str(key), None)
        if future:
            future.cancel()  # does nothing to one that is done

    def teardown(self, worker: Worker) -> None:
        with self._lock:
            futures = [future for future in self._wanted.values() if future]
            self._wanted.clear()
        for future in futures:
            future.cancel()


def serve(
    address: str, credentials: Credentials, pool: LocalPool, host: str | None, port: int
) -> None:
    """Work for the scheduler at an address until SIGTERM; wait for it while it is not there.

    `host` and `port` are where the scheduler reaches this machine; None and 0: Dask finds them.
    """
    pool.warm_up()
    try:
        asyncio.run(_serve(address, credentials, pool, host, port))
    finally:
        pool.shutdown()


async def _serve(
    address: str, credentials: Credentials, pool: LocalPool, host: str | None, port: int
) -> None:
    stopping = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, stopping.set)
    is_known_missing = False
    # A worker of Dask lives as long as its connection, so each connection gets a new one.
    while not stopping.is_set():
        with dask.config.set(_CONFIGURATION), TemporaryDirectory(prefix="xpress-worker-") as folder:
            worker = Worker(
                address,
                security=credentials.security(),
                host=host,
                port=port,
                nthreads=pool.processes,  # each waits for one printer
                # Servers ask for this, so workers of another version get nothing to do.
                resources={STAMP: pool.processes},
                plugins=(Printing(pool),),
                memory_limit=0,  # printers have their own; Dask must not write to disk for want
                local_directory=folder,
                dashboard_address="127.0.0.1:0",  # Dask opens a port, and says nothing there
                death_timeout=_CONNECT_SECONDS,
            )
            try:
                if await _first(worker, stopping):
                    is_known_missing = False
                    logger.info("print worker: ready printers=%d code=%s", pool.processes, STAMP)
                    await _first(worker.finished(), stopping)
                    logger.info("print worker: disconnected")
            except (OSError, RuntimeError) as error:
                if not is_known_missing:
                    logger.error("print worker: no scheduler at %s: %s", address, error)
                is_known_missing = True
            finally:
                await _leave(worker)
        with suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), _PAUSE_SECONDS)


async def _first(work: Awaitable[Any], stopping: Event) -> bool:
    """Wait for it, but no longer than until we are to stop. Whether it was done."""
    done = asyncio.ensure_future(work)
    stopped = asyncio.ensure_future(stopping.wait())
    await asyncio.wait([done, stopped], return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if not done.done():
        return not done.cancel()
    done.result()
    return True


async def _leave(worker: Worker) -> None:
    """What is being done here will be done elsewhere."""
    if worker.status is Status.running:
        with suppress(OSError):
            await worker.close_gracefully()
    await worker.close()
