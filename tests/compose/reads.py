"""Short ways to read a Compose text in a test."""

from textwrap import dedent

from topology.compose.read import Reading, read
from topology.core.design import Design, Service


def reading(text: str, **more: object) -> Reading:
    return read(dedent(text), project="shop", **more)  # type: ignore[arg-type]


def design(text: str, **more: object) -> Design:
    found = reading(text, **more)
    assert found.design is not None, found.problems
    assert [one for one in found.problems if one.severity == "error"] == []
    return found.design


def service(keys: str, **more: object) -> Service:
    """The service `web` with the keys given, one a line."""
    body = "".join(f"    {line}\n" for line in dedent(keys).strip("\n").splitlines())
    return design(f"services:\n  web:\n    image: nginx:alpine\n{body}", **more).services["web"]


def places(found: Reading) -> list[tuple[str, int, int]]:
    return [(one.code, one.line, one.column) for one in found.problems]
