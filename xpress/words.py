"""The words of our scripts in one language, as a script: `gettext` and its kin."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.views.i18n import JavaScriptCatalog


def words(request: HttpRequest, language: str) -> HttpResponseBase:
    with translation.override(language):
        return JavaScriptCatalog.as_view(packages=[])(request)
