"""`./netyard reseal`: encrypts every text at rest with the secret key of today, so that an old key can be forgotten.

Set the new NETYARD_SECRET_KEY, name the one before in NETYARD_OLD_SECRET_KEYS, run this, then take NETYARD_OLD_SECRET_KEYS away.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from topology.models.sealed import SealedError, SealedJSONField, SealedTextField, is_current, seal, unseal


class Command(BaseCommand):
    help = "Encrypt every text at rest with the secret key of today."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        changed = sum(
            _reseal(model._meta.db_table, str(model._meta.pk.column), str(field.column))
            for model in apps.get_app_config("topology").get_models()
            for field in model._meta.fields
            if isinstance(field, SealedTextField | SealedJSONField)
        )
        self.stdout.write(f"{changed} texts were encrypted anew.")


def _reseal(table: str, key: str, field: str) -> int:
    """One column, as it stands in the database; a row that changes meanwhile was sealed with today's key by that."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {key} FROM {table}")  # noqa: S608  # names of our own tables
        rows = [row[0] for row in cursor.fetchall()]
        changed = 0
        for row in rows:
            with transaction.atomic():
                cursor.execute(f"SELECT {field} FROM {table} WHERE {key} = %s", [row])  # noqa: S608
                found = cursor.fetchone()
                if found is None or is_current(found[0]):
                    continue
                try:
                    new = seal(unseal(found[0]))
                except SealedError as error:
                    raise CommandError(str(error)) from error
                cursor.execute(f"UPDATE {table} SET {field} = %s WHERE {key} = %s AND {field} = %s", [new, row, found[0]])  # noqa: S608
                changed += cursor.rowcount
    return changed
