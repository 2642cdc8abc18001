"""Which build contexts lie on the open internet: all others are fetched from within the host's network, and are asked about."""

from __future__ import annotations

import pytest

from topology.core.plan import Impact, Kind, Operation
from topology.core.policy import Allowed, check_operation
from topology.core.policy_hosts import is_public


@pytest.mark.parametrize("remote", [
    "https://github.com/a/b.git", "https://github.com/a/b.git#main:folder", "github.com/a/b", "git@github.com:a/b.git",
    "ssh://git@example.org:2222/a/b", "git://example.org/a", "https://user:pa@ss@example.org/x", "http://8.8.8.8/x.tar.gz",
    "http://134744072/", "https://[2606:4700:4700::1111]/x", "https://EXAMPLE.org./x", "https://xn--bcher-kva.example.org/x",
    "http://[::ffff:8.8.8.8]/x", "https://a_b.example.org/x?y=@127.0.0.1",
])  # fmt: skip
def test_a_public_name_or_a_global_address_is_public(remote: str) -> None:
    assert is_public(remote)


@pytest.mark.parametrize("remote", [
    "http://localhost/x", "http://LOCALHOST:80/x", "http://localhost./x", "http://a.localhost/x", "git@localhost:x.git",
    "http://127.0.0.1/", "http://127.1/", "http://0/", "http://2130706433/", "http://0x7f.1/", "http://0x7F000001/",
    "http://017700000001/", "http://0177.0.0.1/", "http://127.0.0.1./", "http://u@v@127.0.0.1/", "https://u:p@169.254.169.254/x.git",
    "git@127.0.0.1:x.git", "http://10.0.0.1/", "http://172.17.0.1/", "http://192.168.1.1/", "http://100.64.0.1/",
    "http://0.0.0.0/", "http://224.0.0.1/", "http://255.255.255.255/", "http://[::1]/x", "http://[::]/", "http://[fe80::1%25eth0]/",
    "http://[fd00::1]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "http://[64:ff9b::7f00:1]/",
    "http://[2002:7f00:1::]/", "http://[ff02::1]/", "http://[::1", "http://host.docker.internal/x", "http://printer.local/x",
    "http://registry/x", "git@gitlab:x.git", "http://router.home.arpa/", "http://1.2.3.4.5/", "http://256.1.1.1/", "http://08.8.8.8/",
    "http://exa mple.org/", "http://example.org\\@127.0.0.1/", "http://127.0.0.1\\@example.org/", "http://%3127.0.0.1/",
    "http://１２７.0.0.1/", "http://example.org。/", "http:///x", "http://", "", "http://-x.org/", "http://x..org/",
    "http://127.0.0.1:80#@example.org/", "http://127.0.0.1?@example.org/", "ssh://git@127.0.0.1:22/x",
])  # fmt: skip
def test_all_else_is_not(remote: str) -> None:
    assert not is_public(remote)


@pytest.mark.parametrize("remote", ["http://0x7f.1/x.git", "git@localhost:x.git", "http://10.0.0.1/x.git"])
def test_a_build_from_the_hosts_own_network_is_refused_until_it_is_allowed(remote: str) -> None:
    operation = Operation(Kind.BUILD_IMAGE, "service:web", "", "", Impact.NEW, {"options": {"remote": remote}})
    assert [one.code for one in check_operation(operation, Allowed())] == ["policy-host-network"]
    assert check_operation(operation, Allowed(host_namespaces=True)) == []
