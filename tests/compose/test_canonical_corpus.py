"""The 353 files whose printed configuration the corpus holds."""

from __future__ import annotations

import pytest

from tests.bench.corpus.config import outcomes
from tests.bench.corpus.projects import expected_rows

# expected/ of these was made with an env file that the corpus does not hold (`.env` of another commit, or none at all); from what
# it holds the tool itself prints what we print, or refuses the file.
NOT_TO_BE_MADE = {
    "files/compose-spec__compose-go/loader/testdata/include/project-directory.yaml",
    "files/open-telemetry__opentelemetry-demo/_history/09f55069/docker-compose-hack.yml",
    "files/open-telemetry__opentelemetry-demo/_history/0a25bf2e/docker-compose.minimal.yml",
    "files/temporalio__docker-compose/_history/de7aafb9/docker-compose-cockroach-es.yml",
    "files/temporalio__docker-compose/_history/de7aafb9/docker-compose-cockroach.yml",
}


@pytest.mark.skipif(not expected_rows(), reason="the corpus is not here")
def test_it_prints_every_file_of_the_corpus_as_the_tool_does() -> None:
    found = outcomes()
    assert {one.file for one in found if one.differs} == NOT_TO_BE_MADE
    assert all(one.same_bytes for one in found if not one.differs)
    assert {one.file for one in found if one.reason == "not explained"} == set()
