"""The three examples are sound stacks, and each shows what it says it teaches."""

from topology.compose.examples import EXAMPLES
from topology.compose.read import read
from topology.core.design import Design


def designs() -> dict[str, Design]:
    found = {}
    for example in EXAMPLES:
        design = read(example.text, project="example").design
        assert design is not None
        found[example.id] = design
    return found


def test_they_have_no_problem_at_all() -> None:
    assert {one.id: read(one.text, project="example").checked() for one in EXAMPLES} == {
        "docker0-and-links": [], "networks": [], "front-back-database": [],
    }  # fmt: skip


def test_the_first_joins_two_services_on_docker0_by_a_link() -> None:
    services = designs()["docker0-and-links"].services
    assert {one.mode for one in services.values()} == {"bridge"}
    assert [(one.target, one.alias) for one in services["web"].links] == [("redis", "db")]


def test_the_second_has_one_service_between_two_networks() -> None:
    services = designs()["networks"].services
    members = {name: {one.network for one in service.attachments} for name, service in services.items()}
    assert members == {"browser": {"outside"}, "proxy": {"outside", "inside"}, "store": {"inside"}}
    assert [one.aliases for one in services["store"].attachments] == [("cache",)]


def test_the_third_waits_for_a_healthy_database_that_keeps_its_files() -> None:
    design = designs()["front-back-database"]
    assert [(one.service, one.condition) for one in design.services["back"].depends_on] == [("database", "service_healthy")]
    assert [one.source for one in design.services["database"].mounts] == ["database-files"]
    front, database = ({one.network for one in design.services[name].attachments} for name in ("front", "database"))
    assert not front & database


def test_they_can_run_side_by_side_on_one_host() -> None:
    ports = [port.published for design in designs().values() for service in design.services.values() for port in service.ports]
    assert len(ports) == len(set(ports)) == 3
