"""One service with one key in one form, for every form in tests/vectors/canonical/forms.txt, and what the tool makes of it.

`python -m tests.bench.corpus.forms` asks the tool again and writes forms.json: the form → the service as printed (and the sections
beside it where they differ from the usual), or the words with which the tool refuses it.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from tests.bench.corpus.projects import differences, load, run_tool
from topology.compose.canonical import config

VECTORS = Path(__file__).parents[2] / "vectors" / "canonical"
ENVIRONMENT = {"HOME": "/root", "V": "val"}
HERE = "@HERE@"
FILE = """name: forms
services:
  a:
    {image}
    {form}
  b: {{image: y, environment: {{Q: 1}}}}
  b2: {{image: y}}
networks: {{a: , b: {{name: "bb"}}}}
volumes: {{v: , a: {{driver_opts: {{x: 1}}}}}}
secrets: {{s: {{file: ./s}}, b: {{environment: V}}}}
configs: {{c: {{content: "$V$$"}}}}
"""


def forms() -> list[str]:
    return (VECTORS / "forms.txt").read_text("utf-8").splitlines()


def recorded() -> dict[str, Any]:
    """The tool's answers; texts are refusals."""
    answers: dict[str, Any] = json.loads((VECTORS / "forms.json").read_text("utf-8"))
    return answers


def text_of(form: str) -> str:
    return FILE.format(image="" if form.startswith("image") else "image: x", form=form)


def ours(form: str, folder: Path) -> Any:
    """What we print for a form, in the shape that is recorded."""
    return _shape(config(load(_written(form, folder), environment=ENVIRONMENT)), folder)


def ask(form: str, folder: Path) -> Any:
    done = run_tool(["-f", str(_written(form, folder)), "config", "--format", "json"], environment=ENVIRONMENT)
    if done.returncode:
        return done.stderr.strip().splitlines()[-1].replace(str(folder), HERE)
    return _shape(json.loads(done.stdout), folder)


def _written(form: str, folder: Path) -> Path:
    path = folder / "compose.yaml"
    path.write_text(text_of(form), "utf-8")
    for name in ("e.env", "f.env"):
        (folder / name).write_text((VECTORS / name).read_text("utf-8"))
    return path


def _shape(printed: dict[str, Any], folder: Path) -> Any:
    rest = {key: value for key, value in printed.items() if key not in ("name", "services")}
    shape = {"a": printed["services"].get("a"), **rest}
    return json.loads(json.dumps(shape).replace(str(folder), HERE).replace(str(folder.parent), f"{HERE}/.."))


def record() -> None:
    with tempfile.TemporaryDirectory(prefix="nyt-forms-") as name:
        answers = {form: ask(form, Path(name)) for form in forms()}
    lines = [f"{json.dumps(form)}: {json.dumps(answer)}" for form, answer in answers.items()]
    (VECTORS / "forms.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")


def outcomes() -> tuple[int, dict[str, list[str]]]:
    """How many forms the tool takes, and those that come out otherwise than recorded."""
    with tempfile.TemporaryDirectory(prefix="nyt-forms-") as name:
        taken = {form: answer for form, answer in recorded().items() if not isinstance(answer, str)}
        found = {form: differences(ours(form, Path(name)), answer) for form, answer in taken.items()}
    return len(taken), {form: differs for form, differs in found.items() if differs}


def table() -> str:
    taken, differing = outcomes()
    lines = [
        "forms of single keys, next to what the tool printed",
        f"    equal {taken - len(differing)} of {taken} ({1 - len(differing) / max(taken, 1):.1%}); "
        f"the tool refuses {len(recorded()) - taken} more",
    ]
    lines += [f"    {form}: {differs[0]}" for form, differs in differing.items()]
    return "\n".join(lines)


if __name__ == "__main__":
    record()
    print(table())
