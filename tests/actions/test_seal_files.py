"""Texts at rest: sealed with a key that can be changed, and unreadable without it."""

from __future__ import annotations

import io

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from tests.world import FILE_SECRET, TEXT, build_world
from topology.models import Stack, StackFile
from topology.models.sealed import SealedError, SealedJSONField, SealedTextField, is_current, seal, unseal


def at_rest(field: str = "text", table: str = "topology_stackfile") -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {field} FROM {table}")
        return str(cursor.fetchone()[0])


def everything_sealed() -> dict[tuple[str, str], str]:
    """(table, column and row) → what the database has, for every sealed value that is not empty."""
    found = {}
    for model in apps.get_models():
        for field in model._meta.fields:
            if isinstance(field, SealedTextField | SealedJSONField):
                table, key = model._meta.db_table, model._meta.pk.column
                with connection.cursor() as cursor:
                    cursor.execute(f"SELECT {key}, {field.column} FROM {table} WHERE {field.column} <> ''")
                    found |= {(table, f"{field.column} {row}"): str(value) for row, value in cursor.fetchall()}
    return found


def test_a_text_comes_back_and_each_sealing_differs() -> None:
    for text in ("", "a", "é\r\n\ufeff\0", "x" * 100_000, "sealed:1:no"):
        assert unseal(seal(text)) == text
    assert seal("a") != seal("a")


def test_what_was_written_before_sealing_is_read_as_it_is() -> None:
    assert unseal("services: {}\n") == "services: {}\n"


def test_a_key_is_changed_without_losing_a_text(db: None, settings: object) -> None:
    world = build_world()
    old = settings.SECRET_KEY  # type: ignore[attr-defined]
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 40, [old]  # type: ignore[attr-defined]
    sealed = everything_sealed()
    assert {"topology_stack", "topology_stackfile", "topology_run"} <= {table for table, _ in sealed}
    assert not any(map(is_current, sealed.values()))
    out = io.StringIO()
    call_command("reseal", stdout=out)
    assert [key for key, value in everything_sealed().items() if not is_current(value)] == []
    assert out.getvalue() == f"{len(sealed)} texts were encrypted anew.\n"
    assert all(map(is_current, everything_sealed().values()))
    settings.SECRET_KEY_FALLBACKS = []  # type: ignore[attr-defined]
    assert Stack.objects.get(pk=world.stack.pk).text == TEXT
    assert FILE_SECRET in StackFile.objects.get().text


def test_without_the_key_nothing_is_read_and_it_is_said_why(settings: object) -> None:
    closed = seal("secret")
    settings.SECRET_KEY = "m" * 40  # type: ignore[attr-defined]
    with pytest.raises(SealedError, match="NETYARD_OLD_SECRET_KEYS"):
        unseal(closed)


def test_a_text_that_was_changed_at_rest_is_refused() -> None:
    closed = seal("secret")
    with pytest.raises(SealedError):
        unseal(closed[:-6] + ("AAAAA=" if not closed.endswith("AAAAA=") else "BBBBB="))
