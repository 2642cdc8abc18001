"""The rules that a schema cannot say. Each case is a Compose text and the codes it must give, no more and no less."""

from __future__ import annotations

import pytest

from tests.core.checks import codes, only, problems
from topology.core.check import check
from topology.core.design import Design, Service
from topology.core.image_name import image_problem


def test_a_sound_design_has_no_problem() -> None:
    assert codes("services: {web: {image: nginx:alpine, ports: ['80:80'], links: [db]}, db: {image: redis}}") == []


# Ports


@pytest.mark.parametrize(
    ("one", "two", "clash"),
    [
        ("8080:80", "8080:81", True),
        ("8080:80", "8080:80/udp", False),
        ("127.0.0.1:8080:80", "8080:80", True),
        ("127.0.0.1:8080:80", "0.0.0.0:8080:80", True),
        ("127.0.0.1:8080:80", "127.0.0.2:8080:80", False),
        ("0.0.0.0:8080:80", "[::]:8080:80", False),
        ("[::1]:8080:80", "[::]:8080:80", True),
        ("8080-8090:80-90", "8085:1", True),
        ("8080-8090:80", "8085:1", False),  # the engine takes a free one
        ("80", "80", False),
        ("0:80", "0:80", False),
    ],
)
def test_a_host_port_is_taken_once(one: str, two: str, clash: bool) -> None:
    found = codes(f"services: {{a: {{image: x, ports: ['{one}']}}, b: {{image: x, ports: ['{two}']}}}}")
    assert found == (["port-taken-twice"] if clash else [])


def test_one_service_cannot_take_a_host_port_twice_itself() -> None:
    found = only("services: {a: {image: x, ports: ['80:80', '80:81']}}")
    assert (found.code, found.path) == ("port-taken-twice", ("services", "a", "ports", 1)) and "itself" in found.message


def test_services_of_different_profiles_may_share_a_port_with_a_warning() -> None:
    found = only("services: {a: {image: x, profiles: [p], ports: ['80:80']}, b: {image: x, profiles: [q], ports: ['80:80']}}")
    assert (found.code, found.severity) == ("port-taken-twice", "warning")


@pytest.mark.parametrize(
    ("mode", "code", "severity"),
    [
        ("host", "ports-with-host-mode", "warning"),
        ("none", "ports-with-none-mode", "warning"),
        ("service:b", "ports-with-shared-mode", "error"),
        ("container:other", "ports-with-shared-mode", "error"),
    ],
)
def test_modes_that_publish_no_ports(mode: str, code: str, severity: str) -> None:
    found = only(f"services: {{a: {{image: x, ports: ['80:80'], network_mode: '{mode}'}}, b: {{image: x}}}}")
    assert (found.code, found.severity, found.subject) == (code, severity, "service:a")


def test_an_internal_network_publishes_nothing() -> None:
    text = "services: {{a: {{image: x, ports: ['80:80'], networks: {networks}}}}}\nnetworks: {{in: {{internal: true}}, out: {{}}}}"
    assert codes(text.format(networks="[in]")) == ["ports-on-internal-network"]
    assert codes(text.format(networks="[in, out]")) == []


def test_a_host_port_is_not_enough_for_several() -> None:
    text = "services: {{a: {{image: x, scale: 2, ports: ['{port}']}}}}"
    assert codes(text.format(port="80:80")) == ["host-port-with-scale"]
    assert codes(text.format(port="8000-8001:80")) == []
    assert codes(text.format(port="80")) == []


# Networks and addresses


# Links: the rows of the reach table


LINKED = """
services:
  client: {{image: x, links: ['server:db'], {client}}}
  server: {{image: x, {server}}}
  other: {{image: x}}
networks: {{front: {{}}, back: {{}}}}
"""


@pytest.mark.parametrize(
    ("client", "server", "expected"),
    [
        ("", "", []),
        ("network_mode: bridge", "network_mode: bridge", []),
        ("networks: [front]", "networks: [front, back]", []),
        ("networks: [front]", "networks: [back]", ["link-no-shared-network"]),
        ("", "networks: [back]", ["link-no-shared-network"]),
        ("network_mode: bridge", "networks: [front]", ["link-across-docker0"]),
        ("networks: [front]", "network_mode: bridge", ["link-across-docker0"]),
        ("network_mode: host", "", ["link-from-host"]),
        ("network_mode: none", "", ["link-from-none"]),
        ("network_mode: 'service:other'", "", ["link-from-shared"]),
        ("", "network_mode: host", ["link-to-host"]),
        ("network_mode: host", "network_mode: host", ["link-from-host"]),
        ("", "network_mode: none", ["link-to-none"]),
        ("", "network_mode: 'service:other'", ["link-to-shared"]),
    ],
)
def test_a_link_reaches_its_target(client: str, server: str, expected: list[str]) -> None:
    found = problems(LINKED.format(client=client, server=server))
    assert [one.code for one in found] == expected
    for one in found:
        assert one.path == ("services", "client", "links", 0) and one.fix and one.subject == "service:client"


def test_an_unreachable_link_says_why_and_how_to_mend_it() -> None:
    (found,) = problems(LINKED.format(client="networks: [front]", server="networks: [back]"))
    assert "share no network" in found.message and "`db` is not reached" in found.message
    assert found.fix == "Put `client` on `back`, or `server` on `front`."


def test_link_targets_exist_and_aliases_are_one_targets() -> None:
    assert codes("services: {a: {image: x, links: [gone]}}") == ["link-unknown"]
    assert codes("services: {a: {image: x, external_links: [gone]}}") == []
    assert "link-self" in codes("services: {a: {image: x, links: [a]}}")
    assert codes("services: {a: {image: x, links: ['b:db', 'c:db']}, b: {image: x}, c: {image: x}}") == ["link-alias-twice"]


def test_a_network_without_icc_drops_what_a_link_finds() -> None:
    text = "networks: {default: {driver_opts: {com.docker.network.bridge.enable_icc: 'false'}}}"
    found = only("services: {a: {image: x, links: [b]}, b: {image: x}}\n" + text)
    assert (found.code, found.severity) == ("link-icc-off", "warning")


# References, cycles, names


def test_what_is_named_must_exist() -> None:
    assert codes("services: {a: {image: x, volumes: ['gone:/d']}}") == ["volume-unknown"]
    assert codes("services: {a: {image: x, depends_on: [gone]}}") == ["dependency-unknown"]
    assert codes("services: {a: {image: x, depends_on: {gone: {condition: service_started, required: false}}}}") == []
    assert codes("services: {a: {image: x, volumes_from: [gone]}}") == ["volumes-from-unknown"]
    assert codes("services: {a: {image: x, pid: 'service:gone'}}") == ["mode-service-unknown"]
    assert codes("services: {a: {image: x, secrets: [gone], configs: [{source: none}]}}") == ["config-unknown", "secret-unknown"]


def test_a_wait_that_never_ends_is_told() -> None:
    text = "services: {{a: {{image: x, depends_on: {{b: {{condition: {wait}}}}}}}, b: {{image: x, {b}}}}}"
    assert codes(text.format(wait="service_healthy", b="healthcheck: {disable: true}")) == ["dependency-never-healthy"]
    assert codes(text.format(wait="service_completed_successfully", b="restart: always")) == ["dependency-never-completes"]


def test_a_cycle_is_named_step_by_step_and_once() -> None:
    found = only(
        """
        services:
          a: {image: x, depends_on: [b]}
          b: {image: x, links: [c]}
          c: {image: x, network_mode: "service:a"}
          d: {image: x, depends_on: [a]}
    """.replace("links: [c]", "volumes_from: [c]")
    )
    assert found.code == "dependency-cycle" and found.path == ("services", "a", "depends_on")
    assert found.message.startswith("a → b → c → a is a circle")
    assert "`a` depends on `b`, `b` takes volumes from `c`, `c` shares the network of `a`" in found.message


def test_two_cycles_are_two_problems_and_a_long_chain_is_none() -> None:
    assert (
        codes("services: {a: {image: x, links: [b]}, b: {image: x, links: [a]}, c: {image: x, depends_on: [c]}}")
        == ["dependency-cycle"] * 2
    )
    chain = "\n".join(f"  s{n}: {{image: x, depends_on: [s{n + 1}]}}" for n in range(990))
    assert codes(f"services:\n{chain}\n  s990: {{image: x}}\n") == []


@pytest.mark.parametrize(
    "image",
    ["nginx", "nginx:alpine", "library/nginx:1.2_3-x", "localhost:5000/a/b:1", "ghcr.io/o/a-b_c.d__e@sha256:" + "a" * 64,
     "Registry.example/x",
     "[fd00::1]:5000/x", "a@sha256:" + "0" * 64],
)  # fmt: skip
def test_image_names_that_are_fine(image: str) -> None:
    assert image_problem(image) is None


@pytest.mark.parametrize(
    ("image", "why"),
    [
        ("Nginx", "capital"), ("nginx:", "empty tag"), ("nginx:a b", "space"), (":1", "no name"), ("a//b", "empty part"),
        ("a..b", "`a..b`"),
        ("-a", "`-a`"), ("a@sha256:12", "digest"), ("x:" + "t" * 129, "tag"), ("<me>/x", "`<me>`"), ("a.b_/c", "registry"),
        ("f" * 64, "id"),
        ("a/" * 200 + "a", "longer"),
    ],
)  # fmt: skip
def test_image_names_that_are_none(image: str, why: str) -> None:
    assert why in (image_problem(image) or "")


def test_a_service_has_an_image_or_a_build() -> None:
    assert codes("services: {a: {command: x}}") == ["no-image"]
    assert codes("services: {a: {build: .}, b: {provider: {type: x}}}") == []


def test_container_names_are_one_containers() -> None:
    assert codes("services: {a: {image: x, container_name: n1}, b: {image: x, container_name: n1}}") == ["container-name-twice"]
    assert codes("services: {a: {image: x, container_name: n1, scale: 2}}") == ["container-name-with-scale"]
    assert codes("services: {a: {image: x, container_name: shop-b-1}, b: {image: x}}") == ["container-name-twice"]
    assert codes("services: {a: {image: x, container_name: '/n'}}") == ["bad-container-name"]


def test_names_restart_policies_mounts_and_labels() -> None:
    assert codes("services: {'a b': {image: x}}") == ["bad-name"]
    assert codes("services: {a: {image: x, restart: sometimes}}") == ["bad-restart"]
    assert codes("services: {a: {image: x, restart: 'on-failure:3'}}") == []
    assert codes("services: {a: {image: x, restart: always, deploy: {restart_policy: {condition: sometimes}}}}") == ["bad-restart"]
    assert codes("services: {a: {image: x, volumes: ['./e:d']}}") == ["mount-target-relative"]
    assert codes("services: {a: {image: x, labels: {com.docker.compose.project: y}}}") == ["label-reserved"]
    assert [one.code for one in problems("services: {}", project="My Shop")] == ["project-name"]


def test_problems_are_sorted_and_stable() -> None:
    design = Design("p", services={name: Service(name) for name in ("b", "a")})
    assert [one.subject for one in check(design)] == ["service:a", "service:b"]
    assert check(design) == check(design)


def test_a_container_is_not_named_like_an_id() -> None:
    found = only(f"services: {{a: {{image: x, container_name: '{'ab' * 32}'}}}}")
    assert (found.code, found.path) == ("container-name-id", ("services", "a", "container_name")) and found.fix
    assert codes("services: {a: {image: x, container_name: cafe}, b: {image: x, container_name: db}}") == []
