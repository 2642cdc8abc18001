"""Which program a command starts: `sudo docker --context x container run …` → ("container run", the words behind it)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from topology.compose.run_line.words import Word

_PROGRAM = re.compile(r"(?:.*[/\\])?(?:docker|podman|nerdctl)(?:\.exe)?\Z")
_ASSIGNED = re.compile(r"(?:env:)?([A-Za-z_]\w*)=(.*)\Z", re.DOTALL)
_PREFIXES = frozenset({"sudo", "doas", "env", "exec", "time", "nohup", "command", "winpty", "then", "do", "else", "&", "{", "("})
_PREFIX_VALUES = frozenset({"-u", "-g", "-U", "--user", "--group", "-C", "-h", "-p"})
_GLOBAL_VALUES = frozenset({
    "-c", "--context", "--config", "-H", "--host", "-l", "--log-level", "--tlscacert", "--tlscert", "--tlskey", "-n", "--namespace",
    "--connection", "--url", "--root",
})  # fmt: skip
# A prompt in front of a line; `#` alone begins a comment.
_PROMPT = re.compile(
    r"^[ \t]*(?:PS [^>\n]*>|[A-Za-z]:\\[^>\n]*>|\[?[\w.-]+@[\w.-]+[^$#%\n]*[$#%]|[$>%])[ \t]+"
    r"(?=(?:sudo|doas|docker|podman|nerdctl)\b)",
    re.MULTILINE,
)
_GROUPS = frozenset({"container", "network", "volume", "image", "compose"})


@dataclass(frozen=True, slots=True)
class Call:
    """What a command asks an engine for. `verb` is "run", "create", "network create", …; "" when it starts something else.

    `program` names that something; `assigned` are the variables that it sets.
    """

    verb: str
    at: Word
    arguments: tuple[Word, ...] = ()
    program: str = ""
    assigned: tuple[tuple[str, str], ...] = ()


def without_prompts(text: str) -> str:
    """The text with prompts blanked out; every place stays where it is."""
    return _PROMPT.sub(lambda found: " " * len(found.group()), text)


def read_call(words: Sequence[Word]) -> Call:
    """The call that a command makes."""
    at, assigned = 0, []
    exported = words[0].text in ("export", "set", "declare", "readonly")
    if exported:
        at = 1
    while at < len(words):
        text = words[at].text
        if found := _ASSIGNED.match(text.removeprefix("${").replace("}", "", 1) if text.startswith("${env") else text):
            assigned.append((found.group(1), found.group(2)))
            at += 1
        elif text in _PREFIXES:
            at = _behind_prefix(words, at + 1)
        else:
            break
    if at >= len(words):
        return Call("", words[0], (), "", tuple(assigned))
    if exported or not _PROGRAM.match(words[at].text):
        return Call("", words[0], (), words[at].text if not exported else "export", tuple(assigned) if exported else ())
    return _engine_call(words, at + 1)


def _behind_prefix(words: Sequence[Word], at: int) -> int:
    """`sudo -E -u root docker` → the place of `docker`."""
    while at < len(words) and words[at].text.startswith("-"):
        at += 2 if words[at].text in _PREFIX_VALUES else 1
    return at


def _engine_call(words: Sequence[Word], at: int) -> Call:
    while at < len(words) and words[at].text.startswith("-"):
        at += 2 if words[at].text in _GLOBAL_VALUES else 1
    if at >= len(words):
        return Call("", words[-1], (), words[-1].text)
    verb, start = words[at].text, words[at]
    if verb in _GROUPS and at + 1 < len(words):
        at += 1
        verb = words[at].text if verb == "container" else f"{verb} {words[at].text}"
        start = words[at]
    return Call(verb, start, tuple(words[at + 1 :]))
