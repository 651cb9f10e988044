"""GET /openapi.json: the whole API, described; the same for everybody."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView


class OpenApi(APIView):
    """This description."""

    permission_classes = ()

    @extend_schema(
        operation_id="openapi", summary="This description", responses=OpenApiTypes.OBJECT
    )
    def get(self, request: Request) -> Response:
        return Response(described())


@lru_cache(maxsize=1)
def described() -> dict[str, Any]:
    """The description as JSON takes it."""
    with translation.override("en"):
        made: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return made
