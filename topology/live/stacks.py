"""The list's socket: each card of the person's teams as it changes, and engines that come and go."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import orjson
from channels.db import database_sync_to_async

from topology import announce
from topology.actions.authorize import require_login
from topology.live.socket import Socket
from topology.store.people import team_refs
from topology.store.stacks import role_rights


class StacksSocket(Socket):
    """`/ws/stacks/`. A card is announced without rights, since those are each reader's own: they are filled in here."""

    async def enter(self) -> list[str]:
        require_login(self.actor)
        assert self.actor.user_id is not None
        refs = await database_sync_to_async(team_refs)(self.actor.user_id)
        self.rights_in = {ref.id: role_rights(ref.role) for ref in refs}
        return [announce.user_group(self.actor.user_id), *(announce.team_group(UUID(ref.id)) for ref in refs)]

    async def tick(self) -> None:
        await self.join(self.joined)

    async def deliver(self, event: dict[str, Any]) -> None:
        message = orjson.loads(event["text"])
        if message.get("card"):
            message["card"]["rights"] = self.rights_in.get(message["card"]["team_id"], [])
        await self.send_text(orjson.dumps(message).decode())
