"""Install, reinstall, rotate, disable, uninstall: over HTTP, as Atlassian calls."""

from __future__ import annotations

import json
import time
from typing import Any

import jwt
import pytest

from addon.models import Tenant
from tests.addon.choices import kept
from tests.app import INSTALLED, UNINSTALLED, App
from tests.atlassian import (
    KID,
    LEFT_OUT,
    Confluence,
    Reply,
    ec_key,
    hs256,
    pem,
    qsh,
    raw_token,
    rs256,
    rs256_text,
    rsa_key,
    unsigned,
)

DIALOG = "/dialog?page=65537&space=DOC"
REFUSED = {
    "code": "unauthorized",
    "message": "This request could not be verified. Reload the page in Confluence.",
}


def everything() -> list[dict[str, Any]]:
    """All that is in the database."""
    return [*Tenant.objects.order_by("pk").values(), *kept()]


def post(app: App, site: Confluence, token: str | None, path: str = INSTALLED) -> Any:
    return app.send("POST", path, token, json=site.installation())


@pytest.fixture
def claims(app: App, atlassian: Any) -> dict[str, Any]:
    """Of a good `installed` callback of acme."""
    return dict(atlassian.acme.install_claims(app.url, INSTALLED))


# The good walk


def test_a_site_installs_and_its_people_open_the_dialog(app, atlassian):
    answer = app.install(atlassian.acme)

    assert (answer.status_code, answer.content) == (204, b"")
    assert app.frame(atlassian.acme, DIALOG).status_code == 200
    assert [asked.path for asked in atlassian.keys.asked] == [f"/{KID}"]


def test_the_key_is_fetched_once_for_many_callbacks(app, atlassian, acme, globex):
    app.install(acme)

    assert len(atlassian.keys.asked) == 1


def test_fields_that_we_do_not_know_may_come_along(app, atlassian):
    body = atlassian.acme.installation(cloudId="c", capabilitySet="x", publicKey="ignored", new=[1])

    assert app.install(atlassian.acme, body).status_code == 204


def test_the_secret_in_the_database_is_sealed(acme):
    row = Tenant.objects.values().get()

    assert acme.secret not in str(row)
    assert row["sealed_secret"]


def test_installing_again_brings_a_new_secret_and_keeps_the_settings(app, acme):
    acme.lets_administer("alice")
    app.call(acme, "PUT", "/api/settings", json={"options": {"paper": "Letter"}})
    old = acme.frame_token("/dialog", "page=65537&space=DOC")
    acme.rotate()

    assert app.install(acme).status_code == 204

    assert app.get(DIALOG, old).status_code == 401
    assert app.frame(acme, DIALOG).status_code == 200
    assert app.call(acme, "GET", "/api/settings").json()["options"]["paper"] == "Letter"
    assert Tenant.objects.count() == 1


def test_a_site_that_moved_is_read_at_its_new_address(app, atlassian, acme):
    app.install(acme, acme.installation(baseUrl=atlassian.globex.base_url))

    assert Tenant.objects.get().base_url == atlassian.globex.base_url


def test_the_same_callback_twice_is_one_tenant(app, acme):
    before = everything()

    token = rs256(acme.install_claims(app.url, INSTALLED))
    assert [post(app, acme, token).status_code for _ in range(2)] == [204, 204]

    assert len(everything()) == len(before) == 1


def test_the_secrets_of_two_sites_do_not_mix(app, acme, globex):
    forged = globex.frame_token("/dialog", "page=65537&space=DOC", iss=acme.client_key)

    assert app.frame(acme, DIALOG).status_code == 200
    assert app.frame(globex, DIALOG).status_code == 200
    assert app.get(DIALOG, forged).status_code == 401


def test_uninstalling_erases_secret_and_settings_and_ends_all_tokens(app, acme, globex):
    for site in (acme, globex):
        site.lets_administer("alice")
        app.call(site, "PUT", "/api/settings", json={"options": {"paper": "Letter"}})

    assert app.uninstall(acme).status_code == 204

    rows = {row["client_key"]: row for row in Tenant.objects.values()}
    erased = rows[acme.client_key]
    assert not any(erased[name] for name in ("sealed_secret", "base_url", "display_url"))
    assert not erased["oauth_client_id"]
    assert {row["tenant"] for row in kept()} == {rows[globex.client_key]["id"]}
    assert app.frame(acme, DIALOG).status_code == 401
    assert app.call(acme, "GET", "/api/settings").status_code == 401
    assert app.switch(acme, "enabled").status_code == 401
    assert app.frame(globex, DIALOG).status_code == 200


def test_uninstalling_twice_is_as_good_as_once(app, acme):
    assert [app.uninstall(acme).status_code for _ in range(2)] == [204, 204]


def test_uninstalling_a_site_that_never_was_is_good(app, atlassian):
    assert app.uninstall(atlassian.acme).status_code == 204
    assert everything() == []


def test_a_site_can_come_back_and_starts_anew(app, acme):
    acme.lets_administer("alice")
    app.call(acme, "PUT", "/api/settings", json={"options": {"paper": "Letter"}})
    app.uninstall(acme)
    acme.rotate()

    assert app.install(acme).status_code == 204

    assert app.frame(acme, DIALOG).status_code == 200
    assert app.call(acme, "GET", "/api/settings").json()["options"]["paper"] == "A4"


def test_a_disabled_site_is_shut_out_until_it_is_enabled(app, acme):
    assert app.switch(acme, "disabled").status_code == 204
    assert app.frame(acme, DIALOG).status_code == 401
    assert app.call(acme, "GET", "/api/settings").status_code == 401

    assert app.switch(acme, "enabled").status_code == 204
    assert app.frame(acme, DIALOG).status_code == 200


def test_a_disabled_site_can_be_uninstalled(app, acme):
    app.switch(acme, "disabled")

    assert app.uninstall(acme).status_code == 204


# Refused: the token


@pytest.fixture
def refuses(app: App, atlassian: Any) -> Any:
    """`refuses(token)`: 401, the one body, and nothing changed, with and without a tenant."""

    def check(token: str | None, path: str = INSTALLED, **more: Any) -> None:
        before = everything()
        send = {"json": atlassian.acme.installation()} | more
        answer = app.send("POST", path, token, **send)
        assert (answer.status_code, answer.json()) == (401, REFUSED)
        assert answer.headers["WWW-Authenticate"] == "JWT"
        assert everything() == before

    return check


def test_a_callback_without_a_token_is_refused(refuses):
    refuses(None)


@pytest.mark.parametrize("header", ["", "JWT", "JWT ", "Bearer {}", "jwt {}", "JWT token={}", "{}"])
def test_a_token_in_another_form_of_header_is_refused(refuses, claims, header):
    refuses(None, headers={"Authorization": header.format(rs256(claims))})


def test_a_token_in_the_address_is_refused(app, atlassian, claims):
    token = rs256(claims)

    answer = app.send("POST", f"{INSTALLED}?jwt={token}", json=atlassian.acme.installation())

    assert answer.status_code == 401
    assert everything() == []


def test_a_token_in_header_and_address_is_refused(app, atlassian, claims):
    token = rs256(claims)

    answer = app.send("POST", f"{INSTALLED}?jwt={token}", token, json=atlassian.acme.installation())

    assert answer.status_code == 401


def test_the_secret_of_a_tenant_signs_no_installation(app, refuses, acme, claims):
    refuses(hs256(claims, acme.secret))
    refuses(raw_token({"alg": "HS256", "kid": KID}, json.dumps(claims), acme.secret))


def test_the_public_key_signs_nothing_either(refuses, claims):
    refuses(hs256(claims, pem(rsa_key()).decode()))


def test_no_signature_is_none(refuses, claims):
    refuses(unsigned(claims))
    refuses(unsigned(claims) + "AAAA")


@pytest.mark.parametrize("algorithm", ["RS384", "RS512", "PS256"])
def test_other_algorithms_are_refused(refuses, claims, algorithm):
    refuses(jwt.encode(claims, rsa_key(), algorithm, headers={"kid": KID}))


@pytest.mark.parametrize(
    "kid",
    [
        LEFT_OUT,
        "",
        "../" + KID,
        "..%2F" + KID,
        KID + "/../x",
        KID + "?a=b",
        KID + "#a",
        KID + ".pem",
        "//evil.example/" + KID,
        "@evil.example",
        "http://127.0.0.1:1/",
        "a b",
        "a\nb",
        "x" * 65,
    ],
)
def test_a_doubtful_key_id_is_refused_without_a_request(refuses, atlassian, claims, kid):
    refuses(rs256(claims, kid=kid))

    assert atlassian.keys.asked == []


@pytest.mark.parametrize("kid", [7, ["a"], {"a": 1}, True])
def test_a_key_id_that_is_no_text_is_refused_without_a_request(refuses, atlassian, kid):
    refuses(raw_token({"alg": "RS256", "kid": kid}, '{"iss": "acme"}', "x"))

    assert atlassian.keys.asked == []


def test_an_unknown_key_id_is_refused(refuses, atlassian, claims):
    refuses(rs256(claims, kid="unknown"))

    assert [asked.path for asked in atlassian.keys.asked] == ["/unknown"]


@pytest.mark.parametrize(
    "reply",
    [
        Reply(b"", 404),
        Reply(b"", 500),
        Reply(pem(rsa_key()), 500),
        Reply(pem(rsa_key()), 203),
        Reply(pem(rsa_key()) + b" " * 9000),
        Reply(pem(rsa_key()), headers={"Content-Encoding": "gzip"}),
        Reply(pem(rsa_key()), cut_after=100),
        Reply(b"no key"),
        Reply(pem(ec_key())),
    ],
    ids=["404", "500", "500 key", "203 key", "oversized", "packed", "cut", "text", "elliptic"],
)
def test_a_key_server_that_stumbles_refuses(refuses, atlassian, claims, reply):
    atlassian.keys.on(f"/{KID}", reply)

    refuses(rs256(claims))


def test_a_key_server_that_redirects_refuses(refuses, atlassian, claims):
    atlassian.keys.on(f"/{KID}", Reply(b"", 302, {"Location": atlassian.media.url + "/key"}))
    atlassian.media.on("/key", Reply(pem(rsa_key())))

    refuses(rs256(claims))

    assert atlassian.media.asked == []


def test_a_slow_key_server_refuses_after_three_seconds(refuses, atlassian, claims):
    atlassian.keys.on(f"/{KID}", Reply(pem(rsa_key()), wait=8))
    started = time.monotonic()

    refuses(rs256(claims))

    assert time.monotonic() - started < 4


def test_a_short_key_is_refused(refuses, atlassian, claims):
    short = rsa_key(1024)
    atlassian.keys.on(f"/{KID}", Reply(pem(short)))

    refuses(rs256(claims, short))


def test_another_private_key_is_refused(refuses, claims):
    refuses(rs256(claims, rsa_key(number=1)))


# Refused: the claims


@pytest.mark.parametrize("name", ["iss", "aud", "iat", "exp", "qsh"])
def test_a_claim_that_is_not_there_is_missed(refuses, claims, name):
    del claims[name]

    refuses(rs256(claims))


@pytest.mark.parametrize(
    "audience",
    [
        "https://evil.example",
        "{}.evil.example",
        "https://evil.example/?{}",
        "{}1",
        "{}/atlassian-connect.json",
        "io.github.xpress-pdf",
        "",
        [],
        ["https://evil.example"],
        ["https://evil.example", "{}1"],
        7,
        {"{}": True},
    ],
)
def test_another_audience_is_refused(app, refuses, claims, audience):
    if isinstance(audience, str):
        audience = audience.format(app.url)
    elif isinstance(audience, list):
        audience = [name.format(app.url) for name in audience]

    refuses(rs256(claims | {"aud": audience}))


def test_a_shorter_audience_is_refused(app, refuses, claims):
    refuses(rs256(claims | {"aud": app.url[:-1]}))
    refuses(rs256(claims | {"aud": app.url.rpartition(":")[0]}))


@pytest.mark.parametrize("many", [False, True])
def test_our_audience_may_end_in_a_slash_or_stand_among_others(app, atlassian, many):
    audience = app.url + "/"
    answer = app.install(atlassian.acme, aud=["https://x.example", audience] if many else audience)

    assert answer.status_code == 204


@pytest.mark.parametrize(
    "other",
    [
        qsh("POST", UNINSTALLED),
        qsh("GET", INSTALLED),
        qsh("POST", INSTALLED, "a=b"),
        qsh("POST", INSTALLED).upper(),
        "context-qsh",
        "",
        None,
        7,
    ],
)
def test_the_hash_of_another_request_is_refused(refuses, claims, other):
    refuses(rs256(claims | {"qsh": other}))


def test_a_parameter_that_was_not_signed_is_refused(app, atlassian, claims):
    answer = post(app, atlassian.acme, rs256(claims), INSTALLED + "?a=b")

    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("since", "until"),
    [(-400, -220), (-211, -31), (60, 240), (31, 200), (0, 3601), (0, 86_400), (10, 10), (10, 5)],
    ids=["expired", "just expired", "future", "just future", "long", "a day", "none", "backwards"],
)
def test_a_token_of_another_time_is_refused(refuses, claims, since, until):
    now = int(time.time())
    shift = 2 if since > 0 else -2  # the clock goes on while the request is under way
    refuses(rs256(claims | {"iat": now + since + shift, "exp": now + until + shift}))


@pytest.mark.parametrize("absurd", [1e300, "soon", True, 10**300, -1, None, [1], 1e10, 2**63])
@pytest.mark.parametrize("name", ["exp", "iat"])
def test_an_absurd_time_is_refused(refuses, claims, name, absurd):
    refuses(rs256(claims | {name: absurd}))


def test_a_claim_that_stands_twice_is_refused(refuses, claims):
    text = json.dumps(claims)[:-1] + ', "iss": "evil"}'

    refuses(rs256_text(text, rsa_key(), {"kid": KID}))


def test_the_body_must_name_the_sender_of_the_token(app, atlassian, acme):
    before = everything()

    answer = app.install(acme, atlassian.globex.installation())
    gone = app.send(
        "POST",
        UNINSTALLED,
        rs256(atlassian.globex.install_claims(app.url, UNINSTALLED)),
        json=acme.installation(),
    )

    assert (answer.status_code, gone.status_code) == (401, 401)
    assert answer.json() == gone.json() == REFUSED
    assert everything() == before


def test_an_older_callback_does_not_bring_the_old_secret_back(app, acme):
    now = int(time.time())
    old = rs256(acme.install_claims(app.url, INSTALLED, iat=now - 20))
    old_body = acme.installation()
    acme.rotate()
    app.install(acme)
    before = everything()

    answer = app.send("POST", INSTALLED, old, json=old_body)

    assert (answer.status_code, answer.json()) == (401, REFUSED)
    assert everything() == before


def test_an_older_callback_does_not_bring_an_uninstalled_site_back(app, acme):
    now = int(time.time())
    app.uninstall(acme, iat=now + 1)

    assert app.install(acme, iat=now).status_code == 401
    assert Tenant.objects.get().state == "uninstalled"


def test_an_older_uninstallation_does_not_erase(app, acme):
    assert app.uninstall(acme, iat=int(time.time()) - 20).status_code == 401
    assert app.frame(acme, DIALOG).status_code == 200


def test_tokens_of_frames_and_of_the_api_install_nothing(refuses, acme):
    refuses(acme.frame_token(INSTALLED, method="POST"))
    refuses(acme.context_token())
    refuses(acme.frame_token(UNINSTALLED, method="POST"), UNINSTALLED)
    refuses(acme.context_token(), UNINSTALLED)


def test_the_token_of_one_callback_is_not_good_for_the_other(app, refuses, acme):
    refuses(rs256(acme.install_claims(app.url, INSTALLED)), UNINSTALLED)
    refuses(rs256(acme.install_claims(app.url, UNINSTALLED)), INSTALLED)


@pytest.mark.parametrize("event", ["enabled", "disabled"])
def test_only_the_site_itself_switches(app, refuses, acme, globex, event):
    path = f"/lifecycle/{event}"

    refuses(None, path)
    refuses(acme.context_token(), path)
    refuses(rs256(acme.install_claims(app.url, path)), path)
    refuses(acme.frame_token("/lifecycle/other", method="POST"), path)
    refuses(globex.frame_token(path, method="POST", iss=acme.client_key), path)
    refuses(acme.frame_token(path, method="POST", iss="initech"), path)


# Refused: the body


@pytest.mark.parametrize(
    "base_url",
    [
        "http://acme.atlassian.net/wiki",
        "https://acme.atlassian.net@evil.example/wiki",
        "https://user@acme.atlassian.net/wiki",
        "https://acme.atlassian.net.evil.example/wiki",
        "https://evil-atlassian.net/wiki",
        "https://evil.example/?https://acme.atlassian.net",
        "https://acme.atlassian.net:8443/wiki",
        "https://a.b.atlassian.net/wiki",
        "https://acme.atlassian.net\\@evil.example/wiki",
        "https://acme.atlassian.net/wiki/../..",
        "https://169.254.169.254/wiki",
        "http://localhost:1/wiki",
        "https://[::1]/wiki",
        "file:///etc/passwd",
        "acme",
    ],
)
def test_an_address_outside_of_the_allowed_hosts_is_refused(app, atlassian, base_url):
    answer = app.install(atlassian.acme, atlassian.acme.installation(baseUrl=base_url))

    assert (answer.status_code, answer.json()["code"]) == (403, "host_not_allowed")
    assert everything() == []


def test_a_callback_for_another_app_is_refused(app, atlassian):
    answer = app.install(atlassian.acme, atlassian.acme.installation(key="com.example.other"))

    assert (answer.status_code, answer.json()["code"]) == (400, "wrong_app")
    assert everything() == []


@pytest.mark.parametrize(
    "change",
    [
        {"sharedSecret": LEFT_OUT},
        {"sharedSecret": "short"},
        {"sharedSecret": None},
        {"clientKey": LEFT_OUT},
        {"clientKey": ["acme"]},
        {"baseUrl": LEFT_OUT},
        {"key": LEFT_OUT},
        {"oauthClientId": "a b"},
    ],
)
def test_a_body_without_what_matters_is_refused_and_named(app, atlassian, change):
    answer = app.install(atlassian.acme, atlassian.acme.installation(**change))

    assert answer.status_code == 400
    assert set(answer.json()["fields"]) == set(change)
    assert everything() == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'"x"', b"[" * 50_000])
def test_a_body_that_is_no_object_is_refused(app, atlassian, claims, body):
    headers = {"Content-Type": "application/json"}

    answer = app.send("POST", INSTALLED, rs256(claims), data=body, headers=headers)

    assert answer.status_code == 400
    assert everything() == []


@pytest.mark.parametrize("issuer", ["nul\0", "half\ud800", "x" * 300, "", 7, None])
def test_an_issuer_that_no_database_takes_is_refused(refuses, acme, claims, issuer):
    refuses(rs256(claims | {"iss": issuer}))
    refuses(acme.frame_token("/lifecycle/enabled", method="POST", iss=issuer), "/lifecycle/enabled")
