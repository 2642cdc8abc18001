"""What is wrong with networks: their modes, pools, addresses, aliases and names."""

from __future__ import annotations

import pytest

from tests.core.checks import codes, only, problems


def test_network_mode_and_networks_exclude_each_other() -> None:
    found = only("services: {a: {image: x, network_mode: host, networks: [n]}}\nnetworks: {n: {}}")
    assert (found.code, found.path) == ("mode-with-networks", ("services", "a", "network_mode"))


def test_docker0_has_no_aliases() -> None:
    text = "services: {a: {image: x, network_mode: bridge, networks: {n: {aliases: [w]}}}}\nnetworks: {n: {}}"
    assert sorted(codes(text)) == ["aliases-on-docker0", "mode-with-networks"]


@pytest.mark.parametrize(
    ("mode", "expected"),
    [("bridge", []), ("none", []), ("container:x", []), ("default", []), ("n", ["mode-is-network"]), ("odd", ["mode-unknown"]),
     ("service", ["mode-unknown"]), ("service:gone", ["mode-service-unknown"])],
)  # fmt: skip
def test_network_modes(mode: str, expected: list[str]) -> None:
    assert codes(f"services: {{a: {{image: x, network_mode: '{mode}'}}}}\nnetworks: {{n: {{}}}}") == expected


def test_an_unknown_network_names_the_nearest() -> None:
    found = only("services: {a: {image: x, networks: [frnt]}}\nnetworks: {front: {}}")
    assert (found.code, found.fix) == ("network-unknown", "Did you mean `front`?")
    assert found.path == ("services", "a", "networks", "frnt")


@pytest.mark.parametrize(
    ("one", "two", "clash"),
    [
        ("10.0.0.0/24", "10.0.1.0/24", False),
        ("10.0.0.0/16", "10.0.1.0/24", True),
        ("10.0.0.0/24", "10.0.0.0/24", True),
        ("fd00::/64", "fd00::/80", True),
        ("10.0.0.0/8", "fd00::/8", False),
    ],
)
def test_subnets_do_not_overlap(one: str, two: str, clash: bool) -> None:
    found = problems(
        f"networks: {{a: {{ipam: {{config: [{{subnet: '{one}'}}]}}}}, b: {{ipam: {{config: [{{subnet: '{two}'}}]}}}}}}"
    )
    assert [one.code for one in found] == (["subnets-overlap"] if clash else [])
    if clash:
        assert (found[0].subject, found[0].path) == ("network:b", ("networks", "b", "ipam", "config", 0, "subnet"))


@pytest.mark.parametrize(
    ("pool", "code"),
    [
        ("{subnet: 10.0.0.0}", "bad-subnet"),
        ("{subnet: 10.0.0.0/99}", "bad-subnet"),
        ("{subnet: 10.0.0.5/24}", "subnet-host-bits"),
        ("{subnet: 10.0.0.0/24, gateway: 10.0.1.1}", "gateway-outside-subnet"),
        ("{subnet: 10.0.0.0/24, ip_range: 10.0.0.0/16}", "range-outside-subnet"),
        ("{subnet: 10.0.0.0/24, aux_addresses: {r: 10.1.0.1}}", "aux-outside-subnet"),
    ],
)
def test_pools_are_sound(pool: str, code: str) -> None:
    assert codes(f"networks: {{n: {{ipam: {{config: [{pool}]}}}}}}") == [code]


@pytest.mark.parametrize(
    ("address", "pool", "expected"),
    [
        ("10.0.0.9", "{subnet: 10.0.0.0/24}", []),
        ("10.0.1.9", "{subnet: 10.0.0.0/24}", ["address-outside-subnet"]),
        ("10.0.0.9", None, ["address-without-subnet"]),
        ("10.0.0.1", "{subnet: 10.0.0.0/24}", ["address-taken-twice"]),  # the gateway, by default
        ("10.0.0.254", "{subnet: 10.0.0.0/24, gateway: 10.0.0.254}", ["address-taken-twice"]),
        ("10.0.0.1", "{subnet: 10.0.0.0/24, gateway: 10.0.0.254}", []),
        ("10.0.0.7", "{subnet: 10.0.0.0/24, aux_addresses: {printer: 10.0.0.7}}", ["address-taken-twice"]),
        ("10.0.0.255", "{subnet: 10.0.0.0/24}", ["address-reserved"]),
        ("10.0.0", "{subnet: 10.0.0.0/24}", ["bad-address"]),
        ("fd00::2", "{subnet: 10.0.0.0/24}", ["bad-address"]),
    ],
)
def test_static_addresses(address: str, pool: str | None, expected: list[str]) -> None:
    ipam = f"{{ipam: {{config: [{pool}]}}}}" if pool else "{}"
    assert (
        codes(f"services: {{a: {{image: x, networks: {{n: {{ipv4_address: '{address}'}}}}}}}}\nnetworks: {{n: {ipam}}}") == expected
    )


def test_an_address_is_one_containers() -> None:
    text = """
        services:
          a: {image: x, networks: {n: {ipv4_address: 10.0.0.9}}}
          b: {image: x, networks: {n: {ipv4_address: 10.0.0.9}}}
        networks: {n: {ipam: {config: [{subnet: 10.0.0.0/24}]}}}
    """
    found = only(text)
    assert (found.code, found.subject) == ("address-taken-twice", "service:b") and "`a`" in found.message
    assert codes(
        text.replace("b: {image: x,", "b: {image: x, scale: 2,").replace(
            "b: {image: x, scale: 2, networks: {n: {ipv4_address: 10.0.0.9}}}",
            "b: {image: x, scale: 2, networks: {n: {ipv4_address: 10.0.0.8}}}",
        )
    ) == ["address-with-scale"]


def test_an_alias_that_two_have_is_a_warning() -> None:
    found = only("""
        services:
          a: {image: x, networks: {n: {aliases: [api]}}}
          b: {image: x, networks: {n: {aliases: [API]}}}
          c: {image: x, networks: {m: {aliases: [api]}}}
        networks: {n: {}, m: {}}
    """)
    assert (found.code, found.severity, found.path) == ("alias-twice", "warning", ("services", "b", "networks", "n", "aliases", 0))


def test_the_engines_own_networks_are_reserved() -> None:
    assert codes("networks: {n: {name: host}}") == ["network-name-reserved"]
    assert codes("services: {a: {image: x, networks: [n]}}\nnetworks: {n: {name: bridge, external: true}}") == [
        "network-predefined"
    ]
    assert codes("networks: {n: {name: same}, m: {name: same}}") == ["network-name-twice"]


def test_a_name_that_its_service_goes_without_is_free_for_another() -> None:
    text = """
        services: {a: {image: x, networks: {n: {use_service_name_alias: %s}}}, b: {image: x, networks: {n: {aliases: [a]}}}}
        networks: {n: {}}
        """
    assert (codes(text % "true"), codes(text % "false")) == (["alias-twice"], [])
