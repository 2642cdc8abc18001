"""Ten corpus projects that Compose started, told again from what runs: `python -m tests.bench.adopt [FILE …]`.

For each: whether the plan of the reconstruction against the running containers is empty, whether the containers were left alone,
and what differs between `docker compose config` of the file as it was and of the reconstruction, less what no engine keeps
(`knowable`). Nothing of a project stays on the engine.
"""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import docker

from tests.lab.leftovers import join_runs
from tests.lab.running import Running, compose_config, identities, started
from topology.compose.reconstructed import reconstructed_text
from topology.core.planner import plan_apply
from topology.core.reconstruct import Reconstruction, reconstruct
from topology.engine.connect import open_engine
from topology.engine.port import Engine
from topology.store.readings import design_of, errors_of

PROJECTS = (
    "vmware__admiral/test-uptime/src/test/resources/app-2-alpine-1-network-volume.yaml",
    "docker__awesome-compose/nextcloud-redis-mariadb/compose.yaml",
    "docker__compose/pkg/e2e/testdata/TestNetworkAliases/compose.yaml",
    "docker__compose/_rev/1.28.x/tests/fixtures/v2-full/docker-compose.yml",
    "docker-library__docs/storm/compose.yaml",
    "docker__awesome-compose/react-express-mongodb/compose.yaml",
    "docker__compose/_rev/v2.40.x/pkg/e2e/fixtures/port-range/compose.yaml",
    "docker__compose/_rev/1.28.x/tests/fixtures/networks/docker-compose.yml",
    "docker__compose/_rev/v2.40.x/pkg/e2e/fixtures/network-links/compose.yaml",
    "docker__awesome-compose/elasticsearch-logstash-kibana/compose.yaml",
)

# Of a service: what no engine keeps, or what it keeps without telling whether it was written.
SERVICE_LOST = (
    "build", "profiles", "develop", "pull_policy", "platform", "attach", "post_start", "pre_stop", "configs", "secrets",
    "env_file", "annotations", "cgroup",
)  # fmt: skip


@dataclass
class Outcome:
    file: str
    services: int = 0
    plan: str = ""
    untouched: bool = False
    differs: list[str] = field(default_factory=list)
    took_ms: float = 0.0
    error: str = ""

    @property
    def good(self) -> bool:
        return not self.error and self.plan == "nothing to do\n" and self.untouched and not self.differs


def outcome(file: str, *, engine: Engine, client: docker.DockerClient) -> Outcome:
    try:
        with started(file) as running:
            before = identities(client, running.project)
            begun = time.perf_counter()
            made, text = reconstruction(running, engine=engine)
            took_ms = (time.perf_counter() - begun) * 1000
            errors = errors_of(text, project=running.project)
            design = design_of(text, project=running.project)
            assert design is not None, text
            plan = plan_apply(design, engine.observe(running.project))
            return Outcome(
                file, services=len(made.file["services"]), plan=plan.as_text(), took_ms=took_ms,
                untouched=identities(client, running.project) == before, differs=differences(running, text),
                error="; ".join(one.message for one in (*errors, *(n for n in plan.notes if n.severity == "error"))),
            )  # fmt: skip
    except AssertionError as error:
        return Outcome(file, error=str(error))


def reconstruction(running: Running, *, engine: Engine) -> tuple[Reconstruction, str]:
    made = reconstruct(engine.look(project=running.project), project=running.project)
    return made, reconstructed_text(made, of=f"the running project {running.project}")


def differences(running: Running, text: str) -> list[str]:
    """What `docker compose config` says differently of the two, in what an engine knows."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "compose.yaml"
        file.write_text(text)
        again = compose_config(file, project=running.project)
    return list(_compared(knowable(running.config, running), knowable(again, running), ""))


def knowable(config: dict[str, Any], running: Running) -> dict[str, Any]:
    """A config without what the engine does not keep, and with one form for what is written in several."""
    services = {
        name: _service(name, dict(one), running)
        for name, one in config["services"].items()
        if not one.get("profiles") and one.get("scale") != 0 and (one.get("deploy") or {}).get("replicas") != 0
    }
    used = {name for one in services.values() for name in one.get("networks") or {}}
    networks = {key: _network(one) for key, one in (config.get("networks") or {}).items() if key in used}
    mounted = {one.get("source") for service in services.values() for one in service.get("volumes") or ()}
    volumes = {key: _network(one or {}) for key, one in (config.get("volumes") or {}).items() if key in mounted}
    return {"services": services, "networks": networks, "volumes": volumes}


def _service(name: str, one: dict[str, Any], running: Running) -> dict[str, Any]:
    for key in SERVICE_LOST:
        one.pop(key, None)
    one.setdefault("image", f"{running.project}-{name}")
    deploy = one.pop("deploy", None) or {}
    one.setdefault("scale", deploy.get("replicas", 1))
    one["scale"] = one["scale"] if one["scale"] is not None else 1
    limits = (deploy.get("resources") or {}).get("limits") or {}
    for key, word in (("memory", "mem_limit"), ("cpus", "cpus"), ("pids", "pids_limit")):
        if key in limits:
            one.setdefault(word, limits[key])
    if deploy.get("restart_policy"):
        one.setdefault("restart", deploy["restart_policy"].get("condition", "any"))
    if one.get("restart") == "no":
        del one["restart"]
    one["depends_on"] = {
        key: {"condition": need["condition"], "restart": need.get("restart", False)}
        for key, need in (one.get("depends_on") or {}).items()
    }  # fmt: skip
    for mount in one.get("volumes") or ():
        for key in ("bind", "volume"):
            if not mount.get(key) or mount[key] == {"create_host_path": True}:
                mount.pop(key, None)
    one["volumes"] = sorted(one.get("volumes") or (), key=lambda mount: mount["target"])
    one["ports"] = sorted(one.get("ports") or (), key=str)
    one["networks"] = {
        key: {word: value for word, value in (wire or {}).items() if word not in ("priority",)}
        for key, wire in (one.get("networks") or {}).items()
    }  # fmt: skip
    for key in ("expose", "links", "cap_add", "cap_drop", "security_opt", "volumes_from"):
        if one.get(key):
            one[key] = sorted(text.removesuffix("/tcp") if key == "expose" else text for text in one[key])
    return {key: value for key, value in one.items() if value not in (None, [], {}, False, "")}


def _network(one: dict[str, Any]) -> dict[str, Any]:
    found = _bare(one or {})
    if found.get("driver") in ("bridge", "local"):
        del found["driver"]
    return found


def _bare(one: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in one.items() if value not in (None, [], {}, False, "")}


def _compared(one: Any, other: Any, at: str) -> list[str]:
    if isinstance(one, dict) and isinstance(other, dict):
        return [
            line for key in sorted(one.keys() | other.keys()) for line in _compared(one.get(key), other.get(key), f"{at}.{key}")
        ]
    return [] if one == other else [f"{at.removeprefix('.')}: {one!r} became {other!r}"]


def main(files: list[str]) -> int:
    join_runs()
    engine, client = open_engine(""), docker.from_env(timeout=120)
    found = []
    print(f"{'plan':<7} {'alone':<6} {'config':<7} {'services':>8} {'told in':>8}  project", flush=True)
    for file in files or PROJECTS:
        one = outcome(file, engine=engine, client=client)
        found.append(one)
        plan = "empty" if one.plan == "nothing to do\n" else "-"
        marks = (plan, "yes" if one.untouched else "no", "equal" if not one.differs and not one.error else "differs")
        print(f"{marks[0]:<7} {marks[1]:<6} {marks[2]:<7} {one.services:>8} {one.took_ms:>5.0f} ms  {file}", flush=True)
        for line in [one.error, *(one.plan.splitlines() if plan == "-" else ()), *one.differs]:
            print(f"          {line}" if line else "", end="\n" if line else "", flush=True)
    engine.close()
    client.close()
    print(f"good: {sum(one.good for one in found)} of {len(found)}")
    return int(not all(one.good for one in found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
