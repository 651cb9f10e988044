from django.urls import path

from addon import views

app_name = "addon"
urlpatterns = [
    path("atlassian-connect.json", views.Descriptor.as_view(), name="descriptor"),
    path("lifecycle/installed", views.Installed.as_view(), name="installed"),
    path("lifecycle/enabled", views.Enabled.as_view(), name="enabled"),
    path("lifecycle/disabled", views.Disabled.as_view(), name="disabled"),
    path("lifecycle/uninstalled", views.Uninstalled.as_view(), name="uninstalled"),
    path("space-settings", views.SpaceSettingsPage.as_view(), name="space-settings-page"),
    path("configure", views.ConfigurePage.as_view(), name="configure"),
    path("get-started", views.GetStartedPage.as_view(), name="get-started"),
    path("api/settings", views.SiteSettings.as_view(), name="site-settings"),
    path("api/spaces/<str:key>/settings", views.SpaceSettings.as_view(), name="space-settings"),
]
