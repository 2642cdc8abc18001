"""The timeline's line for a run that ended."""

from __future__ import annotations

import time

from topology import announce, wire
from topology.models import Run
from topology.store import status

PAST = {"apply": "applied", "down": "took down", "stop": "stopped", "start": "started", "restart": "restarted"}


def add_run_line(run: Run) -> None:
    """Add and announce a line such as "ann applied version 7: 12 operations"."""
    done = run.steps.filter(state="done").count()
    what = f"version {run.version}" if run.kind == "apply" else "the stack"
    who = run.by.get_username() if run.by else "someone"
    operations = "nothing to do" if not run.steps.exists() else f"{done} operation{'' if done == 1 else 's'}"
    back = run.kind == "apply" and bool(run.asked.get("rollback"))
    if run.state == "done":
        only = [str(subject).partition(":")[2] for subject in run.asked.get("only") or ()]
        past = f"rolled back to {what}" if back else f"put back {', '.join(only)}" if only else f"{PAST[run.kind]} {what}"
        text, severity = f"{who} {past}: {operations}", "good"
        if run.asked.get("automatic"):
            text = f"rolled back to {what} by itself, as {who} had asked: {operations}"
    else:
        went = "was cancelled" if run.state == "cancelled" else run.state
        text = f"{who}'s {'rollback to' if back else f'{run.kind} of'} {what} {went}: {run.error}"
        severity = "warning" if run.state == "cancelled" else "error"
    entry = status.add_timeline(run.stack_id, at=time.time(), kind="run", text=text, severity=severity, by=who)
    announce.timeline(run.stack_id, wire.TimelineAdded(entry=entry))
