from django.urls import include, path

from xpress import health

urlpatterns = [
    path("", include("addon.urls")),
    path("", include("exports.urls")),
    path("healthz", health.alive),
    path("readyz", health.ready),
]

handler400 = "xpress.failures.bad_request"
handler404 = "xpress.failures.not_found"
handler500 = "xpress.failures.server_error"
