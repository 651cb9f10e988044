"""Reading from a site that redirects, limits, stumbles and lies."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from email.utils import formatdate

import pytest

from addon.errors import XPressError
from addon.host import (
    MOST_LIST_PAGES,
    AsApp,
    Host,
    NotAuthorised,
    NotVisible,
    OddAnswer,
    TooManyRequests,
    _retry_after,
    segment,
)
from addon.impersonation import AuthorizationServer, NoAccess
from addon.outbound import AnswerTooLarge, Budget, Cancelled, NoAnswer
from tests.addon.hosts import a_host, a_site
from tests.atlassian import APP_KEY, Asked, Confluence, FakeAtlassian, Reply, claims_of, qsh

PAGE = "/api/v2/pages/1"
LIST = "/api/v2/pages/1/descendants"
FILE = "/rest/api/content/1/child/attachment/att2/download"
MANY = 1_000_000


@pytest.fixture
def acme(atlassian: FakeAtlassian) -> Confluence:
    return atlassian.acme


@pytest.fixture
def host(atlassian: FakeAtlassian, acme: Confluence) -> Iterator[Host]:
    host = a_host(atlassian, acme)
    yield host
    host.close()


def moved(url: str, status: int = 302) -> Reply:
    return Reply(b"moved", status, {"Location": url})


def a_list(*ids: int, following: object = None) -> Reply:
    links = {} if following is None else {"next": following}
    return Reply({"results": [{"id": str(one)} for one in ids], "_links": links})


def read(host: Host) -> list[str]:
    return [row["id"] for row in host.get_all(LIST, {"limit": "2"})]


# Identity


def test_content_is_read_with_a_token_of_the_account(acme, host):
    acme.on_rest(PAGE, Reply({"id": "1"}))

    assert host.get(PAGE, {"body-format": "export_view"}) == {"id": "1"}

    (asked,) = acme.asked
    assert asked.authorization == "Bearer token-1"
    assert acme.whose(asked) == "alice"
    assert asked.query == "body-format=export_view"


def test_every_call_of_a_host_carries_a_bearer_token(atlassian, acme, host):
    acme.on_rest(PAGE, Reply({}))
    acme.on_rest(LIST, a_list(1, following=f"/wiki{LIST}?cursor=a"), a_list(2))
    acme.on_rest(FILE, Reply(b"bytes"))

    host.get(PAGE)
    read(host)
    host.download(FILE, None, MANY)

    assert [acme.whose(asked) for asked in acme.asked] == ["alice"] * 4
    assert len(atlassian.authorization.asked) == 1


def test_a_token_that_confluence_no_longer_takes_is_renewed_once(atlassian, acme, host):
    acme.on_rest(PAGE, Reply({"id": "1"}))
    host.get(PAGE)
    atlassian.authorization.revoke()

    assert host.get(PAGE) == {"id": "1"}
    assert len(atlassian.authorization.asked) == 2


def test_a_second_401_ends_it(atlassian, acme, host):
    acme.on_rest(PAGE, Reply({}, 401))

    with pytest.raises(NotAuthorised):
        host.get(PAGE)

    assert len(acme.asked) == 2
    assert len(atlassian.authorization.asked) == 2


def test_readers_that_meet_the_end_of_a_token_together_all_go_on(atlassian, acme, host):
    together = threading.Barrier(4)
    acme.on_rest(PAGE, Reply({"id": "1"}))
    host.get(PAGE)
    atlassian.authorization.revoke()

    def slow(asked: Asked) -> Reply:
        if asked.authorization == "Bearer token-1":
            together.wait(5)  # nobody hears of the end before all have asked
        return Reply({"id": "1"})

    acme.on_call(f"/wiki{PAGE}", slow)
    found: list[object] = []

    def run() -> None:
        try:
            found.append(host.get(PAGE)["id"])
        except XPressError as error:
            found.append(error)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == ["1"] * 4
    assert len(atlassian.authorization.asked) == 2


def test_without_a_token_nothing_is_read(atlassian, acme, host):
    atlassian.authorization.on("/oauth2/token", Reply({"error": "no"}, 400))

    with pytest.raises(NoAccess):
        host.get(PAGE)

    assert acme.asked == []


def test_calls_of_the_app_are_signed_for_their_address(acme):
    site = a_site(acme)
    host = Host(site, AsApp(site, APP_KEY), Budget.of(5))

    with pytest.raises(NotAuthorised):  # this site takes the tokens of accounts only
        host.get("/rest/api/x", {"b": "2", "a": "ä b"})

    (asked,) = acme.asked
    scheme, _, token = (asked.authorization or "").partition(" ")
    claims = claims_of(token)
    assert scheme == "JWT"
    assert acme.signed(token)
    assert claims["iss"] == APP_KEY
    assert claims["qsh"] == qsh("GET", "/rest/api/x", asked.query)
    assert claims["exp"] - claims["iat"] == 180
    host.close()


# Answers


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (403, NotVisible),
        (404, NotVisible),
        (410, NotVisible),
        (500, NoAnswer),
        (400, OddAnswer),
        (204, OddAnswer),
        (201, OddAnswer),
    ],
)
def test_a_status_means_one_thing(acme, host, status, error):
    acme.on_rest(PAGE, Reply(b"" if status == 204 else {}, status))

    with pytest.raises(error):
        host.get(PAGE)


def test_what_is_hidden_and_what_is_missing_sound_the_same(acme, host):
    sentences = set()
    for status in (403, 404):
        acme.on_rest(PAGE, Reply({}, status))
        with pytest.raises(NotVisible) as error:
            host.get(PAGE)
        sentences.add(error.value.message)

    assert len(sentences) == 1


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b'"x"', b"7", b"null", b"\xff", b"[" * 9999]
)
def test_an_answer_that_is_no_object_is_odd(acme, host, body):
    acme.on_rest(PAGE, Reply(body))

    with pytest.raises(OddAnswer):
        host.get(PAGE)


def test_a_cut_answer_is_asked_for_again(acme, host):
    acme.on_rest(PAGE, Reply({"id": "1"}, cut_after=3), Reply({"id": "1"}))

    assert host.get(PAGE) == {"id": "1"}


def test_a_packed_answer_is_none(atlassian, acme):
    host = a_host(atlassian, acme, budget=Budget.of(1))
    acme.on_rest(PAGE, Reply(b"x", headers={"Content-Encoding": "gzip"}))

    with pytest.raises(NoAnswer):
        host.get(PAGE)


def test_a_drip_meets_the_deadline(atlassian, acme):
    host = a_host(atlassian, acme, budget=Budget.of(0.6))
    acme.on_rest(PAGE, Reply(b"x" * 100, drip=0.05))
    started = time.monotonic()

    with pytest.raises(NoAnswer):
        host.get(PAGE)

    assert time.monotonic() - started < 1


def test_a_segment_of_outside_origin_stays_one_segment():
    assert segment("../a?b#c d/é") == "..%2Fa%3Fb%23c%20d%2F%C3%A9"


# Lists


def test_a_list_is_read_to_its_end(acme, host):
    acme.on_rest(
        LIST,
        a_list(1, 2, following=f"/wiki{LIST}?limit=2&cursor=b"),
        a_list(3, following=f"{acme.base_url}{LIST}?limit=2&cursor=c"),
        a_list(4),
    )

    assert read(host) == ["1", "2", "3", "4"]
    assert [asked.query for asked in acme.asked] == [
        "limit=2",
        "limit=2&cursor=b",
        "limit=2&cursor=c",
    ]


def test_an_empty_page_of_a_list_is_not_its_end(acme, host):
    acme.on_rest(LIST, a_list(following=f"/wiki{LIST}?cursor=b"), a_list(4))

    assert read(host) == ["4"]


@pytest.mark.parametrize(
    "following",
    [
        "https://evil.example/wiki" + LIST + "?cursor=b",
        "//evil.example/wiki" + LIST + "?cursor=b",
        "http://127.0.0.1:1/wiki" + LIST + "?cursor=b",
        "/wiki/api/v2/pages/2/descendants?cursor=b",
        "/wiki" + LIST + "/../../2/descendants?cursor=b",
        "/other" + LIST + "?cursor=b",
        "/wiki" + LIST,
        "?",
        "https://[",
        "javascript:alert(1)",
        "/wiki" + LIST + "?cursor=\ud800",
        "",
        7,
        True,
        ["/wiki" + LIST + "?cursor=b"],
        {"href": "/wiki" + LIST},
    ],
)
def test_a_next_link_that_leads_elsewhere_is_not_followed(acme, host, following):
    acme.on_rest(LIST, a_list(1, following=following))

    with pytest.raises(OddAnswer):
        read(host)

    assert len(acme.asked) == 1


def test_a_list_that_comes_round_again_is_left(acme, host):
    acme.on_rest(LIST, a_list(1, following=f"/wiki{LIST}?cursor=b"))

    with pytest.raises(OddAnswer, match="never ends"):
        read(host)

    assert len(acme.asked) == 2


def test_a_list_that_goes_on_for_ever_is_left(acme, host):
    acme.on_call(
        f"/wiki{LIST}", lambda asked: a_list(1, following=f"/wiki{LIST}?cursor={len(acme.asked)}")
    )

    with pytest.raises(OddAnswer, match="longer than"):
        read(host)

    assert len(acme.asked) == MOST_LIST_PAGES


@pytest.mark.parametrize("results", [None, {}, "rows", 7])
def test_a_list_without_rows_is_odd(acme, host, results):
    acme.on_rest(LIST, Reply({"results": results}))

    with pytest.raises(OddAnswer):
        read(host)


# Downloads


def test_a_download_follows_to_the_media_server_and_leaves_the_token_behind(atlassian, acme, host):
    acme.on_rest(FILE, moved(atlassian.media.url + "/file/2/binary?token=m"))
    atlassian.media.on("/file/2/binary", Reply(b"bytes", headers={"Content-Type": "image/png"}))

    answer = host.download(FILE, {"version": "3"}, MANY)

    assert (answer.content, answer.media_type) == (b"bytes", "image/png")
    (asked,) = atlassian.media.asked
    assert asked.query == "token=m"
    assert asked.authorization is None
    assert acme.asked[0].query == "version=3"


def test_a_redirect_within_the_site_keeps_the_token(acme, host):
    acme.on_rest(FILE, moved("/wiki/download/a.png?version=1"))
    acme.on_rest("/download/a.png", Reply(b"bytes"))

    assert host.download(FILE, None, MANY).content == b"bytes"
    assert acme.whose(acme.asked[1]) == "alice"
    assert acme.asked[1].query == "version=1"


@pytest.mark.parametrize("path", ["/jira/secret", "/wikipedia/a", "/"])
def test_a_redirect_on_the_site_but_out_of_confluence_is_not_followed(acme, host, path):
    acme.on_rest(FILE, moved(path))

    with pytest.raises(OddAnswer):
        host.download(FILE, None, MANY)

    assert len(acme.asked) == 1


@pytest.mark.parametrize(
    "login",
    [
        "https://id.atlassian.com/login?continue=x",
        "https://auth.atlassian.com/authorize",
        "/wiki/login.action?os_destination=x",
        "/login",
    ],
)
def test_a_redirect_to_the_login_page_means_not_authorised(acme, host, login):
    acme.on_rest(FILE, moved(login))
    acme.on_rest(PAGE, moved(login))

    with pytest.raises(NotAuthorised):
        host.download(FILE, None, MANY)
    with pytest.raises(NotAuthorised):
        host.get(PAGE)


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/file",
        "//evil.example/file",
        "http://127.0.0.1:1/file",
        "http://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "ftp://127.0.0.1/",
        "https://[",
        "http://user@127.0.0.1/",
        "/wiki/../admin",
        "\\\\evil.example\\x",
    ],
)
def test_a_redirect_to_a_foreign_host_is_not_followed(atlassian, acme, host, target):
    acme.on_rest(FILE, moved(target))

    with pytest.raises(OddAnswer):
        host.download(FILE, None, MANY)

    assert len(acme.asked) == 1


def test_the_media_server_cannot_send_us_elsewhere_either(atlassian, acme, host):
    acme.on_rest(FILE, moved(atlassian.media.url + "/a"))
    atlassian.media.on("/a", moved("https://evil.example/"))

    with pytest.raises(OddAnswer):
        host.download(FILE, None, MANY)


def test_another_site_is_a_foreign_host(atlassian, acme, host):
    acme.on_rest(FILE, moved(atlassian.globex.url + "/wiki/secret"))

    with pytest.raises(OddAnswer):
        host.download(FILE, None, MANY)

    assert atlassian.globex.asked == []


def test_three_redirects_are_followed_and_no_fourth(atlassian, acme, host):
    media = atlassian.media
    acme.on_rest(FILE, moved(media.url + "/1"))
    media.on("/1", moved("/2"))
    media.on("/2", moved("/3"))
    media.on("/3", Reply(b"bytes"), moved("/4"))

    assert host.download(FILE, None, MANY).content == b"bytes"
    with pytest.raises(OddAnswer, match="too often"):
        host.download(FILE, None, MANY)


def test_a_redirect_to_itself_is_left(acme, host):
    acme.on_rest(FILE, moved("/wiki" + FILE))

    with pytest.raises(OddAnswer, match="too often"):
        host.download(FILE, None, MANY)

    assert len(acme.asked) == 4


def test_json_is_never_redirected(acme, host):
    acme.on_rest(PAGE, moved("/wiki/api/v2/pages/2"))

    with pytest.raises(OddAnswer):
        host.get(PAGE)

    assert len(acme.asked) == 1


@pytest.mark.parametrize("where", ["site", "media"])
def test_a_download_has_a_cap(atlassian, acme, host, where):
    content = Reply(b"x" * 2000)
    atlassian.media.on("/a", content)
    acme.on_rest(FILE, content if where == "site" else moved(atlassian.media.url + "/a"))

    with pytest.raises(AnswerTooLarge):
        host.download(FILE, None, 1000)


# Limits


def test_a_limit_with_a_time_is_waited_for(acme, host):
    acme.on_rest(PAGE, Reply({}, 429, {"Retry-After": "1"}), Reply({"id": "1"}))

    assert host.get(PAGE) == {"id": "1"}

    first, second = acme.asked
    assert 0.9 < second.at - first.at < 2


def test_an_outage_with_a_time_is_waited_for(acme, host):
    acme.on_rest(PAGE, Reply({}, 503, {"Retry-After": "1"}), Reply({"id": "1"}))

    assert host.get(PAGE) == {"id": "1"}

    first, second = acme.asked
    assert 0.9 < second.at - first.at < 2


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_after_four_attempts_it_is_given_up(acme, host, status):
    acme.on_rest(PAGE, Reply({}, status, {"Retry-After": "0"}))

    with pytest.raises((TooManyRequests, NoAnswer)):
        host.get(PAGE)

    assert len(acme.asked) == 4


@pytest.mark.parametrize(
    "reason", ["confluence-quota-global-based", "confluence-quota-tenant-based"]
)
def test_a_used_up_quota_stops_at_once(acme, host, reason):
    headers = {"Retry-After": "1", "RateLimit-Reason": reason}
    acme.on_rest(PAGE, Reply({}, 429, headers))
    started = time.monotonic()

    with pytest.raises(TooManyRequests):
        host.get(PAGE)

    assert len(acme.asked) == 1
    assert time.monotonic() - started < 0.5


def test_a_wait_that_is_too_long_is_told_and_not_waited(acme, host):
    acme.on_rest(PAGE, Reply({}, 429, {"Retry-After": "120"}))

    with pytest.raises(TooManyRequests) as error:
        host.get(PAGE)

    assert error.value.retry_after == 120
    assert len(acme.asked) == 1


def test_a_wait_beyond_the_deadline_is_not_waited(atlassian, acme):
    host = a_host(atlassian, acme, budget=Budget.of(2))
    acme.on_rest(PAGE, Reply({}, 429, {"Retry-After": "5"}))
    started = time.monotonic()

    with pytest.raises(TooManyRequests):
        host.get(PAGE)

    assert time.monotonic() - started < 1


def test_a_limit_holds_back_every_call_of_the_host(acme, host):
    acme.on_rest(PAGE, Reply({}, 429, {"Retry-After": "1"}), Reply({}))
    acme.on_rest("/api/v2/pages/2", Reply({}))
    first = threading.Thread(target=host.get, args=(PAGE,))
    first.start()
    while not acme.asked:
        time.sleep(0.01)
    time.sleep(0.1)

    host.get("/api/v2/pages/2")
    first.join()

    assert all(asked.at - acme.asked[0].at > 0.9 for asked in acme.asked[1:])


def test_whoever_leaves_while_waiting_is_let_go(atlassian, acme):
    left = threading.Event()
    host = a_host(atlassian, acme, budget=Budget(time.monotonic() + 60, left.is_set))
    acme.on_rest(PAGE, Reply({}, 429, {"Retry-After": "15"}))
    threading.Timer(0.3, left.set).start()
    started = time.monotonic()

    with pytest.raises(Cancelled):
        host.get(PAGE)

    assert time.monotonic() - started < 0.8


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("7", 7),
        (" 7 ", 7),
        ("0", 0),
        ("9999999", 86_400),
        ("", None),
        ("soon", None),
        ("-1", None),
        ("1.5", None),
        ("²", None),
        ("9" * 5000, None),
        ("Fri, 99 Foo 2026 99:99:99 GMT", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
    ],
)
def test_a_time_to_wait_is_seconds_or_a_date_or_nothing(text, seconds):
    assert _retry_after(text) == seconds


def test_a_date_to_wait_for_becomes_seconds():
    wait = _retry_after(formatdate(time.time() + 90, usegmt=True))

    assert wait is not None
    assert 85 < wait < 91


def test_a_limit_without_a_readable_time_is_tried_again(acme, host):
    acme.on_rest(PAGE, Reply({}, 429, {"Retry-After": "soon"}), Reply({"id": "1"}))

    assert host.get(PAGE) == {"id": "1"}


@pytest.mark.parametrize(("told", "left"), [("1234", 1234), ("0", 0), ("many", None), ("", None)])
def test_the_points_that_are_left_are_noted(acme, host, told, left):
    acme.on_rest(PAGE, Reply({}, headers={"X-RateLimit-Remaining": told}))

    host.get(PAGE)

    assert host.points_left == left


def test_a_site_that_is_gone_is_no_answer_within_the_budget(atlassian, acme):
    acme.base_url = "http://127.0.0.1:1/wiki"
    server = AuthorizationServer(atlassian.authorization.url)
    host = a_host(atlassian, acme, budget=Budget.of(1), server=server)
    started = time.monotonic()

    with pytest.raises(NoAnswer):
        host.get(PAGE)

    assert time.monotonic() - started < 1.5
