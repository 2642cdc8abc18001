"""Whether a build's context lies on the open internet, by how it is written: the engine fetches it from within its host's network.

Only a dotted public name or a global address counts; all that is written in a way not known here does not. Which address a name has
at the time, and where a server sends on to, is not seen.
Source: inet_aton(3) for the forms of numbers; RFC 6761, 6762, 8375 and ICANN's "internal" for names that are nobody's in public.
"""

from __future__ import annotations

import ipaddress
import re

INNER_NAMES = (
    "corp", "home", "home.arpa", "internal", "intranet", "invalid", "lan", "local", "localdomain", "localhost", "private", "test",
)  # fmt: skip
# IPv6 that has an IPv4 address in it, by which a gateway leads on: NAT64, 6to4, Teredo, IPv4-compatible
CARRIERS = tuple(ipaddress.IPv6Network(text) for text in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96"))
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+")


def is_public(remote: str) -> bool:
    """Of a git URL, "git@host:path", a URL of an archive, or "github.com/…"."""
    host = _host_of(remote)
    if re.search(r"[\s\\\x00-\x1f]", remote) or not host.isascii() or "%" in host:  # read differently by different programs
        return False
    if host.startswith("["):
        return host.endswith("]") and _is_global(host[1:-1])
    host = host.lower().removesuffix(".")
    labels = host.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        address = _number_form(labels)
        return address is not None and _is_global(address)
    if len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels):
        return False
    return not any(host.endswith(f".{name}") for name in INNER_NAMES)


def _host_of(remote: str) -> str:
    """Without user and port, brackets kept; "" where there is none."""
    scheme, sign, rest = remote.partition("://")
    if sign and re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*", scheme):
        authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    elif found := re.match(r"[^/:]+@([^/:]+):", remote):  # as scp writes it
        return found[1].rpartition("@")[2]
    else:
        authority = remote.partition("/")[0]
    host = authority.rpartition("@")[2]
    return re.sub(r":[0-9]*$", "", host)


def _number_form(labels: list[str]) -> str | None:
    """One to four numbers, decimal, octal or hexadecimal, the last filling the bytes that are left; None where it is no address."""
    if len(labels) > 4 or not all(_NUMBER.fullmatch(label) for label in labels):
        return None
    numbers = []
    for label in labels:
        base = 16 if label.startswith("0x") else 8 if len(label) > 1 and label.startswith("0") else 10
        try:
            numbers.append(int(label.removeprefix("0x") or "0", base))
        except ValueError:
            return None
    *first, last = numbers
    if any(number > 255 for number in first) or last >= 256 ** (4 - len(first)):
        return None
    return str(ipaddress.IPv4Address(sum(number << (24 - 8 * index) for index, number in enumerate(first)) + last))


def _is_global(text: str) -> bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return _is_global(str(address.ipv4_mapped))
        if address.scope_id or any(address in network for network in CARRIERS):
            return False
    return address.is_global and not address.is_multicast
