from django.conf import settings
from django.urls import include, path, re_path
from django.views.decorators.cache import cache_control

from xpress import failures, health
from xpress.openapi import OpenApi
from xpress.words import words

_LANGUAGES = "|".join(code for code, _ in settings.LANGUAGES)

urlpatterns = [
    path("", include("addon.urls")),
    path("", include("exports.urls")),
    re_path(
        rf"^words/(?P<language>{_LANGUAGES})\.js$", cache_control(max_age=300)(words), name="words"
    ),
    path("openapi.json", OpenApi.as_view(), name="openapi"),
    path("healthz", health.alive),
    path("readyz", health.ready),
    re_path("", failures.not_found),  # in development too, where Django has a page of its own
]

handler400 = "xpress.failures.bad_request"
handler404 = "xpress.failures.not_found"
handler500 = "xpress.failures.server_error"
