"""The door: set-up, log in and out, joining, passwords, the program's page, health."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from tests.world import World, build_world
from topology.actions.set_up import make_setup_token
from topology.models import Audit, Invitation, Membership

PASSWORD = "a quiet sentence 7"


@pytest.fixture(autouse=True)
def no_counted_failures() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def world(db: None) -> World:
    return build_world()


def join(client: Client, way: str = "", *, token: str = "join-token", **fields: str) -> Any:
    return client.post("/join/", {"token": token, "way": way, **fields})


# --- set-up ----------------------------------------------------------------------------------------------------------------


def test_the_first_administrator_is_made_once_by_the_link_and_logged_in(db: None) -> None:
    token = make_setup_token()
    assert token is not None
    given = {"token": token, "username": "ada", "password": PASSWORD, "team_name": ""}
    client = Client()
    response = client.post("/setup/", given)
    assert (response.status_code, response["Location"]) == (302, "/")
    me = client.get("/api/me").json()
    assert me["is_administrator"] is True
    assert [(team["name"], team["role"]) for team in me["teams"]] == [("ada's team", "owner")]
    assert Client().post("/setup/", given | {"username": "eve"}).status_code == 404
    assert make_setup_token() is None
    assert get_user_model().objects.count() == 1


def test_a_newer_set_up_link_makes_the_older_one_void(db: None) -> None:
    older, newer = make_setup_token(), make_setup_token()
    given = {"username": "ada", "password": PASSWORD, "team_name": "Yard"}
    assert Client().post("/setup/", given | {"token": older}).status_code == 404
    assert Client().post("/setup/", given | {"token": newer}).status_code == 302


def test_a_weak_password_uses_no_link_up_and_is_never_sent_back(db: None) -> None:
    token = make_setup_token()
    weak = Client().post("/setup/", {"token": token, "username": "ada", "password": "short-1x"})
    assert weak.status_code == 422
    assert b"too short" in weak.content
    assert b"short-1x" not in weak.content
    assert Client().post("/setup/", {"token": token, "username": "ada", "password": PASSWORD}).status_code == 302


def test_no_token_is_kept_as_it_is(world: World) -> None:
    created = world.client("owner").post(
        f"/api/teams/{world.team.pk}/invitations", {"role": "viewer"}, content_type="application/json"
    )
    token = created.json()["token"]
    assert len(token) >= 40
    assert not Invitation.objects.filter(token_hash=token).exists()
    assert token not in json.dumps(list(Audit.objects.values_list("detail", flat=True)))
    team = world.client("owner").get(f"/api/teams/{world.team.pk}").json()
    assert [one["token"] for one in team["invitations"]] == ["", ""]
    assert world.client("deployer").get(f"/api/teams/{world.team.pk}").json()["invitations"] == []


# --- joining ---------------------------------------------------------------------------------------------------------------


def test_an_invitation_names_team_and_role_before_one_joins(world: World) -> None:
    page = join(Client())
    assert page.status_code == 200
    assert b"Join Ours" in page.content
    assert b"draw stacks" in page.content


def test_a_new_person_joins_once_with_the_role_of_the_invitation(world: World) -> None:
    client = Client()
    assert join(client, "new", username="grace", password=PASSWORD)["Location"] == "/"
    assert client.get("/api/me").json()["teams"] == [{"id": str(world.team.pk), "name": "Ours", "role": "editor"}]
    assert join(Client(), "new", username="eve", password=PASSWORD).status_code == 404
    assert not get_user_model().objects.filter(username="eve").exists()


def test_a_name_that_is_taken_leaves_the_invitation_open(world: World) -> None:
    assert join(Client(), "new", username="OWNER", password=PASSWORD).status_code == 422
    assert join(Client(), "new", username="grace", password=PASSWORD).status_code == 302


def test_someone_who_is_logged_in_joins_with_that_account(world: World) -> None:
    client = world.client("stranger")
    assert b"Join as stranger" in join(client).content
    assert join(client, "current").status_code == 302
    assert Membership.objects.get(team=world.team, user=world.people["stranger"]).role == "editor"


def test_an_invitation_never_takes_a_stronger_role_away(world: World) -> None:
    assert join(world.client("owner"), "current").status_code == 302
    assert Membership.objects.get(team=world.team, user=world.people["owner"]).role == "owner"


def test_someone_with_an_account_logs_in_and_joins_in_one_step(world: World) -> None:
    world.people["stranger"].set_password(PASSWORD)
    world.people["stranger"].save()
    assert join(Client(), "login", username="stranger", password="wrong").status_code == 400
    assert join(Client(), "login", username="stranger", password=PASSWORD).status_code == 302
    assert Membership.objects.filter(team=world.team, user=world.people["stranger"]).exists()


def test_an_invitation_that_is_too_old_or_revoked_is_none(world: World) -> None:
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert join(Client()).status_code == 404
    Invitation.objects.update(expires_at=timezone.now() + timedelta(days=1))
    world.client("owner").delete(f"/api/invitations/{world.invitation.pk}")
    assert join(Client()).status_code == 404


# --- log in and out ----------------------------------------------------------------------------------------------------------


def log_in(client: Client, username: str = "owner", password: str = PASSWORD, **fields: str) -> Any:
    return client.post("/login/", {"username": username, "password": password, **fields})


@pytest.fixture
def owner(world: World) -> Any:
    world.people["owner"].set_password(PASSWORD)
    world.people["owner"].save()
    return world.people["owner"]


def test_one_logs_in_and_goes_where_one_wanted_to(owner: Any, world: World) -> None:
    client = Client()
    asked = client.get(f"/stacks/{world.stack.pk}")
    assert asked["Location"] == f"/login/?next=/stacks/{world.stack.pk}"
    assert log_in(client, next=f"/stacks/{world.stack.pk}")["Location"] == f"/stacks/{world.stack.pk}"
    assert client.post("/logout/")["Location"] == "/login/"
    assert client.get("/api/me").status_code == 401


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil.example"])
def test_logging_in_leads_to_no_foreign_site(owner: Any, elsewhere: str) -> None:
    assert log_in(Client(), next=elsewhere)["Location"] == "/"


def test_after_five_wrong_passwords_even_the_right_one_waits(owner: Any) -> None:
    client = Client()
    for _ in range(5):
        assert log_in(client, password="wrong").status_code == 400
    blocked = log_in(client)
    assert blocked.status_code == 429
    assert b"Wait five minutes" in blocked.content
    assert log_in(Client(REMOTE_ADDR="10.9.8.7")).status_code == 302, "from elsewhere the same person can still come in"
    assert log_in(client, username="viewer", password="x").status_code == 400, "others at the same address are not blocked"


def test_a_login_that_works_forgets_the_failures(owner: Any) -> None:
    for _ in range(3):
        for _ in range(4):
            log_in(Client(), password="wrong")
        assert log_in(Client()).status_code == 302


def test_with_no_valkey_people_can_still_log_in(owner: Any, valkey: Callable[[], None]) -> None:
    valkey()
    assert log_in(Client(), password="wrong").status_code == 400
    assert log_in(Client()).status_code == 302


def test_logging_out_needs_a_post(owner: Any) -> None:
    client = Client()
    log_in(client)
    assert client.get("/logout/").status_code == 405
    assert client.get("/api/me").status_code == 200


def test_a_changed_password_ends_the_other_sessions_only(owner: Any) -> None:
    here, there = Client(), Client()
    log_in(here)
    log_in(there)
    new = "another sentence 8"
    wrong = here.post("/password/", {"old_password": "no", "new_password1": new, "new_password2": new})
    assert wrong.status_code == 400
    done = here.post("/password/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new})
    assert done.status_code == 200
    assert here.get("/api/me").status_code == 200
    assert there.get("/api/me").status_code == 401


def test_nobody_signs_up_by_themselves(db: None) -> None:
    for path in ("/signup/", "/accounts/signup/", "/accounts/login/"):
        assert Client().get(path).status_code == 404


@pytest.mark.parametrize("path", ["/login/", "/logout/", "/setup/", "/join/"])
def test_forms_need_their_csrf_token(db: None, path: str) -> None:
    assert Client(enforce_csrf_checks=True).post(path, {}).status_code == 403


# --- the program and health ---------------------------------------------------------------------------------------------------


def test_pages_have_one_inline_script_and_a_policy_against_any_other(world: World) -> None:
    pages = [Client().get(path) for path in ("/login/", "/setup/", "/join/", "/shared/", "/none")]
    pages.append(world.client("owner").get("/"))
    for page in pages:
        text = page.content.decode()
        (inline,) = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()
        assert f"script-src 'self' 'sha256-{digest}';" in page["Content-Security-Policy"]
        assert text.count("<script") == text.count("<script src=") + text.count('<script type="module" src=') + 1
        assert " onclick" not in text
        assert " style=" not in text


def test_the_program_is_named_by_vites_manifest(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "BASE_DIR", tmp_path)
    client = world.client("owner")
    missing = client.get("/")
    assert missing.status_code == 503
    assert b"npm run build" in missing.content
    manifest = {
        "src/main.tsx": {"file": "assets/main-AAAA1111.js", "isEntry": True, "css": ["assets/main-B.css"], "imports": ["_v.js"]},
        "_v.js": {"file": "assets/v-CCCC2222.js", "css": ["assets/v-D.css"]},
    }
    (tmp_path / "static/dist/.vite").mkdir(parents=True)
    (tmp_path / "static/dist/.vite/manifest.json").write_text(json.dumps(manifest))
    page = client.get(f"/stacks/{world.stack.pk}")
    assert page.status_code == 200
    for tag in (
        '<script type="module" src="/static/assets/main-AAAA1111.js">',
        '<link rel="stylesheet" href="/static/assets/main-B.css">',
        '<link rel="stylesheet" href="/static/assets/v-D.css">',
        '<link rel="modulepreload" href="/static/assets/v-CCCC2222.js">',
    ):
        assert tag in page.content.decode()
    assert "csrftoken" in page.cookies


def test_health_answers_always_and_readiness_only_with_all_that_is_needed(db: None, valkey: Callable[[], None]) -> None:
    client = Client()
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ready", "database": "ok", "valkey": "ok"}
    valkey()
    response = client.get("/readyz")
    assert (response.status_code, response.json()["valkey"]) == (503, "no answer")
    assert client.get("/healthz").status_code == 200


def test_answers_of_the_interface_are_kept_in_no_cache(world: World) -> None:
    response = world.client("owner").get("/api/stacks")
    assert response["Cache-Control"] == "no-store"
    assert response["X-Content-Type-Options"] == "nosniff"
