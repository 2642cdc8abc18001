"""A resolved project in the form that `docker compose config --format json` prints, key for key and in its order.

The tables follow Compose 2.26.1 and the model it is built on (compose-go 2.4): what is left out when empty, what is printed even
when empty (`command`, `placement`), how times, sizes and modes are written. tests/bench/corpus compares with the tool itself.
Keys that only later versions know are printed too, where those put them; 2.26.1 refuses a file that has one.
"""

from topology.compose.canonical.whole import config, resolved
from topology.compose.canonical.written import json_text, yaml_text

__all__ = ["config", "json_text", "resolved", "yaml_text"]
