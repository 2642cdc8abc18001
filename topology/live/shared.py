"""The guest's socket: one stack through a share link, read-only, without its values and without logs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import orjson
from channels.db import database_sync_to_async

from topology import announce, wire
from topology.actions.authorize import find_shared
from topology.actions.read_stack import read_shared
from topology.live.stack import StackSocket
from topology.store.guests import for_guest, without_errors

# Deny by default: a kind that is not named here does not reach a guest.
SHOWN = frozenset({"design", "layout", "status", "samples", "run", "steps", "timeline", "viewers", "cursor", "drag", "engine"})
TELLS_ERRORS = frozenset({"status", "run", "steps", "timeline", "engine"})


class SharedSocket(StackSocket):
    """`/ws/shared/<share id>/`. Samples run while a guest looks, since a guest cannot ask."""

    entrance = "live:shared"

    async def enter(self) -> list[str]:
        self.share_id: UUID = self.scope["url_route"]["kwargs"]["share_id"]
        self.stack_id = (await database_sync_to_async(find_shared)(self.actor, self.share_id)).stack_id
        self.rights = frozenset({"guest"})
        return [announce.stack_group(self.stack_id)]

    async def greet(self) -> None:
        await super().greet()
        self.samples_on = True

    @property
    def username(self) -> str:
        return self.actor.username or "guest"

    def take_snapshot(self) -> wire.Snapshot:
        return read_shared(self.actor, share_id=self.share_id)

    async def deliver(self, event: dict[str, Any]) -> None:
        if event.get("kind") not in SHOWN:
            return
        if event["kind"] == "design":
            message = wire.DesignChanged.model_validate(orjson.loads(event.get("viewers_text") or event["text"]))
            masked = message.model_copy(update={"stack": for_guest(message.stack)})
            event = {key: value for key, value in event.items() if key != "viewers_text"} | {"text": announce.encode(masked)}
        elif event["kind"] in TELLS_ERRORS:
            event = {**event, "text": orjson.dumps(without_errors(orjson.loads(event["text"]))).decode()}
        await super().deliver(event)
