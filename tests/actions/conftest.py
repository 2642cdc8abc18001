"""A stack on the real engine, in a team with an owner; removed from the engine afterwards, also on failure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest

from tests.actions.processes import new_project, remove_all


@pytest.fixture
def build(transactional_db: None) -> Iterator[Callable[[str], SimpleNamespace]]:
    """`build(text)`: a stack with that text; gives stack, user and actor."""
    from django.conf import settings
    from django.contrib.auth import get_user_model

    from topology.actions.authorize import Actor
    from topology.models import Engine, Membership, Stack, Team

    projects: list[str] = []

    def make(text: str) -> SimpleNamespace:
        project = new_project()
        projects.append(project)
        user, _ = get_user_model().objects.get_or_create(username="ann")
        team = Team.objects.create(name="Ours")
        Membership.objects.create(team=team, user=user, role="owner")
        engine, _ = Engine.objects.get_or_create(name="local", defaults={"url": settings.DOCKER_HOST})
        stack = Stack.objects.create(team=team, engine=engine, name=project, project=project, text=text, good_text=text)
        return SimpleNamespace(stack=stack, user=user, actor=Actor.of(user), team=team, engine=engine)

    yield make
    for project in projects:
        remove_all(project)
