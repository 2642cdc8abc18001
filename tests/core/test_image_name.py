"""Which local image a written name means."""

from __future__ import annotations

import pytest

from topology.core.image_name import local_image

DIGEST = "@sha256:" + "a" * 64


@pytest.mark.parametrize(
    ("local", "written"),
    [
        ("nginx" + DIGEST, "nginx:1" + DIGEST),
        ("reg.io/app" + DIGEST, "reg.io/app:1" + DIGEST),
        ("localhost:5000/app" + DIGEST, "localhost:5000/app" + DIGEST),
        ("localhost:5000/app" + DIGEST, "localhost:5000/app:1" + DIGEST),
        ("[fd00::1]:5000/a/b" + DIGEST, "[fd00::1]:5000/a/b:1.2" + DIGEST),
        ("localhost:5000/app:1", "localhost:5000/app:1"),
    ],
)
def test_a_name_with_a_digest_goes_by_that_whatever_its_tag(local: str, written: str) -> None:
    assert local_image({local: "sha256:x"}, written) == "sha256:x"
