"""Two teams with a person for each role, a stack with all that belongs to it, and a visitor with a share link."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from topology.actions.authorize import Actor
from topology.actions.ensure_engine import ensure_engine
from topology.core.access import Role
from topology.models import Engine, Invitation, Look, Membership, RegistryLogin, Run, ShareLink, Stack, StackFile, Team
from topology.store.people import token_hash

SECRET = "hunter22-secret"
FILE_SECRET = "correct-horse-9"  # stands in the stack's .env
TEXT = f"""# a shop
services:
  web:
    image: nginx:alpine
    command: serve --password {SECRET} --verbose
    environment:
      PASSWORD: {SECRET}
      MODE: "on"
    networks: [front]
  api:
    image: nginx:alpine
    environment: [TOKEN=tok-123456]
    labels:
      note: made with tok-123456
    networks: [front, back]
networks:
  front: {{}}
  back:
    internal: true
"""


@dataclass
class World:
    """`people` by role, and "stranger" (owner of another team) and "administrator" (of the engines, member of nothing)."""

    team: Team
    foreign: Team
    engine: Engine
    stack: Stack
    run: Run
    share: ShareLink
    invitation: Invitation
    look: Look
    login: RegistryLogin
    people: dict[str, Any] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        if name == "guest":
            return Actor(shares=frozenset({str(self.share.pk)}))
        return Actor.of(self.people[name]) if name in self.people else Actor()

    def client(self, name: str) -> Client:
        """A browser: logged in, or with the share link opened ("guest"), or neither ("anonymous")."""
        client = Client()
        if name in self.people:
            client.force_login(self.people[name])
        if name == "guest":
            session = client.session
            session["shares"] = [str(self.share.pk)]
            session.save()
        return client


def build_world(*, text: str = TEXT) -> World:
    people = {name: get_user_model().objects.create_user(name) for name in [*(role.value for role in Role), "stranger"]}
    people["administrator"] = get_user_model().objects.create_user("administrator", is_superuser=True)
    team, foreign = Team.objects.create(name="Ours"), Team.objects.create(name="Theirs")
    for role in Role:
        Membership.objects.create(team=team, user=people[role.value], role=role.value)
    Membership.objects.create(team=foreign, user=people["stranger"], role="owner")
    engine, owner = ensure_engine(), people["owner"]
    stack = Stack.objects.create(
        team=team, engine=engine, name="Shop", project="nyt-shop", text=text, good_text=text, updated_by=owner
    )
    file = StackFile.objects.create(stack=stack, path=".env", version=1, text=f"DB_PASSWORD={FILE_SECRET}\nTAG=alpine\n")
    stack.tree = stack.good_tree = {"files": {".env": str(file.pk)}}
    stack.save()
    return World(
        team=team,
        foreign=foreign,
        engine=engine,
        stack=stack,
        run=Run.objects.create(stack=stack, kind="apply", state="done", by=owner, version=1, text=text),
        share=ShareLink.objects.create(stack=stack, token_hash=token_hash("share-token"), created_by=owner),
        invitation=Invitation.objects.create(
            team=team, role="editor", token_hash=token_hash("join-token"), created_by=owner,
            expires_at=timezone.now() + timedelta(days=7),
        ),
        look=Look.objects.create(
            engine=engine, kind="project", asked={"project": "found"}, state="ready", by=people["administrator"],
            answer={"project": "found", "text": "services: {a: {image: busybox}}", "notes": [], "operations": [], "adopted": {}},
        ),
        login=RegistryLogin.objects.create(engine=engine, registry="quay.io", username="ann", secret="s3cret", state="works"),
        people=people,
    )  # fmt: skip
