"""Boot: playground and product together, on ports of their own, while a block runs.

with running(Path("playground/site")) as world:
    world.confluence.faults.add(match="/download", status=503, times=1)
    requests.post(world.app_url + "/api/exports", headers=world.authorization("…"), json=…)
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playground.confluence import Confluence
from playground.product import running_product
from playground.server import free_port, serving
from playground.site_folder import load

DEFAULT_SITE = Path(__file__).parent / "site"


@dataclass(frozen=True, slots=True)
class World:
    """All that runs."""

    confluence: Confluence  # in this process: faults, journal, tokens
    app_url: str
    app_log: Path | None  # None: the app was started by somebody else

    @property
    def site_url(self) -> str:
        return self.confluence.base_url

    @property
    def descriptor_url(self) -> str:
        return f"{self.app_url}/atlassian-connect.json"

    def page_url(self, page_id: str) -> str:
        site = self.confluence.site
        return self.site_url + site.web_path(site.pages[page_id])

    def install(self) -> None:
        self.confluence.install(self.descriptor_url)

    def authorization(self, account_id: str = "") -> dict[str, str]:
        """Make the header that the dialog sends; for the first user if none is named."""
        account_id = account_id or self.confluence.first_user().account_id
        return {"Authorization": f"JWT {self.confluence.context_token(account_id)}"}


@contextmanager
def running(
    site: Path = DEFAULT_SITE,
    *,
    port: int = 0,
    media_port: int = 0,
    app_port: int = 0,
    app_url: str = "",
    app_command: Sequence[str] = (),
    app_environment: Mapping[str, str] | None = None,
    install: bool = True,
    latency_ms: int = 0,
    faults: Sequence[Mapping[str, Any]] = (),
) -> Iterator[World]:
    """Run a site, and the product unless the address of a running app is given."""
    app_port = app_port or (0 if app_url else free_port())
    address = app_url or f"http://127.0.0.1:{app_port}"
    with serving(
        load(site),
        port=port,
        media_port=media_port,
        app_url=address,
        latency_ms=latency_ms,
        faults=faults,
    ) as confluence:
        if app_url:
            yield _installed(World(confluence, address, None), install)
            return
        with running_product(confluence, app_port, app_command, app_environment) as log:
            yield _installed(World(confluence, address, log), install)


def _installed(world: World, install: bool) -> World:
    if install:
        world.install()
    return world
