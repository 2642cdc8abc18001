"""Whether a container that was just started stays up, in words for people. One that has ended well does: it was there to end."""

from __future__ import annotations

from topology.core.observed import ObservedContainer

MANY = 4  # restarts in a row after which nobody waits for another; an engine makes them within about two seconds
NOT_RUNNABLE = (125, 126, 127)


def trouble(one: ObservedContainer) -> str:
    """Why it does not count as up, "" where it does."""
    reason = " It ran out of memory." if one.oom_killed else f" {one.error}" if one.error else ""
    times = f", {one.restart_count} time{'' if one.restart_count == 1 else 's'} so far" if one.restart_count else ""
    if one.state == "restarting" or (one.restart_count and one.exit_code):
        return f"{one.name} ends again and again: its program exits with code {one.exit_code}{times}.{reason}"
    if one.restart_count:
        return f"{one.name} is started again and again: its program ends{times}.{reason}"
    if one.state in ("exited", "dead") and one.exit_code:
        return f"{one.name} exited with code {one.exit_code} right after it was started.{reason}"
    return ""


def remedy(one: ObservedContainer) -> str:
    """What to do about it."""
    service = one.service or one.name
    if one.oom_killed:
        return f"Give {service} a higher mem_limit, or find out why it takes so much."
    if one.exit_code in NOT_RUNNABLE:
        return f"Check command and entrypoint of {service}: the program is not in the image, or may not be run."
    return f"Look at the logs of {service}, mend its configuration, then apply again."
