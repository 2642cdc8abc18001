"""The colours of pictures, light and dark: the editor's own, so that a picture looks like the canvas. Tests compare them."""

from __future__ import annotations

from collections.abc import Mapping

# a network's colour in light and in dark, and the pattern that tells it apart without colour
NETWORK_LOOKS = (
    ("#4f46e5", "#818cf8", ""),
    ("#0d9488", "#2dd4bf", "10 4"),
    ("#c2410c", "#fb923c", "2 4"),
    ("#be185d", "#f472b6", "10 4 2 4"),
    ("#0369a1", "#38bdf8", "6 6"),
    ("#4d7c0f", "#a3e635", "14 4 2 4 2 4"),
    ("#7e22ce", "#c084fc", "4 2"),
    ("#a16207", "#facc15", "1 6"),
)
BRIDGE_LOOK = ("#64748b", "#94a3b8", "3 3")
HOST_LOOK = ("#475569", "#cbd5e1", "")

LIGHT: Mapping[str, str] = {
    "paper": "#f6f7f9", "card": "#ffffff", "line": "#d5dae3", "text": "#1a1d26", "muted": "#5e6676", "chip": "#eef1f5",
    "link": "#475569", "depends": "#7a8699", "warn": "#995707", "bad": "#c81e1e", "flag": "#13763a", "flag_soft": "#e3f6e9",
    "web": "#0f766e", "data": "#4338ca", "cache": "#be123c", "queue": "#a21caf", "watch": "#b45309", "code": "#a15c07",
    "service": "#5e6676",
}  # fmt: skip
DARK: Mapping[str, str] = {
    "paper": "#14161b", "card": "#1e2128", "line": "#3a404c", "text": "#eceef3", "muted": "#a0a8b8", "chip": "#2a2e38",
    "link": "#b3bdcc", "depends": "#8590a2", "warn": "#f5b945", "bad": "#fb7185", "flag": "#4ade80", "flag_soft": "#12301d",
    "web": "#2dd4bf", "data": "#a5b4fc", "cache": "#fb7185", "queue": "#f0abfc", "watch": "#fbbf24", "code": "#facc15",
    "service": "#a0a8b8",
}  # fmt: skip


def colors_of(theme: str) -> Mapping[str, str]:
    return DARK if theme == "dark" else LIGHT


def look_of(look: int, *, theme: str) -> tuple[str, str]:
    """A network's colour and pattern."""
    light, dark, dash = HOST_LOOK if look == -2 else BRIDGE_LOOK if look < 0 else NETWORK_LOOKS[look % len(NETWORK_LOOKS)]
    return (dark if theme == "dark" else light), dash


def mixed(color: str, share: float, under: str) -> str:
    """`share` of one colour over another, as the two become on the screen."""
    pairs = zip(_parts(color), _parts(under), strict=True)
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in pairs)


def _parts(color: str) -> list[int]:
    return [int(color[at : at + 2], 16) for at in (1, 3, 5)]
