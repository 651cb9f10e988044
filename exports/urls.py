from django.urls import path

from exports import views

app_name = "exports"
urlpatterns = [
    path("dialog", views.Dialog.as_view(), name="dialog"),
    path("api/tree", views.Tree.as_view(), name="tree"),
    path("api/exports", views.Exports.as_view(), name="exports"),
]
