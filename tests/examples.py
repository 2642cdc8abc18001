"""How many examples hypothesis makes: `@examples(40)` means forty in CI, always the same ones, so that no run differs from another.

HYPOTHESIS_PROFILE=thorough    ten times as many, other ones each time, with the way to repeat a failure printed
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

THOROUGH_FACTOR = 10

settings.register_profile("ci", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "ci")


def examples(count: int) -> settings:
    """The settings of a law that is tried on `count` examples in CI."""
    factor = THOROUGH_FACTOR if PROFILE == "thorough" else 1
    return settings(settings.get_profile(PROFILE), max_examples=count * factor)
