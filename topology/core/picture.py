"""A stack as a picture: one self-contained SVG, the same bytes for the same design. No scripts, no outside fonts or files.

Networks are bars with taps, links are arrows from client to server with the alias, docker0 and the host are bars of their own
kind, volumes small cylinders, published ports flags to the outside. Values of variables never show.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from topology.core.design import Design
from topology.core.picture_card import CYLINDER, Ink, card_svg
from topology.core.picture_colors import colors_of, look_of, mixed
from topology.core.picture_scene import HOST, Scene, Wire, label_width, scene_of
from topology.core.picture_text import clean, shorten, width
from topology.core.picture_ways import path_of
from topology.core.placement import BRIDGE, Fixed
from topology.core.problems import Problem, Severity

_MARGIN, _HEAD, _LEGEND, _ROW = 36.0, 56.0, 44.0, 26.0
_NO_PLACES: Mapping[str, Fixed] = {}
_NO_COLORS: Mapping[str, int] = {}
_SANS = "Inter,system-ui,-apple-system,'Segoe UI','Helvetica Neue',Arial,sans-serif"
_MONO = "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace"


def picture_svg(
    design: Design,
    *,
    theme: str = "light",
    name: str = "",
    fixed: Mapping[str, Fixed] = _NO_PLACES,
    colors: Mapping[str, int] = _NO_COLORS,
    problems: Iterable[Problem] = (),
) -> str:
    """The picture. `theme` is "light" or "dark", `name` the title, `fixed` stored places, `colors` chosen looks by network."""
    scene = scene_of(design, fixed=fixed, colors=colors)
    title = name or design.project or "stack"
    x, y, w, h = _frame(scene)
    legend, below = _legend(design, scene, theme, w)
    h += _LEGEND + below if legend else 0
    c = colors_of(theme)
    w = max(w, width(title, size=20, bold=True) + 2 * _MARGIN if len(title) < 40 else w)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{w:g}" height="{h:g}" viewBox="{x:g} {y:g} {w:g} {h:g}" role="img"'
            f' aria-labelledby="title desc" font-family="{_SANS}" fill="{c["text"]}">',
            f'<title id="title">{clean(title)}: topology</title>',
            f'<desc id="desc">{clean(described(design, scene))}</desc>',
            f"<style>.b{{font-weight:650}}.m{{font-family:{_MONO}}}</style>",
            f'<rect x="{x:g}" y="{y:g}" width="{w:g}" height="{h:g}" fill="{c["paper"]}"/>',
            _title(design, scene, title, theme, x + _MARGIN, y + _MARGIN, w - 2 * _MARGIN),
            *_drawn(design, scene, theme, tuple(problems)),
            f'<g transform="translate({x + _MARGIN:g} {y + h - _MARGIN - 8 - below:g})">{legend}</g>',
            "</svg>",
            "",
        ]
    )


_LAYERS = ["depends", "shares", "link", "member"]


def _drawn(design: Design, scene: Scene, theme: str, problems: tuple[Problem, ...]) -> list[str]:
    """All that stands on the paper, from the bottom up."""
    wires = sorted(scene.wires, key=lambda wire: _LAYERS.index(wire.kind))
    return [
        *(_wire(wire, scene, theme) for wire in wires),
        *(_bar(design, scene, key, theme) for key in scene.bars),
        *(_ends(wire, scene, theme) for wire in wires if wire.kind == "member"),
        *(
            card_svg(one, scene.places[f"service:{one.name}"], Ink(colors_of(theme), _trouble(one.name, problems)))
            for one in design.services.values()
        ),
        *(_label(wire, theme) for wire in scene.wires if wire.at),
    ]


def described(design: Design, scene: Scene) -> str:
    """The picture in words, for those who do not see it: each service and where it is, then the links."""
    words = []
    for name in design.services:
        on = [_bar_word(key) for key, names in scene.bars.items() if name in names]
        mode = design.services[name].network_mode
        words.append(
            f"{name} is on {', '.join(on)}." if on else f"{name} has network mode {mode}." if mode else f"{name} is on no network."
        )
    words += [f"{one.source} reaches {one.target} as {one.label}." for one in scene.wires if one.kind == "link"]
    words += [f"{one.source} starts after {one.target}." for one in scene.wires if one.kind == "depends"]
    return " ".join(words) or "No services."


def _bar_word(key: str) -> str:
    return {BRIDGE: "docker0", HOST: "host"}.get(key, key)


def _frame(scene: Scene) -> tuple[float, float, float, float]:
    """Everything with margins: x, y, width, height."""
    xs = [x for at in scene.places.values() for x in (at.x - 8, at.x + at.w)] + [p[0] for one in scene.wires for p in one.points]
    ys = [y for at in scene.places.values() for y in (at.y, at.y + at.h)] + [p[1] for one in scene.wires for p in one.points]
    xs, ys = xs or [0.0, 320.0], ys or [0.0, 20.0]
    left, top = min(xs) - _MARGIN, min(ys) - _MARGIN - _HEAD
    return left, top, max(max(xs) - left + _MARGIN, 360.0), max(ys) - top + _MARGIN


def _title(design: Design, scene: Scene, title: str, theme: str, x: float, y: float, room: float) -> str:
    c = colors_of(theme)
    networks = len([key for key in scene.bars if not key.startswith("@")])
    counts = [(len(design.services), "service"), (networks, "network"), (len(design.volumes), "volume")]
    text = " · ".join(f"{count} {word}{'' if count == 1 else 's'}" for count, word in counts if count)
    return (
        f'<text x="{x:g}" y="{y + 4:g}" class="b" font-size="20">{clean(shorten(title, room, size=20, bold=True))}</text>'
        f'<text x="{x:g}" y="{y + 24:g}" font-size="12" fill="{c["muted"]}">{text or "nothing is drawn yet"}</text>'
    )


def _trouble(name: str, problems: Iterable[Problem]) -> str:
    severities = {one.severity for one in problems if one.subject == f"service:{name}"}
    return "error" if Severity.ERROR in severities else "warning" if severities else ""


def _bar(design: Design, scene: Scene, key: str, theme: str) -> str:
    """A network: its name, what it is, its subnet, and its rail."""
    at, c = scene.places[f"network:{key}"], colors_of(theme)
    color, dash = look_of(scene.looks[key], theme=theme)
    upright = at.h > at.w
    long, thick = (at.h, at.w) if upright else (at.w, at.h)
    name = _bar_word(key)
    details = _details(design, key)
    shown = shorten(name, long - 40, size=12, bold=True)
    end = 16 + width(shown, size=12, bold=True)
    detail = shorten(details, long - end - 36, size=10.5) if details and long - end > 90 else ""
    after = end + (8 + width(detail, size=10.5) if detail else 0) + 10
    solid = key in (BRIDGE, HOST)
    rail = "" if after > long - 24 else (
        f'<path d="M{after:g} {thick / 2:g}H{long - 12:g}" stroke="{color}" stroke-width="3" stroke-opacity="0.75"'
        f'{_dash(dash)}/>'
    )  # fmt: skip
    turn = f"translate({at.x + thick:g} {at.y:g}) rotate(90)" if upright else f"translate({at.x:g} {at.y:g})"
    return (
        f'<g transform="{turn}"><title>{clean(f"network {name}, {len(scene.bars[key])} attached. {details}")}</title>'
        f'<rect x="0.75" y="0.75" width="{long - 1.5:g}" height="{thick - 1.5:g}" rx="{4 if solid else 13.5}"'
        f' fill="{mixed(color, 0.13, c["card"])}" stroke="{mixed(color, 0.55, c["paper"])}" stroke-width="1.5"'
        f"{_dash('6 3' if solid else '')}/>{rail}"
        f'<text x="16" y="18.3" class="b" font-size="12" fill="{mixed(color, 0.62, c["text"])}">{clean(shown)}</text>'
        f'<text x="{end + 8:g}" y="18" font-size="10.5" fill="{c["muted"]}">{clean(detail)}</text></g>'
    )


def _dash(pattern: str) -> str:
    return f' stroke-dasharray="{pattern}"' if pattern else ""


def _details(design: Design, key: str) -> str:
    if key == BRIDGE:
        return "names by links only"
    if key == HOST:
        return "the machine’s own network"
    network = design.networks[key]
    words = ["internal"] if network.internal else []
    words += ["external"] if network.external else []
    words += [network.driver] if network.driver and network.driver != "bridge" else []
    words += [pool.subnet for pool in network.pools if pool.subnet][:1]
    return " · ".join(words)


def _wire(wire: Wire, scene: Scene, theme: str) -> str:
    c = colors_of(theme)
    if wire.kind == "member":
        color, dash = look_of(scene.looks[wire.target], theme=theme)
        path, faint = path_of(wire.points), ' stroke-opacity="0.6"' if wire.implicit else ""
        return (
            f'<path d="{path}" fill="none" stroke="{c["paper"]}" stroke-width="5"/>'
            f'<path d="{path}" fill="none" stroke="{color}" stroke-width="2"{_dash(dash)}{faint}/>'
        )
    if wire.kind == "shares":
        return (
            f'<path d="{path_of(wire.points)}" fill="none" stroke="{c["muted"]}" stroke-width="3" stroke-linecap="round"'
            ' stroke-dasharray="0.1 7"/>'
        )
    color, thick, dash = (c["link"], 1.8, "7 5") if wire.kind == "link" else (c["depends"], 1.2, "")
    *_, before, tip = wire.points
    angle = (0 if tip[0] > before[0] else 180) if before[1] == tip[1] else (90 if tip[1] > before[1] else 270)
    return (
        f'<path d="{path_of(wire.points)}" fill="none" stroke="{color}" stroke-width="{thick}"{_dash(dash)}/>'
        f'<path d="M-9 -4.5L0 0L-9 4.5Z" fill="{color}" transform="translate({tip[0]:g} {tip[1]:g}) rotate({angle})"/>'
    )


def _ends(wire: Wire, scene: Scene, theme: str) -> str:
    """A membership's tap and port, which lie on top: the line itself passes behind the bars of other networks."""
    color, _ = look_of(scene.looks[wire.target], theme=theme)
    port, tap = wire.points[0], wire.points[-1]
    return (
        f'<circle cx="{tap[0]:g}" cy="{tap[1]:g}" r="3.2" fill="{color}"/>'
        f'<rect x="{port[0] - 6:g}" y="{port[1] - 6:g}" width="12" height="12" rx="3.5" fill="{color}"/>'
    )


def _label(wire: Wire, theme: str) -> str:
    assert wire.at is not None
    c, wide, link = colors_of(theme), label_width(wire), wire.kind == "link"
    text = shorten(wire.label, wide - 12, size=10.5, mono=link)
    plate = f'fill="{c["card"]}" stroke="{c["link"]}"' if link else f'fill="{c["paper"]}"'
    ink = f'class="m" fill="{c["text"]}"' if link else f'fill="{c["muted"]}"'
    x, y = wire.at
    return (
        f'<rect x="{x - wide / 2:g}" y="{y - 9:g}" width="{wide:g}" height="18" rx="9" {plate}/>'
        f'<text x="{x:g}" y="{y + 3.8:g}" font-size="10.5" text-anchor="middle" {ink}>{clean(text)}</text>'
    )


def _legend(design: Design, scene: Scene, theme: str, room: float) -> tuple[str, float]:
    """What the signs mean, those only that are in the picture; and how far the last row is below the first."""
    c, kinds = colors_of(theme), {wire.kind for wire in scene.wires}
    mounts = any(one.mounts for one in design.services.values())
    ports = any(one.ports for one in design.services.values())
    tap = f'<path d="M0 0H22" stroke="{c["muted"]}" stroke-width="2"/><circle cx="22" r="3.2" fill="{c["muted"]}"/>'
    dots = f'<path d="M0 0H24" stroke="{c["muted"]}" stroke-width="3" stroke-linecap="round" stroke-dasharray="0.1 7"/>'
    flag = f'<path d="M2 -6H16L22 0L16 6H2Z" fill="{c["flag_soft"]}" stroke="{c["flag"]}"/>'
    items = [
        ("member" in kinds, tap, "on a network"),
        ("link" in kinds, _sample(c["link"], 1.8, "7 5"), "link: reaches it as"),
        ("depends" in kinds, _sample(c["depends"], 1.2, ""), "starts after"),
        ("shares" in kinds, dots, "shares its network"),
        (ports, flag, "published port"),
        (
            mounts,
            f'<g transform="translate(8 -8)" fill="none" stroke="{c["data"]}" stroke-width="1.2">{CYLINDER}</g>',
            "volume or bind",
        ),
    ]
    x, row, parts = 0.0, 0, []
    for shown, sign, words in items:
        if not shown:
            continue
        wide = 32 + width(words, size=11) + 22
        if x and x + wide - 22 > room - 2 * _MARGIN:
            x, row = 0.0, row + 1
        text = f'<text x="32" y="4" font-size="11" fill="{c["muted"]}">{words}</text>'
        parts.append(f'<g transform="translate({x:g} {row * _ROW:g})">{sign}{text}</g>')
        x += wide
    return "".join(parts), row * _ROW


def _sample(color: str, thick: float, dash: str) -> str:
    return (
        f'<path d="M0 0H18" stroke="{color}" stroke-width="{thick}"{_dash(dash)}/><path d="M15 -4.5L24 0L15 4.5Z" fill="{color}"/>'
    )
