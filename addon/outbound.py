"""Guarded HTTP: the one door to the network. Every outgoing request of XPress goes through here.

Addresses are allow-listed before and checked again inside the connection, redirects are not
followed, answers are read up to a cap and within a total time. Errors are values of one class.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from typing import Any, ClassVar
from weakref import WeakSet

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection

from addon.errors import XPressError
from addon.origins import Origins, is_loopback

CONNECT_SECONDS = 3.0
READ_SECONDS = 8.0
_PIECE = 64 * 1024


class NoAnswer(XPressError):
    """The other side could not be reached, or did not finish its answer."""

    status = 502
    code = "no_answer"


class OutOfTime(NoAnswer):
    """The time for a whole piece of work is over."""

    code = "out_of_time"


class AddressRefused(XPressError):
    """The address is not on the list of those we call."""

    status = 502
    code = "address_refused"


class AnswerTooLarge(XPressError):
    status = 502
    code = "answer_too_large"


class Cancelled(XPressError):
    """Nobody waits for the result any more."""

    status = 499
    code = "cancelled"


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]  # case-insensitive
    content: bytes = field(repr=False)

    @property
    def media_type(self) -> str:
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class Budget:
    """How long a piece of work may go on, and whether anybody still waits for it."""

    deadline: float  # time.monotonic()
    is_cancelled: Callable[[], bool] = lambda: False

    @classmethod
    def of(cls, seconds: float) -> Budget:
        return cls(time.monotonic() + seconds)

    @property
    def left(self) -> float:
        return self.deadline - time.monotonic()

    def check(self) -> None:
        if self.is_cancelled():
            raise Cancelled("The export was cancelled.")
        if self.left <= 0:
            raise OutOfTime("This took too long altogether. Try again, or export fewer pages.")

    def sleep(self, seconds: float) -> None:
        """Wait, but wake when cancelled and never sleep past the deadline."""
        until = time.monotonic() + min(seconds, max(self.left, 0))
        self.check()
        while (rest := until - time.monotonic()) > 0:
            time.sleep(min(0.1, rest))
            self.check()


class Outbound:
    """A pool of connections to allow-listed origins. Threads may share it, and take turns."""

    def __init__(self, origins: Origins, connections: int = 6) -> None:
        self.origins = origins
        self._session = _Session()
        self._session.trust_env = False  # no proxy, no .netrc from the environment
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._places = threading.BoundedSemaphore(connections)
        self._connections = _Connections()
        adapter = _CheckedAdapter(self._connections, connections)
        self._session.mount("http://", adapter)
        self._session.mount("https://", adapter)

    def send(
        self,
        method: str,
        url: str,
        *,
        budget: Budget,
        most_bytes: int,
        headers: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
    ) -> Answer:
        """One request, no redirect followed. Raises NoAnswer, AddressRefused or AnswerTooLarge."""
        if not self.origins.allows(url):
            raise AddressRefused("An address outside of this Confluence site was not opened.")
        with self._places:
            budget.check()
            return self._exchange(method, url, budget, most_bytes, headers, form)

    def _exchange(
        self,
        method: str,
        url: str,
        budget: Budget,
        most_bytes: int,
        headers: Mapping[str, str] | None,
        form: Mapping[str, str] | None,
    ) -> Answer:
        left = max(budget.left, 0.01)
        try:
            with self._session.request(
                method,
                url,
                headers={"Accept-Encoding": "identity", **(headers or {})},
                data=form,
                timeout=(min(CONNECT_SECONDS, left), min(READ_SECONDS, left)),
                allow_redirects=False,
                stream=True,
            ) as response:
                content = _read(response, budget, most_bytes)
                return Answer(response.status_code, response.headers, content)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise NoAnswer("Confluence could not be reached. Try again in a moment.") from error

    def close(self) -> None:
        self._session.close()

    def abort(self) -> None:
        """Break off all requests under way: whoever waits for an answer gets NoAnswer at once."""
        for connection in self._connections.alive():
            sock = connection.sock
            if sock is not None:
                with suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)


def whole_number(text: str) -> int | None:
    """A number in a header of outside origin: plain digits and not absurdly many, else none.

    >>> whole_number(" 30 "), whole_number("²"), whole_number("9" * 5000)
    (30, None, None)
    """
    return int(text) if re.fullmatch(r"\s*[0-9]{1,18}\s*", text) else None


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> None:
        """None: requests would read a redirect's body whole, before our cap and deadline."""


def _read(response: requests.Response, budget: Budget, most_bytes: int) -> bytes:
    """The body in pieces as they arrive, so that a slow drip meets the deadline."""
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise NoAnswer("Confluence sent an answer in a form that was not asked for.")
    declared = whole_number(response.headers.get("Content-Length", ""))
    if declared is not None and declared > most_bytes:
        raise AnswerTooLarge("An answer of Confluence was larger than XPress takes.")
    body = bytearray()
    while piece := response.raw.read1(_PIECE):
        body += piece
        if len(body) > most_bytes:
            raise AnswerTooLarge("An answer of Confluence was larger than XPress takes.")
        budget.check()
    if declared is not None and len(body) < declared:
        raise NoAnswer("Confluence broke off in the middle of an answer.")
    return bytes(body)


class _Connections:
    """All connections that are open, for an end in the middle."""

    def __init__(self) -> None:
        self._alive: WeakSet[HTTPConnection] = WeakSet()
        self._lock = threading.Lock()

    def add(self, connection: HTTPConnection) -> None:
        with self._lock:
            self._alive.add(connection)

    def alive(self) -> list[HTTPConnection]:
        with self._lock:
            return list(self._alive)


class _CheckedConnection(HTTPConnection):
    made: ClassVar[_Connections]

    def _new_conn(self) -> socket.socket:
        self.made.add(self)
        return _connect(self)


class _CheckedTLSConnection(HTTPSConnection):
    made: ClassVar[_Connections]

    def _new_conn(self) -> socket.socket:
        self.made.add(self)
        return _connect(self)


def _connect(connection: HTTPConnection) -> socket.socket:
    """Resolve once, check every address, connect to one that was checked.

    Checking before and resolving again to connect would let a name change in between.
    """
    host, port = connection.host, connection.port or connection.default_port
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise urllib3.exceptions.NameResolutionError(host, connection, error) from error  # type: ignore[arg-type]
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses or not all(_may_connect(address, host) for address in addresses):
        raise urllib3.exceptions.NewConnectionError(connection, "address refused")
    failure: OSError | None = None
    for address in addresses:
        try:
            sock = socket.create_connection((address, port), timeout=CONNECT_SECONDS)
        except OSError as error:
            failure = error
        else:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return sock
    raise urllib3.exceptions.NewConnectionError(connection, "no address answers") from failure


def _may_connect(address: str, host: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    if is_loopback(host):  # on the list only where someone wrote it there (addon.origins)
        return ip.is_loopback
    if isinstance(ip, ipaddress.IPv6Address) and (
        # Outside of it, and in 6to4 and Teredo, an IPv4 address of any kind may hide.
        ip not in _GLOBAL_UNICAST or ip.sixtofour or ip.teredo
    ):
        return False
    return ip.is_global and not ip.is_multicast


_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")


class _CheckedAdapter(HTTPAdapter):
    def __init__(self, made: _Connections, most: int) -> None:
        self._made = made
        super().__init__(pool_maxsize=most, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        made = {"made": self._made}
        plain = type("Connection", (_CheckedConnection,), made)
        secure = type("Connection", (_CheckedTLSConnection,), made)
        http = type("Pool", (urllib3.HTTPConnectionPool,), {"ConnectionCls": plain})
        tls = type("Pool", (urllib3.HTTPSConnectionPool,), {"ConnectionCls": secure})
        self.poolmanager.pool_classes_by_scheme = {"http": http, "https": tls}
