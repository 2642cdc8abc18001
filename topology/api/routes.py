"""All routers on the one API, checked against the table of entrances when the site starts."""

from __future__ import annotations

from topology.api import adopt, engines, files, history, pictures, runs, schema, shares, stacks, teams
from topology.api.http import api, check_entrances, no_such_address

for _noun in (teams, stacks, files, history, pictures, runs, shares, engines, adopt, schema):
    api.add_router("", _noun.router)
check_entrances()

__all__ = ["api", "no_such_address"]
