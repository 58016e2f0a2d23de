"""The curves as an SVG: time over customers, both by powers of ten, a panel a group."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench import measure

_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 460, 300, 62, 230, 34, 40
_COLOURS = ("#1b6ca8", "#c8553d", "#3a7d44", "#8e5ea2", "#b8860b", "#2a9d8f", "#7a4419", "#d1495b", "#4a5568")
_LINE = 15


@dataclass(frozen=True)
class Panel:
    """A panel: its title; {label of a curve: {customers: ms}}."""

    title: str
    curves: Mapping[str, Mapping[int, float]]


def draw(panels: Sequence[Panel]) -> str:
    """An SVG of panels, two beside each other. Argument: those with at least one curve. Result: its text."""
    rows = math.ceil(len(panels) / 2)
    # As many powers of ten in each panel, so that what is flat looks flat.
    powers = max(high - low for low, high in map(_span, panels))
    width, height = 2 * (_WIDTH + _RIGHT), rows * (_HEIGHT + 20)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif"'
        ' font-size="12">',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
    ]
    for number, panel in enumerate(panels):
        x, y = (number % 2) * (_WIDTH + _RIGHT), (number // 2) * (_HEIGHT + 20)
        parts.append(f'<g transform="translate({x},{y})">')
        parts += _panel(panel, powers)
        parts.append("</g>")
    return "\n".join([*parts, "</svg>"]) + "\n"


def _span(panel: Panel) -> tuple[int, int]:
    """The powers of ten between which all times of a panel lie."""
    times = [ms for curve in panel.curves.values() for ms in curve.values()]
    return math.floor(math.log10(min(times))), math.floor(math.log10(max(times))) + 1


def _panel(panel: Panel, powers: int) -> list[str]:
    sizes = sorted({size for curve in panel.curves.values() for size in curve})
    low, high = _span(panel)
    low -= (powers - (high - low)) // 2
    high = low + powers
    first, last = math.log10(sizes[0]), math.log10(sizes[-1])

    def x(size: float) -> float:
        return _LEFT + (math.log10(size) - first) / max(last - first, 1e-9) * (_WIDTH - _LEFT - 20)

    def y(ms: float) -> float:
        return _HEIGHT - _BOTTOM - (math.log10(ms) - low) / powers * (_HEIGHT - _TOP - _BOTTOM)

    parts = [f'<text x="{_LEFT}" y="20" font-size="15" font-weight="bold">{_escaped(panel.title)}</text>']
    for power in range(low, high + 1):
        at = y(10.0**power)
        parts.append(f'<line x1="{_LEFT}" x2="{_WIDTH - 20}" y1="{at:.1f}" y2="{at:.1f}" stroke="#ddd"/>')
        label = measure.duration(10.0**power).replace(".00", "").replace(".0 ", " ")
        parts.append(f'<text x="{_LEFT - 6}" y="{at + 4:.1f}" text-anchor="end" fill="#555">{label}</text>')
    for size in sizes:
        at = x(size)
        parts.append(f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{_TOP}" y2="{_HEIGHT - _BOTTOM}" stroke="#eee"/>')
        parts.append(
            f'<text x="{at:.1f}" y="{_HEIGHT - _BOTTOM + 18}" text-anchor="middle" fill="#555">{size:,}</text>'
        )
    parts.append(
        f'<text x="{(_LEFT + _WIDTH - 20) / 2}" y="{_HEIGHT - 6}" text-anchor="middle" fill="#555">customers</text>'
    )
    ends = sorted((y(curve[max(curve)]), label) for label, curve in panel.curves.items())
    places = _apart([at for at, _ in ends])
    colours = dict(zip(panel.curves, (_COLOURS[n % len(_COLOURS)] for n in range(len(panel.curves))), strict=True))
    for (end, label), place in zip(ends, places, strict=True):
        curve, colour = panel.curves[label], colours[label]
        points = " ".join(f"{x(size):.1f},{y(ms):.1f}" for size, ms in sorted(curve.items()))
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [
            f'<circle cx="{x(size):.1f}" cy="{y(ms):.1f}" r="3" fill="{colour}"/>' for size, ms in sorted(curve.items())
        ]
        edge = x(max(curve))
        parts.append(
            f'<path d="M{edge + 4:.1f},{end:.1f} L{edge + 14:.1f},{place:.1f}" stroke="{colour}" fill="none"/>'
        )
        parts.append(f'<text x="{edge + 17:.1f}" y="{place + 4:.1f}" fill="{colour}">{_escaped(label)}</text>')
    return parts


def _apart(heights: Sequence[float]) -> list[float]:
    """Heights, in order, moved so far apart that a line of text fits between each two, within the panel."""
    placed: list[float] = []
    for height in heights:
        placed.append(max(height, placed[-1] + _LINE) if placed else max(height, _TOP))
    over = placed[-1] - (_HEIGHT - _BOTTOM)
    if over > 0:
        placed[-1] -= over
        for number in range(len(placed) - 2, -1, -1):
            placed[number] = min(placed[number], placed[number + 1] - _LINE)
    return placed


def _escaped(text: str) -> str:
    return text.replace("`", "").replace("&", "&amp;").replace("<", "&lt;")
