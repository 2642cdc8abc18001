"""Where a stack's files lie on the engine's host: what its containers say, else what they said when there were any."""

from __future__ import annotations

from topology.core.located import folder_of
from topology.core.observed import Observed
from topology.models import Stack


def folder_for(stack: Stack, observed: Observed) -> str:
    """An absolute path; "" for a stack that Compose has never run."""
    return folder_of(observed) or stack.folder


def keep_folder(stack: Stack, observed: Observed) -> None:
    """Remember what the containers say: after a down nobody says it any more."""
    told = folder_of(observed)
    if told and told != stack.folder:
        Stack.objects.filter(pk=stack.pk).update(folder=told)
