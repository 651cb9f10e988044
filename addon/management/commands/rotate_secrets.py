"""Encrypt all stored secrets with the first of XPRESS_FERNET_KEYS. Afterwards old keys may go."""

from typing import Any

from django.core.management.base import BaseCommand

from addon.lifecycle import reseal_secrets


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{reseal_secrets()} secrets are sealed with the newest key.")
