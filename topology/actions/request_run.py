"""Ask for a run: everything that can be known to go wrong is said here, and the worker checks it once more."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from topology import announce, queue, wire
from topology.actions.authorize import Actor, find_stack, record
from topology.actions.declined import Declined
from topology.actions.edit_stack import lock_stack
from topology.actions.preview_plan import Preview, make_preview
from topology.actions.read_history import find_version
from topology.actions.release_waiting import release_waiting
from topology.actions.resync_stack import tell_card
from topology.actions.roll_back import last_failed
from topology.actions.tell_run import add_run_line
from topology.core.access import Right
from topology.models import Run, Stack
from topology.store import history, runs, status
from topology.store.files import bundle_of
from topology.store.readings import design_of

WATCHED_WITHIN = timedelta(seconds=45)  # the watcher looks at every engine each 30 s, beside following its events
LOST_FIX = "Apply again: it goes on from what is there."


def request_run(actor: Actor, *, stack_id: UUID, asked: wire.RunRequest) -> wire.RunView:
    """The queued run. Declined 422 by the design's errors or the engine's policy, 409 when the plan is no longer the one
    that was seen or another run of the stack is under way. A run whose worker is gone does not stand in the way.

    An apply that has nothing to do, by what the watcher sees at this moment, is done at once: no worker is asked to do nothing.
    Not so while another run is under way: what it will have done is not to be seen yet.
    With `queue` a run waits where another is under way; what it does is planned when that is done.
    """
    stack = find_stack(actor, stack_id, Right.DEPLOY, action="request_run")
    preview = make_preview(
        stack,
        kind=asked.kind,
        services=tuple(asked.services),
        remove_orphans=asked.remove_orphans,
        remove_volumes=asked.remove_volumes,
        version=asked.version,
        rollback=asked.rollback,
        only=tuple(asked.only),
    )
    _take_over_lost(stack)
    behind = asked.queue and runs.open_run(stack.pk) is not None
    _refuse(actor, stack, asked, preview, behind=behind)
    try:
        with transaction.atomic():
            locked = lock_stack(stack_id)
            under_way = runs.open_run(stack.pk) is not None
            behind = behind or (asked.queue and under_way)
            if under_way and not behind:
                raise _in_the_way(stack, behind=False)
            idle = asked.kind == "apply" and not preview.plan.operations and _is_watched(stack)
            state = "waiting" if behind else "done" if idle else "queued"
            run = _insert(actor, locked, asked, seen_version=stack.version, state=state)
    except IntegrityError as error:
        raise _in_the_way(stack, behind=behind) from error
    if behind and runs.open_run(stack.pk) is None:  # it ended while this one was put behind it
        release_waiting(stack.pk)
    return runs.run_view(Run.objects.select_related("by").get(pk=run.pk), steps=[])


def _refuse(actor: Actor, stack: Stack, asked: wire.RunRequest, preview: Preview, *, behind: bool) -> None:
    if preview.refused:
        codes = sorted({problem.code for problem in preview.refused})
        record(actor, "request_run", subject=f"stack:{stack.pk}", team_id=stack.team_id, allowed=False, detail={"policy": codes})
        raise Declined(
            422,
            code="policy-refused",
            message="This engine does not allow what the stack asks for.",
            fix="Take it out of the design, or ask an engine administrator to allow it on this engine.",
            problems=preview.refused,
        )
    if preview.errors:
        raise Declined(422, code="design-has-errors", message="The design has errors.", fix="Mend them, then apply.",
                       problems=preview.errors)  # fmt: skip
    if preview.blocked and not behind:
        raise Declined(422, code="plan-blocked", message=preview.blocked[0].message, fix=preview.blocked[0].fix,
                       problems=preview.blocked)  # fmt: skip
    if behind:
        return
    if asked.kind == "apply" and not asked.digest:
        raise Declined(422, code="digest-missing", message="An apply names the plan that was seen.", fix="Look at the plan first.")
    if asked.kind == "apply" and asked.digest != preview.plan.digest:
        raise _plan_changed()


def _plan_changed() -> Declined:
    return Declined(
        409,
        code="plan-changed",
        message="The plan is no longer the one you saw: the design or the engine has changed since.",
        fix="Look at the new plan and apply that.",
    )


def _take_over_lost(stack: Stack) -> None:
    for run in runs.lost(now=timezone.now()):
        if run.stack_id == stack.pk and runs.interrupt(run, error="The worker that carried it out is gone.", fix=LOST_FIX):
            lost = Run.objects.select_related("by").get(pk=run.pk)
            announce.run(stack.pk, wire.RunChanged(run=runs.run_view(lost)))
            release_waiting(stack.pk, ended=lost)


def _is_watched(stack: Stack) -> bool:
    """Whether what is known of the stack's engine is what is there now, not what was there before it or the watcher went away."""
    seen_at = stack.engine.seen_at
    return not stack.engine.error and seen_at is not None and timezone.now() - seen_at < WATCHED_WITHIN


def _insert(actor: Actor, stack: Stack, asked: wire.RunRequest, *, seen_version: int, state: str) -> Run:
    if asked.kind == "apply" and stack.version != seen_version and not asked.version:
        raise _plan_changed()
    run = Run.objects.create(
        stack=stack, kind=asked.kind, by_id=actor.user_id, state=state, **_what(stack, asked, state=state),
        started_at=timezone.now() if state == "done" else None, ended_at=timezone.now() if state == "done" else None,
    )  # fmt: skip
    detail = {"kind": asked.kind, "version": run.version, "remove_volumes": asked.remove_volumes, "rollback": asked.rollback}
    record(actor, "request_run", subject=f"stack:{stack.pk}", team_id=stack.team_id, detail=detail)
    change = wire.RunChanged(run=runs.run_view(run, steps=[]))
    transaction.on_commit(lambda: announce.run(stack.pk, change))
    if state == "done":
        if not asked.only:  # else the rest of the version is not what runs
            Stack.objects.filter(pk=stack.pk).update(applied_version=run.version)
            _keep_images(stack, run)
        transaction.on_commit(lambda: add_run_line(run))
        transaction.on_commit(lambda: tell_card(Stack.objects.select_related("team", "updated_by", "status").get(pk=stack.pk)))
    elif state == "queued":
        transaction.on_commit(lambda: queue.enqueue(queue.RUN_APPLY, str(run.pk)))
    return run


def _what(stack: Stack, asked: wire.RunRequest, *, state: str) -> dict[str, Any]:
    """The design that a run carries out, and what was asked for. Whether a failed apply goes back is remembered for the next."""
    if asked.kind != "apply":
        what = {"version": stack.version, "text": stack.good_text, "tree": stack.good_tree}
        return {**what, "asked": asked.model_dump(exclude={"kind"})}
    if asked.rolls_back is not None and asked.rolls_back != stack.rolls_back:
        stack.rolls_back = asked.rolls_back
        Stack.objects.filter(pk=stack.pk).update(rolls_back=asked.rolls_back)
    older = asked.version and asked.version != stack.version
    row = find_version(stack, asked.version) if older else stack
    wanted = asked.model_dump(exclude={"kind"}) | {"rolls_back": stack.rolls_back and not asked.rollback}
    wanted |= {"digest": ""} if state == "waiting" else {}
    what = {"version": row.version, "text": row.text, "tree": row.tree, "asked": wanted}
    return what | ({"rollback_of": last_failed(stack)} if asked.rollback else {})


def _keep_images(stack: Stack, run: Run) -> None:
    """An apply with nothing to do says as well what runs of this version."""
    design = design_of(bundle_of(run), project=stack.project)
    if design is not None:
        history.keep_images(run, status.load(stack.pk).observed, design=design)


def _in_the_way(stack: Stack, *, behind: bool) -> Declined:
    """Who has a run under way, or one that waits, and since when."""
    if behind and (waiting := Run.objects.filter(stack=stack, state="waiting").select_related("by").first()):
        who = waiting.by.get_username() if waiting.by else "Somebody"
        return Declined(
            409, code="run-waiting", message=f"{who}'s {waiting.kind} waits already, since {waiting.requested_at:%H:%M:%S} UTC.",
            fix="Wait for it to end, or cancel it.",
        )  # fmt: skip
    run = runs.open_run(stack.pk)
    who = run.by.get_username() if run and run.by else "Somebody"
    since = f" since {run.requested_at:%H:%M:%S} UTC" if run else ""
    what = {"down": "is taking the stack down", "stop": "is stopping it", "start": "is starting it", "restart": "is restarting it"}
    doing = what.get(run.kind, "is applying it") if run else "is applying it"
    return Declined(
        409, code="run-under-way", message=f"{who} {doing}{since}.", fix="Wait for it to end, cancel it, or let yours wait for it."
    )
