"""Installing and uninstalling an app, and the tokens it gets."""

import jwt
import pytest
import requests

from playground.confluence import Confluence
from playground.connect import InstallFailed
from playground.qsh import qsh
from tests.playground.builders import ADMIN, GUEST
from tests.playground.conftest import Api
from tests.playground.stub_app import Stub


def test_an_app_is_installed_and_then_enabled(confluence: Confluence, stub: Stub) -> None:
    confluence.install(stub.descriptor_url)

    assert [event for event, _, _ in stub.events] == ["installed", "enabled"]
    body = stub.body("installed")
    assert body["baseUrl"] == confluence.base_url
    assert body["eventType"] == "installed"
    assert "sharedSecret" not in stub.body("enabled")


def test_the_install_callback_is_signed_with_the_key_of_the_key_server(
    confluence: Confluence, stub: Stub
) -> None:
    confluence.install(stub.descriptor_url)

    token = stub.token("installed")
    kid = jwt.get_unverified_header(token)["kid"]
    pem = requests.get(f"{confluence.origin}/install-keys/{kid}", timeout=10).text
    claims = jwt.decode(token, pem, algorithms=["RS256"], audience=stub.url)
    assert claims["iss"] == stub.body("installed")["clientKey"]
    assert claims["qsh"] == qsh("POST", "/connect/installed", "")


def test_a_second_installation_brings_a_new_secret_for_the_same_tenant(
    confluence: Confluence, stub: Stub
) -> None:
    confluence.install(stub.descriptor_url)
    first = stub.body("installed")
    confluence.install(stub.descriptor_url)
    second = stub.body("installed")

    assert first["clientKey"] == second["clientKey"]
    assert first["sharedSecret"] != second["sharedSecret"]


@pytest.mark.parametrize("status", [201, 302, 401, 500])
def test_only_200_and_204_install_an_app(confluence: Confluence, stub: Stub, status: int) -> None:
    stub.installed_status = status

    with pytest.raises(InstallFailed, match=str(status)):
        confluence.install(stub.descriptor_url)

    assert not confluence.connect.installed


def test_a_refused_second_installation_leaves_the_first_in_force(api: Api) -> None:
    old = api.token()
    api.stub.installed_status = 500

    with pytest.raises(InstallFailed):
        api.confluence.install(api.stub.descriptor_url)

    url = f"{api.confluence.base_url}/api/v2/pages/1"
    assert requests.get(url, headers=old, timeout=10).status_code == 200


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"apiMigrations": {"context-qsh": True}}, "signed-install"),
        ({"authentication": {"type": "none"}}, "jwt"),
        ({"lifecycle": {}}, "installed"),
        ({"scopes": ["SUPER"]}, "SUPER"),
        ({"modules": {"webItems": [{"key": "a b"}]}}, "a b"),
    ],
)
def test_a_descriptor_that_confluence_would_refuse_is_refused(
    confluence: Confluence, stub: Stub, change: dict[str, object], sentence: str
) -> None:
    stub.changes = change

    with pytest.raises(InstallFailed, match=sentence):
        confluence.install(stub.descriptor_url)


def test_uninstalling_tells_the_app_and_ends_all_its_tokens(api: Api) -> None:
    token = api.token()

    api.confluence.uninstall(api.stub.key)

    url = f"{api.confluence.base_url}/api/v2/pages/1"
    assert requests.get(url, headers=token, timeout=10).status_code == 401
    assert api.stub.ask_for_token(ADMIN, api.confluence.oauth_url).status_code == 401
    assert [event for event, _, _ in api.stub.events[-2:]] == ["disabled", "uninstalled"]
    secret = api.stub.body("installed")["sharedSecret"]
    assert jwt.decode(api.stub.token("disabled"), secret, algorithms=["HS256"])
    assert jwt.get_unverified_header(api.stub.token("uninstalled"))["alg"] == "RS256"


def test_a_context_token_names_the_user_and_no_address(api: Api) -> None:
    token = api.confluence.context_token(GUEST)

    secret = api.stub.body("installed")["sharedSecret"]
    claims = jwt.decode(token, secret, algorithms=["HS256"])
    assert claims["sub"] == GUEST
    assert claims["qsh"] == "context-qsh"
    assert claims["exp"] - claims["iat"] == 180


def test_a_frame_address_is_signed_for_exactly_itself(api: Api) -> None:
    installation = api.confluence.connect.installed[api.stub.key]
    module = installation.app.module("stub-dialog")
    assert module is not None

    url = installation.frame_url(
        module, {"content.id": "2", "space.key": "A B"}, api.confluence.origin, ADMIN
    )

    path, _, query = url.removeprefix(api.stub.url).partition("?")
    token = query.rpartition("&jwt=")[2]
    secret = api.stub.body("installed")["sharedSecret"]
    claims = jwt.decode(token, secret, algorithms=["HS256"])
    assert path == "/frame/2"
    assert query.startswith("v=&space=A+B&xdm_e=http%3A%2F%2F127.0.0.1")
    assert "&cp=%2Fwiki&" in query
    assert claims["qsh"] == qsh("GET", path, query)
