"""The one place where errors of the SDK, of HTTP and of sockets become `topology.engine.errors`, with the engine's own words.

`error_from_answer` maps what an engine answered (status and message), `reaching` what happened on the way to it. The words are
those of Engine 20.10 to 29, with Docker's own image store ("manifest for …") or containerd's ("failed to resolve reference …"); a
message that no row knows keeps the class its HTTP status gives, and has no fix.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import docker.errors
import requests.exceptions
import urllib3.exceptions

from topology.engine.errors import Conflict, EngineError, EngineTimeout, EngineUnreachable, NotFound, Refused

# (what the engine says, the class, what to do). The first that matches wins; {0} is the pattern's first group.
RULES: tuple[tuple[str, type[EngineError], str], ...] = (
    (
        r"Bind for \S*?:(\d+) failed: port is already allocated",
        Conflict,
        "Port {0} of the engine's host is published by another container. Publish another port, or stop that container.",
    ),
    (
        r"listen (?:tcp|udp)\S* \S*?:(\d+): bind: address already in use",
        Conflict,
        "A program on the engine's host listens on port {0}. Publish another port, or stop that program.",
    ),
    (
        r"failed to bind host port (?:for )?(?:\[\S*?\]|[^\s:]*):(\d+)\S*: address already in use",  # from 28 on
        Conflict,
        "A program on the engine's host listens on port {0}. Publish another port, or stop that program.",
    ),
    (
        r"(?:failed to bind host port (?:for )?|listen (?:tcp|udp)\S* )(\S+?):\d+\S*:(?: bind:)? cannot assign requested address",
        Refused,
        "The engine's host has no address {0}. Publish on one that it has, or on all of them.",
    ),
    (r"port is already allocated", Conflict, "Publish another port, or stop the container that has this one."),
    (
        r"container name \"/?([^\"]+)\" is already in use",
        Conflict,
        "Another container is named {0}. Remove or rename it, or set another container_name.",
    ),
    (
        r"network with name (\S+) already exists",
        Conflict,
        "Remove the network {0}, give this one another name, or mark it as external.",
    ),
    (
        r"Pool overlaps with other one|networks have overlapping|conflicts with network|subnet overlaps",
        Conflict,
        "Another network of this engine has an overlapping subnet. Choose another subnet, or leave the choice to the engine.",
    ),
    (
        r"non-overlapping IPv4 address pool|all predefined address pools have been fully subnetted",
        Conflict,
        "The engine has no address range left for a new network. Remove unused networks, or give this one a subnet.",
    ),
    (r"Address already in use", Conflict, "Another endpoint of the network has this address. Choose another, or leave it out."),
    (r"has active endpoints", Conflict, "Containers are still connected to the network. Disconnect or remove them first."),
    (r"volume is in use", Conflict, "Containers still use the volume. Remove them first."),
    (
        r"[Cc]annot link to a non running container: /?(\S+)",
        Conflict,
        "Start {0} first: a link on the default bridge needs a running target.",
    ),
    (r"[Cc]annot link to \S+, as it does not belong to", Refused, "Put the link's target on the default bridge as well."),
    (r"[Yy]ou cannot remove a running container|container is running: stop", Conflict, "Stop the container first."),
    (
        r"user specified IP address is supported only when connecting to networks with user configured subnets",
        Refused,
        "Give the network a subnet in the design: only then can its containers have fixed addresses.",
    ),
    (
        r"[Ii]nvalid address|does not contain address|no configured subnet.* contains? (?:the )?IP address",
        Refused,
        "Choose an address inside the network's subnet.",
    ),
    (
        r"multiple networks with one of the networks in private \(none\) mode|connected to host network|sharing the network",
        Refused,
        "A container with network_mode none, host or another's has no networks of its own. Change its network_mode first.",
    ),
    (r"network-scoped alias is supported only for", Refused, "Aliases work on networks you define, not on the default bridge."),
    (
        r"pull access denied for ([^,\s]+)|failed to resolve reference \"([^\"]+)\": pull access denied",
        NotFound,
        "Check the name {0}. If it is a private image, log in to its registry where the engine runs.",
    ),
    (
        r"no basic auth credentials|unauthorized: |authentication required|denied: (?:requested access|installation)|"
        r"failed to resolve reference .* 40[13] (?:Unauthorized|Forbidden)",
        Refused,
        "Log in to its registry: give its name and password to this engine, and check that they may pull the image.",
    ),
    (
        r"manifest for (\S+) not found|manifest unknown|failed to resolve reference \S+ \S+: not found",
        NotFound,
        "The registry has no such tag. Check the image's name and tag.",
    ),
    (r"invalid reference format", Refused, "Write the image as name:tag, in lower case."),
    (r"[Nn]o such image: ([^\s,]+)", NotFound, "The engine has no image {0}. Pull it, build it, or check its name."),
    (r"no matching manifest for", Refused, "The image is not made for the engine's processor. Choose another tag or set platform."),
    (
        r"^task \w+: already exists",
        Conflict,
        "The engine was killed while it started this container, and cannot start it any more. Apply again: it is made anew.",
    ),
    (r"no space left on device", EngineError, "The engine's disk is full. `docker system df` there shows what takes it."),
    (
        r"exec: \"?([^\":]+)\"?: (?:executable file not found|stat .*no such file)|stat (\S+): no such file or directory: unknown",
        Refused,
        "The image has no program {0}. Check command and entrypoint.",
    ),
    (r"exec format error", Refused, "The image is not made for the engine's processor. Choose another tag or set platform."),
    (
        r"bind source path does not exist: (\S+)",
        Refused,
        "Create {0} on the engine's host, or mount a named volume instead.",
    ),
    (r"plugin \"([^\"]+)\" not found|could not find plugin (\S+)", Refused, "This engine has no driver {0}. Choose one it has."),
    (r"network (\S+) not found", NotFound, "The network {0} is not there. Plan again: it may have been removed meanwhile."),
    (r"[Nn]o such container: (\S+)", NotFound, "The container {0} is not there. Plan again: it may have been removed meanwhile."),
    (r"client version \S+ is too (?:new|old)", Refused, "The engine was exchanged for another version. Start Netyard again."),
    (r"configured logging driver does not support reading", Refused, "Set the logging driver to json-file, local or journald."),
    (r"toomanyrequests|rate limit", EngineError, "The registry limits how often it is asked. Wait, or log in to it."),
    (
        r"(?:dial tcp|lookup) .*|net/http: .*timeout|TLS handshake timeout|context deadline exceeded|Client\.Timeout",
        EngineError,
        "The engine cannot reach the registry or host it needs. Check its network, its DNS and its proxy.",
    ),
)  # fmt: skip
FLEETING = re.compile(r"toomanyrequests|rate limit|dial tcp|lookup |timeout|context deadline|Client\.Timeout")
BY_STATUS = {400: Refused, 401: Refused, 403: Refused, 404: NotFound, 405: Refused, 406: Refused, 409: Conflict, 501: Refused}


def error_from_answer(status: int, message: str) -> EngineError:
    """What an engine answered, as an error. `status` 0 stands for an error inside of a stream, such as a pull's."""
    text = " ".join(message.split()) or f"The engine answered with status {status}."
    for pattern, kind, fix in RULES:
        if found := re.search(pattern, text):
            named = next((group for group in found.groups() if group), "").strip("'\".,") if found.groups() else ""
            error = kind(text, fix=fix.format(named))
            error.permanent = not FLEETING.search(found.group(0))
            return error
    error = BY_STATUS.get(status, EngineError)(text)
    error.permanent = status != 503
    return error


@contextmanager
def reaching(address: str) -> Iterator[None]:
    """Turn whatever goes wrong between here and the engine at `address` into an EngineError."""
    try:
        yield
    except (requests.exceptions.Timeout, urllib3.exceptions.TimeoutError, TimeoutError) as error:
        raise EngineTimeout(
            f"The engine at {address} did not answer in time ({error}).",
            fix="It may be busy or hung: look at its host, then try again.",
        ) from error
    except docker.errors.APIError as error:
        raise error_from_answer(error.status_code or 0, str(error.explanation or error)) from error
    except (
        requests.exceptions.RequestException,
        urllib3.exceptions.HTTPError,
        docker.errors.DockerException,
        OSError,
        ValueError,  # reading a response whose connection was closed
    ) as error:
        raise unreachable(address, error) from error


def unreachable(address: str, error: Exception) -> EngineUnreachable:
    """Nothing answers at `address`: why, in words, and what to do."""
    causes = _causes(error)
    fix = "Check that the engine runs there and that its address is right."
    if address.startswith("ssh://"):
        fix = "Check that the user that runs Netyard can do `ssh HOST docker version` there without being asked anything."
    elif any(isinstance(cause, PermissionError) for cause in causes):
        fix = "Add the user that runs Netyard to the docker group, or run Netyard as root."
    elif any(isinstance(cause, FileNotFoundError) for cause in causes):
        fix = "There is no such socket. Start Docker, or set DOCKER_HOST to where the engine listens."
    elif any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        fix = "Nothing listens there. Start Docker, or check the address and the port."
    elif isinstance(error, requests.exceptions.SSLError):
        fix = "Check the certificates in DOCKER_CERT_PATH, and that the engine's certificate names this host."
    words = next((str(cause) for cause in causes if isinstance(cause, OSError) and cause.strerror), str(error))
    return EngineUnreachable(f"No Docker engine answers at {address} ({words}).", fix=fix)


def _causes(error: BaseException) -> list[BaseException]:
    """An error and everything it was made from, the innermost first; libraries hide causes in `args` too."""
    found: list[BaseException] = []
    waiting: list[BaseException] = [error]
    while waiting:
        one = waiting.pop()
        if one in found:
            continue
        found.append(one)
        inner = [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]
        waiting += [item for item in inner if isinstance(item, BaseException)]
    return found[::-1]
