"""FakeAtlassian: what stands round XPress, as small programs that do what a test tells them.

A key server, an authorization server, two Confluence sites and a media server, each on an origin
of its own, and the tokens that Atlassian signs. The query string hash here is a second, separate
reading of the specification, so that a mistake in the product's does not cancel out.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, quote

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

APP_KEY = "io.github.xpress-pdf"
LEFT_OUT: Any = object()  # as a claim's value: the claim is not there
KID = "b1a6c2f4-6a3e-4a3b-9a8e-0c1d2e3f4a5b"


@dataclass(frozen=True)
class Reply:
    """An answer as a test wants it. The body is JSON unless it is bytes or text."""

    body: Any = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    wait: float = 0.0  # seconds before the first byte
    drip: float = 0.0  # seconds between the bytes of the body
    cut_after: int | None = None  # bytes that are really sent of those declared

    @property
    def content(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return (self.body if isinstance(self.body, str) else json.dumps(self.body)).encode()


@dataclass(frozen=True)
class Asked:
    """A request that arrived."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: str
    at: float  # time.monotonic()

    @property
    def authorization(self) -> str | None:
        return self.headers.get("authorization")

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body))


Route = Callable[[Asked], Reply]


class Origin:
    """One HTTP server. A route answers with its replies in turn; the last one stays."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self._routes: dict[str, list[Reply] | Route] = {}
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        ).start()

    def on(self, path: str, *replies: Reply) -> None:
        self._routes[path] = list(replies)

    def on_call(self, path: str, route: Route) -> None:
        self._routes[path] = route

    def answer(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        route = self._routes.get(asked.path)
        if route is None:
            return Reply({"message": "not here"}, 404)
        if callable(route):
            return route(asked)
        return route.pop(0) if len(route) > 1 else route[0]

    def reset(self) -> None:
        self.asked.clear()
        self._routes.clear()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class KeyServer(Origin):
    """Serves the public half of `rsa_key()` under KID."""

    def reset(self) -> None:
        super().reset()
        self.on(f"/{KID}", Reply(pem(rsa_key())))


class Authorization(Origin):
    """Gives a token for each assertion that is signed with the secret of a known site."""

    def __init__(self) -> None:
        self.sites: list[Confluence] = []
        super().__init__()

    def reset(self) -> None:
        super().reset()
        self._given: dict[str, tuple[str, str]] = {}  # token → (base URL, account)
        self.seconds: Any = 900
        self.on_call("/oauth2/token", self._token)

    def account(self, token: str, base_url: str) -> str | None:
        """Whose token this is on the site, if it is one that was given and holds."""
        given_for, account = self._given.get(token, ("", ""))
        return account if given_for == base_url else None

    def revoke(self) -> None:
        self._given.clear()

    def _token(self, asked: Asked) -> Reply:
        assertion = asked.form["assertion"]
        claims = claims_of(assertion)
        site = next((site for site in self.sites if site.base_url == claims["tnt"]), None)
        if site is None or not site.signed(assertion) or asked.form["scope"] != "READ":
            return Reply({"error": "invalid_grant"}, 400)
        token = f"token-{len(self.asked)}"
        self._given[token] = (site.base_url, claims["sub"].rpartition(":")[2])
        answer = {"access_token": token, "expires_in": self.seconds, "token_type": "Bearer"}
        return Reply(answer)


class Confluence(Origin):
    """A site: shows its routes to Bearer tokens that were given for it, 401 to all others."""

    def __init__(self, name: str, authorization: Authorization) -> None:
        self.name, self._authorization = name, authorization
        self.client_key = f"{name}-4711-client-key"
        super().__init__()
        authorization.sites.append(self)

    def reset(self) -> None:
        super().reset()
        self.secret = f"{self.name}-secret-" * 4
        self.base_url = self.url + "/wiki"
        self.oauth_client_id = f"{self.name}-oauth-client"

    def rotate(self) -> None:
        self.secret = f"{self.name}-another-secret-" * 3

    def answer(self, asked: Asked) -> Reply:
        reply = super().answer(asked)
        return reply if self.whose(asked) else Reply({"message": "who are you?"}, 401)

    def whose(self, asked: Asked) -> str | None:
        scheme, _, token = (asked.authorization or "").partition(" ")
        return self._authorization.account(token, self.base_url) if scheme == "Bearer" else None

    def signed(self, token: str) -> bool:
        try:
            jwt.decode(token, self.secret, ["HS256"], options={"verify_aud": False})
        except jwt.InvalidTokenError:
            return False
        return True

    def on_rest(self, path: str, *replies: Reply) -> None:
        """`path` below the context path."""
        self.on("/wiki" + path, *replies)

    def installation(self, **changes: Any) -> dict[str, Any]:
        """The body of the `installed` callback."""
        body = {
            "key": APP_KEY,
            "clientKey": self.client_key,
            "sharedSecret": self.secret,
            "baseUrl": self.base_url,
            "displayUrl": self.base_url,
            "oauthClientId": self.oauth_client_id,
            "productType": "confluence",
            "description": "A site for tests",
            "eventType": "installed",
        }
        return without_left_out(body | changes)

    def install_claims(self, base_url: str, path: str, **changes: Any) -> dict[str, Any]:
        now = int(time.time())
        claims = {
            "iss": self.client_key,
            "aud": base_url,
            "iat": now,
            "exp": now + 180,
            "qsh": qsh("POST", path),
        }
        return without_left_out(claims | changes)

    def frame_token(
        self, path: str, query: str = "", account: str = "alice", method: str = "GET", **claims: Any
    ) -> str:
        """A token for this very request; any claim can be given, or LEFT_OUT."""
        return self.token(account, **{"qsh": qsh(method, path, query), **claims})

    def context_token(self, account: str = "alice", **claims: Any) -> str:
        return self.token(account, **{"qsh": "context-qsh", **claims})

    def token(self, account: str, secret: str = "", **changes: Any) -> str:
        now = int(time.time())
        claims = {"iss": self.client_key, "sub": account, "iat": now, "exp": now + 180}
        return hs256(without_left_out(claims | changes), secret or self.secret)

    def lets_administer(self, *accounts: str, space: str = "DOC") -> None:
        """These accounts administer the site and the space; all see both."""

        def operations(target: str) -> Callable[[Asked], list[dict[str, str]]]:
            def of(asked: Asked) -> list[dict[str, str]]:
                admin = {"operation": "administer", "targetType": target}
                read = {"operation": "read", "targetType": target}
                return [read, admin] if self.whose(asked) in accounts else [read]

            return of

        site, in_space = operations("application"), operations("space")
        self.on_call(
            "/wiki/rest/api/user/current", lambda asked: Reply({"operations": site(asked)})
        )
        rows = {"results": [{"id": "98", "key": space, "name": "Docs"}]}
        nothing: dict[str, Any] = {"results": []}
        self.on_call(
            "/wiki/api/v2/spaces",
            lambda asked: Reply(rows if parse_qs(asked.query)["keys"] == [space] else nothing),
        )
        self.on_call(
            "/wiki/api/v2/spaces/98/operations",
            lambda asked: Reply({"operations": in_space(asked)}),
        )


class FakeAtlassian:
    """All of it. `reset` makes it new between tests."""

    def __init__(self) -> None:
        self.keys = KeyServer()
        self.authorization = Authorization()
        self.acme = Confluence("acme", self.authorization)
        self.globex = Confluence("globex", self.authorization)
        self.media = Origin()
        self._all = (self.keys, self.authorization, self.acme, self.globex, self.media)

    def reset(self) -> None:
        for origin in self._all:
            origin.reset()

    def close(self) -> None:
        for origin in self._all:
            origin.close()


def without_left_out(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not LEFT_OUT}


# Keys and tokens.


@lru_cache
def rsa_key(bits: int = 2048, number: int = 0) -> rsa.RSAPrivateKey:
    """The same key for the same arguments."""
    return rsa.generate_private_key(65537, bits)


@lru_cache
def ec_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def rs256(claims: Mapping[str, Any], key: Any = None, kid: Any = KID, **header: Any) -> str:
    """Signed as Atlassian signs callbacks about installations."""
    return rs256_text(
        json.dumps(claims), key or rsa_key(), without_left_out({"kid": kid, **header})
    )


def rs256_text(payload: str, key: rsa.RSAPrivateKey, header: Mapping[str, Any]) -> str:
    """For keys that are too short and payloads that no library would make."""
    signed = f"{_part(json.dumps({'alg': 'RS256', **header}))}.{_part(payload)}"
    return f"{signed}.{_base64(key.sign(signed.encode(), PKCS1v15(), SHA256()))}"


def hs256(claims: Mapping[str, Any], secret: str) -> str:
    return raw_token({"alg": "HS256", "typ": "JWT"}, json.dumps(claims), secret)


def raw_token(header: Any, payload: str, secret: str) -> str:
    """HMAC over whatever is given: for tokens that no library would make."""
    signed = f"{_part(json.dumps(header))}.{_part(payload)}"
    signature = hmac.digest(secret.encode(), signed.encode(), "sha256")
    return f"{signed}.{_base64(signature)}"


def unsigned(claims: Mapping[str, Any]) -> str:
    return f"{_part(json.dumps({'alg': 'none', 'kid': KID}))}.{_part(json.dumps(claims))}."


def claims_of(token: str) -> dict[str, Any]:
    """What a token says, unverified."""
    return jwt.decode(token, options={"verify_signature": False})


def qsh(method: str, path: str, query: str = "") -> str:
    values: dict[str, list[str]] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name != "jwt":
            values.setdefault(name, []).append(value)
    pairs = [
        f"{quote(name, safe='~')}={','.join(quote(value, safe='~') for value in sorted(found))}"
        for name, found in sorted(values.items())
    ]
    text = f"{method.upper()}&{path}&{'&'.join(pairs)}"
    return hashlib.sha256(text.encode()).hexdigest()


def _part(text: str) -> str:
    return _base64(text.encode())


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *args: object) -> None:
        """A client that left is no news here."""


def _handler(origin: Origin) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            path, _, query = self.path.partition("?")
            length = int(self.headers.get("Content-Length", "0"))
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(length).decode()
            asked = Asked(self.command, path, query, headers, body, time.monotonic())
            try:
                self._send(origin.answer(asked))
            except OSError:
                self.close_connection = True  # the other side had enough

        do_POST = do_GET

        def _send(self, reply: Reply) -> None:
            time.sleep(reply.wait)
            content = reply.content
            self.send_response(reply.status)
            headers = {"Content-Type": "application/json", "Content-Length": str(len(content))}
            for name, value in (headers | dict(reply.headers)).items():
                self.send_header(name, value)
            self.end_headers()
            if reply.cut_after is not None:
                content = content[: reply.cut_after]
                self.close_connection = True
            step = 1 if reply.drip else max(len(content), 1)
            for start in range(0, len(content), step):
                self.wfile.write(content[start : start + step])
                time.sleep(reply.drip)

        def log_message(self, *args: object) -> None:
            pass

    return Handler
