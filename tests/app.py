"""XPress over real HTTP, as Confluence and the browser see it."""

from __future__ import annotations

from typing import Any

import requests

from tests.atlassian import LEFT_OUT, Confluence, rs256

INSTALLED = "/lifecycle/installed"
UNINSTALLED = "/lifecycle/uninstalled"


class App:
    """The running server at `url`. No redirect is followed, no cookie kept."""

    def __init__(self, url: str) -> None:
        self.url = url

    def send(
        self, method: str, path: str, token: str | None = None, **more: Any
    ) -> requests.Response:
        headers = dict(more.pop("headers", {}))
        if token is not None:
            headers["Authorization"] = f"JWT {token}"
        return requests.request(
            method,
            self.url + path,
            headers=headers,
            allow_redirects=False,
            timeout=20,
            **more,
        )

    def get(self, path: str, token: str | None = None, **more: Any) -> requests.Response:
        return self.send("GET", path, token, **more)

    def install(
        self, site: Confluence, body: dict[str, Any] | None = None, **claims: Any
    ) -> requests.Response:
        """The signed `installed` callback."""
        token = rs256(site.install_claims(self.url, INSTALLED, **claims))
        return self.send("POST", INSTALLED, token, json=body or site.installation())

    def uninstall(self, site: Confluence, **claims: Any) -> requests.Response:
        token = rs256(site.install_claims(self.url, UNINSTALLED, **claims))
        return self.send("POST", UNINSTALLED, token, json=site.installation())

    def switch(self, site: Confluence, event: str) -> requests.Response:
        """`enabled` or `disabled`."""
        path = f"/lifecycle/{event}"
        token = site.frame_token(path, method="POST", sub=LEFT_OUT)
        return self.send("POST", path, token, json={"clientKey": site.client_key})

    def frame(self, site: Confluence, address: str, **claims: Any) -> requests.Response:
        """A page as Confluence frames it: the token is in the address."""
        path, _, query = address.partition("?")
        token = site.frame_token(path, query, **claims)
        return self.get(f"{path}?{query}&jwt={token}" if query else f"{path}?jwt={token}")

    def call(
        self, site: Confluence, method: str, path: str, account: str = "alice", **more: Any
    ) -> requests.Response:
        """The API as our own pages call it."""
        return self.send(method, path, site.context_token(account), **more)
