"""How the tests are shared among processes: whole files, in the order of collection, the browser's in two long runs.

A run of browser tests keeps one server and one browser from its first test to its last. More than two at once would make each
other slow on two processors, and fewer would be the last to end.
"""

from __future__ import annotations

from xdist.scheduler import LoadFileScheduling

BROWSER = "tests/e2e/"
RUNS = 2


class Sharing(LoadFileScheduling):
    """Files, and runs of browser files, taken by whoever is free."""

    def schedule(self) -> None:
        self.config.option.loadscopereorder = False  # by number of tests: the browser's few and long ones would come last
        super().schedule()

    def _split_scope(self, nodeid: str) -> str:
        return run_of(super()._split_scope(nodeid))


def run_of(path: str) -> str:
    """The run that a test file belongs to: a browser file's by the letters of its name, so that adding one moves no other."""
    return f"{BROWSER}{sum(path.encode()) % RUNS}" if path.startswith(BROWSER) else path
