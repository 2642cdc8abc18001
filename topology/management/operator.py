"""Whom a command at the terminal acts for, and which stack it means."""

from __future__ import annotations

from contextlib import closing

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from topology.actions.authorize import Actor, find_stack, record
from topology.actions.declined import Declined
from topology.actions.ensure_engine import ensure_engine
from topology.actions.resync_stack import resync_stack
from topology.core.access import Right, Role
from topology.engine.connect import open_engine
from topology.models import Membership, Stack, Team
from topology.store.adoptions import adopted_of

OPERATOR = "operator"
LOCAL_TEAM = "Local"


def prepare_database() -> None:
    """The tables, where this is the first command on a data folder or the first since an update."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)
        ensure_engine()


def operator(username: str = "") -> tuple[Actor, str]:
    """The person named, else the first administrator, else a local operator; with a note for people when one was made.

    Whoever can run this command can read the database, so no password is asked for.
    """
    people = get_user_model().objects.filter(is_active=True)
    if username:
        user = people.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is no person named {username}.", returncode=2)
        return Actor.of(user), ""
    user = people.filter(is_superuser=True).order_by("pk").first() or people.filter(username=OPERATOR).first()
    if user is not None:
        return Actor.of(user), ""
    if people.exists():
        raise CommandError("There is no administrator yet. Name the person to act for: --as USER.", returncode=2)
    return (
        _make_operator(),
        f'Nobody has been set up yet: acting as "{OPERATOR}", a local user without a password, in team "{LOCAL_TEAM}".',
    )


def _make_operator() -> Actor:
    with transaction.atomic():
        user = get_user_model().objects.create_user(OPERATOR)
        user.set_unusable_password()
        user.save()
        team = Team.objects.create(name=LOCAL_TEAM)
        Membership.objects.create(team=team, user=user, role=Role.OWNER.value)
        actor = Actor.of(user)
        record(actor, "make_operator", subject=f"user:{user.pk}", team_id=team.pk)
    return actor


def home_team(actor: Actor, name: str) -> Team:
    """The team of that name, else the first one the person may draw in."""
    assert actor.user_id is not None
    mine = Team.objects.filter(memberships__user_id=actor.user_id).order_by("created_at")
    team = mine.filter(name=name).first() if name else mine.first()
    if team is None:
        wanted = f"team named {name}" if name else "team"
        raise CommandError(f"{actor.username} is in no {wanted}. Name another with --team, or join one.", returncode=2)
    return team


def named_stack(actor: Actor, name: str, right: Right, *, action: str) -> Stack:
    """The stack by name (or id) among the person's own, with the right checked."""
    assert actor.user_id is not None
    mine = Stack.objects.filter(team__memberships__user_id=actor.user_id)
    found = list(mine.filter(name=name)[:2])
    if len(found) > 1:
        raise CommandError(f"Several teams have a stack named {name}. Give its id instead.", returncode=2)
    if not found:
        found = [one for one in mine if str(one.pk) == name]
    if not found:
        raise CommandError(f"There is no stack named {name}. See ./netyard stack list.", returncode=2)
    try:
        return find_stack(actor, found[0].pk, right, action=action)
    except Declined as declined:
        raise CommandError(f"{declined.message} {declined.fix}", returncode=1) from declined


def look_afresh(stack: Stack) -> None:
    """Observe the stack on its engine now and save it, so that what follows is planned from there. Raises EngineError."""
    with closing(open_engine(stack.engine.url)) as engine:
        resync_stack(stack.pk, observe=lambda: engine.observe(stack.project, adopted=adopted_of(stack.pk)))
    stack.refresh_from_db()
