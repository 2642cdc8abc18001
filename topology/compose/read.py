"""A Compose text → a design, and everything that a user can mend in it. No text makes this raise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from topology.compose.document import Document, MappingNode, ScalarNode, parse
from topology.compose.dotenv import read_dotenv
from topology.compose.extend import extend
from topology.compose.forms import mapping
from topology.compose.interpolate import Interpolation
from topology.compose.legacy import legacy_problem, legacy_services
from topology.compose.plain import Path, locate, to_plain
from topology.compose.report import Report
from topology.compose.schema import FATAL, Finding, validate
from topology.compose.sections import read_network, read_resource, read_volume
from topology.compose.service import Surroundings, read_service
from topology.core.check import check
from topology.core.design import DEFAULT_NETWORK, EMPTY, Design, Network, Service
from topology.core.problems import Problem

MAX_PROBLEMS = 300
MAX_IN_SECTION = 1_000
_SECTIONS = ("services", "networks", "volumes", "configs", "secrets")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text says. `design` is None when the text is not YAML, not a Compose file, or has values of a wrong type.

    `raw` is the mapping as written, anchors and merge keys followed, variables not filled in.
    """

    design: Design | None
    problems: list[Problem]
    raw: dict[str, Any]
    document: Document = field(repr=False, compare=False)
    moved: Mapping[Path, Path] = field(default_factory=dict, repr=False, compare=False)

    def locate(self, problem: Problem) -> Problem:
        """The problem with line and column, from its path. A port of a range gets the path of the item that it was written in."""
        return locate(self.document, replace(problem, path=self.moved.get(problem.path, problem.path)))

    def checked(self) -> list[Problem]:
        """The reading's problems and those of `core.check`, each with its place, in the text's order."""
        rules = [] if self.design is None else [self.locate(problem) for problem in check(self.design)[:MAX_PROBLEMS]]
        return sorted(dict.fromkeys([*self.problems, *rules]), key=lambda one: (one.line, one.column, one.code))


def read(text: str, *, project: str, environment: Mapping[str, str] = EMPTY, files: Mapping[str, str] = EMPTY) -> Reading:
    """Read a Compose text. `environment` holds the only variables there are; `files` other files' texts by relative path.

    A `.env` among the files gives variables that `environment` does not have, as Compose does.
    """
    document = parse(text)
    if document.root is None:
        problems = list(document.problems)
        return Reading(None if problems else Design(project), problems or [_empty()], {}, document)
    raw, problems = to_plain(document)
    if problem := _not_compose(raw):
        return Reading(None, [*problems, locate(document, problem, at_key=True)], raw if isinstance(raw, dict) else {}, document)
    reader = _Reader(document, project, _variables(project, environment, files), files)
    design = reader.design(raw)
    found = [*problems, *(locate(document, problem) for problem in reader.problems())]
    found.sort(key=lambda one: (one.line, one.column, one.code))
    return Reading(design, list(dict.fromkeys(found)), raw, document, reader.moved())


def _empty() -> Problem:
    return Problem("empty-file", "The file is empty.", fix="Add a service, or write `services:`.", line=1, column=1)


def _not_compose(raw: Any) -> Problem | None:
    if raw is None:
        return _empty()
    if not isinstance(raw, dict):
        return Problem(
            "not-compose", "This is YAML, but not a Compose file: it has no keys.", fix="Start with `services:`.", line=1, column=1
        )
    names = legacy_services(raw)
    return legacy_problem(names) if names else None


def _variables(project: str, environment: Mapping[str, str], files: Mapping[str, str]) -> dict[str, str]:
    given = {"COMPOSE_PROJECT_NAME": project, **environment}
    from_file = read_dotenv(files.get(".env", ""), variables=given)
    return {name: value for name, value in from_file.items() if value is not None} | given


class _Reader:
    """One reading under way: the document, the variables, and the problems so far."""

    def __init__(self, document: Document, project: str, variables: Mapping[str, str], files: Mapping[str, str]) -> None:
        self._document, self._project, self._files = document, project, files
        self._variables = variables
        self._interpolation = Interpolation(variables)
        self._report = Report()
        self._findings: list[Finding] = []

    def problems(self) -> list[Problem]:
        placed = [locate(self._document, one.problem, at_key=one.at_key) for one in self._findings]
        return [*placed, *self._interpolation.finish(), *self._report.problems][:MAX_PROBLEMS]

    def moved(self) -> Mapping[Path, Path]:
        return self._report.moved

    def design(self, raw: dict[str, Any]) -> Design | None:
        data = _without_empty_sections(self._interpolation.fill(raw), self._report)
        for section in _SECTIONS:
            if isinstance(data.get(section), dict) and len(data[section]) > MAX_IN_SECTION:
                message = f"`{section}` has more than {MAX_IN_SECTION} entries, which is more than can be drawn or planned."
                self._report.error("too-many-entries", message, "Split the file into several stacks.", (section,))
                return None
        findings = validate(data)
        if any(one.problem.code in FATAL for one in findings):
            self._findings = findings
            return None
        self._findings = [one for one in findings if not _is_checks(one.problem)]
        if data.get("include"):
            self._report.warn(
                "include-not-followed",
                "Files under `include` are not followed yet: what they add is missing here.",
                "Copy what you need into this file.",
                ("include",),
            )
        return self._records(data)

    def _records(self, data: Mapping[str, Any]) -> Design:
        lines = {section: self._lines(section) for section in _SECTIONS}
        services = self._services(mapping(data.get("services")), lines["services"])
        networks = {
            key: read_network(key, spec, report=self._report, line=lines["networks"].get(key, 0))
            for key, spec in mapping(data.get("networks")).items()
        }
        uses_default = any(one.network == DEFAULT_NETWORK for service in services.values() for one in service.attachments)
        if uses_default and DEFAULT_NETWORK not in networks:
            networks[DEFAULT_NETWORK] = Network(DEFAULT_NETWORK, implicit=True)
        volumes = mapping(data.get("volumes")).items()
        resources = {
            section: {
                key: read_resource(key, spec, path=(section, key), report=self._report, line=lines[section].get(key, 0))
                for key, spec in mapping(data.get(section)).items()
            }
            for section in ("configs", "secrets")
        }
        for section, found in resources.items():
            resources[section] = {
                key: replace(one, value=self._variables.get(one.environment)) if one.environment else one
                for key, one in found.items()
            }
        return Design(
            project=self._project,
            services=services,
            networks=networks,
            volumes={key: read_volume(key, spec, line=lines["volumes"].get(key, 0)) for key, spec in volumes},
            configs=resources["configs"],
            secrets=resources["secrets"],
            other={key: value for key, value in data.items() if key not in _SECTIONS},
            files={path.removeprefix("./"): text for path, text in self._files.items()},
        )

    def _services(self, written: Mapping[str, Any], lines: Mapping[str, int]) -> dict[str, Service]:
        extended = extend(written, other_file=self._other_services, report=self._report)
        around = Surroundings(
            environment=self._variables,
            files={path.removeprefix("./"): text for path, text in self._files.items()},
        )
        return {
            name: read_service(name, mapping(keys), around=around, report=self._report, line=lines.get(name, 0))
            for name, keys in extended.items()
        }

    def _other_services(self, path: str) -> Mapping[str, Any] | None:
        """The services of another file, when it is at hand and sound. Its own problems are its own."""
        text = self._files.get(path.removeprefix("./"), self._files.get(path))
        root = None if text is None else parse(text)
        if root is None or root.root is None:
            return None
        plain, _ = to_plain(root)
        data = Interpolation(self._variables).fill(plain)
        if not isinstance(data, dict) or any(one.problem.code in FATAL for one in validate(data)):
            return None
        return mapping(data.get("services"))

    def _lines(self, section: str) -> dict[str, int]:
        node = self._document.at((section,))
        if not isinstance(node, MappingNode):
            return {}
        return {str(key.value): key.start_mark.line + 1 for key, _ in node.value if isinstance(key, ScalarNode)}


def _is_checks(problem: Problem) -> bool:
    """Names are core.check's to judge, so that a design that came from elsewhere is judged alike."""
    name = problem.code == "bad-name" and len(problem.path) == 2
    return name or (problem.code == "wrong-form" and problem.path[-1:] == ("container_name",))


def _without_empty_sections(data: dict[str, Any], report: Report) -> dict[str, Any]:
    """Sections that are written but empty (`volumes:`) are left out: a half-typed file still has its graph."""
    for section in _SECTIONS:
        if section in data and data[section] is None:
            report.warn(
                "empty-section",
                f"`{section}:` is empty, which Compose refuses.",
                f"Write `{section}: {{}}`, or remove it.",
                (section,),
            )
    return {key: value for key, value in data.items() if key not in _SECTIONS or value is not None}
