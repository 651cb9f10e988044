from django.urls import path

from exports import preview_views, views

app_name = "exports"
urlpatterns = [
    path("dialog", views.Dialog.as_view(), name="dialog"),
    path("api/tree", views.Tree.as_view(), name="tree"),
    path("api/exports", views.Exports.as_view(), name="exports"),
    path("api/preview", preview_views.Previews.as_view(), name="preview"),
    path("api/logo", preview_views.Logos.as_view(), name="logo"),
    path("api/pages", preview_views.Pages.as_view(), name="pages"),
]
