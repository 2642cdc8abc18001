"""Logins at registries: kept sealed, never sent back, audited without their secrets, and used only where they belong."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from tests.world import World, build_world
from topology.models import Audit, RegistryLogin
from topology.store.logins import mark, usable_logins

SECRET = "ghp_never-shown-4711"


@pytest.fixture
def world(db: None) -> World:
    return build_world()


def save(world: World, **login: Any) -> Any:
    body = {"registry": "ghcr.io", "username": "ann", "secret": SECRET} | login
    client = world.client("administrator")
    return client.post(f"/api/engines/{world.engine.pk}/logins", body, content_type="application/json")


def listed(client: Client, world: World) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(f"/api/engines/{world.engine.pk}/logins").json()
    return found


def test_a_secret_is_sealed_at_rest_and_in_no_answer_and_no_audit_row(world: World) -> None:
    answer = save(world)
    assert answer.status_code == 200, answer.content
    assert SECRET not in answer.content.decode()
    assert SECRET not in world.client("administrator").get(f"/api/engines/{world.engine.pk}/logins").content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM topology_registrylogin")
        kept = [row[0] for row in cursor.fetchall()]
    assert len(kept) == 2 and all(one.startswith("sealed:1:") for one in kept)
    assert RegistryLogin.objects.get(registry="ghcr.io").secret == SECRET
    row = Audit.objects.get(action="save_login")
    assert row.detail == {"registry": "ghcr.io", "username": "ann", "new_secret": True}
    assert row.user_id == world.people["administrator"].pk


def test_every_address_of_a_registry_is_one_login(world: World) -> None:
    for name in ("https://index.docker.io/v1/", "docker.io", "Hub.Docker.com"):
        assert save(world, registry=name).json()["registry"] == "docker.io"
    assert RegistryLogin.objects.filter(registry="docker.io").count() == 1


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"registry": "no host!"}, "registry-host"),
        ({"registry": ""}, "registry-host"),
        ({"username": " "}, "registry-name"),
        ({"username": "a:b"}, "registry-name"),
        ({"secret": ""}, "secret-missing"),
        ({"secret": "x" * 9000}, "secret-long"),
    ],
)
def test_what_is_no_login_is_refused_with_what_to_do(world: World, wrong: dict[str, str], code: str) -> None:
    answer = save(world, **wrong)
    assert answer.status_code == 422 and answer.json()["code"] == code and answer.json()["fix"]
    assert not RegistryLogin.objects.exclude(pk=world.login.pk).exists()


def test_an_empty_secret_keeps_the_known_one_but_not_for_another_name(world: World) -> None:
    save(world)
    assert save(world, secret="").status_code == 200
    assert RegistryLogin.objects.get(registry="ghcr.io").secret == SECRET
    assert save(world, secret="", username="bob").json()["code"] == "secret-missing"


def test_a_login_of_another_engine_is_not_there(world: World) -> None:
    other = type(world.engine).objects.create(name="Other", url="unix:///other.sock")
    client = world.client("administrator")
    assert client.delete(f"/api/engines/{other.pk}/logins/{world.login.pk}").status_code == 404
    assert [one["registry"] for one in listed(client, world)] == ["quay.io"]
    assert client.delete(f"/api/engines/{world.engine.pk}/logins/{world.login.pk}").status_code == 204
    assert listed(client, world) == []
    assert Audit.objects.get(action="forget_login").detail == {"registry": "quay.io", "username": "ann"}


def test_what_a_registry_refused_is_not_used_until_it_is_changed(world: World) -> None:
    save(world)
    row = RegistryLogin.objects.get(registry="ghcr.io")
    assert mark(row.pk, seen=SECRET, state="refused", words="no", at=1.0)
    assert [one.registry for one in usable_logins(world.engine)] == ["quay.io"]
    save(world, secret="another")
    assert [one.registry for one in usable_logins(world.engine)] == ["ghcr.io", "quay.io"]
    assert not mark(row.pk, seen=SECRET, state="refused", at=2.0)  # the try of the old secret came late
