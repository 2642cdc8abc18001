"""Paths beside a Compose file, where the containers tell in which folder of the engine's host it lies."""

from __future__ import annotations

from topology.compose.hashed import hashed
from topology.compose.read import read
from topology.core.design import Design
from topology.core.labels import WORKING_DIR
from topology.core.located import folder_of, located
from topology.core.observed import Observed, ObservedContainer
from topology.core.payload import container_payload
from topology.core.planner import plan_apply

FILE = """
services:
  web:
    image: nginx
    volumes: [./html:/html, ../up:/up:ro, /etc/host:/host, data:/data]
    secrets: [password, mine]
volumes: {data: {}}
secrets:
  password: {file: ./password.txt}
  mine: {file: ./mine.txt}
"""


def design(folder: str) -> Design:
    found = hashed(read(FILE, project="p", files={"mine.txt": "x"}, folder=folder))
    assert found is not None
    return located(found, folder)


def told(*folders: str) -> Observed:
    return Observed(
        containers=tuple(
            ObservedContainer(id=str(at), name=f"p-web-{at}", project="p", service="web", number=at, image="nginx", image_id="i",
                              state="running", labels={WORKING_DIR: folder} if folder else {})
            for at, folder in enumerate(folders, 1)
        )
    )  # fmt: skip


def test_relative_paths_are_those_of_the_folder_and_what_the_stack_has_stays_its_own() -> None:
    body = container_payload(design("/srv/shop"), "web")
    assert body["HostConfig"]["Binds"] == ["/srv/shop/html:/html:rw", "/srv/up:/up:ro", "/etc/host:/host:rw"]
    mounted = [one["Source"] for one in body["HostConfig"]["Mounts"] if one["Type"] == "bind"]
    assert mounted == ["/srv/shop/password.txt"]
    assert body["Labels"][WORKING_DIR] == "/srv/shop"


def test_the_hash_is_that_of_the_folder() -> None:
    assert design("/srv/shop").services["web"].hash != design("/srv/other").services["web"].hash


def test_a_text_without_a_folder_cannot_mount_what_lies_beside_it() -> None:
    images = {"nginx:latest": "i"}
    assert "bind-relative" in {note.code for note in plan_apply(design(""), Observed(images=images)).notes}
    assert "bind-relative" not in {note.code for note in plan_apply(design("/srv/shop"), Observed(images=images)).notes}


def test_only_one_whole_path_that_all_agree_on_counts() -> None:
    assert folder_of(told("/srv/shop", "", "/srv/shop")) == "/srv/shop"
    assert folder_of(told("/srv/shop", "/srv/other")) == ""
    assert folder_of(told("C:\\shop")) == folder_of(told("srv")) == folder_of(told()) == ""
