"""Prints the JSON Schema of every shape that crosses to the browser; `npm run wire` makes src/wire.gen.ts from it."""

import json
from typing import Any

from django.core.management.base import BaseCommand
from pydantic.json_schema import models_json_schema

from topology import wire


class Command(BaseCommand):
    help = "Print the JSON Schema of the wire shapes."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        named = (shape for shape in vars(wire).values() if isinstance(shape, type) and issubclass(shape, wire.Wire))
        shapes = sorted(set(named) - {wire.Wire}, key=lambda shape: shape.__name__)
        _, schema = models_json_schema([(shape, "serialization") for shape in shapes], ref_template="#/$defs/{model}")
        self.stdout.write(json.dumps(schema, indent=1, sort_keys=True))
