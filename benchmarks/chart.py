"""A line chart with two logarithmic axes, as SVG, with nothing but the standard library.

The legend stands beside the curves, in the order in which they end, so that no curve runs through it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

WIDTH, HEIGHT = 1000, 440
LEFT, RIGHT, TOP, BOTTOM = 80, 380, 60, 60
LEGEND = WIDTH - RIGHT + 20
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000")  # Okabe and Ito
DASHES = ("", "8 4", "2 3", "10 3 2 3", "4 4", "1 4", "12 4")

Points = Sequence[tuple[float, float]]


def write_chart(
    file: Path, title: str, x_label: str, y_label: str, series: Mapping[str, Points], *, pairs: bool = False
) -> None:
    """Draw ``series``, points by name, into ``file``; every number is above zero.

    With ``pairs`` two that follow each other share a colour, and the first of them is dashed.
    """
    xs = [x for points in series.values() for x, _ in points]
    ys = [y for points in series.values() for _, y in points]
    x_axis, y_axis = _Axis(xs, LEFT, WIDTH - RIGHT), _Axis(ys, HEIGHT - BOTTOM, TOP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">',
        '<g font-family="sans-serif" font-size="13">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="26" font-size="16">{escape(title)}</text>',
        f'<text x="{LEFT}" y="44" fill="#555555">both axes are logarithmic; lower is better</text>',
    ]
    for value in x_axis.ticks():
        x = x_axis.place(value)
        parts += [_line(x, TOP, x, HEIGHT - BOTTOM), _text(x, HEIGHT - BOTTOM + 18, _number(value), "middle")]
    for value in y_axis.ticks():
        y = y_axis.place(value)
        parts += [_line(LEFT, y, WIDTH - RIGHT, y), _text(LEFT - 8, y + 4, _number(value), "end")]
    parts.append(_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 16, x_label, "middle"))
    parts.append(
        f'<g transform="translate(20 {HEIGHT / 2}) rotate(-90)">{_text(0, 0, y_label, "middle")}</g>'
    )
    order = sorted(series, key=lambda name: series[name][-1][1], reverse=True)
    for number, (name, points) in enumerate(series.items()):
        style = (
            _style(number // 2, "8 4" if number % 2 == 0 else "") if pairs else _style(number, DASHES[number])
        )
        places = [(x_axis.place(x), y_axis.place(y)) for x, y in points]
        parts += _curve(name, style, places, TOP + 16 + 22 * order.index(name))
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join([*parts, "</g>", "</svg>", ""]))


class _Axis:
    """From the logarithm of a value to its place between ``start`` and ``end``."""

    def __init__(self, values: Sequence[float], start: float, end: float) -> None:
        self._low, self._high = math.log10(min(values)) - 0.08, math.log10(max(values)) + 0.08
        self._start, self._end = start, end

    def place(self, value: float) -> float:
        share = (math.log10(value) - self._low) / (self._high - self._low)
        return self._start + share * (self._end - self._start)

    def ticks(self) -> list[float]:
        """Return the round values on the axis: powers of ten, and where these are few their triples."""
        powers = range(math.floor(self._low), math.ceil(self._high) + 1)
        steps = (1, 3) if self._high - self._low < 4 else (1,)
        every = (step * 10.0**power for power in powers for step in steps)
        return [value for value in every if self._low <= math.log10(value) <= self._high]


def _style(number: int, dashes: str) -> str:
    return f'fill="none" stroke="{COLOURS[number]}" stroke-width="2.5" stroke-dasharray="{dashes}"'


def _curve(name: str, style: str, places: Points, legend: float) -> list[str]:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    dot = style.replace('fill="none"', 'fill="#ffffff"').partition(" stroke-dasharray")[0]
    return [
        f'<polyline points="{path}" {style}/>',
        *(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" {dot}/>' for x, y in places),
        f'<line x1="{LEGEND}" y1="{legend - 4}" x2="{LEGEND + 36}" y2="{legend - 4}" {style}/>',
        _text(LEGEND + 44, legend, name, "start"),
    ]


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#dddddd"/>'


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1 else f"{value:g}"
