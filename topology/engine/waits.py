"""Waiting for a container to be healthy, to have completed or to stay up, by looking at it until a deadline."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from topology.core.observed import ObservedContainer
from topology.core.steadiness import MANY, remedy, trouble
from topology.engine import translate
from topology.engine.client import Client
from topology.engine.errors import Cancelled, WaitFailed
from topology.engine.found import found_container

LOOK_S = 0.25
RECOVERED_S = 2.0  # for how long one has to run that was started again by the engine
LONGEST_S = 10.0  # that one may take to recover by itself

Progress = Callable[[str, float | None], None]


def wait_healthy(client: Client, name: str, *, timeout_s: float, progress: Progress, cancelled: Callable[[], bool]) -> str:
    """Until its health check says healthy. A container with no check counts as healthy once it runs."""

    def met(state: dict[str, Any]) -> bool:
        health = (state.get("Health") or {}).get("Status") or "none"
        if state.get("Status") in ("exited", "dead"):
            raise WaitFailed(
                f"{name} exited with code {state.get('ExitCode')} before it was healthy.{_reason(state)}",
                fix=f"Look at the logs of {name}.",
            )
        if health == "unhealthy":
            raise WaitFailed(
                f"{name} is unhealthy.{_last_output(state)}",
                fix=f"Look at the logs of {name} and at what its health check tests; a longer start_period may help.",
            )
        # one that the engine is about to start again is "running" too
        return health == "healthy" or (health == "none" and bool(state.get("Running")) and not state.get("Restarting"))

    return _wait(client, name, met, what="healthy", timeout_s=timeout_s, progress=progress, cancelled=cancelled)


def wait_completed(client: Client, name: str, *, timeout_s: float, progress: Progress, cancelled: Callable[[], bool]) -> str:
    """Until it exited with code 0."""

    def met(state: dict[str, Any]) -> bool:
        if state.get("Status") not in ("exited", "dead"):
            return False
        if state.get("ExitCode"):
            raise WaitFailed(f"{name} exited with code {state['ExitCode']}.{_reason(state)}", fix=f"Look at the logs of {name}.")
        return True

    return _wait(client, name, met, what="completed", timeout_s=timeout_s, progress=progress, cancelled=cancelled)


def wait_steady(client: Client, name: str, *, timeout_s: float, progress: Progress, cancelled: Callable[[], bool]) -> str:
    """Until it has run for `timeout_s`, or has ended well. A program that fails at first and is started again by the engine, as
    many do until their database is there, has ten seconds more."""
    begun = time.monotonic()
    since, started_at = begun, 0.0
    ended: ObservedContainer | None = None  # as it was last seen not running: only then is its exit code known
    while True:
        one, now = translate.container(_inspect(client, name)), time.monotonic()
        if one.started_at != started_at:
            since, started_at = now, one.started_at
        up = one.state in ("running", "paused")
        ended = ended if up else one
        if one.state == "exited" and not one.exit_code:
            return ""
        many = one.restart_count >= MANY and ended is not None
        if one.state in ("exited", "dead") or many or now - begun > timeout_s + LONGEST_S:
            told = ended or one
            raise WaitFailed(trouble(told) or f"{name} is {told.state}.", fix=remedy(told))
        if up and now - since >= (max(timeout_s, RECOVERED_S) if one.restart_count else timeout_s):
            return ""
        if cancelled():
            raise Cancelled(f"Waiting for {name} was cancelled.")
        progress(f"{name} has been {one.state} for {now - since:.0f} s", None)
        time.sleep(LOOK_S)


def _inspect(client: Client, name: str) -> Any:
    if (found := found_container(client, name)) is None:
        raise WaitFailed(f"{name} was removed while it was waited for.", fix="Plan again.")
    return found


def _wait(
    client: Client, name: str, met: Callable[[dict[str, Any]], bool], *, what: str, timeout_s: float, progress: Progress,
    cancelled: Callable[[], bool],
) -> str:  # fmt: skip
    begun, said = time.monotonic(), ""
    while True:
        state = _inspect(client, name).get("State") or {}
        if met(state):
            return ""
        if cancelled():
            raise Cancelled(f"Waiting for {name} was cancelled.")
        waited_s = time.monotonic() - begun
        if waited_s > timeout_s:
            raise WaitFailed(
                f"{name} was not {what} after {timeout_s:.0f} s; it is {_word(state)}.{_last_output(state)}",
                fix=f"Look at the logs of {name}.",
            )
        line = f"{name} is {_word(state)}, {waited_s:.0f} s"
        if line != said:
            progress(line, None)
            said = line
        time.sleep(LOOK_S)


def _word(state: dict[str, Any]) -> str:
    health = (state.get("Health") or {}).get("Status") or "none"
    return str(state.get("Status")) if health == "none" else f"{state.get('Status')} and {health}"


def _reason(state: dict[str, Any]) -> str:
    words = [str(state.get("Error") or ""), "It ran out of memory." if state.get("OOMKilled") else ""]
    return "".join(f" {word}" for word in words if word) + _last_output(state)


def _last_output(state: dict[str, Any]) -> str:
    """What the last health check printed, in at most 400 characters."""
    log = (state.get("Health") or {}).get("Log") or []
    if not log:
        return ""
    output = " ".join((log[-1].get("Output") or "").split())[:400]
    return f" Its last check ended with {log[-1].get('ExitCode')}" + (f": {output}" if output else ".")
