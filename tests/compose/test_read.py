"""Reading a Compose text: short and long forms, Compose's own rules, and problems at the right place."""

import pytest

from tests.compose.reads import design, reading, service
from topology.core.design import Attachment, Dependency, Link, Mount, Port


def test_a_service_that_says_nothing_is_on_the_default_network() -> None:
    found = design("services: {web: {image: nginx}}")
    assert found.services["web"].attachments == (Attachment("default", implicit=True),)
    assert found.networks["default"].implicit
    assert found.network_name("default") == "shop_default"


def test_a_written_default_network_is_not_implicit() -> None:
    found = design("services: {web: {image: nginx}}\nnetworks: {default: {name: edge, driver: bridge}}")
    assert not found.networks["default"].implicit
    assert found.network_name("default") == "edge"


def test_no_default_network_appears_where_nobody_uses_it() -> None:
    found = design("services: {a: {image: x, networks: [n]}, b: {image: x, network_mode: bridge}}\nnetworks: {n: }")
    assert list(found.networks) == ["n"]
    assert found.services["b"].attachments == () and found.services["b"].mode == "bridge"


def test_networks_in_their_long_form_carry_aliases_and_addresses() -> None:
    found = service("""
        networks:
          front: {aliases: [www, api], ipv4_address: 10.5.0.2, ipv6_address: "fd00::2",
                  mac_address: "02:42:ac:11:00:02", priority: 5}
          back:
    """)
    first, second = found.attachments
    assert first == Attachment("front", ("www", "api"), "10.5.0.2", "fd00::2", mac="02:42:ac:11:00:02", priority=5)
    assert second == Attachment("back")


def test_a_service_can_go_without_its_own_name_on_a_network() -> None:
    found = service("networks: {front: {use_service_name_alias: false}, back: {use_service_name_alias: true}}")
    assert found.attachments == (Attachment("front", service_alias=False), Attachment("back"))


def test_a_link_reaches_a_target_under_an_alias_and_implies_a_dependency() -> None:
    found = service("links: ['redis:db', cache]\nexternal_links: ['other_1:old']")
    assert found.links == (Link("redis", "db"), Link("cache", "cache"), Link("other_1", "old", external=True))
    assert found.depends_on == (
        Dependency("redis", restart=True, implied=True),
        Dependency("cache", restart=True, implied=True),
    )


def test_service_modes_and_volumes_from_imply_dependencies_and_written_ones_win() -> None:
    found = service("""
        network_mode: service:vpn
        pid: service:agent
        volumes_from: ['data:ro', 'container:outside']
        depends_on: {agent: {condition: service_healthy, required: false}}
    """)
    assert found.depends_on == (
        Dependency("agent", "service_healthy", required=False),
        Dependency("vpn", restart=True, implied=True),
        Dependency("data", implied=True),
    )


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("80", [Port(80)]),
        ("'8080:80'", [Port(80, "8080")]),
        ("'53:53/udp'", [Port(53, "53", protocol="udp")]),
        ("'127.0.0.1:8080:80'", [Port(80, "8080", "127.0.0.1")]),
        ("'127.0.0.1::80'", [Port(80, None, "127.0.0.1")]),
        ("'[::1]:8080:80'", [Port(80, "8080", "::1")]),
        ("'8000-8010:80'", [Port(80, "8000-8010")]),
        ("'3000-3002'", [Port(3000), Port(3001), Port(3002)]),
        ("'9090-9091:80-81'", [Port(80, "9090"), Port(81, "9091")]),
        (
            "{target: 80, published: 8080, host_ip: 10.0.0.1, protocol: UDP, mode: host}",
            [Port(80, "8080", "10.0.0.1", "udp", "host")],
        ),
        ("{target: 80, published: '9000-9005'}", [Port(80, "9000-9005")]),
    ],
)
def test_it_reads_every_form_of_a_port(written: str, expected: list[Port]) -> None:
    assert list(service(f"ports: [{written}]").ports) == expected


@pytest.mark.parametrize(
    "written", ["'99999:80'", "'80:0'", "'80-82:80-81'", "'80:80/icmp'", "'localhost:80:80'", "abc", "{published: 80}"]
)
def test_it_says_which_port_is_none(written: str) -> None:
    found = reading(f"services:\n  web:\n    image: nginx\n    ports:\n      - '1:1'\n      - {written}\n")
    assert found.design is not None
    assert [(one.code, one.line, one.path[-1]) for one in found.problems] in (
        [("bad-port", 6, 1)],
        [("port-without-target", 6, 1)],
    )


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("data:/var/lib", Mount("volume", "/var/lib", "data")),
        ("/only/target/", Mount("volume", "/only/target")),
        ("./src:/app:ro", Mount("bind", "/app", "./src", True, {"create_host_path": True})),
        (
            "'~/x:/x:rslave,z'",
            Mount("bind", "/x", "~/x", False, {"create_host_path": True, "propagation": "rslave", "selinux": "z"}),
        ),
        ("'C:\\data:/data'", Mount("bind", "/data", "C:\\data", False, {"create_host_path": True})),
        ("data:/d:nocopy", Mount("volume", "/d", "data", False, {"nocopy": True})),
        (
            "{type: tmpfs, target: /t, tmpfs: {size: 64m, mode: 0700}}",
            Mount("tmpfs", "/t", None, False, {"size": 67108864, "mode": 448}),
        ),
        (
            "{type: volume, source: d, target: /d, read_only: true, volume: {subpath: a}}",
            Mount("volume", "/d", "d", True, {"subpath": "a"}),
        ),
    ],
)
def test_it_reads_every_form_of_a_volume(written: str, expected: Mount) -> None:
    (found,) = service(f"volumes: [{written}]").mounts
    assert found == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("npm run 'start all'", ("npm", "run", "start all")),
        ('sh -c "echo \\"hi\\""', ("sh", "-c", 'echo "hi"')),
        ("[a, b c]", ("a", "b c")),
        ("[]", ()),
        ("''", ()),
        ("null", None),
    ],
)
def test_a_command_becomes_words_and_nothing_differs_from_unsaid(written: str, expected: tuple[str, ...] | None) -> None:
    assert service(f"command: {written}").command == expected


def test_it_tells_that_no_shell_reads_a_command() -> None:
    found = reading("services: {web: {image: x, command: a b && c}}")
    assert found.design is not None and found.design.services["web"].command == ("a", "b")
    assert [(one.code, one.severity) for one in found.problems] == [("command-cut", "warning")]


def test_times_sizes_and_counts_are_in_their_units() -> None:
    found = service("""
        stop_grace_period: 1m30s
        shm_size: 64m
        mem_limit: 1.5g
        cpus: "0.5"
        pids_limit: 100
        ulimits: {nproc: 65535, nofile: {soft: 20000, hard: 40000}}
        healthcheck: {test: curl -f localhost, interval: 500ms, timeout: 3s, retries: 5, start_period: 1h}
    """)
    assert (found.stop_grace_period_s, found.shm_size_bytes, found.mem_limit_bytes) == (90.0, 64 * 1024**2, 3 * 1024**3 // 2)
    assert (found.cpus, found.pids_limit, found.ulimits) == (0.5, 100, {"nproc": (65535, 65535), "nofile": (20000, 40000)})
    check = found.healthcheck
    assert check is not None and check.test == ("CMD-SHELL", "curl -f localhost")
    assert (check.interval_s, check.timeout_s, check.retries, check.start_period_s) == (0.5, 3.0, 5, 3600.0)


def test_deploy_gives_scale_limits_and_restart_and_stays_visible() -> None:
    found = service("""
        deploy:
          replicas: 3
          restart_policy: {condition: on-failure, max_attempts: 4}
          resources: {limits: {memory: 50M, cpus: "0.25", pids: 9}, reservations: {memory: 20M}}
    """)
    assert (found.scale, found.mem_limit_bytes, found.cpus, found.pids_limit) == (3, 50 * 1024**2, 0.25, 9)
    assert (found.mem_reservation_bytes, found.restart) == (20 * 1024**2, "on-failure:4")
    assert "deploy" in found.other


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("restart: always\ndeploy: {restart_policy: {condition: none}}", "no"),
        ("restart: unless-stopped\ndeploy: {restart_policy: {condition: on-failure, max_attempts: 3}}", "on-failure:3"),
        ("restart: always\ndeploy: {restart_policy: {delay: 5s}}", "no"),
        ("restart: always\ndeploy: {restart_policy: {}}", "no"),
        ("restart: always\ndeploy: {restart_policy: {condition: ''}}", "no"),
        ("restart: always\ndeploy: {replicas: 1}", "always"),
        ("deploy: {restart_policy: {condition: unless-stopped}}", "unless-stopped"),
        ("deploy: {restart_policy: {condition: 'no'}}", "no"),
        ("deploy: {restart_policy: {condition: always, max_attempts: 3}}", "always"),
        ("deploy: {restart_policy: {condition: any}}", "always"),
        ("deploy: {restart_policy: {condition: sometimes}}", "sometimes"),
        ("restart: any", "always"),
        ("restart: none", "no"),
        ("tty: true", None),
    ],
)
def test_the_restart_policy_under_deploy_counts_before_the_services_own(text: str, expected: str | None) -> None:
    """As the containers say that Compose 2.26.1 made of these."""
    assert service(text).restart == expected


def test_a_build_argument_without_a_value_takes_the_projects_variable() -> None:
    for args in ("[FOO, BAR=1, NONE]", "{FOO: , BAR: 1, NONE: }"):
        found = service(f"build: {{context: ., args: {args}}}", environment={"FOO": "x"})
        assert found.build is not None and found.build["args"] == {"FOO": "x", "BAR": "1"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("['h=[::1]', 'b=::1', 'c:[::1]', 'd:::1']", ("h:::1", "b:::1", "c:::1", "d:::1")),
        ("['a=1.1.1.1,2.2.2.2', 'b:1.1.1.1,[::1]']", ("a:1.1.1.1", "a:2.2.2.2", "b:1.1.1.1", "b:::1")),
        ("{a: ['1.1.1.1', '[::1]'], b: '[::2]', c: host-gateway}", ("a:1.1.1.1", "a:::1", "b:::2", "c:host-gateway")),
        ("{a: '1.1.1.1,2.2.2.2'}", ("a:1.1.1.1,2.2.2.2",)),  # Compose does not take it apart either
    ],
)
def test_hosts_have_one_address_each_without_brackets(text: str, expected: tuple[str, ...]) -> None:
    """As Compose 2.26.1 sends them."""
    assert service(f"extra_hosts: {text}").extra_hosts == expected
    build = service(f"build: {{context: ., extra_hosts: {text}}}").build
    assert build is not None and tuple(build["extra_hosts"]) == expected


def test_lists_and_mappings_say_the_same() -> None:
    one = service(
        "environment: [A=1, B=, C]\nlabels: [x=y, z]\nextra_hosts: ['h:1.2.3.4', 'i=::1']\nsysctls: [net.core.somaxconn=1]"
    )
    two = service(
        "environment: {A: 1, B: '', C: }\nlabels: {x: y, z: }\nextra_hosts: {h: 1.2.3.4, i: '::1'}\n"
        "sysctls: {net.core.somaxconn: 1}"
    )
    for key in ("environment", "labels", "extra_hosts", "sysctls"):
        assert getattr(one, key) == getattr(two, key)
    assert one.environment == {"A": "1", "B": "", "C": None} and one.labels == {"x": "y", "z": ""}


def test_an_env_file_at_hand_comes_before_environment() -> None:
    found = service("env_file: [./a.env]\nenvironment: {B: own}", files={"a.env": "A=1\nB=2\n"})
    assert found.environment == {"A": "1", "B": "own"}
    assert found.other["env_file"] == ["./a.env"]


def test_keys_without_a_field_are_kept() -> None:
    found = design("x-team: a\nservices: {web: {image: x, x-note: 1, blkio_config: {weight: 10}}}\nconfigs: {c: {content: hi}}")
    assert found.services["web"].other == {"x-note": 1, "blkio_config": {"weight": 10}}
    assert found.other == {"x-team": "a"}
    assert found.configs["c"].content == "hi"


def test_networks_and_volumes_are_read_with_everything_they_say() -> None:
    found = design("""
        services: {a: {image: x, networks: [n, o], volumes: ["v:/v"]}}
        networks:
          n:
            internal: true
            enable_ipv6: true
            driver_opts: {com.docker.network.bridge.name: br9}
            ipam:
              driver: default
              config: [{subnet: 10.9.0.0/24, gateway: 10.9.0.254, ip_range: 10.9.0.0/25, aux_addresses: {router: 10.9.0.3}}]
            labels: [a=b]
          o: {external: true, name: shared}
        volumes: {v: {driver: local, driver_opts: {type: nfs}}, w: {external: {name: old}}}
    """)
    network = found.networks["n"]
    assert network.internal and network.enable_ipv6 and network.labels == {"a": "b"} and network.line == 4
    assert (network.pools[0].subnet, network.pools[0].gateway) == ("10.9.0.0/24", "10.9.0.254")
    assert network.pools[0].aux_addresses == {"router": "10.9.0.3"}
    assert (found.network_name("n"), found.network_name("o")) == ("shop_n", "shared")
    assert found.volumes["v"].driver_opts == {"type": "nfs"}
    assert found.volume_name("w") == "old" and found.volumes["w"].external


HOSTILE = {
    "too-many-ports": "services:\n" + "".join(f"  s{n}: {{image: x, ports: ['1-65535:1-65535']}}\n" for n in range(100)),
    "unknown-key": "services:\n  a:\n    image: x\n" + "".join(f"    k{n}: 1\n" for n in range(20_000)),
    "item-twice": "services: {a: {image: x, cap_add: [" + "A, " * 50_000 + "]}}",
    "bad-interpolation": "services: {a: {image: '" + "${A:-{" * 100_000 + "'}}",
    "bad-duration": "services: {a: {image: x, stop_grace_period: '" + "1" * 500_000 + "'}}",
    "too-many-nodes": "a: &a [x, x]\n"
    + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(9)),
}


@pytest.mark.parametrize("code", HOSTILE)
def test_a_hostile_file_is_turned_down_with_few_problems(code: str) -> None:
    found = reading(HOSTILE[code])
    assert code in {one.code for one in found.checked()}
    assert len(found.problems) <= 301
