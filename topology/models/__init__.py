"""Rows. No logic lives here: `topology.store` turns rows into core values and back, `topology.actions` decides."""

from topology.models.adoption import AdoptedContainer, Look, StackDrift
from topology.models.engine import Engine, RegistryLogin, StackStatus, TimelineRow
from topology.models.people import Audit, Invitation, Membership, SetupToken, Team
from topology.models.run import AppliedImage, Run, Step
from topology.models.stack import Op, ShareLink, Stack, StackFile

__all__ = [
    "AdoptedContainer", "AppliedImage", "Audit", "Engine", "Invitation", "Look", "Membership", "Op", "RegistryLogin", "Run",
    "SetupToken", "ShareLink", "Stack", "StackDrift", "StackFile", "StackStatus", "Step", "Team", "TimelineRow",
]  # fmt: skip
