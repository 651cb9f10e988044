"""XPress among fakes: every address it calls is a small program on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from addon import auth
from tests.app import App
from tests.atlassian import Confluence, FakeAtlassian
from xpress import headers


@pytest.fixture(scope="session")
def _atlassian() -> Iterator[FakeAtlassian]:
    fake = FakeAtlassian()
    yield fake
    fake.close()


@pytest.fixture
def atlassian(_atlassian: FakeAtlassian) -> FakeAtlassian:
    return _atlassian


@pytest.fixture(autouse=True)
def _among_fakes(settings: Any, _atlassian: FakeAtlassian) -> None:
    """Nothing of one test is left for the next."""
    fake = _atlassian
    fake.reset()
    settings.XPRESS_INSTALL_KEYS_URL = fake.keys.url
    settings.XPRESS_AUTHORIZATION_SERVER_URL = fake.authorization.url
    settings.XPRESS_ALLOWED_HOSTS = ["https://*.atlassian.net", fake.acme.url, fake.globex.url]
    settings.XPRESS_MEDIA_HOSTS = [fake.media.url]
    for remembered in (auth._install_keys, auth._authorization_server, headers._frame_policy):
        remembered.cache_clear()


@pytest.fixture
def app(live_server: Any, settings: Any) -> App:
    settings.XPRESS_BASE_URL = live_server.url
    return App(live_server.url)


@pytest.fixture
def acme(app: App, atlassian: FakeAtlassian) -> Confluence:
    """A site that has XPress installed."""
    assert app.install(atlassian.acme).status_code == 204
    return atlassian.acme


@pytest.fixture
def globex(app: App, atlassian: FakeAtlassian) -> Confluence:
    """Another one."""
    assert app.install(atlassian.globex).status_code == 204
    return atlassian.globex
