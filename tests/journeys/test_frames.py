"""The pages that Confluence frames: what opens them, and what they say to everybody else."""

from __future__ import annotations

import re
import time
from typing import Any
from urllib.parse import quote

import pytest

from addon.models import Tenant
from tests.app import INSTALLED
from tests.atlassian import LEFT_OUT, qsh, rs256, unsigned

DIALOG = "/dialog?page=65537&space=DOC"
FRAMES = [DIALOG, "/space-settings?space=DOC", "/configure", "/get-started"]
QUERY = "page=65537&space=DOC"


def is_small_page(answer: Any, status: int) -> bool:
    """A page that may be framed and says what to do, and nothing of why."""
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "frame-ancestors https://*.atlassian.net" in answer.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer.headers
    return f'data-status="{status}"' in answer.text and len(answer.text) < 10_000


def is_refused(answer: Any) -> bool:
    assert "Open this page from Confluence" in answer.text
    return is_small_page(answer, 401)


@pytest.mark.parametrize("address", FRAMES)
def test_a_frame_opens_with_the_token_in_its_address(app, acme, address):
    answer = app.frame(acme, address)

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "https://connect-cdn.atl-paas.net/all.js" in answer.text


def test_a_frame_opens_with_the_token_in_the_header(app, acme):
    assert app.get(DIALOG, acme.frame_token("/dialog", QUERY)).status_code == 200


def test_parameters_that_the_host_adds_are_part_of_the_signature(app, acme):
    more = QUERY + "&xdm_e=https%3A%2F%2Facme.atlassian.net&xdm_c=channel&cp=%2Fwiki&lic=&cv=1"

    assert app.frame(acme, f"/dialog?{more}").status_code == 200


def test_the_token_may_stand_anywhere_in_the_address(app, acme):
    token = acme.frame_token("/dialog", QUERY)

    assert app.get(f"/dialog?jwt={token}&{QUERY}").status_code == 200


def test_an_anonymous_reader_sees_the_page(app, acme):
    assert app.frame(acme, DIALOG, sub=LEFT_OUT).status_code == 200


def test_the_dialog_opens_without_a_request_to_confluence(app, atlassian, acme):
    app.frame(acme, DIALOG)

    assert acme.asked == atlassian.authorization.asked == []


def test_the_token_is_not_in_the_page(app, acme):
    token = acme.frame_token("/dialog", QUERY)

    assert token not in app.get(f"{DIALOG}&jwt={token}").text


# Headers


@pytest.mark.parametrize("address", FRAMES)
def test_a_frame_may_be_framed_by_confluence_and_loads_nothing_foreign(
    app, acme, settings, address
):
    headers = app.frame(acme, address).headers

    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    hosts = " ".join(settings.XPRESS_ALLOWED_HOSTS)
    platform = "https://connect-cdn.atl-paas.net"
    assert policy == {
        "default-src": "'none'",
        "script-src": f"'self' {platform}",
        "style-src": f"'self' {platform}",
        "img-src": "'self' data:",
        "connect-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": f"{hosts} {acme.url}",
    }
    assert "X-Frame-Options" not in headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Strict-Transport-Security" not in headers
    assert "Set-Cookie" not in headers


def test_a_site_with_a_domain_of_its_own_may_frame_its_pages_and_nobody_elses(app, acme, globex):
    app.install(acme, acme.installation(displayUrl="https://docs.acme.example/wiki"))

    policies = {
        site.name: app.frame(site, DIALOG).headers["Content-Security-Policy"]
        for site in (acme, globex)
    }

    assert policies["acme"].endswith(" https://docs.acme.example")
    assert "docs.acme.example" not in policies["globex"]


@pytest.mark.parametrize(
    "display_url", ["https://x.example; script-src *", "https://x.example 'self' *", "*", "data:"]
)
def test_a_display_address_adds_nothing_else_to_the_policy(app, acme, display_url):
    Tenant.objects.update(display_url=display_url)  # even if it had come in somehow

    policy = app.frame(acme, DIALOG).headers["Content-Security-Policy"]

    assert policy.count("script-src") == 1
    assert "*" not in policy.replace("https://*.atlassian.net", "")


def test_the_policies_allow_no_inline_script_and_the_pages_have_none(app, acme):
    for address in FRAMES:
        text = app.frame(acme, address).text
        assert "<script>" not in text
        assert "style=" not in text
        assert "onclick" not in text


def test_https_is_asked_for_where_there_is_https(app, acme, settings):
    settings.XPRESS_IS_PUBLIC = True

    headers = app.frame(acme, DIALOG).headers

    assert headers["Strict-Transport-Security"].startswith("max-age=31536000")


# Refused


@pytest.mark.parametrize("address", FRAMES)
def test_a_frame_without_a_good_token_is_a_small_page(app, acme, address):
    path, _, query = address.partition("?")
    tokens = {
        "of the API": acme.context_token(),
        "of an installation": rs256(
            acme.install_claims(app.url, path, qsh=qsh("GET", path, query))
        ),
        "unsigned": unsigned({"iss": acme.client_key, "qsh": qsh("GET", path, query)}),
        "of nobody": acme.frame_token(path, query, iss="initech"),
        "of another secret": acme.frame_token(path, query, secret="not the secret of acme at all"),
        "of another page": acme.frame_token("/other", query),
        "of another query": acme.frame_token(path, query + "&a=b"),
        "of another method": acme.frame_token(path, query, method="POST"),
        "for somebody else": acme.frame_token(path, query, aud="https://evil.example"),
        "no token": "a.b.c",
        "nothing": "",
    }

    assert is_refused(app.get(address))
    for name, token in tokens.items():
        by_address = app.get(f"{path}?{query}&jwt={token}" if query else f"{path}?jwt={token}")
        assert is_refused(by_address), name
        assert is_refused(app.get(address, token)), name


def test_all_refusals_are_one_page(app, acme, globex):
    texts = {
        app.get(DIALOG).text,
        app.get(DIALOG, acme.context_token()).text,
        app.get(DIALOG, acme.frame_token("/dialog", QUERY, iss="initech")).text,
        app.get(DIALOG, acme.frame_token("/dialog", QUERY, iss=globex.client_key)).text,
        app.get(DIALOG, acme.frame_token("/dialog", QUERY, exp=LEFT_OUT)).text,
        app.get(DIALOG, acme.frame_token("/dialog", "page=65538&space=DOC")).text,
    }

    assert len(texts) == 1


def test_a_token_in_header_and_address_is_refused(app, acme):
    token = acme.frame_token("/dialog", QUERY)

    assert is_refused(app.get(f"{DIALOG}&jwt={token}", token))
    assert is_refused(app.get(f"{DIALOG}&jwt=", token))


def test_a_token_that_stands_twice_in_the_address_is_refused(app, acme):
    token = acme.frame_token("/dialog", QUERY)

    assert is_refused(app.get(f"{DIALOG}&jwt={token}&jwt={token}"))
    assert is_refused(app.get(f"{DIALOG}&jwt={token}&%6Awt={token}"))
    assert is_refused(app.get(f"{DIALOG}&jwt={token}&jwt="))


@pytest.mark.parametrize(
    "change",
    [
        {"exp": LEFT_OUT},
        {"iat": LEFT_OUT},
        {"qsh": LEFT_OUT},
        {"exp": 1e300},
        {"exp": "soon"},
        {"exp": True},
        {"exp": 2**62},
        {"iat": 1},
        {"sub": 7},
        {"aud": ["https://evil.example"]},
    ],
)
def test_a_claim_in_doubt_is_refused(app, acme, change):
    assert is_refused(app.frame(acme, DIALOG, **change))


@pytest.mark.parametrize("shift", [-300, -215, 60, 300])
def test_a_token_of_another_time_is_refused(app, acme, shift):
    now = int(time.time()) + shift

    assert is_refused(app.frame(acme, DIALOG, iat=now, exp=now + 180))


def test_a_token_that_lives_too_long_is_refused(app, acme):
    assert is_refused(app.frame(acme, DIALOG, exp=int(time.time()) + 3700))


def test_a_disabled_site_sees_a_small_page(app, acme):
    app.switch(acme, "disabled")

    assert is_refused(app.frame(acme, DIALOG))


def test_an_uninstalled_site_sees_a_small_page(app, acme):
    app.uninstall(acme)

    assert is_refused(app.frame(acme, DIALOG))


def test_a_changed_parameter_is_refused(app, acme):
    token = acme.frame_token("/dialog", QUERY)

    assert is_refused(app.get(f"/dialog?page=65538&space=DOC&jwt={token}"))
    assert is_refused(app.get(f"/dialog?page=65537&space=HR&jwt={token}"))
    assert is_refused(app.get(f"{DIALOG}&more=1&jwt={token}"))


@pytest.mark.parametrize(
    "query",
    [
        "page=1&page=2&space=DOC",
        "page=2&page=1&space=DOC",
        "page=1&page=1&space=DOC",
        "page=1&space=DOC&space=HR",
        "page=1&space=DOC&%70age=2",
        "page=1",
        "space=DOC",
        "page=&space=DOC",
        "page=1&space=",
        "page=1.0&space=DOC",
        "page=-1&space=DOC",
        "page=１&space=DOC",
        "page=1%0A&space=DOC",
        "page=1&space=D%20C",
        "page=1&space=..%2FDOC",
        "page=1&space=%3Cscript%3E",
        "page=1&space=%FF",
        "page=1&space=" + "x" * 256,
        "page=" + "1" * 20 + "&space=DOC",
    ],
)
def test_a_parameter_of_ours_stands_once_and_in_its_form(app, acme, query):
    query = quote(query, safe="%=&")

    answer = app.frame(acme, f"/dialog?{query}")

    assert is_small_page(answer, 400)
    assert "<script>" not in answer.text.lower()


def test_the_space_page_needs_its_space_once(app, acme):
    assert is_small_page(app.frame(acme, "/space-settings"), 400)
    assert is_small_page(app.frame(acme, "/space-settings?space=A&space=B"), 400)


def test_a_thousand_parameters_are_a_small_page(app, acme):
    assert is_small_page(app.frame(acme, f"{DIALOG}&{'&'.join(['a'] * 1000)}"), 400)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_frames_are_only_looked_at(app, acme, method):
    token = acme.frame_token("/dialog", QUERY, method=method)

    assert is_small_page(app.send(method, DIALOG, token), 405)


def test_a_personal_space_has_settings_too(app, acme):
    answer = app.frame(acme, "/space-settings?space=~712020abc")

    assert answer.status_code == 200


def test_install_tokens_open_no_frame_and_frame_tokens_install_nothing(app, acme):
    frame = acme.frame_token(INSTALLED, method="POST")

    assert app.send("POST", INSTALLED, frame, json=acme.installation()).status_code == 401


def test_our_own_failure_is_a_small_page(app, acme, settings):
    settings.SECRET_KEY = "a key that opens no secret of the database" * 2

    answer = app.frame(acme, DIALOG)

    assert is_small_page(answer, 500)
    assert "Reference: " in answer.text
    assert "SealBroken" not in answer.text


def ticket_of(answer: Any) -> str:
    found = re.search(r'data-ticket="([^"]+)"', answer.text)
    assert found
    return found[1]


def test_a_page_can_be_opened_once_more_in_the_language_of_confluence(app, acme):
    ticket = ticket_of(app.frame(acme, DIALOG))

    again = app.get(f"{DIALOG}&lang=de&ticket={ticket}")

    assert again.status_code == 200
    assert '<html lang="de"' in again.text
    assert "Als PDF exportieren" in again.text


@pytest.mark.parametrize(
    "address",
    [
        "/dialog?page=65538&space=DOC&lang=de&ticket={}",
        "/get-started?page=65537&space=DOC&lang=de&ticket={}",
        DIALOG + "&more=1&ticket={}",
        DIALOG + "&ticket={}&ticket={}",
        DIALOG + "&ticket={}x",
        DIALOG + "&ticket=",
    ],
)
def test_a_ticket_opens_its_own_page_and_no_other(app, acme, address):
    ticket = ticket_of(app.frame(acme, DIALOG))

    assert is_refused(app.get(address.replace("{}", ticket)))


def test_a_ticket_opens_nothing_else(app, acme):
    ticket = ticket_of(app.frame(acme, DIALOG))

    assert app.get(f"/api/settings?ticket={ticket}").status_code == 401


def test_a_ticket_of_a_site_that_left_opens_nothing(app, acme):
    ticket = ticket_of(app.frame(acme, DIALOG))
    Tenant.objects.update(state=Tenant.State.DISABLED)

    assert is_refused(app.get(f"{DIALOG}&ticket={ticket}"))


def test_a_ticket_is_good_for_three_minutes(app, acme, monkeypatch):
    ticket = ticket_of(app.frame(acme, DIALOG))
    now = time.time()
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + 200)

    assert is_refused(app.get(f"{DIALOG}&ticket={ticket}"))
