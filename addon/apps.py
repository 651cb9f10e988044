from django.apps import AppConfig


class AddonConfig(AppConfig):
    name = "addon"
