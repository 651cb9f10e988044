"""Host: reading from one Confluence site, in somebody's name.

Content is only ever read `AsAccount`. Whatever the site answers, addresses stay on the site and its
media hosts, and a doubt ends in an error, not in a guess.
"""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from email.utils import parsedate_to_datetime
from typing import Any, Protocol
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit

from addon.errors import TryLater, XPressError
from addon.impersonation import AuthorizationServer
from addon.models import Site
from addon.origins import NO_ORIGINS, Origins, origin_of
from addon.outbound import Answer, Budget, NoAnswer, Outbound, whole_number
from addon.qsh import query_string_hash, relative_path
from addon.tokens import sign

MOST_ATTEMPTS = 4
MOST_REDIRECTS = 3
MOST_LIST_PAGES = 200
LONGEST_WAIT_SECONDS = 20.0
_LARGEST_JSON_BYTES = 32 * 1024 * 1024
_APP_TOKEN_SECONDS = 180
_RETRIED = frozenset({429, 502, 503, 504})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_LOGIN_HOSTS = ("id.atlassian.com", "auth.atlassian.com", "login.atlassian.com")

Json = dict[str, Any]
Query = Mapping[str, str | Sequence[str]]  # several values: the parameter several times


class NotVisible(XPressError):
    """The account may not see this, or it is not there: Confluence tells no difference."""

    status = 404
    code = "not_visible"


class NotAuthorised(XPressError):
    status = 403
    code = "not_authorised"


class TooManyRequests(TryLater):
    """Confluence's rate limit is reached."""

    status = 429
    code = "rate_limited"


class OddAnswer(XPressError):
    """Confluence answered in a way we do not understand."""

    status = 502
    code = "odd_answer"


class Identity(Protocol):
    """In whose name a request is made."""

    def authorization(self, method: str, path: str, query: str, budget: Budget) -> str:
        """The Authorization header for a request; `path` without the context path."""

    def refused(self, authorization: str) -> bool:
        """Called on a 401 with the header it met: whether a try with a new one makes sense."""


class AsApp:
    """The app itself. Sees what its own user sees, so never used to read content."""

    def __init__(self, site: Site, app_key: str) -> None:
        self._site, self._app_key = site, app_key

    def authorization(self, method: str, path: str, query: str, budget: Budget) -> str:
        now = int(time.time())
        claims = {
            "iss": self._app_key,
            "iat": now,
            "exp": now + _APP_TOKEN_SECONDS,
            "qsh": query_string_hash(method, path, query),
        }
        return f"JWT {sign(claims, self._site.secret)}"

    def refused(self, authorization: str) -> bool:
        return False


class AsAccount:
    """One account of the site, through impersonation."""

    def __init__(self, site: Site, account_id: str, server: AuthorizationServer) -> None:
        self._site, self._account_id, self._server = site, account_id, server
        self._refused = ""
        self._lock = threading.Lock()

    def authorization(self, method: str, path: str, query: str, budget: Budget) -> str:
        return f"Bearer {self._server.token(self._site, self._account_id, budget)}"

    def refused(self, authorization: str) -> bool:
        # Renewed once; threads that met the same old token meanwhile come back with the new one.
        with self._lock:
            if not self._refused:
                self._refused = authorization
                self._server.forget(self._site, self._account_id)
            return authorization == self._refused


class Host:
    """Reads of one site within one budget of time. Threads may share it."""

    def __init__(
        self, site: Site, identity: Identity, budget: Budget, media: Origins = NO_ORIGINS
    ) -> None:
        self.site = site
        self.budget = budget
        self.points_left: int | None = None  # of the rate limit, as last told; None: not told
        self._identity = identity
        self._outbound = Outbound(Origins((site.origin,)) | media)
        self._gate = threading.Lock()
        self._opens_at = 0.0  # a 429 holds back every call of this host, not only its own

    def get(self, path: str, query: Query | None = None) -> Json:
        """A JSON object; `path` below the context path, e.g. `/api/v2/pages/65537`."""
        return self._json(path, urlencode(query or {}, doseq=True, quote_via=quote))

    def get_all(self, path: str, query: Mapping[str, str] | None = None) -> Iterator[Json]:
        """The rows of a list, page after page. A next link may only lead on in the same list."""
        text = urlencode(query or {}, quote_via=quote)
        seen: set[str] = set()
        for _ in range(MOST_LIST_PAGES):
            page = self._json(path, text)
            rows = page.get("results")
            if not isinstance(rows, list):
                raise OddAnswer("Confluence sent a list that XPress cannot read.")
            yield from (row for row in rows if isinstance(row, dict))
            links = page.get("_links")
            following = links.get("next") if isinstance(links, dict) else None
            if following is None:
                return
            text = self._next_query(path, following)
            if text in seen:
                raise OddAnswer("Confluence sent a list that never ends.")
            seen.add(text)
        raise OddAnswer("Confluence sent a list longer than XPress reads.")

    def download(self, path: str, query: Mapping[str, str] | None, most_bytes: int) -> Answer:
        """The bytes behind an address of the site; redirects are followed by hand."""
        text = urlencode(query or {}, quote_via=quote)
        url = self._url(path, text)
        answer = self._attempt(path, text, most_bytes)
        for _ in range(MOST_REDIRECTS):
            if answer.status not in _REDIRECTS:
                break
            url = self._redirected(url, answer)
            if origin_of(url) == self.site.origin:
                parts = urlsplit(url)
                below = relative_path(parts.path, self.site.context_path)
                if self._url(below, "") != self.site.origin + parts.path:
                    raise OddAnswer("Confluence redirected a download out of Confluence.")
                answer = self._attempt(below, parts.query, most_bytes)
            else:
                # Another origin: the address itself is the permission, our token stays here.
                answer = self._outbound.send("GET", url, budget=self.budget, most_bytes=most_bytes)
        if answer.status in _REDIRECTS:
            raise OddAnswer("A download was redirected too often.")
        _raise_for(answer)
        return answer

    def close(self) -> None:
        self._outbound.close()

    def abort(self) -> None:
        """Break off what is being read right now; with a cancelled budget nothing starts anew."""
        self._outbound.abort()

    def _json(self, path: str, query: str) -> Json:
        answer = self._attempt(path, query, _LARGEST_JSON_BYTES)
        if answer.status in _REDIRECTS:
            self._redirected(self._url(path, query), answer)
            raise OddAnswer("Confluence redirected a request that should not be.")
        _raise_for(answer)
        try:
            value = json.loads(answer.content)
        except (ValueError, RecursionError) as error:
            raise OddAnswer("Confluence sent an answer that XPress cannot read.") from error
        if not isinstance(value, dict):
            raise OddAnswer("Confluence sent an answer that XPress cannot read.")
        return value

    def _attempt(self, path: str, query: str, most_bytes: int) -> Answer:
        """One GET with a few tries: rate limits and outages are waited for, within the budget."""
        for attempt in range(1, MOST_ATTEMPTS + 1):
            self._pass_gate()
            authorization = self._identity.authorization("GET", path, query, self.budget)
            try:
                answer = self._send(path, query, authorization, most_bytes)
            except NoAnswer:
                if attempt == MOST_ATTEMPTS:
                    raise
                self.budget.sleep(_pause(attempt))
                continue
            self._note_points(answer)
            if answer.status == 401 and self._identity.refused(authorization):
                continue
            if answer.status not in _RETRIED or attempt == MOST_ATTEMPTS:
                return answer
            self._hold(answer, attempt)
        return answer

    def _send(self, path: str, query: str, authorization: str, most_bytes: int) -> Answer:
        return self._outbound.send(
            "GET",
            self._url(path, query),
            budget=self.budget,
            most_bytes=most_bytes,
            headers={"Accept": "application/json, */*;q=0.5", "Authorization": authorization},
        )

    def _hold(self, answer: Answer, attempt: int) -> None:
        """After a 429 or 5xx: wait as long as asked, or give up when that is too long."""
        asked = _retry_after(answer.headers.get("Retry-After", ""))
        quota = "quota" in answer.headers.get("RateLimit-Reason", "")
        wait = asked if asked is not None else _pause(attempt)
        if answer.status == 429 and (quota or wait > min(LONGEST_WAIT_SECONDS, self.budget.left)):
            raise TooManyRequests(
                "Confluence's request limit for XPress is used up for now. Try again later.",
                retry_after=max(1, round(asked or 60)),
            )
        if answer.status == 429:
            with self._gate:
                self._opens_at = max(self._opens_at, time.monotonic() + wait)
        else:
            self.budget.sleep(min(wait, LONGEST_WAIT_SECONDS))

    def _pass_gate(self) -> None:
        while (wait := self._opens_at - time.monotonic()) > 0:
            self.budget.sleep(wait)
        self.budget.check()

    def _note_points(self, answer: Answer) -> None:
        told = whole_number(answer.headers.get("X-RateLimit-Remaining", ""))
        if told is not None:
            self.points_left = told

    def _next_query(self, path: str, following: object) -> str:
        """The query of the next page, if the link leads back to this very list on this site."""
        url = _join(self._url(path, ""), following) if isinstance(following, str) else None
        if url is not None:
            parts = urlsplit(url)
            below = relative_path(parts.path, self.site.context_path)
            if origin_of(url) == self.site.origin and below == path and parse_qsl(parts.query):
                return parts.query
        raise OddAnswer("Confluence sent a list whose next page leads elsewhere.")

    def _redirected(self, url: str, answer: Answer) -> str:
        target = _join(url, answer.headers.get("Location", ""))
        if target is None:
            raise OddAnswer("Confluence redirected a download to an address XPress does not open.")
        parts = urlsplit(target)
        if parts.hostname in _LOGIN_HOSTS or parts.path.endswith(("/login.action", "/login")):
            raise NotAuthorised("Confluence asks to sign in again.")
        if not self._outbound.origins.allows(target):
            raise OddAnswer("Confluence redirected a download to an address XPress does not open.")
        return target

    def _url(self, path: str, query: str) -> str:
        return f"{self.site.base_url}{path}" + (f"?{query}" if query else "")


def segment(text: str) -> str:
    """A path segment of outside origin, escaped whole."""
    return quote(text, safe="")


def _join(url: str, reference: str) -> str | None:
    try:
        return urljoin(url, reference)
    except ValueError:  # e.g. https://[
        return None


def _raise_for(answer: Answer) -> None:
    if answer.status == 429:
        raise TooManyRequests("Confluence is busy. Try again in a minute.", retry_after=60)
    if answer.status in (403, 404, 410):
        raise NotVisible("Confluence does not show this to you, or it is no longer there.")
    if answer.status == 401:
        raise NotAuthorised("Confluence does not let XPress read as you. Ask your site admin.")
    if answer.status >= 500:
        raise NoAnswer("Confluence has a problem of its own. Try again in a moment.")
    if answer.status != 200:
        raise OddAnswer("Confluence gave an answer that XPress does not know.")


def _retry_after(text: str) -> float | None:
    """Seconds, from seconds or a date; None when there is neither."""
    seconds = whole_number(text)
    if seconds is not None:
        return float(min(seconds, 86_400))
    try:
        return max(parsedate_to_datetime(text).timestamp() - time.time(), 0.0)
    except (ValueError, TypeError, OverflowError):
        return None


def _pause(attempt: int) -> float:
    # Full jitter, so that calls held back together do not come back together.
    return random.uniform(0.2, 2.0 ** (attempt - 1))  # noqa: S311
