"""CDN: the key server for install callbacks, and the Connect client that framed pages load.

The client is the real one of atlassian-connect-js; only the host it loads themes from is ours.
"""

import re
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from flask import Response, abort, send_from_directory

from playground.confluence import here
from playground.service import service

PACKAGES = Path(__file__).parent / "node_modules"
DIST = PACKAGES / "atlassian-connect-js" / "dist"
CDN_HOST = "connect-cdn.atl-paas.net"

keys = service("keys")
connect_js = service("connect_js")


def missing_packages() -> str:
    """Say what to do when the npm packages are not there; else nothing."""
    if DIST.is_dir():
        return ""
    return "The Connect client is not installed: run `npm ci` in the folder playground."


@keys.get("/install-keys/<kid>")
def key(kid: str) -> Response:
    if kid != here().key.kid:
        abort(404)
    return Response(here().key.pem, mimetype="application/x-pem-file")


@connect_js.get("/connect/all.js")
def client() -> Response:
    if missing_packages():
        abort(503, missing_packages())
    answer = Response(_client(here().origin), mimetype="text/javascript")
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer


@connect_js.get("/connect/<path:name>")
def theme(name: str) -> Response:
    if not re.fullmatch(r"(themes/[\w-]+|surfaces|legacy-text-colors|connect-host)\.css", name):
        abort(404)
    answer = send_from_directory(DIST, name, max_age=3600)
    # Frames of another origin load the themes.
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


@cache
def _client(origin: str) -> str:
    # Atlassian's build puts the CDN's host in; a site of its own has its own CDN, as FedRAMP's.
    script = (DIST / "iframe.js").read_text(encoding="utf-8")
    script = script.replace(f"/{CDN_HOST}/all", "/connect/all")
    script = script.replace('"https://" + CDN_DOMAIN', f'"{origin}/connect"')
    return script.replace(f'"{CDN_HOST}"', f'"{urlsplit(origin).netloc}"')
