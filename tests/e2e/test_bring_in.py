"""Bringing Compose files in: a folder with what it names, an archive, a file of the first form, pasted run lines."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.editor import card, new_stack, pane

pytestmark = pytest.mark.browser
Window = Callable[..., Page]

FILES = {
    "compose.yaml": "\ufeffservices:\r\n  web:\r\n    image: busybox:${TAG}\r\n    env_file: [web.env]\r\n"
    "  db:\r\n    extends: {file: base.yaml, service: db}\r\n",
    ".env": "TAG=stable\r\n", "web.env": "TOKEN=abcd", "base.yaml": "services: {db: {image: 'busybox:stable'}}\n",
    "compose.override.yaml": "services:\n  web:\n    restart: always\n", "notes.md": "named nowhere\n",
}  # fmt: skip
FIRST_FORM = "# mine\nweb:\n  image: busybox:stable\n  links: [db]\ndb:\n  image: busybox:stable\n"


def import_dialog(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Import Compose")).click()
    expect(page.get_by_role("textbox", name="Compose file")).to_be_visible()


def open_import(page: Page, name: str, *, button: str = "Import") -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name=button, exact=True).click()
    expect(pane(page)).to_be_visible()


def exported(page: Page) -> dict[str, bytes]:
    stack = page.url.rsplit("/", 1)[1]
    packed = zipfile.ZipFile(io.BytesIO(page.request.get(f"/api/stacks/{stack}/export").body()))
    return {name: packed.read(name) for name in packed.namelist()}


@pytest.mark.parametrize("form", ["folder", "zip"])
def test_a_folder_or_an_archive_brings_what_its_files_name_byte_for_byte(
    window: Window, project: str, tmp_path: Path, form: str
) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_bytes(text.encode())
    chosen = folder
    if form == "zip":
        chosen = tmp_path / "shop.zip"
        with zipfile.ZipFile(chosen, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in FILES:
                archive.write(folder / name, f"shop-main/{name}")
    page = window("/")
    import_dialog(page)
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose a folder" if form == "folder" else "Choose files").click()
    chooser.value.set_files(chosen)
    files = page.get_by_role("list", name="Files")
    expect(files.get_by_text("web.env")).to_be_visible()
    expect(page.get_by_label("What becomes of compose.override.yaml")).to_have_value("merge")
    expect(page.get_by_label("What becomes of notes.md")).to_have_value("leave")
    expect(page.get_by_text("2 services, 0 networks, 0 volumes")).to_be_visible()
    expect(page.get_by_label("Name")).to_have_value("shop" if form == "folder" else "shop-main")
    open_import(page, project)
    expect(card(page, "web")).to_be_visible()
    assert exported(page) == {name: text.encode() for name, text in FILES.items() if name != "notes.md"}


def test_a_file_that_is_missing_can_be_added_and_bad_text_comes_in_as_it_is(window: Window, project: str, tmp_path: Path) -> None:
    for name in ("compose.yaml", "web.env"):
        (tmp_path / name).write_bytes(FILES[name].encode())
    (tmp_path / "base.yaml").write_text("services: [\n")
    page = window("/")
    import_dialog(page)
    page.locator('input[type="file"]').set_input_files([tmp_path / "compose.yaml", tmp_path / "base.yaml"])
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Add web.env").click()
    chooser.value.set_files(tmp_path / "web.env")
    expect(page.get_by_label("What becomes of web.env")).to_have_value("keep")
    expect(page.get_by_text("base.yaml line 2")).to_be_visible()
    open_import(page, project)
    assert exported(page)["base.yaml"] == b"services: [\n"


def test_a_file_of_the_first_form_is_converted_after_a_look(window: Window, project: str) -> None:
    page = window("/")
    import_dialog(page)
    page.get_by_role("textbox", name="Compose file").fill(FIRST_FORM)
    sides = page.get_by_role("region", name="Before and after")
    expect(sides.get_by_text("services:")).to_be_visible()
    page.get_by_role("button", name="Convert to the current form").click()
    expect(page.get_by_text("2 services, 0 networks, 0 volumes")).to_be_visible()
    open_import(page, project)
    expect(card(page, "db")).to_be_visible()


def test_run_lines_become_a_stack_and_are_added_to_one_as_one_edit(window: Window, project: str) -> None:
    page = window("/")
    import_dialog(page)
    page.get_by_role("textbox", name="Compose file").fill("docker run -d --name cache \\\n  -p 6379:6379 busybox:stable")
    expect(page.get_by_role("region", name="The Compose file that it becomes")).to_contain_text('"6379:6379"')
    open_import(page, project)
    expect(card(page, "cache")).to_be_visible()

    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Add from docker run…").click()
    page.get_by_label("docker run lines").fill(
        "docker network create back\ndocker run --name one --network back busybox:stable\ndocker run --name two busybox:stable"
    )
    page.get_by_role("button", name="Add 2 services").click()
    expect(card(page, "two")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)  # while it closes the keys are still its own
    page.keyboard.press("Control+z")
    expect(card(page, "two")).not_to_be_visible()
    expect(card(page, "one")).not_to_be_visible()


def test_an_empty_stack_takes_run_lines_too(window: Window, project: str) -> None:
    page = window("/")
    new_stack(page, f"{project}-empty")
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Add from docker run…").click()
    page.get_by_label("docker run lines").fill("docker run --name one busybox:stable")
    page.get_by_role("button", name="Add the service").click()
    expect(card(page, "one")).to_be_visible()


def test_a_file_of_the_first_form_that_came_in_as_it_is_is_converted_in_the_code_pane(window: Window, project: str) -> None:
    page = window("/")
    import_dialog(page)
    page.get_by_role("textbox", name="Compose file").fill(FIRST_FORM)
    open_import(page, project, button="Import as it is")
    page.get_by_role("tab", name="Code").click()
    page.get_by_role("button", name="Convert", exact=True).click()
    expect(card(page, "db")).to_be_visible()
    expect(page.get_by_role("button", name="Convert", exact=True)).to_have_count(0)
    page.keyboard.press("Escape")
    page.get_by_role("button", name=re.compile("^Undo")).click()
    expect(page.get_by_role("button", name="Convert", exact=True)).to_be_visible()
