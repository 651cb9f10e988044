"""The API of our own pages: which tokens it takes, and how it answers everybody else."""

from __future__ import annotations

import json
import socket
import statistics
import time
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.app import INSTALLED, App
from tests.atlassian import LEFT_OUT, Confluence, hs256, rs256, unsigned
from tests.journeys.test_install import REFUSED

SETTINGS = "/api/settings"
API = [
    ("GET", SETTINGS),
    ("PUT", SETTINGS),
    ("GET", "/api/spaces/DOC/settings"),
    ("PUT", "/api/spaces/DOC/settings"),
    ("GET", "/api/templates"),
    ("POST", "/api/spaces/DOC/templates"),
    ("GET", "/api/data"),
    ("DELETE", "/api/data"),
    ("GET", "/api/groups"),
    ("GET", "/api/tree?page=1"),
    ("POST", "/api/exports"),
]


def raw(app: App, head: str, body: bytes = b"") -> bytes:
    """What no HTTP library would send. → the whole answer"""
    parts = urlsplit(app.url)
    with socket.create_connection((parts.hostname, parts.port), timeout=5) as sock:
        sock.sendall(head.replace("\n", "\r\n").encode("latin-1") + b"\r\n\r\n" + body)
        answer = b""
        while piece := sock.recv(65536):
            answer += piece
    return answer


def test_a_context_token_opens_the_api(app, acme):
    assert app.call(acme, "GET", SETTINGS).status_code == 200


@pytest.mark.parametrize(("method", "path"), API)
def test_nothing_of_the_api_opens_without_a_context_token(app, acme, method, path):
    address, _, query = path.partition("?")
    tokens = {
        "none": None,
        "of a frame": acme.frame_token(address, query, method=method),
        "of an installation": rs256(acme.install_claims(app.url, address)),
        "unsigned": unsigned({"iss": acme.client_key, "qsh": "context-qsh"}),
        "of nobody": acme.context_token(iss="initech"),
        "of another secret": acme.context_token(secret="not the secret of acme at all"),
    }

    for name, token in tokens.items():
        answer = app.send(method, path, token, json={} if method != "GET" else None)
        assert (answer.status_code, answer.json()) == (401, REFUSED), name


@pytest.mark.parametrize(
    "change",
    [
        {"qsh": LEFT_OUT},
        {"qsh": "CONTEXT-QSH"},
        {"qsh": "context-qsh "},
        {"exp": LEFT_OUT},
        {"iat": LEFT_OUT},
        {"iss": LEFT_OUT},
        {"exp": 1e300},
        {"exp": "9999999999"},
        {"exp": True},
        {"exp": 2**40},
        {"iat": 0},
        {"iss": "io.github.xpress-pdf"},
        {"iss": "acme"},
        {"iss": "nul\0"},
        {"iss": "half\ud800"},
        {"aud": "https://evil.example"},
        {"sub": ""},
        {"sub": 7},
        {"sub": "a\nb"},
    ],
)
def test_a_claim_in_doubt_is_refused(app, acme, change):
    answer = app.get(SETTINGS, acme.context_token(**change))

    assert (answer.status_code, answer.json()) == (401, REFUSED)


@pytest.mark.parametrize("seconds", [-300, 300])
def test_a_token_of_another_time_is_refused(app, acme, seconds):
    now = int(time.time()) + seconds

    assert app.get(SETTINGS, acme.context_token(iat=now, exp=now + 180)).status_code == 401


def test_a_token_that_names_us_as_its_audience_is_good(app, acme):
    assert app.get(SETTINGS, acme.context_token(aud=app.url)).status_code == 200
    assert app.get(SETTINGS, acme.context_token(aud="io.github.xpress-pdf")).status_code == 200


def test_a_token_of_our_own_making_is_not_taken_back(app, acme):
    now = int(time.time())
    claims = {"iss": "io.github.xpress-pdf", "iat": now, "exp": now + 180, "qsh": "context-qsh"}

    assert app.get(SETTINGS, hs256(claims, acme.secret)).status_code == 401


def test_a_token_in_the_address_is_not_looked_at(app, acme):
    token = acme.context_token()

    assert app.get(f"{SETTINGS}?jwt={token}").status_code == 401
    assert app.get(f"{SETTINGS}?jwt={token}", token).status_code == 401


def test_a_token_that_stands_twice_is_refused(app, acme):
    token = acme.context_token()
    head = f"GET {SETTINGS} HTTP/1.0\nHost: localhost\n"

    answer = raw(app, f"{head}Authorization: JWT {token}\nAuthorization: JWT {token}")

    assert b" 401 " in answer.splitlines()[0]


def test_an_anonymous_reader_may_see_settings_and_change_nothing(app, acme):
    token = acme.context_token(sub=LEFT_OUT)

    assert app.get(SETTINGS, token).status_code == 200
    answer = app.send("PUT", SETTINGS, token, json={"inherited": True})
    assert (answer.status_code, answer.json()) == (401, REFUSED)
    assert app.get("/api/tree?page=1", token).status_code == 401
    assert acme.asked == []


def test_tokens_end_with_the_installation(app, acme):
    token = acme.context_token()

    app.switch(acme, "disabled")
    assert app.get(SETTINGS, token).json() == REFUSED
    app.switch(acme, "enabled")
    assert app.get(SETTINGS, token).status_code == 200
    app.uninstall(acme)
    assert app.get(SETTINGS, token).json() == REFUSED


def test_the_reason_is_logged_and_the_token_is_not(app, acme, caplog):
    token = acme.context_token(secret="not the secret of acme at all")

    app.get(SETTINGS, token)

    assert "reason=bad_signature" in caplog.text
    assert token not in caplog.text
    assert acme.client_key not in caplog.text


def test_an_unknown_issuer_takes_about_as_long_as_a_wrong_signature(app, acme):
    wrong = acme.context_token(secret="not the secret of acme at all")
    unknown = acme.context_token(iss="initech-4711-client-key")
    times: dict[str, list[float]] = {wrong: [], unknown: []}

    for _ in range(50):
        for token, taken in times.items():
            started = time.perf_counter()
            app.get(SETTINGS, token)
            taken.append(time.perf_counter() - started)

    slow, fast = (statistics.median(taken) for taken in times.values())
    assert 1 / 3 < slow / fast < 3


# Bodies


@pytest.mark.parametrize(
    ("method", "path", "kibibytes"),
    [
        ("PUT", SETTINGS, 512),  # a logo may be among the options
        ("PUT", "/api/spaces/DOC/settings", 512),
        ("POST", "/api/templates", 512),
        ("POST", "/api/spaces/DOC/templates", 512),
        ("PUT", "/api/spaces/DOC/templates/abc", 512),
        ("POST", "/api/spaces/DOC/templates/abc/copies", 64),
        ("POST", "/api/exports", 512),
        ("POST", INSTALLED, 64),
    ],
)
def test_a_body_is_read_as_far_as_its_address_needs_and_no_more(app, acme, method, path, kibibytes):
    def send(size: int) -> Any:
        body = json.dumps({"sparkles": True}).ljust(size).encode()
        headers = {"Content-Type": "application/json"}
        return app.call(acme, method, path, data=body, headers=headers)

    assert send(kibibytes * 1024).status_code in (400, 401)
    answer = send(kibibytes * 1024 + 1)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_the_limit_holds_before_anybody_is_verified(app, db):
    answer = app.send("POST", INSTALLED, data=b"x" * 70_000)

    assert answer.status_code == 413


@pytest.mark.parametrize("length", ["many", "-1", "1e3", "²", "9" * 5000])
def test_an_absurd_length_is_refused(client, length):
    answer = client.generic("POST", INSTALLED, b"{}", CONTENT_LENGTH=length)

    assert answer.status_code == 413


def test_a_body_without_a_length_is_refused(client):
    answer = client.generic("POST", INSTALLED, b"{}", HTTP_TRANSFER_ENCODING="chunked")

    assert (answer.status_code, answer.json()["code"]) == (411, "length_required")


@pytest.mark.parametrize(
    "media_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/xml",
        "",
    ],
)
def test_only_json_is_read(app, acme, media_type):
    answer = app.call(
        acme, "PUT", SETTINGS, data=b'{"inherited": true}', headers={"Content-Type": media_type}
    )

    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"\xff",
        b'{"inherited": NaN}',
        b"[" * 30_000,
        b'{"a":' * 10_000,
        b'{"inherited": ' + b"9" * 5000 + b"}",
    ],
    ids=["cut", "no UTF-8", "NaN", "deep", "deep objects", "digits"],
)
def test_json_that_cannot_be_read_is_the_senders_error(app, acme, body):
    headers = {"Content-Type": "application/json"}

    answer = app.call(acme, "PUT", SETTINGS, data=body, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (400, "parse_error")


@pytest.mark.parametrize("path", ["/api/settings", "/api/spaces/DOC/settings"])
def test_unknown_fields_are_refused_by_name(app, acme, path):
    acme.lets_administer("alice")

    answer = app.call(acme, "PUT", path, json={"inherited": True, "tenant": 2})

    assert answer.status_code == 400
    assert answer.json()["fields"] == {"tenant": "Unknown field."}


# Addresses


@pytest.mark.parametrize(
    "path", ["/", "/nothing", "/admin/", "/api/", "/api/settings/x", "//evil.example"]
)
def test_an_unknown_address_is_404_as_json(app, db, path):
    answer = app.get(path)

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert answer.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("path", ["/dialog/", "/api/settings/", INSTALLED + "/", "/healthz/"])
def test_a_slash_at_the_end_is_another_address_and_redirects_nowhere(app, db, path):
    answer = app.send("POST" if path.startswith("/lifecycle") else "GET", path)

    assert answer.status_code == 404
    assert "Location" not in answer.headers


@pytest.mark.parametrize("method", ["POST", "DELETE", "PATCH"])
def test_a_method_that_is_not_there_is_405(app, acme, method):
    answer = app.call(acme, method, SETTINGS, json={})

    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")


def test_a_thousand_parameters_are_refused(app, acme):
    query = "&".join(["a"] * 1001)

    answer = app.get(f"{SETTINGS}?{query}", acme.context_token())

    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


def test_the_address_a_caller_names_is_nowhere_believed(app, acme):
    answer = app.get("/atlassian-connect.json", headers={"Host": "evil.example"})

    assert answer.json()["baseUrl"] == app.url
    assert "evil.example" not in answer.text


def test_the_process_answers_and_is_ready(app, db):
    assert app.get("/healthz").text == "ok"
    assert app.get("/readyz").text == "ok"


# Headers


def answers(app: App, site: Confluence) -> dict[str, Any]:
    return {
        "descriptor": app.get("/atlassian-connect.json"),
        "api": app.call(site, "GET", SETTINGS),
        "refused": app.get(SETTINGS),
        "missing": app.get("/nothing"),
        "callback": app.switch(site, "enabled"),
        "too large": app.send("POST", INSTALLED, data=b"x" * 70_000),
        "health": app.get("/healthz"),
    }


def test_every_answer_carries_the_same_guards(app, acme):
    for name, answer in answers(app, acme).items():
        headers = answer.headers
        assert headers["X-Content-Type-Options"] == "nosniff", name
        assert headers["Referrer-Policy"] == "no-referrer", name
        assert headers["Cache-Control"] == "no-store", name
        assert headers["X-Frame-Options"] == "DENY", name
        assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'", (
            name
        )
        assert "Set-Cookie" not in headers, name
        assert "Access-Control-Allow-Origin" not in headers, name


@pytest.mark.parametrize("public", [True, False])
def test_https_is_asked_for_only_where_there_is_https(app, acme, settings, public):
    settings.XPRESS_IS_PUBLIC = public

    for name, answer in answers(app, acme).items():
        assert ("Strict-Transport-Security" in answer.headers) == public, name


def test_static_files_may_be_kept_and_are_guarded_as_well(client, db):
    answer = client.get("/static/addon/xpress.css")

    assert answer.status_code == 200
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert "no-store" not in answer["Cache-Control"]
    answer.close()


# What went wrong for us


def test_our_own_failure_is_told_with_a_reference_and_nothing_else(app, acme, settings, caplog):
    settings.SECRET_KEY = "a key that opens no secret of the database" * 2

    answer = app.call(acme, "GET", SETTINGS)

    body = answer.json()
    reference = body["message"].rpartition(" ")[2]
    assert (answer.status_code, body["code"]) == (500, "failed")
    assert set(body) == {"code", "message"}
    assert f"reference={reference} SealBroken at" in caplog.text
    assert acme.client_key not in answer.text + caplog.text
