"""`deploy` of a service."""

from __future__ import annotations

from topology.compose.canonical.fields import Record, integer, kept_integer, listed, single, size, text, texts
from topology.compose.canonical.mounts import device_requests
from topology.compose.canonical.values import duration, kept_duration, options

_UPDATE = Record((
    ("parallelism", kept_integer), ("delay", duration), ("failure_action", text), ("monitor", duration),
    ("max_failure_ratio", single), ("order", text),
))  # fmt: skip
_GENERIC = Record((("discrete_resource_spec", Record((("kind", text), ("value", kept_integer)), always={"kind": "", "value": 0})),))
_RESOURCE = Record((
    ("cpus", single), ("memory", size), ("pids", integer), ("devices", device_requests), ("generic_resources", listed(_GENERIC)),
))  # fmt: skip

deploy = Record(
    (
        ("mode", text), ("replicas", kept_integer), ("labels", options), ("update_config", _UPDATE),
        ("rollback_config", _UPDATE), ("resources", Record((("limits", _RESOURCE), ("reservations", _RESOURCE)))),
        ("restart_policy", Record((
            ("condition", text), ("delay", kept_duration), ("max_attempts", kept_integer), ("window", kept_duration),
        ))),
        ("placement", Record((
            ("constraints", texts), ("preferences", listed(Record((("spread", text),)))), ("max_replicas_per_node", integer),
        ))),
        ("endpoint_mode", text),
    ),
    always={"resources": {}, "placement": {}},
)  # fmt: skip
