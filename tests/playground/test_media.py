"""Downloads of attachments."""

import requests

from tests.playground.builders import GUEST, a_png
from tests.playground.conftest import Api

DOWNLOAD = "/rest/api/content/2/child/attachment/att900/download"


def test_a_download_is_redirected_to_the_media_host(api: Api) -> None:
    answer = api.get(DOWNLOAD, GUEST)

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(api.confluence.media_origin + "/file/")
    file = requests.get(answer.headers["Location"], timeout=10)
    assert file.content == a_png()
    assert file.headers["Content-Type"] == "image/png"


def test_the_media_host_refuses_a_token(api: Api) -> None:
    address = api.get(DOWNLOAD).headers["Location"]

    answer = requests.get(address, headers=api.token(), timeout=10)

    assert answer.status_code == 400


def test_an_address_that_nobody_signed_opens_nothing(api: Api) -> None:
    address = api.get(DOWNLOAD).headers["Location"]

    answer = requests.get(address.replace("token=", "token=x"), timeout=10)

    assert answer.status_code == 403


def test_addresses_of_the_cookie_era_take_no_token(api: Api) -> None:
    path = "/download/attachments/2/plan%20of%20site.png"

    assert api.get(path).status_code == 401
    url = api.confluence.base_url + path
    with requests.Session() as browser:
        assert browser.get(url, timeout=10, allow_redirects=False).status_code == 302
        browser.get(f"{api.confluence.base_url}/", timeout=10)
        assert browser.get(url, timeout=10).content == a_png()
