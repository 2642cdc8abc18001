"""A service's card in a picture: sign, name, image, scale, volumes as cylinders, published ports as flags to the outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from topology.core.design import Mount, Port, Service
from topology.core.picture_roles import role_of
from topology.core.picture_text import clean, shorten, width
from topology.core.placement import Place

_PAD = 14.0
_MONO = 'class="m"'
CYLINDER = '<path d="M0.6 3V11.5C0.6 14.5 11.4 14.5 11.4 11.5V3"/><ellipse cx="6" cy="3" rx="5.4" ry="2.2"/>'
_DRUM = (
    '<ellipse cx="8" cy="3.8" rx="5.2" ry="2.1"/>'
    '<path d="M2.8 3.8V12.2C2.8 15 13.2 15 13.2 12.2V3.8M2.8 8C2.8 10.8 13.2 10.8 13.2 8"/>'
)
_SIGNS = {
    "web": '<circle cx="8" cy="8" r="6.2"/><path d="M1.8 8H14.2M8 1.8C3.6 6 3.6 10 8 14.2M8 1.8C12.4 6 12.4 10 8 14.2"/>',
    "data": _DRUM,
    "cache": '<path d="M8 2L14 5L8 8L2 5ZM2 8L8 11L14 8M2 11L8 14L14 11"/>',
    "queue": '<rect x="1.8" y="3.5" width="12.4" height="9" rx="1.5"/><path d="M2 4.5L8 9L14 4.5"/>',
    "watch": '<path d="M2 2V14H14M4.5 11L7.5 7L10 9L14 4"/>',
    "code": '<path d="M5.5 4L1.8 8L5.5 12M10.5 4L14.2 8L10.5 12M9 3L7 13"/>',
    "service": '<path d="M8 1.8L13.8 5V11L8 14.2L2.2 11V5ZM2.2 5L8 8.2L13.8 5M8 8.2V14.2"/>',
}


@dataclass(frozen=True, slots=True)
class Ink:
    """What a card is drawn with: the theme's colours, and whether the service has an error or a warning."""

    colors: Mapping[str, str]
    trouble: str = ""  # "", "warning" or "error"


def card_svg(service: Service, at: Place, ink: Ink) -> str:
    """The card at its place, with a title that says in words what is on it."""
    c = ink.colors
    role = role_of(service)
    border = c["bad"] if ink.trouble == "error" else c["line"]
    parts = [
        f'<g transform="translate({at.x:g} {at.y:g})"><title>{clean(card_words(service))}</title>',
        f'<rect x="0.5" y="0.5" width="{at.w - 1:g}" height="{at.h - 1:g}" rx="12" fill="{c["card"]}" stroke="{border}"/>',
        f'<rect x="12" y="11" width="30" height="30" rx="8" fill="{c[role]}" fill-opacity="0.14"/>',
        f'<g transform="translate(19 18)" fill="none" stroke="{c[role]}" stroke-width="1.4" stroke-linejoin="round"'
        f' stroke-linecap="round">{_SIGNS[role]}</g>',
        _head(service, at.w, ink),
        _cylinders(service, at.w, c),
        _foot(service, at, c),
        "</g>",
    ]
    return "".join(parts)


def card_words(service: Service) -> str:
    """ "web: nginx:1.27, 3 containers, published 8080 → 80, volume data at /data"."""
    words = [image_text(service)]
    words += [f"{service.scale} containers"] if service.scale != 1 else []
    words += [f"published {port_text(port)}" for port in service.ports]
    words += [f"{one.kind} {one.source or 'without a name'} at {one.target}" for one in service.mounts]
    words += [f"network mode {service.network_mode}"] if service.network_mode else []
    return f"{service.name}: {', '.join(words)}"


def image_text(service: Service) -> str:
    return service.image or ("built from source" if service.build is not None else "no image yet")


def port_text(port: Port) -> str:
    """ "8080 → 80", "local 8080 → 80/udp", "auto → 80"."""
    local = "local " if port.host_ip in ("127.0.0.1", "::1", "localhost") else ""
    return f"{local}{port.published or 'auto'} → {port.target}{'' if port.protocol == 'tcp' else '/' + port.protocol}"


def _head(service: Service, w: float, ink: Ink) -> str:
    c, right, parts = ink.colors, w - _PAD, []
    if ink.trouble:
        color = c["bad" if ink.trouble == "error" else "warn"]
        parts.append(f'<path d="M{right - 13:g} 27L{right - 6.5:g} 15L{right:g} 27Z" fill="{color}"/>')
        parts.append(f'<rect x="{right - 7.2:g}" y="19" width="1.4" height="4" fill="{c["card"]}"/>')
        right -= 20
    if service.scale != 1:
        text = f"×{service.scale}"
        wide = width(text, size=11, bold=True) + 12
        parts.append(f'<rect x="{right - wide:g}" y="13" width="{wide:g}" height="17" rx="8.5" fill="{c["chip"]}"/>')
        parts.append(f'<text x="{right - wide / 2:g}" y="25.5" class="b" font-size="11" text-anchor="middle">{text}</text>')
        right -= wide + 6
    size = 14.0 if width(service.name, size=14, bold=True) <= right - 52 else 12.0
    name = shorten(service.name, right - 52, size=size, bold=True)
    image = shorten(image_text(service), w - _PAD - 52, size=11, mono=True, keep_end=True)
    parts.append(f'<text x="52" y="25" class="b" font-size="{size:g}">{clean(name)}</text>')
    parts.append(f'<text x="52" y="41" {_MONO} font-size="11" fill="{c["muted"]}">{clean(image)}</text>')
    return "".join(parts)


def _mount_text(one: Mount) -> str:
    if one.kind == "tmpfs":
        return f"tmpfs {one.target}"
    return one.source or one.target


def _cylinders(service: Service, w: float, c: Mapping[str, str]) -> str:
    """A small cylinder for each mount, named ones filled; what has no room is counted."""
    mounts = sorted(service.mounts, key=lambda one: (one.kind != "volume", not one.source))
    x, y, parts = _PAD, 56.0, []
    for index, one in enumerate(mounts):
        left = len(mounts) - index - 1
        room = w - _PAD - x - 17 - (26 if left else 0)
        if room < 38:
            parts.append(f'<text x="{x:g}" y="{y + 13:g}" font-size="10.5" fill="{c["muted"]}">+{left + 1}</text>')
            break
        most = min(room, 82.0) if left else room
        text = shorten(_mount_text(one), most, size=10.5, mono=True, keep_end=True)
        fill = c["data"] if one.kind == "volume" and one.source else "none"
        parts.append(
            f'<g transform="translate({x:g} {y + 1.5:g})" stroke="{c["data"]}" stroke-width="1.2" fill="{fill}"'
            f' fill-opacity="0.18">{CYLINDER}</g>'
            f'<text x="{x + 17:g}" y="{y + 13:g}" {_MONO} font-size="10.5" fill="{c["muted"]}">{clean(text)}</text>'
        )
        x += 17 + width(text, size=10.5, mono=True) + 12
    return "".join(parts)


_MODES = {"none": "no network", "container": "in a container’s network"}


def _foot(service: Service, at: Place, c: Mapping[str, str]) -> str:
    """Ports as flags that stand out at the left; then how it is connected, where it is on no network."""
    x, y, parts = -7.0, at.h - 34, []
    shown = service.ports
    mode = (
        f"in {service.network_mode[8:]}’s network"
        if service.network_mode and service.mode == "service"
        else _MODES.get(service.mode, "")
    )
    limit = at.w - _PAD - (min(90.0, width(mode, size=10.5) + 12) if mode else 0)
    for index, port in enumerate(shown):
        left = len(shown) - index - 1
        text = shorten(port_text(port), 130, size=10.5, mono=True)
        wide = width(text, size=10.5, mono=True) + 20
        if x + wide > limit - (26 if left else 0) and index:
            parts.append(f'<text x="{x + 2:g}" y="{y + 14:g}" font-size="10.5" fill="{c["muted"]}">+{left + 1}</text>')
            x += 24
            break
        parts.append(
            f'<path d="M{x:g} {y:g}H{x + wide - 8:g}L{x + wide:g} {y + 10:g}L{x + wide - 8:g} {y + 20:g}H{x:g}Z"'
            f' fill="{c["flag_soft"]}" stroke="{c["flag"]}" stroke-width="1" stroke-linejoin="round"/>'
            f'<text x="{x + 7:g}" y="{y + 13.8:g}" {_MONO} font-size="10.5" fill="{c["flag"]}">{clean(text)}</text>'
        )
        x += wide + 6
    if mode:
        x = max(x, _PAD)
        text = shorten(mode, at.w - _PAD - x - 12, size=10.5)
        wide = width(text, size=10.5) + 12
        parts.append(
            f'<rect x="{x:g}" y="{y:g}" width="{wide:g}" height="20" rx="6" fill="none"'
            f' stroke="{c["line"]}" stroke-dasharray="3 3"/>'
            f'<text x="{x + 6:g}" y="{y + 14:g}" font-size="10.5" fill="{c["muted"]}">{clean(text)}</text>'
        )
    return "".join(parts)
