"""A tiny Connect app that the playground is tried against; it knows nothing of the product."""

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from typing import Any

import jwt
import requests
from flask import Flask, Response, request
from werkzeug.serving import WSGIRequestHandler, make_server

PAGE = """<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8"><title>Stub</title>
  <script src="{script}" data-options="sizeToParent:false"></script>
  <style>body {{ background: var(--ds-surface, white); color: var(--ds-text, black); }}</style>
</head>
<body>
  <div class="ac-content">
    <h1>Stub of {what}</h1>
    <button id="token">Token</button> <button id="close">Close</button>
    <button id="flag">Flag</button> <button id="ask">Ask</button>
    <output id="out"></output>
  </div>
  <script>
    const out = document.getElementById("out");
    const on = (id, act) => document.getElementById(id).addEventListener("click", act);
    on("token", () => AP.context.getToken((token) => {{ out.textContent = token; }}));
    on("close", () => AP.dialog.close());
    on("flag", () => AP.flag.create({{ title: "Done", body: "It is done.", type: "success" }}));
    on("ask", async () => {{
      const user = await AP.user.getCurrentUser();
      const answer = await AP.request("/rest/api/user/current");
      const context = await AP.context.getContext();
      out.textContent = JSON.stringify([user, JSON.parse(answer.body).accountId, context]);
    }});
    AP.theming.initializeTheming();
  </script>
</body>
</html>"""


@dataclass
class Stub:
    """What the app was told, and how it is to answer."""

    url: str = ""
    key: str = "stub-app"
    installed_status: int = 204
    changes: dict[str, Any] = field(default_factory=dict)  # of the descriptor
    events: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    frames: list[str] = field(default_factory=list)  # addresses that were opened

    @property
    def descriptor_url(self) -> str:
        return f"{self.url}/atlassian-connect.json"

    def body(self, event: str) -> dict[str, Any]:
        return next(body for name, _, body in reversed(self.events) if name == event)

    def token(self, event: str) -> str:
        return next(token for name, token, _ in reversed(self.events) if name == event)

    def assertion(self, account_id: str, server: str, **changes: Any) -> str:
        body, now = self.body("installed"), int(time.time())
        claims = {
            "iss": f"urn:atlassian:connect:clientid:{body['oauthClientId']}",
            "sub": f"urn:atlassian:connect:useraccountid:{account_id}",
            "tnt": body["baseUrl"],
            "aud": server,
            "iat": now,
            "exp": now + 60,
        }
        return jwt.encode(claims | changes, body["sharedSecret"], algorithm="HS256")

    def ask_for_token(self, account_id: str, server: str, **changes: Any) -> requests.Response:
        form = {
            "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
            "assertion": self.assertion(account_id, server, **changes),
        }
        return requests.post(f"{server}/oauth2/token", data=form, timeout=10)


def descriptor(stub: Stub) -> dict[str, Any]:
    return {
        "key": stub.key,
        "name": "Stub",
        "baseUrl": stub.url,
        "authentication": {"type": "jwt"},
        "lifecycle": {
            name: f"/connect/{name}" for name in ("installed", "enabled", "disabled", "uninstalled")
        },
        "scopes": ["READ", "ACT_AS_USER"],
        "apiMigrations": {"signed-install": True, "context-qsh": True},
        "modules": {
            "webItems": [
                {
                    "key": "stub-dialog",
                    "name": {"value": "Open the stub"},
                    "location": "system.content.action",
                    "url": "/frame/{content.id}?v={content.version}&space={space.key}",
                    "target": {"type": "dialog", "options": {"size": "large", "chrome": False}},
                }
            ],
            "spaceToolsTabs": [
                {
                    "key": "stub-tab",
                    "name": {"value": "Stub tab"},
                    "url": "/frame/tab?space={space.key}",
                }
            ],
            "configurePage": {
                "key": "stub-configure",
                "name": {"value": "Stub settings"},
                "url": "/frame/configure",
            },
        },
        **stub.changes,
    }


def flask_app(stub: Stub, script: str) -> Flask:
    app = Flask(__name__)

    @app.get("/atlassian-connect.json")
    def described() -> Any:
        return descriptor(stub)

    @app.post("/connect/<event>")
    def event(event: str) -> Response:
        token = request.headers["Authorization"].removeprefix("JWT ")
        stub.events.append((event, token, request.get_json()))
        return Response(status=stub.installed_status if event == "installed" else 204)

    @app.get("/frame/<what>")
    def frame(what: str) -> str:
        stub.frames.append(request.url)
        return PAGE.format(what=what, script=script)

    @app.post("/api/exports")
    def export() -> Response:
        order = request.get_json()
        if order["page"] == "404":
            return Response('{"message": "No such page."}', status=404)
        return Response(b"".join(frames_of(order)), mimetype="application/vnd.xpress.frames")

    return app


def frames_of(order: dict[str, Any]) -> Iterator[bytes]:
    yield from (frame(b"P", {"stage": "read", "done": 1, "total": 1, "label": "x"}), frame(b"H"))
    if order["options"].get("fail"):
        yield frame(b"E", {"code": "broken", "message": "The printer is broken."})
        return
    yield frame(b"D", b"%PDF-")
    yield frame(b"D", b"1.7")
    yield frame(b"R", {"pages": 1, "notes": []})


def frame(kind: bytes, payload: object = b"") -> bytes:
    content = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return kind + len(content).to_bytes(4, "big") + content


class Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


@contextmanager
def running_stub(script: str = "", port: int = 0) -> Iterator[Stub]:
    stub = Stub()
    server = make_server(
        "127.0.0.1", port, flask_app(stub, script), threaded=True, request_handler=Quiet
    )
    stub.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield stub
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


if __name__ == "__main__":
    with running_stub(os.environ["XPRESS_CONNECT_JS_URL"], int(sys.argv[1])):
        while True:
            time.sleep(1)
