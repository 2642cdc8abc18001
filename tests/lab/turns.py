"""Projects on which Compose and Netyard take turns on one engine: hand-written ones of tests/vectors/interchange, and the corpus'.

A project stands in a folder of its own, under a name of its own; everything it makes on the engine goes at the end.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import docker
from docker.errors import APIError, ImageNotFound

from tests.compose.corpus import FOLDER, files_of, rows
from tests.lab.compose import compose_command
from tests.lab.tags import drop_tag
from topology.compose.write import Applied, apply
from topology.core.bundle import Bundle
from topology.core.design import Design
from topology.core.edit import Edit
from topology.core.located import folder_of
from topology.core.observed import Observed
from topology.core.plan import Operation, Plan
from topology.core.planner import plan_apply
from topology.engine.errors import EngineError
from topology.engine.port import Engine
from topology.store.readings import design_of

WRITTEN = Path(__file__).parents[1] / "vectors" / "interchange"
COMPANIONS = {
    "web.env": "FROM_FILE=1\nA=file\n", ".env": "TOKEN=t0ken\n", "plain.conf": "plain\n", "password.txt": "hunter2\n",
}  # fmt: skip
STANDIN = "standin:latest"
LOST_TRACK = "has active endpoints"  # engine 20.10 can miscount a network's endpoints, whoever removes it


@dataclass
class Turns:
    """One project. `text` and `files` are what a stack would keep; the folder holds the same."""

    name: str
    project: str
    folder: Path
    text: str
    files: dict[str, str]
    engine: Engine
    client: docker.DockerClient
    remarks: list[str] = field(default_factory=list)

    @property
    def file(self) -> Path:
        return self.folder / "compose.yaml"

    def compose(self, *words: str) -> str:
        command = [*compose_command(), "-f", str(self.file), "-p", self.project, *words]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=180)
        if done.returncode and LOST_TRACK in done.stderr:
            self.remarks.append("the engine lost track of an endpoint")
            return done.stdout
        assert done.returncode == 0, f"compose {words[0]}: {done.stderr.strip()[-400:]}"
        return done.stdout

    def up(self) -> str:
        return self.compose("up", "-d", "--no-build", "--pull", "never", "--quiet-pull")

    def observe(self) -> Observed:
        return self.engine.observe(self.project)

    def design(self, observed: Observed) -> Design:
        found = design_of(Bundle(self.text, self.files), project=self.project, folder=folder_of(observed))
        assert found is not None, "the text cannot be read"
        return found

    def plan(self) -> Plan:
        observed = self.observe()
        found = plan_apply(self.design(observed), observed)
        against = [note.message for note in found.notes if note.severity == "error"]
        assert not against, f"in the way: {'; '.join(against)}"
        return found

    def apply(self) -> Plan:
        """Plan and perform, several calls at a time."""
        plan = self.plan()
        perform_all(self.engine, plan)
        return plan

    def edit(self, *edits: Edit) -> None:
        for one in edits:
            applied = apply(self.text, one)
            assert isinstance(applied, Applied), applied
            self.text = applied.text
        self.file.write_text(self.text)

    def ids(self) -> dict[str, tuple[str, str]]:
        """Container's name → id and start. One that ended by itself has no start: whoever goes on may run it again."""
        found = {}
        for one in self.client.api.containers(all=True, filters={"label": f"com.docker.compose.project={self.project}"}):
            told = self.client.api.inspect_container(one["Id"])
            ended = told["State"]["Status"] == "exited" and told["State"]["ExitCode"] == 0
            found[told["Name"].removeprefix("/")] = (told["Id"], "" if ended else told["State"]["StartedAt"])
        return found

    def left(self) -> list[str]:
        """What of the project is on the engine."""
        mark = {"label": f"com.docker.compose.project={self.project}"}
        kinds = (self.client.containers.list(ignore_removed=True, all=True, filters=mark), self.client.networks.list(filters=mark),
                 self.client.volumes.list(filters=mark))  # fmt: skip
        return [one.name for kind in kinds for one in kind if not self.remarks or kind is not kinds[1]]

    def listed(self) -> set[str]:
        return {json.loads(line)["Name"] for line in self.compose("ps", "--all", "--format", "json").splitlines() if line}

    def states(self) -> set[str]:
        return {one.state for one in self.observe().containers}


def perform_all(engine: Engine, plan: Plan) -> None:
    """Every operation once those it needs are done, as the worker does it, without rows. Raises the first refusal."""
    done: set[int] = set()
    waiting = dict(enumerate(plan.operations))
    with ThreadPoolExecutor(8) as pool:
        under_way: dict[object, int] = {}
        while waiting or under_way:
            for index in [index for index, one in waiting.items() if set(one.needs) <= done]:
                under_way[pool.submit(_perform, engine, waiting.pop(index))] = index
            ended, _ = wait(under_way, return_when="FIRST_COMPLETED")  # type: ignore[call-overload]
            for future in ended:
                future.result()
                done.add(under_way.pop(future))


def _perform(engine: Engine, operation: Operation) -> None:
    try:
        engine.perform(operation)
    except EngineError as error:
        raise AssertionError(f"{operation.summary}: {error.message}") from error


def written() -> list[str]:
    return sorted(path.stem for path in WRITTEN.glob("*.yaml"))


@contextmanager
def taking_turns(name: str, *, engine: Engine) -> Iterator[Turns]:
    """A hand-written project by its short name, or a corpus file by its path below `files/`."""
    project = f"nyt-turns-{uuid.uuid4().hex[:6]}"
    client = docker.from_env(timeout=120)
    with ExitStack() as closing:
        closing.callback(client.close)
        folder = Path(closing.enter_context(tempfile.TemporaryDirectory(prefix="nyt-"))) / "project"
        text, files = _placed(name, folder)
        turns = Turns(name, project, folder, text, files, engine, client)
        closing.callback(remove_all_of, client, project)
        if name == "outside":
            _outside(client, project)
        for image in _images(turns):
            if _stand_in(client, image):
                closing.callback(drop_tag, client, image)
        yield turns


def _placed(name: str, folder: Path) -> tuple[str, dict[str, str]]:
    if "/" not in name:
        text, files = (WRITTEN / f"{name}.yaml").read_text(), dict(COMPANIONS)
        folder.mkdir()
    else:
        source = FOLDER / "files" / name
        shutil.copytree(source.parent, folder)
        (row,) = (one for one in rows() if one["file"] == f"files/{name}")
        text, files = source.read_bytes().decode(), files_of(row)
    for path, content in {**files, "compose.yaml": text}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content.encode())
    return text, files


def _images(turns: Turns) -> list[str]:
    services = json.loads(turns.compose("config", "--format", "json"))["services"]
    names = {str(one.get("image") or f"{turns.project}-{key}") for key, one in services.items()}
    assert not any(name.endswith(":") for name in names), "an image has no tag where a variable is not set"
    return sorted(names)


def _stand_in(client: docker.DockerClient, image: str) -> bool:
    """Tag the stand-in as an image that is not there; whether that was needed."""
    try:
        client.images.get(image)
    except ImageNotFound:
        name, _, tag = image.rpartition(":") if ":" in image.rpartition("/")[2] else (image, "", "latest")
        client.images.get(STANDIN).tag(name, tag)
        return True
    return False


def _outside(client: docker.DockerClient, project: str) -> None:
    """The network and the volume that outside.yaml takes for given."""
    client.networks.create(f"{project}-shared", labels={"io.netyard.test": "1"})
    client.volumes.create(f"{project}-kept", labels={"io.netyard.test": "1"})


def remove_all_of(client: docker.DockerClient, project: str) -> None:
    """Remove what bears the project's label or name, and only that; but a network that the engine miscounts stays."""
    mark = {"label": f"com.docker.compose.project={project}"}
    for container in client.containers.list(all=True, filters=mark, ignore_removed=True):
        container.remove(force=True, v=True)
    labelled = {one.id for kind in (client.networks, client.volumes) for one in kind.list(filters=mark)}
    for network in client.networks.list():
        if network.name.startswith(project) or network.id in labelled:
            _remove_network(network)
    for volume in client.volumes.list():
        if volume.name.startswith(project) or volume.id in labelled:
            volume.remove(force=True)


def _remove_network(network: object) -> None:
    deadline = time.monotonic() + 2
    while True:
        try:
            network.remove()  # type: ignore[attr-defined]
            return
        except APIError as error:
            if LOST_TRACK not in str(error):
                raise
            if time.monotonic() > deadline:
                return  # it stays until the engine is restarted
        time.sleep(0.2)
