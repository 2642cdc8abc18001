"""Who may do what: roles, rights, and one table of every entrance with the right it asks for. Deny by default.

A role is held in a team; a stack belongs to one team. Anything of a team one is no member of does not exist for one (404).
`ENTRANCES` names every HTTP operation, WebSocket message and task. A test walks the code and fails on one that is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    """A person's role in a team, each with all of the rights of those before it."""

    VIEWER = "viewer"
    EDITOR = "editor"
    DEPLOYER = "deployer"
    OWNER = "owner"


class Right(StrEnum):
    """What an entrance asks for."""

    NOBODY = "nobody"  # no login needed: login itself, health, the one-time set-up
    ANYBODY = "anybody"  # any person logged in, about themselves
    GUEST = "guest"  # the holder of a share link, for that one stack
    LOOK = "look"
    LOGS = "logs"
    DRAW = "draw"
    DEPLOY = "deploy"
    MANAGE = "manage"  # people, sharing, deleting the stack
    ADMINISTER = "administer"  # engines and their restrictions


GRANTS: Mapping[Role, frozenset[Right]] = {
    Role.VIEWER: frozenset({Right.LOOK}),
    Role.EDITOR: frozenset({Right.LOOK, Right.LOGS, Right.DRAW}),
    Role.DEPLOYER: frozenset({Right.LOOK, Right.LOGS, Right.DRAW, Right.DEPLOY}),
    Role.OWNER: frozenset({Right.LOOK, Right.LOGS, Right.DRAW, Right.DEPLOY, Right.MANAGE}),
}

ENTRANCES: Mapping[str, Right] = {
    # HTTP: "api:" and the operation's id
    "api:me": Right.ANYBODY,
    "api:list_stacks": Right.ANYBODY,
    "api:list_examples": Right.ANYBODY,
    "api:check_compose": Right.ANYBODY,
    "api:convert_compose": Right.ANYBODY,
    "api:compose_from_run": Right.ANYBODY,
    "api:read_schema": Right.ANYBODY,
    "api:create_stack": Right.DRAW,
    "api:read_stack": Right.LOOK,
    "api:rename_stack": Right.MANAGE,
    "api:delete_stack": Right.MANAGE,
    "api:edit_stack": Right.DRAW,
    "api:move_nodes": Right.DRAW,
    "api:export_stack": Right.LOOK,
    "api:read_picture": Right.LOOK,
    "api:read_file": Right.LOOK,
    "api:read_status": Right.LOOK,
    "api:read_timeline": Right.LOOK,
    "api:list_revisions": Right.LOOK,
    "api:read_revision": Right.LOOK,
    "api:read_difference": Right.LOOK,
    "api:name_revision": Right.DRAW,
    "api:restore_revision": Right.DRAW,
    "api:read_plan": Right.LOOK,
    "api:request_run": Right.DEPLOY,
    "api:keep_drift": Right.DRAW,
    "api:list_runs": Right.LOOK,
    "api:read_run": Right.LOOK,
    "api:cancel_run": Right.DEPLOY,
    "api:list_shares": Right.MANAGE,
    "api:create_share": Right.MANAGE,
    "api:revoke_share": Right.MANAGE,
    "api:open_share": Right.NOBODY,
    "api:read_shared": Right.GUEST,
    "api:list_teams": Right.ANYBODY,
    "api:create_team": Right.ADMINISTER,  # its owner may deploy on the engines: no viewer makes themselves one
    "api:read_team": Right.LOOK,
    "api:change_member": Right.MANAGE,
    "api:remove_member": Right.MANAGE,
    "api:create_invitation": Right.MANAGE,
    "api:revoke_invitation": Right.MANAGE,
    "api:list_engines": Right.ANYBODY,
    "api:list_images": Right.ANYBODY,
    "api:set_engine_policy": Right.ADMINISTER,
    "api:ask_look": Right.ADMINISTER,  # what runs may be anybody's
    "api:read_look": Right.ADMINISTER,
    "api:adopt_stack": Right.ADMINISTER,
    "api:list_logins": Right.ADMINISTER,
    "api:save_login": Right.ADMINISTER,
    "api:try_login": Right.ADMINISTER,
    "api:forget_login": Right.ADMINISTER,
    # WebSockets: "live:", the consumer and, for what a client sends, the message's type
    "live:stack": Right.LOOK,
    "live:stack:watch": Right.LOOK,
    "live:stack:cursor": Right.LOOK,
    "live:stack:drag": Right.DRAW,
    "live:stack:logs_open": Right.LOGS,
    "live:stack:logs_close": Right.LOGS,
    "live:stacks": Right.ANYBODY,
    "live:shared": Right.GUEST,
    # Tasks: "task:" and the name; the right that the person who asked must still have when it starts
    "task:run_apply": Right.DEPLOY,
    "task:reconcile_runs": Right.NOBODY,
    "task:take_look": Right.ADMINISTER,
    "task:keep_drift": Right.DRAW,
    "task:check_login": Right.NOBODY,
    # Pages: "page:" and the URL's name
    "page:app": Right.ANYBODY,
    "page:shared": Right.NOBODY,
    "page:shared_app": Right.GUEST,
    "page:api_fallback": Right.NOBODY,
    "page:login": Right.NOBODY,
    "page:logout": Right.ANYBODY,
    "page:setup": Right.NOBODY,
    "page:join": Right.NOBODY,
    "page:password": Right.ANYBODY,
    "page:health": Right.NOBODY,
    "page:ready": Right.NOBODY,
}


SHARES_KEY = "shares"  # in a session: ids of the share links that this visitor has opened


def grants(role: Role | str | None, right: Right) -> bool:
    """Whether a team role has a right on that team's things. No role has none; GUEST and ADMINISTER come from elsewhere."""
    if role is None:
        return False
    return right in GRANTS[Role(role)]
