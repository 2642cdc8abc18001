"""The worker SIGKILLed before and after every step of two applies: `python -m tests.bench.kill_matrix`.

Runs on an engine of its own (needs root). The two are a fresh stack, and a change that touches networks, addresses, limits,
containers and volumes of a running one. Prints a line for each point where the end differs from
an undisturbed apply's, and the count.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import uuid

os.environ["NETYARD_DATA"] = tempfile.mkdtemp(prefix="nyt-kill-")
os.environ["DJANGO_SETTINGS_MODULE"] = "dashboard.settings"

import django

django.setup()

import logging  # noqa: E402

import structlog  # noqa: E402
from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402

from tests.actions.kill_points import AFTER, BEFORE, KILLED, Lab, settled  # noqa: E402
from tests.actions.processes import remove_all  # noqa: E402
from tests.lab.second_engine import second_engine  # noqa: E402
from topology.actions.authorize import Actor  # noqa: E402
from topology.models import Engine, Membership, Stack, Team  # noqa: E402


def build(url: str) -> Lab:
    call_command("migrate", verbosity=0)
    user, _ = get_user_model().objects.get_or_create(username="ann")
    team, _ = Team.objects.get_or_create(name="Lab")
    Membership.objects.get_or_create(team=team, user=user, role="owner")
    engine, _ = Engine.objects.get_or_create(name=url[-40:], defaults={"url": url})
    project = f"nyt-kill-{uuid.uuid4().hex[:5]}"
    stack = Stack.objects.create(team=team, engine=engine, name=project, project=project)
    return Lab(stack, Actor.of(user), url)


def prepare(lab: Lab, *, base: str) -> None:
    """Nothing of the project is there, or the base runs."""
    remove_all(lab.stack.project, url=lab.url)
    lab.note_others()
    if base:
        lab.write(base)
        run = lab.apply()
        assert run.state == "done", run.error


def tried(lab: Lab, *, base: str, text: str, moment: str, summary: str, wanted: dict[str, object]) -> str:
    """Why this point did not end as it should; "" when it did."""
    prepare(lab, base=base)
    lab.write(text)
    code, said = lab.apply_and_die(moment, summary)
    if code != KILLED:
        return f"the worker was not killed, it ended with {code}: {said[-1000:]}"
    run = lab.apply()
    if run.state != "done":
        return f"the second apply {run.state}: {run.error} {run.fix}"
    found = settled(lab.state)
    if left := lab.summaries():
        return f"a third apply would {left}"
    if found != wanted:
        return "; ".join(f"{key}: {found[key]} instead of {wanted[key]}" for key in wanted if found[key] != wanted[key])
    return ""


def matrix(lab: Lab, name: str, *, base: str, text: str) -> tuple[int, int]:
    prepare(lab, base=base)
    lab.write(text)
    steps = lab.summaries()
    run = lab.apply()
    assert run.state == "done", run.error
    wanted = settled(lab.state)
    good = 0
    for index, summary in enumerate(steps):
        for moment in ("before", "after"):
            why = tried(lab, base=base, text=text, moment=moment, summary=summary, wanted=wanted)
            good += not why
            if why:
                print(f"  {name}, {moment} step {index + 1} ({summary}): {why}", flush=True)
    print(f"{name}: {len(steps)} steps, {good} of {2 * len(steps)} kills ended like the undisturbed apply", flush=True)
    return good, 2 * len(steps)


def main() -> int:
    argparse.ArgumentParser(description=__doc__).parse_args()
    logging.disable(logging.WARNING)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    try:
        with second_engine("busybox:stable", "standin:latest") as engine:
            lab = build(engine.url)
            counts = [
                matrix(lab, "fresh", base="", text=BEFORE),
                matrix(lab, "change", base=BEFORE, text=AFTER),
            ]
    finally:
        shutil.rmtree(os.environ["NETYARD_DATA"], ignore_errors=True)
    good, of = (sum(column) for column in zip(*counts, strict=True))
    print(f"in all {good} of {of}")
    return int(good != of)


if __name__ == "__main__":
    sys.exit(main())
