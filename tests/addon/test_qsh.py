"""The query string hash, against the published cases as well."""

from __future__ import annotations

import hashlib
from urllib.parse import parse_qs, urlsplit

import pytest

from addon.qsh import canonical_request, query_string_hash, relative_path
from addon.tokens import TenantSecret, peek, verify
from tests import atlassian
from tests.shared import shared_json

INTEROP = ["vectors/jwt-signed-urls.json", "vectors/jwt-signed-urls-2014.json"]


def canonical_of(url: str) -> str:
    path, _, query = url.partition("?")
    return canonical_request("GET", path, query)


def test_method_path_and_sorted_query_become_one_line():
    canonical = canonical_request("get", "/dialog", "space=DOC&page=65537&jwt=ey.a.b")

    assert canonical == "GET&/dialog&page=65537&space=DOC"


def test_the_hash_is_lower_case_hex_of_sha_256():
    wanted = hashlib.sha256(b"GET&/dialog&page=1").hexdigest()

    assert query_string_hash("GET", "/dialog", "page=1") == wanted


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("/p?a=x+y", "GET&/p&a=x%20y"),
        ("/p?a=x%2By", "GET&/p&a=x%2By"),
        ("/p?q=*~-._", "GET&/p&q=%2A~-._"),
        ("/p?a=!'()", "GET&/p&a=%21%27%28%29"),
        ("/p?a=2&a=1&a=", "GET&/p&a=,1,2"),
        ("/p?a=1,2&a=0", "GET&/p&a=0,1%2C2"),
        ("/p?a=b=c", "GET&/p&a=b%3Dc"),
        ("/p?&&a=1&", "GET&/p&a=1"),
        ("/p?%6Awt=x&a=1", "GET&/p&a=1"),
        ("/p?JWT=x", "GET&/p&JWT=x"),
        ("/p?a10=1&a1=2&a=3", "GET&/p&a=3&a1=2&a10=1"),
        ("/p?a=%C3%A9", "GET&/p&a=%C3%A9"),
        ("/p%26q", "GET&/p%26q&"),
        ("/p&q", "GET&/p%26q&"),
        ("", "GET&/&"),
    ],
)
def test_a_request_has_one_canonical_form(url, canonical):
    assert canonical_of(url) == canonical


@pytest.mark.parametrize(
    ("path", "context_path", "relative"),
    [
        ("/wiki/rest/api", "/wiki", "/rest/api"),
        ("/wiki/rest/api", "/wiki/", "/rest/api"),
        ("/wiki", "/wiki", "/"),
        ("/wiki/", "/wiki", "/"),
        ("/wikipedia", "/wiki", "/wikipedia"),
        ("/rest/api", "", "/rest/api"),
    ],
)
def test_the_context_path_comes_off_at_a_boundary_only(path, context_path, relative):
    assert relative_path(path, context_path) == relative


def test_the_fakes_read_the_specification_the_same_way():
    query = "b=2&a=x+y&jwt=t&a=*&c=%C3%A9"

    assert query_string_hash("POST", "/p", query) == atlassian.qsh("POST", "/p", query)


def test_the_published_requests_have_the_published_form():
    for case in shared_json("vectors/canonical-request-cases.json")["cases"]:
        base = urlsplit(case.get("baseUrl", "")).path
        path = relative_path(case["path"], base)

        assert canonical_request(case["method"], path, case["query"]) == case["canonical"]
        if "qsh" in case:
            assert query_string_hash(case["method"], path, case["query"]) == case["qsh"]
        if "differs_from" in case:
            other = case["differs_from"]
            assert (
                canonical_request(case["method"], other["path"], other["query"])
                != case["canonical"]
            )


@pytest.mark.filterwarnings("ignore::jwt.InsecureKeyLengthWarning")
@pytest.mark.parametrize("name", INTEROP)
def test_the_published_signed_addresses_verify(name):
    published = shared_json(name)
    secret = TenantSecret(published["secret"])
    for case in published["tests"]:
        parts = urlsplit(case["signedUrl"])
        token = parse_qs(parts.query)["jwt"][0]
        issued = atlassian.claims_of(token)["iat"]

        path = relative_path(parts.path, case.get("addonBaseUrl", ""))

        assert canonical_request("GET", path, parts.query) == case["canonicalUrl"]
        assert peek(token, "HS256").issuer == "jira:1234-5678-9000"
        verify(
            token,
            secret,
            qsh=query_string_hash("GET", path, parts.query),
            audiences=frozenset({"us"}),
            audience_required=False,
            now=issued + 1,
        )


def test_where_libraries_agree_so_do_we():
    for case in shared_json("vectors/qsh-ambiguous.json")["agreed"]:
        assert canonical_of(case["url"]) == case["canonical"], case["why"]


def test_where_libraries_disagree_we_follow_the_host():
    """docs/decisions/0003-qsh.md: all of them as the JavaScript library, which sorts as Java."""
    for case in shared_json("vectors/qsh-ambiguous.json")["cases"]:
        assert canonical_of(case["url"]) == case["npm"], case["why"]
