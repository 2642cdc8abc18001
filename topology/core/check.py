"""The rules that a schema cannot say: ports, networks, links, references, names, cycles. Each broken one is a Problem."""

from __future__ import annotations

from topology.core.check_conflicts import check_conflicts
from topology.core.check_cycles import check_cycles
from topology.core.check_links import check_links
from topology.core.check_networks import check_networks
from topology.core.check_ports import check_ports
from topology.core.check_references import check_references
from topology.core.check_services import check_services
from topology.core.design import Design
from topology.core.problems import Problem

_RULES = (check_services, check_references, check_ports, check_networks, check_links, check_conflicts, check_cycles)


def check(design: Design) -> list[Problem]:
    """Everything a user must or should mend, sorted by place and code. Line and column are unknown here (`Reading.locate`)."""
    found = {problem for rule in _RULES for problem in rule(design)}
    return sorted(found, key=lambda one: ([str(step).zfill(6) for step in one.path], one.code, one.message))
