"""Compose texts before they are a stack: checked, converted, or made from `docker run` lines."""

from __future__ import annotations

from typing import Any, Literal

from topology.wire.base import ProblemView, Wire
from topology.wire.graph import Picture


class ComposeText(Wire):
    """A text to be checked, with its companions, as in NewStack."""

    text: str
    name: str = "stack"
    files: dict[str, str] = {}
    overrides: list[str] | None = None
    file_name: str = ""


class FileNeed(Wire):
    """A file that the texts name. `found`: it is among those sent. A `context` is a folder: all that is in it."""

    path: str
    role: Literal["env", "compose", "override", "config", "secret", "context"]
    named_in: str
    found: bool
    required: bool


class Checked(Wire):
    """What an import would give, before it is made."""

    valid: bool
    services: list[str]
    networks: list[str]
    volumes: list[str]
    problems: list[ProblemView]
    picture: Picture
    needs: list[FileNeed]
    overrides: list[str]
    is_first_form: bool  # no `services:` key: offer to convert it


class ConvertRequest(Wire):
    """A file of the first format; `bridge` keeps its services on docker0, where they were."""

    text: str
    bridge: bool = False


class RunText(Wire):
    """Pasted `docker run …` lines; `bridge` keeps containers that name no network on docker0, where `docker run` puts them."""

    text: str
    bridge: bool = False


class ConvertedText(Wire):
    """A Compose text made out of something else; "" where nothing could be made.

    After a conversion problems have places in the new text; after pasted lines first those of the lines, with places in the paste.
    """

    text: str
    notes: list[str]
    problems: list[ProblemView]
    edits: list[dict[str, Any]] = []  # what adds the pasted lines' services, networks and volumes to a stack that is there
