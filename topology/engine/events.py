"""An engine's event stream as records."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from topology.core.observed import EngineEvent
from topology.engine import translate
from topology.engine.client import Client
from topology.engine.errors import EngineUnreachable
from topology.engine.stream import json_lines


def follow_events(client: Client, *, since: float | None, stop: Callable[[], bool]) -> Iterator[EngineEvent]:
    """Events until `stop()`. The engine never ends this answer by itself, so an end is a lost stream and raised as one.

    The connection is opened here and now, not at the first `next`: what happens after this call returns is not missed.
    """
    params = {} if since is None else {"since": f"{since:.9f}"}
    stream = client.stream("GET", "/events", params=params)

    def read() -> Iterator[EngineEvent]:
        try:
            for raw in json_lines(stream, stop=stop):
                event = translate.event(raw)
                if event is not None:
                    yield event
        finally:
            stream.close()
        if not stop():
            raise EngineUnreachable(
                f"The event stream of {client.address} ended.", fix="Netyard connects again by itself once the engine answers."
            )

    return read()
