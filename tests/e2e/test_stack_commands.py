"""`./netyard stack …` as scripts use it, beside a running site and where nothing runs."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import docker
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site
from tests.e2e.editor import card
from tests.e2e.processes import netyard

pytestmark = [pytest.mark.browser, pytest.mark.engine]
Window = Callable[..., Page]
ONE = "services:\n  web:\n    image: standin:latest\n"


def test_commands_for_scripts_change_what_the_browser_shows(
    window: Window, project: str, site: Site, engine: docker.DockerClient, tmp_path: Path
) -> None:
    file = tmp_path / "compose.yaml"
    file.write_text(ONE + "# the end")
    page = window("/")
    expect(page.get_by_role("heading", name=re.compile("^(Stacks|Draw your first stack)$"))).to_be_visible()
    imported = netyard("stack", "import", str(file), "--name", project, data=site.data)
    assert (imported.returncode, imported.stdout) == (0, f"Imported {project}: 1 service, 1 network.\n"), imported
    tile = page.get_by_role("link", name=re.compile(f"^Stack {project},"))
    expect(tile).to_be_visible()
    tile.click()
    expect(card(page, "web")).to_be_visible()
    tell_all(project, site.data, file)
    expect(card(page, "web")).to_have_attribute("data-tone", "good")
    assert engine.containers.get(f"{project}-web-1").status == "running"
    down = netyard("stack", "down", project, data=site.data)
    assert down.returncode == 0 and "Done." in down.stdout, down
    expect(card(page, "web")).not_to_have_attribute("data-tone", "good")
    assert netyard("stack", "delete", project, data=site.data).stdout == f"Deleted {project}.\n"
    expect(page.get_by_role("alert").filter(has_text=re.compile("does not exist for you|was taken away"))).to_be_visible()


def test_commands_for_scripts_work_where_nothing_runs(
    data: Path, project: str, engine: docker.DockerClient, tmp_path: Path
) -> None:
    file = tmp_path / "compose.yaml"
    file.write_text(ONE + "# the end")
    folder = data / "new"
    imported = netyard("stack", "import", str(file), "--name", project, data=folder)
    assert (imported.returncode, imported.stdout) == (0, f"Imported {project}: 1 service, 1 network.\n"), imported
    tell_all(project, folder, file)
    assert engine.containers.get(f"{project}-web-1").status == "running"
    again = netyard("stack", "apply", project, "--wait", data=folder)
    assert again.returncode == 0 and "Nothing to do." in again.stdout, again
    refused = netyard("stack", "delete", project, data=folder)
    assert refused.returncode == 1 and "Traceback" not in refused.stderr and refused.stderr.strip(), refused
    assert netyard("stack", "down", project, "--volumes", data=folder).returncode == 0
    assert netyard("stack", "delete", project, data=folder).returncode == 0
    assert netyard("stack", "show", project, data=folder).returncode == 2


def tell_all(project: str, data: Path, file: Path) -> None:
    """list, plan, apply, show and export, as a script would read them."""
    listed = json.loads(netyard("stack", "list", "--json", data=data).stdout)
    assert [one["state"] for one in listed if one["name"] == project] == ["never applied"]
    plan = netyard("stack", "plan", project, data=data)
    assert plan.returncode == 0 and "web" in plan.stdout, plan
    applied = netyard("stack", "apply", project, "--wait", data=data)
    assert applied.returncode == 0 and applied.stdout.endswith("Done.\n"), applied
    shown = json.loads(netyard("stack", "show", project, "--json", data=data).stdout)
    assert (shown["running"], shown["wanted"], shown["state"]) == (1, 1, "running")
    exported = netyard("stack", "export", project, data=data)
    assert exported.stdout.encode() == file.read_bytes()
