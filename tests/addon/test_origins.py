"""Which addresses may be called."""

from __future__ import annotations

import pytest

from addon.origins import Origins, origin_of

SITES = Origins.of(["https://*.atlassian.net"])


@pytest.mark.parametrize(
    "url",
    [
        "https://acme.atlassian.net",
        "https://acme.atlassian.net/wiki",
        "https://acme.atlassian.net:443/wiki",
        "HTTPS://ACME.ATLASSIAN.NET/wiki",
        "https://a-1.atlassian.net/wiki/rest/api/content/1?expand=a&b=%2F..",
        "https://acme.atlassian.net/wiki/a..b/...",
    ],
)
def test_an_address_of_a_site_is_allowed(url):
    assert SITES.allows(url)


@pytest.mark.parametrize(
    "url",
    [
        # other schemes and none
        "http://acme.atlassian.net/wiki",
        "ftp://acme.atlassian.net/",
        "file:///etc/passwd",
        "//acme.atlassian.net/wiki",
        "/wiki",
        "",
        "javascript:https://acme.atlassian.net",
        # hosts that only look like it
        "https://acme.atlassian.net.evil.example/",
        "https://evil.example/?https://acme.atlassian.net",
        "https://evil.example#.atlassian.net",
        "https://evilatlassian.net/",
        "https://atlassian.net/",
        "https://.atlassian.net/",
        "https://a.b.atlassian.net/",
        "https://acme.atlassian.net./",
        "https://*.atlassian.net/",
        "https://-a.atlassian.net/",
        "https://acme.atlassian.net:8443/",
        "https://acme.atlassian.net:/",
        "https://acme.atlassian.net:0443/",
        "https://acme.atlassian.net:99999/",
        "https://acme.atlassian.net:x/",
        # userinfo
        "https://acme.atlassian.net@evil.example/",
        "https://user@acme.atlassian.net/",
        "https://user:secret@acme.atlassian.net/",
        "https://@acme.atlassian.net/",
        "https://acme.atlassian.net%40evil.example/",
        # what parsers read differently
        "https://evil.example\\@acme.atlassian.net/",
        "https://evil.example\\.atlassian.net/",
        "https:\\\\acme.atlassian.net/",
        "https:/acme.atlassian.net/",
        "https:acme.atlassian.net/",
        "https:///acme.atlassian.net/",
        " https://acme.atlassian.net/",
        "https://acme.atlassian.net/ ",
        "https://acme.atlas\tsian.net/",
        "https://acme.atlassian.net\n.evil.example/",
        "https://acme.atlassian.net\0.evil.example/",
        "https://acme。atlassian.net/",
        "https://аcme.atlassian.net/",
        "https://acme%2eatlassian.net/",
        "https://acme%00.atlassian.net/",
        "https://acme_1.atlassian.net/",
        "https://acme.atlassian.net/\u2028",
        "https://acme.atlassian.net/\ud800",
        "https://[::1]/",
        "https://[acme.atlassian.net]/",
        "https://[",
        # paths that climb
        "https://acme.atlassian.net/wiki/../admin",
        "https://acme.atlassian.net/wiki/%2e%2E/admin",
        "https://acme.atlassian.net/./wiki",
        # this machine and its neighbours
        "https://127.0.0.1/",
        "https://localhost/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://169.254.169.254/latest/meta-data",
        "https://acme.atlassian.net/" + "a" * 9000,
        "https://" + "a" * 64 + ".atlassian.net/",
    ],
)
def test_an_address_in_doubt_is_not(url):
    assert not SITES.allows(url)


def test_an_exact_origin_allows_itself_alone():
    media = Origins.of(["https://api.media.atlassian.com"])

    assert media.allows("https://api.media.atlassian.com/file/1?token=a")
    assert not media.allows("https://x.api.media.atlassian.com/")
    assert not media.allows("https://media.atlassian.com/")


def test_no_origins_allow_nothing():
    assert not Origins.of([]).allows("https://acme.atlassian.net/")


def test_plain_http_is_for_this_machine_alone():
    local = Origins.of(["http://127.0.0.1:8090", "http://localhost:8090"])

    assert local.allows("http://127.0.0.1:8090/wiki")
    assert not local.allows("http://127.0.0.1:8091/wiki")
    assert not local.allows("https://127.0.0.1:8090/wiki")


@pytest.mark.parametrize(
    "pattern",
    [
        "http://acme.atlassian.net",
        "http://*.localhost",
        "https://*",
        "https://*.*.net",
        "https://a*.atlassian.net",
        "https://user@acme.atlassian.net",
        "acme.atlassian.net",
        "",
    ],
)
def test_a_pattern_that_is_none_stops_the_start(pattern):
    with pytest.raises(ValueError, match="origin pattern"):
        Origins.of([pattern])


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://Acme.Atlassian.net:443/wiki?a#b", "https://acme.atlassian.net"),
        ("http://localhost:80", "http://localhost"),
        ("http://localhost:8090/", "http://localhost:8090"),
        ("https://x:80", "https://x:80"),
    ],
)
def test_an_origin_is_scheme_host_and_unusual_port(url, origin):
    assert origin_of(url) == origin


def test_a_pattern_for_this_machine_may_leave_the_port_open():
    local = Origins.of(["http://127.0.0.1:*"])

    assert local.allows("http://127.0.0.1:8091/file")
    assert local.allows("http://127.0.0.1/file")
    assert not local.allows("http://127.0.0.2:8091/file")
    assert not local.allows("https://127.0.0.1:8091/file")


def test_a_path_in_a_pattern_is_passed_over():
    assert Origins.of(["https://acme.atlassian.net/wiki"]).allows("https://acme.atlassian.net/x")


@pytest.mark.parametrize("pattern", ["https://acme.atlassian.net:*", "http://example.com", "*"])
def test_a_pattern_that_opens_too_much_is_refused(pattern):
    with pytest.raises(ValueError, match="no origin pattern"):
        Origins.of([pattern])
