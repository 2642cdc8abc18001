"""What `./netyard up` needs before the children start: the database migrated, the default engine's row, the set-up token."""

import json
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from topology.actions.ensure_engine import ensure_engine
from topology.actions.make_setup_token import make_setup_token


class Command(BaseCommand):
    help = "Migrate, make the default engine's row, and print the one-time set-up token as JSON on the last line."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        ensure_engine()
        self.stdout.write(json.dumps({"setup_token": make_setup_token()}))
