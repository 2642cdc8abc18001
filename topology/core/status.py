"""What runs, in words: a state for each service, one for the stack, and a line for each thing that happens."""

from __future__ import annotations

import signal
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from topology.core.design import Design
from topology.core.differences import lasting
from topology.core.observed import EngineEvent, Observed, ObservedContainer
from topology.core.one_shots import one_shots

StackState = Literal["never applied", "running", "partly running", "stopped", "failing", "unknown"]
LineSeverity = Literal["info", "good", "warning", "error"]
FAILING = ("unhealthy", "restarting", "dead", "exited (")


@dataclass(frozen=True, slots=True)
class Summary:
    """A stack in short. `running` of `wanted` containers are as they should be; an ended one-shot service counts as that.

    `services` has a word for each: running, starting, healthy, unhealthy, paused, created, restarting, completed, stopped,
    "exited (137)", dead, missing, off (of a profile).
    """

    state: StackState
    running: int
    wanted: int
    services: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of the timeline."""

    text: str
    severity: LineSeverity
    kind: str
    service: str = ""


def summarize(design: Design | None, observed: Observed) -> Summary:
    """The state of a stack. With no design that can be read, what is there is taken for what is wanted."""
    by_service = {name: lasting(found) for name, found in observed.by_service().items()}
    scales = {name: len(found) for name, found in by_service.items()}
    if design is not None:
        scales = {name: 0 if spec.profiles else spec.scale for name, spec in design.services.items()}
    jobs = one_shots(design)
    words: dict[str, str] = {}
    running = 0
    for name, scale in sorted(scales.items()):
        found = by_service.get(name, [])
        states = [container_word(one, done=jobs.is_done(one)) for one in found]
        words[name] = _worst(states, scale=scale)
        running += sum(1 for word in states[:scale] if word in ("running", "healthy", "starting", "completed", "paused"))
    wanted = sum(scales.values())
    state = _stack_state(design, observed, words=list(words.values()), running=running, wanted=wanted)
    return Summary(state=state, running=running, wanted=wanted, services=words)


def _stack_state(design: Design | None, observed: Observed, *, words: list[str], running: int, wanted: int) -> StackState:
    containers = [one for one in observed.containers if not one.oneoff]
    if not observed.at and not containers:
        return "unknown"
    if not containers:
        return "never applied"
    if any(word.startswith(FAILING) for word in words):
        return "failing"
    alive = any(one.state in ("running", "paused", "restarting") for one in containers)
    if not alive and not (wanted and running == wanted):
        return "stopped"
    if running >= wanted:
        return "running" if wanted or alive else "stopped"
    return "partly running"


def container_word(container: ObservedContainer, *, done: bool = False) -> str:
    """One container's state in a word. `done`: it has done what it is there for (`core.one_shots`). An
    end that was asked for, or by SIGTERM, is "stopped", whatever the exit code."""
    if container.state == "running":
        return container.health or "running"
    if container.state != "exited":
        return container.state
    code = container.exit_code or 0
    if code == 143 or container.stop_asked:
        return "stopped"
    if code == 0:
        return "completed" if done else "stopped"
    return f"exited ({code})"


def _worst(states: list[str], *, scale: int) -> str:
    """The word of a service with several containers: that which asks most for attention."""
    if scale == 0:
        return next(iter(states), "off")
    if len(states) < scale:
        states = [*states, "missing"]
    order = ("dead", "exited (", "unhealthy", "restarting", "removing", "missing", "created", "stopped", "paused", "starting")
    for word in order:
        if found := sorted(state for state in states if state.startswith(word)):
            return found[0]
    return max(sorted(states), key=["completed", "healthy", "running"].index, default="missing")


def describe(event: EngineEvent) -> Line | None:
    """The timeline's words for an event, None for what is not worth a line."""
    if event.kind == "container":
        return _container_line(event)
    if event.kind == "network":
        return _network_line(event)
    if event.kind == "volume" and event.action in ("create", "destroy"):
        return Line(f"volume {event.name} {'created' if event.action == 'create' else 'removed'}", "info", "volume")
    if event.kind == "image" and event.action == "pull":
        return Line(f"image {event.name} pulled", "info", "engine")
    return None


def _container_line(event: EngineEvent) -> Line | None:
    who = event.service or event.name or event.subject_id[:12]
    plain: dict[str, tuple[str, LineSeverity]] = {
        "create": ("was created", "info"), "start": ("started", "good"), "restart": ("restarted", "info"),
        "destroy": ("was removed", "info"), "pause": ("was paused", "warning"), "unpause": ("goes on", "good"),
        "oom": ("ran out of memory", "error"), "rename": ("was renamed", "info"), "update": ("got new limits", "info"),
    }  # fmt: skip
    if event.action == "rename":
        return None  # a step of being made anew; the names say nothing to a reader
    if event.action in plain:
        words, severity = plain[event.action]
        return Line(f"{who} {words}", severity, "container", event.service)
    if event.action == "die":
        words, severity = _death(event.detail)
        return Line(f"{who} {words}", severity, "container", event.service)
    if event.action.startswith("health_status"):
        health = event.detail.get("health") or event.action.partition(":")[2].strip()
        severities: dict[str, LineSeverity] = {"healthy": "good", "unhealthy": "error"}
        return Line(f"{who} is {health}", severities.get(health, "info"), "container", event.service) if health else None
    return None


def _death(detail: Mapping[str, str]) -> tuple[str, LineSeverity]:
    """How a container ended. `detail` has exitCode; signal when one was sent before; wanted "1" when a stop was asked for."""
    code = int(detail["exitCode"]) if detail.get("exitCode", "").isdigit() else 0
    name = signal_name(detail.get("signal", ""))
    if detail.get("oom") in ("1", "true"):
        return f"was killed because it ran out of memory, exit code {code}", "error"
    if detail.get("wanted") in ("1", "true"):
        return f"stopped, exit code {code}", "info"
    if name in ("SIGTERM", "SIGINT", "SIGQUIT") or (not name and code == 143):
        return f"stopped{f' ({name})' if name else ''}, exit code {code}", "info"
    if name or code == 137:
        outside = f"from outside ({name})" if name else "(SIGKILL)"  # no signal seen: the kernel, or somebody on the host
        return f"was killed {outside}, exit code {code}", "error"
    if code > 128 and (known := signal_name(str(code - 128))):
        return f"crashed ({known}), exit code {code}", "error"
    return ("ended, exit code 0", "info") if code == 0 else (f"exited with an error, exit code {code}", "error")


def signal_name(text: str) -> str:
    """ "9", "KILL" or "SIGKILL" as "SIGKILL"; "" for what is no signal."""
    if text.isdigit():
        return signal.Signals(int(text)).name if int(text) in signal.valid_signals() and int(text) < 32 else ""
    name = text.upper()
    return name if name.startswith("SIG") or not name else f"SIG{name}"


def _network_line(event: EngineEvent) -> Line | None:
    who = event.service or event.detail.get("container_name", "") or event.detail.get("container", "")[:12]
    lines: dict[str, tuple[str, LineSeverity]] = {
        "create": (f"network {event.name} created", "info"),
        "destroy": (f"network {event.name} removed", "info"),
        "connect": (f"{who} joined {event.name}", "info"),
        "disconnect": (f"{who} left {event.name}", "info"),
    }
    if event.action not in lines or (event.action in ("connect", "disconnect") and not who):
        return None
    words, severity = lines[event.action]
    return Line(words, severity, "network", event.service)
