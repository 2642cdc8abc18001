"""Logins kept for an engine: tried by the engine at a real registry on loopback, and used by the runs that need them."""

from __future__ import annotations

from typing import Any

import docker
import pytest
from django.utils import timezone

from tests.engine.bench import Bench, sweep
from tests.engine.test_pulls import Registry, registry  # noqa: F401 - a fixture
from tests.world import World, build_world
from topology.actions.check_login import check_login
from topology.actions.run_apply import run_apply
from topology.engine.connect import DEFAULT_URL
from topology.engine.errors import EngineError, EngineTimeout, EngineUnreachable, Refused
from topology.engine.logins import Login
from topology.engine.logins import check_login as ask_login
from topology.models import RegistryLogin, Run

pytestmark = [pytest.mark.engine, pytest.mark.django_db(transaction=True)]
NAME, SECRET = "ann", "p:ss wörd"


@pytest.fixture
def world(real: Bench) -> World:
    made = build_world(text="services: {}\n")
    made.engine.url = DEFAULT_URL
    made.engine.save()
    return made


def keep(world: World, registry: Registry, *, secret: str = SECRET) -> RegistryLogin:  # noqa: F811
    registry.login = f"{NAME}:{SECRET}"
    host = registry.image.partition("/")[0]
    return RegistryLogin.objects.create(engine=world.engine, registry=host, username=NAME, secret=secret)


def apply(world: World, project: str, image: str) -> Run:
    world.stack.project = project
    world.stack.save()
    text = f"services:\n  web:\n    image: {image}\n    network_mode: none\n    labels: [io.netyard.test=1]\n"
    run = Run.objects.create(
        stack=world.stack, kind="apply", by=world.people["deployer"], version=1, text=text, requested_at=timezone.now()
    )
    run_apply(str(run.pk), worker="w")
    run.refresh_from_db()
    return run


def test_the_engine_is_let_in_with_the_right_secret(world: World, registry: Registry) -> None:  # noqa: F811
    login = keep(world, registry)
    assert check_login(str(login.pk)) == "works"
    login.refresh_from_db()
    assert login.state == "works" and login.words == "" and login.checked_at > 0


def test_a_wrong_secret_is_said_to_be_refused(world: World, registry: Registry) -> None:  # noqa: F811
    login = keep(world, registry, secret="wrong")
    assert check_login(str(login.pk)) == "refused"
    login.refresh_from_db()
    assert "refused this name" in login.words and "token" in login.fix and "wrong" not in login.words


def test_an_engine_that_cannot_be_opened_leaves_a_login_unknown(world: World, registry: Registry) -> None:  # noqa: F811
    def too_old(url: str) -> Any:
        raise Refused("The engine speaks API 1.24.")

    assert check_login(str(keep(world, registry).pk), connect=too_old) == "unknown"


def test_a_registry_that_does_not_answer_leaves_a_login_unknown(world: World, registry: Registry) -> None:  # noqa: F811
    login = keep(world, registry)
    RegistryLogin.objects.filter(pk=login.pk).update(registry="127.0.0.1:1")
    assert check_login(str(login.pk)) == "unknown"
    login.refresh_from_db()
    assert "cannot reach" in login.fix


@pytest.mark.parametrize(
    ("error", "refused"),
    [
        (EngineError('Get "https://registry-1.docker.io/v2/": unauthorized: incorrect username or password'), True),
        (EngineError("login attempt to http://127.0.0.1:5000/v2/ failed with status: 401 Unauthorized"), True),
        (EngineError('Get "https://ghcr.io/v2/": denied: denied'), True),
        (EngineError("denied: requested access to the resource is denied"), True),
        (EngineError("error response: pull access denied for x"), True),
        (EngineError("unexpected status from GET request to https://x/v2/: 403 Forbidden"), True),
        (EngineError('Get "http://127.0.0.1:4013/v2/": dial tcp 127.0.0.1:4013: connect: connection refused'), False),
        (EngineError('Get "http://127.0.0.1:401/v2/": dial tcp 127.0.0.1:401: connect: connection refused'), False),
        (EngineError("dial tcp: lookup unauthorized.example: no such host"), False),
        (EngineError("dial tcp: lookup denied.example: no such host"), False),
        (EngineError("open /etc/docker/certs.d/x/ca.crt: permission denied"), False),
        (EngineUnreachable("No Docker engine answers at unix:///var/run/docker.sock (Permission denied)."), False),
        (Refused("client is newer than server"), False),
        (EngineTimeout("The engine at tcp://h:2401 did not answer in time (401)."), False),
    ],
)
def test_a_secret_is_blamed_only_for_a_registrys_no(error: EngineError, refused: bool) -> None:
    class Answering:
        def post(self, *_: object, **__: object) -> None:
            raise error

    with pytest.raises(EngineError) as caught:
        ask_login(Answering(), "r.test", Login("ann", "s"))  # type: ignore[arg-type]
    assert (type(caught.value) is Refused) == refused
    assert refused or caught.value.message == error.message


@pytest.mark.parametrize("state", ["works", "unknown", "refused"])
def test_a_run_pulls_a_private_image_with_the_engines_login_unless_it_was_refused(
    world: World, registry: Registry, real: Bench, state: str,  # noqa: F811
) -> None:  # fmt: skip
    login = keep(world, registry)
    RegistryLogin.objects.filter(pk=login.pk).update(state=state)
    try:
        run = apply(world, real.project, registry.image)
        pull: Any = next(one for one in run.steps.all() if one.operation["kind"] == "pull_image")
        if state == "refused":
            assert run.state == "failed" and "log in" in f"{run.fix} {pull.fix}".lower()
        else:  # the image has no program to start: what counts is that it was pulled
            assert pull.state == "done", pull.error
            assert docker.from_env().images.list(name=registry.image)
    finally:
        sweep(real.project)
