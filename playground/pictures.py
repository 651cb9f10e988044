"""Pictures: stand-ins for the icons and avatars that every Confluence brings along."""

from flask import Response

from playground.service import service

STAND_IN = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16">'
    '<rect width="16" height="16" rx="3" fill="#8590a2"/></svg>'
)

pictures = service("pictures")


@pictures.get("/wiki/s/<path:name>")
@pictures.get("/wiki/aa-avatar/<name>")
@pictures.get("/wiki/plugins/servlet/confluence/placeholder/<name>")
def picture(name: str) -> Response:
    answer = Response(STAND_IN, mimetype="image/svg+xml")
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer
