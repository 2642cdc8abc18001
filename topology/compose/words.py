"""A command line as text → words, exactly as the reference tool splits it (no shell ever sees it).

Its splitter has rules of its own: a backslash escapes outside single quotes, and an operator of the shell that is not quoted
(`&&`, `|`, `;`, `>`) ends the command: what follows is dropped without a word. Here that is told.
"""

from __future__ import annotations

from dataclasses import dataclass

_OPERATORS = ";&|<>"


@dataclass(frozen=True, slots=True)
class Words:
    """The words, and what stands behind the first operator and is dropped ("" when nothing is)."""

    items: tuple[str, ...]
    dropped: str = ""


def split_words(text: str) -> Words | None:
    """None when a quote or a bracket is left open."""
    words: list[str] = []
    word: list[str] = []
    quote, started, escaped = "", False, False  # quote is "", ', ", ` or ) for $(…)
    for place, char in enumerate(text):
        if escaped:
            word.append(char)
            escaped, started = False, True
        elif char == "\\" and quote != "'":
            escaped = True
        elif quote:
            if char == quote:
                quote, started = "", True
                if char in "'\"":
                    continue
            word.append(char)
        elif char in " \t\r\n":
            if started:
                words.append("".join(word))
                word, started = [], False
        elif char in _OPERATORS:
            if started and not (char == ">" and word[:1] and word[0].isdigit()):
                words.append("".join(word))
            return Words(tuple(words), text[place:])
        elif char == ")" or (char == "(" and word[-1:] != ["$"]):
            return None
        else:
            quote = ")" if char == "(" else char if char in "'\"`" else ""
            if char not in "'\"":
                word.append(char)
                started = True
    if quote or escaped:
        return None
    return Words(tuple([*words, "".join(word)] if started else words))
