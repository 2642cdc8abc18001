"""Reading a Compose text: short and long forms, Compose's own rules, and problems at the right place."""

from textwrap import dedent

import pytest

from topology.compose.read import Reading, read
from topology.core.design import Attachment, Dependency, Design, Link, Mount, Port, Service


def reading(text: str, **more: object) -> Reading:
    return read(dedent(text), project="shop", **more)  # type: ignore[arg-type]


def design(text: str, **more: object) -> Design:
    found = reading(text, **more)
    assert found.design is not None, found.problems
    assert [one for one in found.problems if one.severity == "error"] == []
    return found.design


def service(keys: str, **more: object) -> Service:
    """The service `web` with the keys given, one a line."""
    body = "".join(f"    {line}\n" for line in dedent(keys).strip("\n").splitlines())
    return design(f"services:\n  web:\n    image: nginx:alpine\n{body}", **more).services["web"]


def places(found: Reading) -> list[tuple[str, int, int]]:
    return [(one.code, one.line, one.column) for one in found.problems]


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


def test_anchors_and_merge_keys_are_followed() -> None:
    text = """
        x-base: &base
          restart: always
          environment: &env {A: "1"}
        services:
          web:
            <<: *base
            image: nginx
            environment: {<<: *env, B: "2"}
    """
    found = reading(text)
    assert found.design is not None and found.problems == []
    web = found.design.services["web"]
    assert web.restart == "always" and web.environment == {"A": "1", "B": "2"}
    assert found.raw["services"]["web"]["environment"] == {"A": "1", "B": "2"}


def test_raw_keeps_variables_as_they_are_written() -> None:
    found = reading("services: {web: {image: 'x:${TAG}'}}", environment={"TAG": "7"})
    assert found.design is not None and found.design.services["web"].image == "x:7"
    assert found.raw["services"]["web"]["image"] == "x:${TAG}"


def test_a_service_extends_another_of_the_same_file() -> None:
    found = design("""
        services:
          base:
            image: nginx
            command: [a]
            environment: [A=1, B=1]
            volumes: ["one:/data", "two:/two"]
            ports: ["1:1"]
            depends_on: [db]
          web:
            extends: base
            command: [b]
            environment: {B: 2}
            volumes: ["three:/data"]
            ports: ["2:2"]
            depends_on: {cache: {condition: service_healthy}}
          db: {image: x}
          cache: {image: x}
        volumes: {one: {}, two: {}, three: {}}
    """)
    web = found.services["web"]
    assert web.image == "nginx" and web.command == ("b",) and web.environment == {"A": "1", "B": "2"}
    assert [(one.source, one.target) for one in web.mounts] == [("three", "/data"), ("two", "/two")]
    assert [one.target for one in web.ports] == [1, 2]
    assert [(one.service, one.condition) for one in web.depends_on] == [("db", "service_started"), ("cache", "service_healthy")]


@pytest.mark.parametrize(
    ("extends", "code"),
    [("{service: web}", "extends-cycle"), ("nobody", "extends-unknown"), ("{service: a, file: other.yml}", "extends-not-followed")],
)
def test_it_says_why_extends_cannot_be_followed(extends: str, code: str) -> None:
    found = reading(f"services:\n  web:\n    image: x\n    extends: {extends}\n")
    assert found.design is not None
    assert [(one.code, one.line) for one in found.problems] == [(code, 4)]


def test_it_extends_a_service_of_a_file_at_hand() -> None:
    files = {"base.yml": "services: {app: {image: nginx, user: root}}"}
    assert design("services: {web: {extends: {service: app, file: ./base.yml}}}", files=files).services["web"].user == "root"


def test_include_is_named_as_not_followed() -> None:
    found = reading("include: [other.yml]\nservices: {}")
    assert [(one.code, one.severity) for one in found.problems] == [("include-not-followed", "warning")]


def test_bad_yaml_says_the_line() -> None:
    found = reading("services:\n  web:\n    image: [nginx\n    ports: x\n")
    assert found.design is None
    assert [(one.code, one.line) for one in found.problems] == [("bad-yaml", 4)]


@pytest.mark.parametrize(
    ("text", "code", "line", "column", "message"),
    [
        (
            "services:\n  web:\n    image: x\n    ports: 80\n",
            "wrong-type",
            4,
            12,
            "`ports` of service `web` must be a list, but is the number 80.",
        ),
        ("services:\n  web:\n    image: x\n    user: 1000\n", "wrong-type", 4, 11, "`user` of service `web` must be text"),
        ("services:\n  web:\n    image: x\n    environment:\n", "wrong-type", 4, 5, "must be a mapping or a list, but is empty"),
        (
            "services:\n  web:\n    image: x\n    command: [a, 1]\n",
            "wrong-type",
            4,
            18,
            "`command`, item 2 of service `web` must be text",
        ),
        ("services:\n  web:\n", "wrong-type", 2, 3, "Service `web` must be a mapping, but is empty."),
        ("services: 5\n", "wrong-type", 1, 11, "`services` must be a mapping"),
        (
            "services:\n  web: {image: x, networks: {a: [b]}}\n",
            "wrong-type",
            2,
            30,
            "`networks.a` of service `web` must be a mapping or empty",
        ),
    ],
)
def test_a_value_of_a_wrong_type_gives_no_design_and_says_where(text: str, code: str, line: int, column: int, message: str) -> None:
    found = reading(text)
    assert found.design is None
    assert places(found) == [(code, line, column)]
    assert message in found.problems[0].message and found.problems[0].fix


@pytest.mark.parametrize(
    ("keys", "code", "line", "column", "fix"),
    [
        ("imgae: x", "unknown-key", 4, 5, "Did you mean `image`?"),
        ("depends_on: {db: {condition: healthy}}", "unknown-value", 4, 34, "Did you mean `service_healthy`?"),
        ("depends_on: {db: {}}", "missing-key", 4, 18, "Add `condition:`."),
        ("cap_add: [A, B, A]", "item-twice", 4, 21, "Remove one of the two."),
        ("pull_policy: perhaps", "wrong-form", 4, 18, "Use always"),
        ("stop_grace_period: 10 minutes", "bad-duration", 4, 24, "Write a number with a unit"),
        ("mem_limit: lots", "bad-size", 4, 16, "Write bytes"),
        ("command: 'a \"b'", "bad-command", 4, 14, "Close it"),
        ("healthcheck: {test: [curl, x]}", "bad-healthcheck", 4, 19, '["CMD"'),
        ("tty: maybe", "bad-truth-value", 4, 10, "true or false"),
        ("scale: 2\n    deploy: {replicas: 3}", "scale-contradicts", 4, 12, "Keep one"),
    ],
)
def test_other_problems_leave_a_design_and_say_where_and_what_to_do(keys: str, code: str, line: int, column: int, fix: str) -> None:
    found = reading(f"services:\n  web:\n    image: x\n    {keys}\n")
    assert found.design is not None and "web" in found.design.services
    assert places(found) == [(code, line, column)]
    assert fix in found.problems[0].fix and found.problems[0].subject == "service:web"


def test_a_key_that_stands_twice_is_an_error() -> None:
    found = reading("services:\n  web:\n    image: a\n    image: b\n")
    assert places(found) == [("key-twice", 4, 5)]


def test_a_problem_in_a_merged_part_points_at_the_anchor() -> None:
    found = reading("x-a: &a\n  mem_limit: lots\nservices:\n  web:\n    image: x\n    <<: *a\n")
    assert places(found) == [("bad-size", 2, 14)]


def test_a_file_of_version_1_says_what_it_is_and_what_to_do() -> None:
    found = reading("db:\n  image: redis\nweb:\n  build: .\n  links: [db]\n")
    assert found.design is None
    (problem,) = found.problems
    assert (problem.code, problem.line) == ("legacy-v1", 1) and "netyard compose convert" in problem.fix


@pytest.mark.parametrize(
    ("text", "code"), [("", "empty-file"), ("# nothing\n", "empty-file"), ("- a\n", "not-compose"), ("hello", "not-compose")]
)
def test_what_is_no_compose_file_is_said(text: str, code: str) -> None:
    assert [one.code for one in reading(text).problems] == [code]


def test_an_empty_section_still_gives_the_graph() -> None:
    found = reading("services:\nvolumes:\n")
    assert found.design is not None and found.design.services == {}
    assert [(one.code, one.line, one.severity) for one in found.problems] == [("empty-section", n, "error") for n in (1, 2)]


def test_the_rules_of_check_get_their_lines_too() -> None:
    found = reading("""\
        services:
          one:
            image: nginx
            ports: ["80-81:80-81", "9000:1"]
          two:
            image: Nginx
            ports:
              - "1234:1"
              - "9000:1"
    """)
    assert [(one.code, one.line, one.path) for one in found.checked()] == [
        ("bad-image-name", 6, ("services", "two", "image")),
        ("port-taken-twice", 9, ("services", "two", "ports", 1)),
    ]


def test_a_port_behind_a_range_points_at_its_own_item() -> None:
    found = reading(
        'services:\n  a: {image: x, ports: ["9000:1"]}\n  b:\n    image: x\n    ports:\n      - "80-82:80-82"\n      - "9000:1"\n'
    )
    assert [(one.line, one.path) for one in found.checked()] == [(7, ("services", "b", "ports", 1))]


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
