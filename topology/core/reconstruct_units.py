"""The engine's numbers as people write them in a Compose file. Nothing is rounded."""

from __future__ import annotations

NANOSECONDS = ((3_600_000_000_000, "h"), (60_000_000_000, "m"), (1_000_000_000, "s"), (1_000_000, "ms"), (1_000, "us"), (1, "ns"))
BYTES = ((1024**3, "g"), (1024**2, "m"), (1024, "k"))


def duration(nanoseconds: int) -> str:
    """ "1m30s" of 90000000000."""
    text, left = "", int(nanoseconds)
    for size, unit in NANOSECONDS:
        count, left = divmod(left, size)
        text += f"{count}{unit}" if count else ""
    return text or "0s"


def size(count_bytes: int) -> str | int:
    """ "64m" of 67108864; a number that is no whole multiple stays a number, -1 too."""
    for unit_bytes, unit in BYTES:
        if count_bytes > 0 and count_bytes % unit_bytes == 0:
            return f"{count_bytes // unit_bytes}{unit}"
    return count_bytes


def cores(nano_cpus: int) -> float | int:
    """0.5 of 500000000."""
    value = nano_cpus / 1_000_000_000
    return int(value) if value.is_integer() else value
