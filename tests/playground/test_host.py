"""The pages that people look at, asked for without a browser."""

import requests

from playground.confluence import Confluence
from tests.playground.builders import ADMIN, GUEST
from tests.playground.stub_app import Stub


def test_an_administrator_installs_and_uninstalls_an_app(
    confluence: Confluence, stub: Stub
) -> None:
    manage = f"{confluence.base_url}/manage-apps"
    with requests.Session() as browser:
        page = browser.post(f"{manage}/install", data={"url": stub.descriptor_url}, timeout=10)
        assert "Stub is installed." in page.text
        assert "/wiki/plugins/servlet/ac/stub-app/stub-configure" in page.text

        page = browser.post(f"{manage}/uninstall", data={"key": "stub-app"}, timeout=10)
        assert "None yet." in page.text


def test_an_installation_that_fails_says_why(confluence: Confluence, stub: Stub) -> None:
    stub.installed_status = 500

    page = requests.post(
        f"{confluence.base_url}/manage-apps/install",
        data={"url": stub.descriptor_url},
        timeout=10,
    )

    assert page.status_code == 400
    assert "Stub answered 500 to the installation." in page.text


def test_only_administrators_install_apps(confluence: Confluence, stub: Stub) -> None:
    url = f"{confluence.base_url}/manage-apps/install"

    answer = requests.post(
        url, data={"url": stub.descriptor_url}, cookies={"playground_user": GUEST}, timeout=10
    )

    assert answer.status_code == 403
    assert not stub.events


def test_a_form_of_another_site_is_refused(confluence: Confluence, stub: Stub) -> None:
    url = f"{confluence.base_url}/manage-apps/install"
    headers = {"Origin": "http://evil.example"}

    answer = requests.post(url, data={"url": stub.descriptor_url}, headers=headers, timeout=10)

    assert answer.status_code == 403


def test_a_user_sees_neither_restricted_pages_nor_their_titles(confluence: Confluence) -> None:
    home = f"{confluence.base_url}/spaces/DOC/pages/1/Home"

    as_admin = requests.get(home, cookies={"playground_user": ADMIN}, timeout=10)
    as_guest = requests.get(home, cookies={"playground_user": GUEST}, timeout=10)

    assert "Secret" in as_admin.text
    assert "Secret" not in as_guest.text
    secret = f"{confluence.base_url}/spaces/DOC/pages/6/Secret"
    assert requests.get(secret, cookies={"playground_user": GUEST}, timeout=10).status_code == 404


def test_menu_items_and_tabs_of_an_installed_app_are_offered(
    confluence: Confluence, stub: Stub
) -> None:
    confluence.install(stub.descriptor_url)

    page = requests.get(f"{confluence.base_url}/spaces/DOC/pages/1/Home", timeout=10)
    settings = requests.get(f"{confluence.base_url}/spaces/DOC/settings", timeout=10)

    assert "Open the stub" in page.text
    assert "/wiki/spaces/DOC/settings/stub-app/stub-tab" in settings.text


def test_the_frame_of_an_app_is_resolved_for_the_browsers_user_only(
    confluence: Confluence, stub: Stub
) -> None:
    confluence.install(stub.descriptor_url)
    order = {"appKey": "stub-app", "moduleKey": "stub-dialog", "contentId": "6", "spaceKey": ""}
    url = f"{confluence.base_url}/_connect/frame"
    headers = {"AP-Client-Key": "host"}

    as_guest = requests.post(
        url, json=order, headers=headers, cookies={"playground_user": GUEST}, timeout=10
    )

    assert as_guest.json()["url"].startswith(f"{stub.url}/frame/?v=&space=&")
    assert "allow-downloads" in as_guest.json()["options"]["sandbox"]
    assert requests.post(url, json=order, headers=headers, timeout=10).status_code == 401


def test_the_connect_client_loads_its_themes_from_the_playground(confluence: Confluence) -> None:
    script = requests.get(f"{confluence.origin}/connect/all.js", timeout=10)

    assert script.headers["Content-Type"].startswith("text/javascript")
    assert f'"{confluence.origin}/connect"' in script.text
    assert "connect-cdn.atl-paas.net" not in script.text
    theme = f"{confluence.origin}/connect/themes/atlaskit-tokens_dark.css"
    assert "--ds-surface" in requests.get(theme, timeout=10).text


def test_a_short_address_leads_to_its_page_for_those_who_may_see_it(
    confluence: Confluence,
) -> None:
    def asked(tiny: str, account_id: str) -> requests.Response:
        return requests.get(
            f"{confluence.base_url}/x/{tiny}",
            cookies={"playground_user": account_id},
            allow_redirects=False,
            timeout=10,
        )

    secret = confluence.site.pages["6"].tiny

    assert asked(secret, ADMIN).headers["Location"].endswith("/spaces/DOC/pages/6/Secret")
    assert asked(secret, GUEST).status_code == 404
