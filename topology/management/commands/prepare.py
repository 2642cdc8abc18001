"""What must be in place before the processes start: the database migrated, the default engine's row, the set-up token."""

import json
import os
from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from topology.actions.ensure_engine import ensure_engine
from topology.actions.set_up import make_setup_token


class Command(BaseCommand):
    help = "Migrate, make the default engine's row, and print the one-time set-up token: as JSON, or with --words as a link."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--words", action="store_true", help="print a link under NETYARD_ADDRESS for a person to open")

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        ensure_engine()
        token = make_setup_token()
        if not options["words"]:
            self.stdout.write(json.dumps({"setup_token": token}))
        elif token:
            address = os.environ.get("NETYARD_ADDRESS", "http://localhost:8480").rstrip("/")
            self.stdout.write(f"Make the first administrator (this link works once): {address}/setup/#{token}")
        else:
            self.stdout.write("The database is ready.")
