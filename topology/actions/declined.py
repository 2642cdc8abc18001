"""How an action says no: one exception, carrying the answer's status and the words for the person who asked."""

from __future__ import annotations

from collections.abc import Sequence

from topology.core.problems import Problem


class Declined(Exception):
    """The action was not done and nothing changed. `status` is HTTP's number; `code` is stable and kebab-case.

    401 not logged in, 403 a right is missing, 404 does not exist for this person, 409 in the way of something else,
    422 the request itself must change (then `problems` say what).
    """

    def __init__(self, status: int, *, code: str, message: str, fix: str = "", problems: Sequence[Problem] = ()) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.fix = fix
        self.problems = tuple(problems)


def not_found(what: str) -> Declined:
    """The same answer for what is not there and for what belongs to others, so that ids tell nothing."""
    return Declined(404, code="not-found", message=f"There is no such {what}.", fix="Go back to the list and open it from there.")


def invalid(problem: Problem, *, status: int = 422) -> Declined:
    """A request that must change, for one reason."""
    return Declined(status, code=problem.code, message=problem.message, fix=problem.fix, problems=(problem,))
