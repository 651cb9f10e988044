"""The Connect app descriptor, one table; addresses come from the routes.

https://developer.atlassian.com/cloud/confluence/connect-app-descriptor/
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse


def descriptor() -> dict[str, Any]:
    return {
        "apiVersion": 1,
        "key": settings.XPRESS_APP_KEY,
        "name": "XPress",
        "description": "Confluence pages, branches and spaces as PDF documents.",
        "vendor": {"name": settings.XPRESS_VENDOR_NAME, "url": settings.XPRESS_VENDOR_URL},
        "baseUrl": settings.XPRESS_BASE_URL,
        "links": {
            "self": settings.XPRESS_BASE_URL + reverse("addon:descriptor"),
            "homepage": settings.XPRESS_VENDOR_URL,
            "documentation": settings.XPRESS_VENDOR_URL,
        },
        "authentication": {"type": "jwt"},
        "apiMigrations": {"signed-install": True, "context-qsh": True},
        "lifecycle": {
            "installed": reverse("addon:installed"),
            "enabled": reverse("addon:enabled"),
            "disabled": reverse("addon:disabled"),
            "uninstalled": reverse("addon:uninstalled"),
        },
        # Reading, in the name of the person who asks: nothing else is needed.
        "scopes": ["READ", "ACT_AS_USER"],
        "modules": {
            "webItems": [
                {
                    "key": "export-pdf",
                    "name": {"value": "Export to PDF"},
                    "tooltip": {"value": "This page, its branch or the space as a PDF"},
                    "location": "system.content.action",
                    "weight": 200,
                    "url": reverse("exports:dialog") + "?page={content.id}&space={space.key}",
                    "target": {
                        "type": "dialog",
                        "options": {"width": "600px", "height": "560px", "chrome": False},
                    },
                    "conditions": [
                        {"condition": "user_is_logged_in"},
                        {"condition": "viewing_content"},
                    ],
                }
            ],
            "spaceToolsTabs": [
                {
                    "key": "space-settings",
                    "name": {"value": "PDF export"},
                    "location": "integrations",
                    "weight": 100,
                    "url": reverse("addon:space-settings-page") + "?space={space.key}",
                }
            ],
            "configurePage": {
                "key": "configure",
                "name": {"value": "PDF export"},
                "url": reverse("addon:configure"),
            },
            "postInstallPage": {
                "key": "get-started",
                "name": {"value": "Get started"},
                "url": reverse("addon:get-started"),
            },
        },
    }
