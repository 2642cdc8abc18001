"""The line that a stack's history has for an edit that came without words."""

from __future__ import annotations

import pytest

from tests.core.drawing import draw
from topology.core.revision_words import change_words


@pytest.mark.parametrize(("old", "new", "words"), [
    ("web nginx", "web nginx", ""),
    ("web nginx", "web nginx\njob busybox", "Added job"),
    ("web nginx\ndb redis", "web nginx", "Removed db"),
    ("web nginx on front", "web nginx:2 on front, back; env A=1",
     "Added network back; changed web (environment, image, networks)"),
    ("web nginx; env A=1; scale 2; ports 80:80", "web redis",
     "Changed web (environment, image, ports, 1 more)"),
    ("a x\nb x\nc x\nd x\ne x on n\nnet n", "f x", "Added f; removed 5 services, 1 network"),
    ("web nginx on front", "web nginx", "Changed web (networks); removed network front"),
    ("net n 10.0.0.0/24\nweb x on n", "net n 10.1.0.0/24\nweb x on n", "Changed network n (ipam)"),
])  # fmt: skip
def test_an_edit_is_told_by_what_it_changes(old: str, new: str, words: str) -> None:
    assert change_words(draw(old), draw(new)) == words
