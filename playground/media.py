"""Media: the second origin, where attachments are downloaded from by a short-lived address.

Like Atlassian's media host it wants no Authorization header, and refuses one.
"""

from urllib.parse import quote

from flask import Flask, Response, abort, g, request, send_file
from itsdangerous import BadData

from playground.confluence import Confluence, here
from playground.service import service
from playground.site import Attachment

DOWNLOAD_SECONDS = 300

media = service("media")


def media_app(confluence: Confluence) -> Flask:
    app = Flask(__name__, static_folder=None)
    app.extensions["confluence"] = confluence
    app.register_blueprint(media)
    return app


def download_url(confluence: Confluence, attachment: Attachment) -> str:
    """Make an address that answers the bytes for a few minutes, to whoever has it."""
    token = confluence.downloads.dumps(attachment.id)
    name = quote(attachment.title, safe="")
    path = f"/file/{attachment.media_id}/binary"
    return f"{confluence.media_origin}{path}?token={token}&name={name}"


@media.get("/file/<media_id>/binary")
def binary(media_id: str) -> Response:
    if "Authorization" in request.headers:
        g.authorization = "refused"
        abort(400, "This host takes no Authorization header.")
    attachment = _attachment(request.args.get("token", ""))
    if attachment is None or attachment.media_id != media_id:
        abort(403, "The address has expired, or was never signed.")
    answer = send_file(
        attachment.path,
        mimetype=attachment.media_type,
        as_attachment=True,
        download_name=request.args.get("name") or attachment.title,
        conditional=False,
        etag=False,
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _attachment(token: str) -> Attachment | None:
    try:
        attachment_id = here().downloads.loads(token, max_age=DOWNLOAD_SECONDS)
    except BadData:
        return None
    return here().site.attachment(attachment_id)
