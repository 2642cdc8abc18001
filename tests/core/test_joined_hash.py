"""Compose's hash where it has ids of other containers in it: the texts are those that Compose 2.26.1 hashes."""

from __future__ import annotations

from hashlib import sha256

from topology.compose.hashed import hashed
from topology.compose.read import read
from topology.core.joined_hash import joined_hash, replacements

FILE = """
services:
  other: {image: busybox}
  more: {image: busybox}
  web:
    image: busybox
    volumes_from: [other, "more:ro", "container:outside:ro"]
    network_mode: "service:other"
"""


def test_only_the_places_that_join_get_an_id() -> None:
    design = hashed(read(FILE, project="p"))
    assert design is not None
    spec = design.services["web"]
    joined = replacements(design, spec)
    wanted = (
        '{"command":null,"depends_on":{"more":{"condition":"service_started","required":true},'
        '"other":{"condition":"service_started","restart":true,"required":true}},"entrypoint":null,"image":"busybox",'
        '"network_mode":"container:ID1","volumes_from":["ID1","ID2","outside"]}'
    )
    ids = {"p-other-1": "ID1", "p-more-1": "ID2"}
    assert joined_hash(spec.hash_text, joined, ids) == sha256(wanted.encode()).hexdigest()
    assert joined_hash(spec.hash_text, joined, {"p-other-1": "ID1"}) == ""
