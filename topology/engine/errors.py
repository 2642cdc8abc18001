"""The world failing: an engine that does not answer, refuses, or takes too long. One tree, one sentence each."""

from __future__ import annotations


class EngineError(Exception):
    """An engine call failed. `message` is the engine's own words, `fix` what to do; `permanent` says that a retry is no use."""

    permanent = True

    def __init__(self, message: str, *, fix: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix


class EngineUnreachable(EngineError):
    """Nothing answers at the engine's address, or it went away in the middle of a call."""

    permanent = False


class EngineTimeout(EngineError):
    """The engine took longer than the call's timeout."""

    permanent = False


class NotFound(EngineError):
    """The engine knows no such container, network, volume or image."""


class Conflict(EngineError):
    """The name, port, address or subnet is taken, or the thing is in use."""


class Refused(EngineError):
    """The engine understood and will not: a bad parameter, a missing right, no such driver."""


class WaitFailed(EngineError):
    """A container that was waited for became unhealthy, exited with an error, or never got there in time."""


class Cancelled(EngineError):
    """A pull or a wait was given up because someone cancelled the run."""
