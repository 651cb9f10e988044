from django.urls import path

from addon import settings_views, template_views, views

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
    path("api/settings", settings_views.SiteSettings.as_view(), name="site-settings"),
    path("api/templates", template_views.Templates.as_view(), name="site-templates"),
    path(
        "api/templates/<slug:template>", template_views.OneTemplate.as_view(), name="site-template"
    ),
    path(
        "api/templates/<slug:template>/file",
        template_views.TemplateFile.as_view(),
        name="site-template-file",
    ),
    path(
        "api/spaces/<str:key>/settings",
        settings_views.SpaceSettings.as_view(),
        name="space-settings",
    ),
    path(
        "api/spaces/<str:key>/templates",
        template_views.Templates.as_view(),
        name="space-templates",
    ),
    path(
        "api/spaces/<str:key>/templates/<slug:template>",
        template_views.OneTemplate.as_view(),
        name="space-template",
    ),
    path(
        "api/spaces/<str:key>/templates/<slug:template>/file",
        template_views.TemplateFile.as_view(),
        name="space-template-file",
    ),
    path(
        "api/spaces/<str:key>/templates/<slug:template>/copies",
        template_views.Copies.as_view(),
        name="template-copies",
    ),
    path("api/groups", settings_views.Groups.as_view(), name="groups"),
    path("api/spaces", settings_views.Spaces.as_view(), name="spaces"),
    path("api/data", settings_views.Data.as_view(), name="data"),
]
