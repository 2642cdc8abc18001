"""Pasted `docker run …` lines → a Compose file that makes the same containers.

Every flag becomes a key, a note that says why there is none, or a problem at its place; nothing is dropped in silence. Nothing is
run and no file is read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from topology.compose.render import Habits, mapping_lines
from topology.compose.report import capped
from topology.compose.run_line.assemble import DEFAULT, Assembly
from topology.compose.run_line.commands import Call, read_call, without_prompts
from topology.compose.run_line.container import Container, read_container
from topology.compose.run_line.declared import read_connect, read_network_create, read_volume_create
from topology.compose.run_line.options import Options
from topology.compose.run_line.words import KNOWN_COMMANDS, Command, Word, filled, split_commands
from topology.core.problems import Problem, Severity

Raw = dict[str, Any]

MAX_CHARS = 200_000
MAX_CONTAINERS = 500
MAX_NOTES = 200
_HABITS = Habits()
_QUIET = frozenset(
    {"cd", "echo", "ls", "mkdir", "sleep", "true", "clear", "exit", "export", "set", "fi", "done", "if", "for", "while", "until"}
)
_NOT_NEEDED = frozenset(
    {"pull", "image pull", "login", "ps", "logs", "images", "version", "info", "start", "image ls", "network ls"}
)


@dataclass(frozen=True, slots=True)
class RunLines:
    """What the lines are in Compose. `text` is a Compose file ("" when no line starts a container); the sections are its values.

    Problems have line and column of the pasted text; an error means that something of a line is not in the file.
    """

    text: str
    services: Raw = field(default_factory=dict)
    networks: Raw = field(default_factory=dict)
    volumes: Raw = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()


def read_run_lines(text: str, *, bridge: bool = False) -> RunLines:
    """Read pasted lines.

    `bridge` keeps containers that name no network on docker0, where `docker run` puts them; otherwise they get the project's own
    network, where names resolve.
    """
    if len(text) > MAX_CHARS:
        return RunLines("", problems=(Problem("text-too-large", "The pasted text is over 200,000 characters.", fix="Paste less."),))
    return _Reader(bridge).read(text)


@dataclass
class _Reader:
    bridge: bool
    containers: list[Container] = field(default_factory=list)
    networks: dict[str, Raw] = field(default_factory=dict)
    volumes: dict[str, Raw] = field(default_factory=dict)
    builds: dict[str, Raw] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def read(self, text: str) -> RunLines:
        split = split_commands(without_prompts(text))
        if split.open_quote:
            self._problem("open-quote", "A quote is opened and never closed.", "Close it.", line=split.open_quote)
        for command in split.commands:
            self._command(command)
        if not self.containers:
            self._nothing(text)
            return RunLines("", problems=_sorted(self.problems), notes=_kept(self.notes))
        assembly = Assembly(self.containers, self.networks, self.volumes, self.bridge)
        file = assembly.assemble()
        self.problems += assembly.problems
        self.notes += [*assembly.notes, *_network_notes(assembly, self.containers, bridge=self.bridge)]
        return RunLines(
            _text(file, assembly.comments), file["services"], file.get("networks", {}), file.get("volumes", {}),
            _sorted(self.problems), _kept(self.notes),
        )  # fmt: skip

    def _command(self, command: Command) -> None:
        words = [replace(word, text=filled(word.text, self.variables)) for word in command.words]
        call = read_call(words)
        if call.assigned:
            self.variables |= dict(call.assigned)
        if call.verb:
            self._guesses(words)
        readers: dict[str, Callable[[Call, Command], None]] = {
            "run": self._run, "create": self._run, "network create": self._network, "network connect": self._connect,
            "volume create": self._volume,
        }  # fmt: skip
        if call.verb in readers:
            readers[call.verb](call, command)
        else:
            self._left_out(call)
        if call.verb in ("run", "create"):
            self.notes += [
                f"Line {call.at.line}: `{one.strip()}` concerns the shell only and is left out." for one in command.dropped
            ]

    def _run(self, call: Call, command: Command) -> None:
        if len(self.containers) >= MAX_CONTAINERS:
            return self._problem("too-many-lines", "Over 500 containers in one text.", "Paste fewer.", at=call.at)
        read = read_container(list(call.arguments), at=call.at)
        if isinstance(read, list):
            self.problems += read
            return None
        read.comments = tuple(one for one in command.comments if not one.startswith("#!"))
        self.containers.append(read)
        return None

    def _network(self, call: Call, _: Command) -> None:
        name, keys, options = read_network_create(call.arguments)
        self._declared("network", name, options, call.at)
        if name:
            self.networks[name] = keys

    def _volume(self, call: Call, _: Command) -> None:
        name, keys, options = read_volume_create(call.arguments)
        self._declared("volume", name, options, call.at)
        if name:
            self.volumes[name] = keys

    def _declared(self, noun: str, name: str, options: Options, at: Word) -> None:
        self.problems += options.problems
        for option in options.options:
            if not option.flag.key:
                self.notes.append(f"`--{option.flag.name}` of the {noun} `{name}` has no counterpart: {option.flag.why}.")
        if not name:
            self._problem("name-missing", f"This line names no {noun}.", f"Write the {noun}'s name behind the flags.", at=at)

    def _connect(self, call: Call, _: Command) -> None:
        network, name, attachment, options = read_connect(call.arguments)
        self.problems += options.problems
        found = next((one for one in self.containers if one.name == name and name), None)
        if found is None:
            return self._problem("container-unknown", f"No line above starts a container `{name}`.",
                                 "Paste its `docker run` line too, above this one.", at=call.at)  # fmt: skip
        if not found.networks and not found.mode:
            found.networks[DEFAULT] = found.plain
        found.networks[network] = {**found.networks.get(network, {}), **attachment}
        found.links += [one.value for one in options.values("link")]
        return None

    def _left_out(self, call: Call) -> None:
        if call.verb in _NOT_NEEDED or (not call.verb and (call.program in _QUIET or not call.program)):
            return
        what = f"docker {call.verb}" if call.verb else call.program
        self.notes.append(f"Line {call.at.line}: `{what}` starts no container and is left out.")

    def _guesses(self, words: list[Word]) -> None:
        for word in words:
            if word.guessed and word.text.startswith("${") and word.guessed in KNOWN_COMMANDS:
                self.notes.append(f"`{word.text}` stands for what a command prints: set the variables, or write the values.")
            elif word.guessed:
                self.problems.append(
                    Problem("command-not-run", f"`$({word.guessed})` would have to run to know its value; it stands here as text.",
                            fix="Run it, and write what it prints.", line=word.line, column=word.column, severity=Severity.WARNING)
                )  # fmt: skip

    def _nothing(self, text: str) -> None:
        if not self.problems:
            self._problem("no-run-line", "No line here starts a container.", "Paste `docker run …` lines.", line=1 if text else 0)

    def _problem(self, code: str, message: str, fix: str, *, at: Word | None = None, line: int = 0) -> None:
        self.problems.append(
            Problem(code, message, fix=fix, line=at.line if at else line, column=at.column if at else min(line, 1))
        )


def _kept(notes: list[str]) -> tuple[str, ...]:
    """Each note once; beyond 200 only how many more there are."""
    found = list(dict.fromkeys(notes))
    return tuple(
        found if len(found) <= MAX_NOTES else [*found[: MAX_NOTES - 1], f"There are {len(found) - MAX_NOTES + 1} more notes."]
    )


def _sorted(problems: list[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(capped(problems), key=lambda one: (one.line, one.column, one.code)))


def _network_notes(assembly: Assembly, containers: list[Container], *, bridge: bool) -> list[str]:
    """How the names and networks of the lines differ from those of a stack."""
    notes = []
    external = [name for one in containers for name in one.networks if name not in assembly.created and name != DEFAULT]
    if external:
        names = ", ".join(f"`{name}`" for name in sorted(set(external)))
        notes.append(f"No line creates the networks {names}: they are external, so they must exist beforehand.")
    if not bridge and any("networks" not in keys and "network_mode" not in keys for keys in assembly.services.values()):
        notes.append("Lines with no --network are on the stack's own network, where services reach each other by name; "
                     "`docker run` puts them on docker0, where only links have names.")  # fmt: skip
    if any("external_links" in keys for keys in assembly.services.values()):
        notes.append("Links to containers that no line starts are `external_links`: those must run on the same network.")
    return notes


def _text(file: Raw, comments: dict[str, tuple[str, ...]]) -> str:
    """The file: a blank line between services and sections, the paste's comments above their services."""
    lines = ["services:"]
    for place, (name, keys) in enumerate(file["services"].items()):
        lines += [""] * bool(place) + [f"  {comment}" for comment in comments.get(name, ())]
        lines += mapping_lines({name: keys}, column=2, habits=_HABITS)
    for section in ("networks", "volumes"):
        if section in file:
            lines += ["", *mapping_lines({section: file[section]}, column=0, habits=_HABITS)]
    return "\n".join(lines) + "\n"
