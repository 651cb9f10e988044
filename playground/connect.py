"""Connect: installs and uninstalls apps, and signs what Confluence says to them.

The only module that calls an app. Tokens and addresses of frames are made here as well.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from secrets import token_urlsafe
from typing import Any
from urllib.parse import urlencode, urlsplit

import jwt
import requests

from playground.descriptor import BadDescriptor, Descriptor, Module, filled, read
from playground.keys import InstallKey
from playground.qsh import CONTEXT, qsh

TOKEN_SECONDS = 180
PATIENCE_SECONDS = 30  # for an app's answer to a callback


class InstallFailed(Exception):
    """The app was not installed; the message is for the administrator."""


@dataclass(frozen=True, slots=True)
class Installation:
    """An app on this site, and what the two of them share."""

    app: Descriptor
    descriptor_url: str
    client_key: str
    shared_secret: str
    oauth_client_id: str

    def token(self, account_id: str | None, claim: str) -> str:
        """Sign a token for the app, bound to an address by its hash or to none by `context-qsh`."""
        now = int(time.time())
        claims: dict[str, object] = {"iss": self.client_key, "iat": now, "exp": now + TOKEN_SECONDS}
        claims |= {"qsh": claim, "sub": account_id} if account_id else {"qsh": claim}
        return jwt.encode(claims, self.shared_secret, algorithm="HS256")

    def context_token(self, account_id: str | None) -> str:
        return self.token(account_id, CONTEXT)

    def frame_url(
        self, module: Module, variables: Mapping[str, str], origin: str, account_id: str | None
    ) -> str:
        """Make the signed address that a frame is opened with."""
        if module.cacheable:
            # The same for everybody, so that browsers and networks may keep it.
            return self.app.base_url + module.url.partition("?")[0]
        path, _, own = filled(module.url, variables).partition("?")
        query = "&".join(filter(None, (own, urlencode(self._standard(module, origin)))))
        token = self.token(account_id, qsh("GET", path, query))
        return f"{self.app.base_url}{path}?{query}&jwt={token}"

    def _standard(self, module: Module, origin: str) -> dict[str, str]:
        return {
            "xdm_e": origin,
            "xdm_c": f"channel-{self.app.key}__{module.key}",
            "cp": "/wiki",
            "xdm_deprecated_addon_key_do_not_use": self.app.key,
            "lic": "none",
            "cv": "1001.0.0-SNAPSHOT",
        }


class Connect:
    """The apps of one site."""

    def __init__(self, base_url: str, client_key: str, key: InstallKey) -> None:
        self._base_url = base_url
        self._client_key = client_key
        self._key = key
        self._oauth_clients: dict[str, str] = {}
        # Confluence reaches apps directly, whatever proxy the developer's shell names.
        self._session = requests.Session()
        self._session.trust_env = False
        self.installed: dict[str, Installation] = {}

    def install(self, descriptor_url: str) -> Installation:
        """Install an app, or install it again with a new secret."""
        app = self._descriptor(descriptor_url)
        installation = Installation(
            app=app,
            descriptor_url=descriptor_url,
            client_key=self._client_key,
            shared_secret=token_urlsafe(48),
            oauth_client_id=self._oauth_clients.setdefault(app.key, token_urlsafe(24)),
        )
        status = self._call(installation, "installed", signed_by_site=True)
        if status not in (200, 204):
            raise InstallFailed(f"{app.name} answered {status} to the installation.")
        # Only now: when the app refuses, the secret of the earlier installation stays in use.
        self.installed[app.key] = installation
        self._tell(installation, "enabled", signed_by_site=False)
        return installation

    def uninstall(self, app_key: str) -> None:
        """Take an app away, whatever it answers."""
        installation = self.installed.pop(app_key)
        self._tell(installation, "disabled", signed_by_site=False)
        self._tell(installation, "uninstalled", signed_by_site=True)

    def _descriptor(self, url: str) -> Descriptor:
        try:
            answer = self._session.get(url, timeout=PATIENCE_SECONDS, allow_redirects=False)
            if answer.status_code != 200:
                raise InstallFailed(f"{url} answered {answer.status_code} instead of a descriptor.")
            return read(answer.json())
        except (requests.RequestException, BadDescriptor) as error:
            raise InstallFailed(f"The descriptor at {url} cannot be used: {error}") from error

    def _tell(self, installation: Installation, event: str, *, signed_by_site: bool) -> None:
        # Fire and forget: these events never hold up the administrator.
        if event in installation.app.lifecycle:
            try:
                self._call(installation, event, signed_by_site=signed_by_site)
            except InstallFailed as error:
                print(f"playground: {error}", flush=True)

    def _call(self, installation: Installation, event: str, *, signed_by_site: bool) -> int:
        path = installation.app.lifecycle[event]
        claim = qsh("POST", path.partition("?")[0], path.partition("?")[2])
        token = (
            self._install_token(installation, claim)
            if signed_by_site
            else installation.token(None, claim)
        )
        try:
            return self._session.post(
                installation.app.base_url + path,
                json=self._body(installation, event),
                headers={"Authorization": f"JWT {token}"},
                timeout=PATIENCE_SECONDS,
                allow_redirects=False,
            ).status_code
        except requests.RequestException as error:
            name = installation.app.name
            raise InstallFailed(f"{name} cannot be reached for the event {event}.") from error

    def _install_token(self, installation: Installation, claim: str) -> str:
        now = int(time.time())
        return self._key.sign(
            {
                "iss": installation.client_key,
                "aud": [installation.app.base_url],
                "iat": now,
                "exp": now + TOKEN_SECONDS,
                "qsh": claim,
            }
        )

    def _body(self, installation: Installation, event: str) -> dict[str, Any]:
        body: dict[str, Any] = {
            "key": installation.app.key,
            "clientKey": installation.client_key,
            "oauthClientId": installation.oauth_client_id,
            "baseUrl": self._base_url,
            "displayUrl": self._base_url,
            "productType": "confluence",
            "description": "XPress playground",
            "cloudId": self._client_key,
            "eventType": event,
        }
        if event == "installed":
            body["sharedSecret"] = installation.shared_secret
        return body


def origin_of(url: str) -> str:
    """Tell scheme, host and port of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
