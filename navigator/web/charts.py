"""The charts of a pattern as Vega-Lite specifications: its scores, and what it is linked to.

Streamlit brings Vega-Lite along. Written as the dictionaries that the browser reads: Altair's classes
would check them against a schema for some tenths of a second, on every click.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from navigator.neighbours import Neighbour
from navigator.web.markdown import unturned

Spec = dict[str, Any]
Rows = list[dict[str, Any]]

FULL_SCORE = 5
SHOWN_NEIGHBOURS = 10
NODE = "node"
"""Name of the selection that a click on a neighbour makes."""

_FONT = "Source Sans"
_RADAR_REACH = (9.2, 8.0)
_RING_REACH = (2.0, 1.4)
"""Half the width and half the height of what a chart shows, in units of a score and of the ring."""

_LINE, _LINES = 15, 3
"""Characters of a line, and lines, of a label beside the ring."""

_UNWEIGHED = 0.3
"""Weight at which a link is drawn that none was given for."""


PAPER: Spec = {"name": "on_dark_paper", "expr": "luminance(background) < 0.5"}
"""A chart's parameter. The background is a signal of Vega, and Streamlit makes it that of the theme."""


def by_paper(light: str, dark: str) -> Spec:
    """Return a colour that is one on light paper and another on dark, in a chart with the parameter `PAPER`.

    The browser chooses: a chart turns with the theme at once, and the server need not know of it.
    """
    return {"expr": f"{PAPER['name']} ? '{dark}' : '{light}'"}


TEXT = by_paper("#26231e", "#ece7dc")
SOFT = by_paper("#6b665b", "#aaa497")
RULE = by_paper("#d3cab8", "#4a453d")
VOICE = by_paper("#24504a", "#8cc0b3")
GROUND = by_paper("#fbf9f4", "#1b1a17")
"""The inks of the charts, those of the theme."""


def radar(scores: Mapping[str, float]) -> Spec:
    """Return scores of 0 to 5 as a polygon on as many axes, clockwise from the top."""
    turns = _turns(len(scores))
    corners = [*turns, turns[0]]
    rings = [
        {"ring": ring, "order": order, **_at(turn, ring)}
        for ring in range(1, FULL_SCORE + 1)
        for order, turn in enumerate(corners)
    ]
    points = [
        {"name": name, "score": score, "order": order, **_at(turn, score)}
        for order, ((name, score), turn) in enumerate(zip(scores.items(), turns, strict=True))
    ]
    labels = [
        {"label": f"{name}\n{score:g}", **_at(turn, 5.6), "side": _side(turn)}
        for (name, score), turn in zip(scores.items(), turns, strict=True)
    ]
    order = {"field": "order", "type": "quantitative"}
    place = _places(_RADAR_REACH)
    return _chart(
        [
            _layer(
                rings,
                {"type": "line", "color": RULE, "strokeWidth": 1},
                {**place, "order": order, "detail": {"field": "ring"}},
            ),
            _layer(
                points,
                {"type": "line", "interpolate": "linear-closed", "color": VOICE, "strokeWidth": 2}
                | {"fill": VOICE, "fillOpacity": 0.16},
                {**place, "order": order},
            ),
            _layer(
                points,
                {"type": "point", "filled": True, "size": 40, "color": VOICE, "opacity": 1},
                {**place, "tooltip": [_field("name", "Score"), _field("score", "of 5")]},
            ),
            *_labels(labels, place, size=12),
        ],
        height=280,
    )


def ego_chart(neighbours: Sequence[Neighbour]) -> Spec:
    """Return a pattern amid its neighbours, clockwise from the top in their order.

    The width of a line is the weight of the link, and a machine's links are dashed. A click on a point
    makes the selection `NODE`, which holds its ``slug``.
    """
    turns = _turns(len(neighbours), offset=0.5)
    around = list(zip(neighbours, turns, strict=True))
    nodes = [
        {
            "slug": n.slug,
            "title": unturned(n.label),
            "kind": _kind(n),
            "by": n.by,
            "why": unturned(n.reason)[:200],
            **_at(turn, 1),
        }
        | {"weight": _UNWEIGHED if n.weight is None else n.weight, "zero": 0}
        | {"given": "none given" if n.weight is None else f"{n.weight:.2f}"}
        for n, turn in around
    ]
    labels = [
        {"label": _wrapped(unturned(n.label)), **_at(turn, 1.14), "side": _side(turn)} for n, turn in around
    ]
    # Farther out and farther in by turns, so that they stand clear of each other on a phone.
    kinds = [{"label": _kind(n), **_at(turn, 0.7 - 0.22 * (k % 2))} for k, (n, turn) in enumerate(around)]
    place = _places(_RING_REACH)
    tooltip = [
        _field("title", "Pattern"),
        _field("kind", "Link"),
        _field("given", "Weight"),
        _field("by", "Drawn by"),
        _field("why", "Why"),
    ]
    named = {"type": "text", "font": _FONT, "fontSize": 11}
    click = {"name": NODE, "select": {"type": "point", "fields": ["slug"], "clear": False}}
    return _chart(
        [
            _layer(
                nodes,
                {"type": "rule", "color": SOFT, "opacity": 0.7},
                {
                    **_places(_RING_REACH, "zero", "zero"),
                    "x2": {"field": "x"},
                    "y2": {"field": "y"},
                    "strokeWidth": _scaled("weight", [0, 1], [0.5, 6]),
                    "strokeDash": _scaled("by", ["people", "machine"], [[1, 0], [5, 4]], kind="nominal"),
                },
            ),
            _layer([{"x": 0, "y": 0}], _dot(TEXT, 620), place),
            _layer(kinds, {**named, "stroke": GROUND, "strokeWidth": 6}, {**place, "text": _field("label")}),
            _layer(kinds, {**named, "color": SOFT}, {**place, "text": _field("label")}),
            {
                **_layer(nodes, {**_dot(VOICE, 260), "cursor": "pointer"}, {**place, "tooltip": tooltip}),
                "params": [click],
            },
            *_labels(labels, place, size=12),
        ],
        height=420,
    )


def spread_chart(spreads: Mapping[str, Sequence[tuple[str, int]]]) -> Spec:
    """Return how many patterns are linked to how often, a row of bars for each name."""
    rows = [
        {"by": name, "links": links, "patterns": number, "place": place}
        for name, spread in spreads.items()
        for place, (links, number) in enumerate(spread)
    ]
    named = {"labelFont": _FONT, "labelFontSize": 12, "labelColor": SOFT, "titleFont": _FONT}
    named |= {
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "titleColor": SOFT,
        "domainColor": RULE,
    }
    colours = [VOICE, SOFT][: len(spreads)]
    across = {"field": "links", "type": "ordinal", "sort": {"field": "place"}, "title": "Links to a pattern"}
    return {
        "params": [PAPER],
        "data": {"values": rows},
        "mark": {"type": "bar", "cornerRadiusEnd": 2, "tooltip": True},
        "encoding": {
            "x": {**across, "axis": {**named, "labelAngle": 0, "labelOverlap": "greedy", "ticks": False}},
            "xOffset": {"field": "by", "sort": list(spreads)},
            "y": {
                "field": "patterns",
                "type": "quantitative",
                "title": "Patterns",
                # Few patterns have most links: on an even scale they would not be seen.
                "scale": {"type": "symlog"},
                "axis": {
                    **named,
                    "gridColor": RULE,
                    "values": [1, 10, 100, 1000, 10_000],
                    "ticks": False,
                },
            },
            "color": {
                "field": "by",
                "type": "nominal",
                "scale": {"domain": list(spreads), "range": colours},
                "legend": {**named, "title": None, "orient": "top", "labelFontSize": 13},
            },
        },
        "height": 240,
        "config": {"view": {"stroke": None}},
    }


def _chart(layers: list[Spec], *, height: int) -> Spec:
    config = {"view": {"stroke": None}, "axis": {"disable": True}}
    return {"params": [PAPER], "layer": layers, "height": height, "config": config}


def _layer(rows: Rows, mark: Spec, encoding: Spec) -> Spec:
    return {"data": {"values": rows}, "mark": mark, "encoding": encoding}


def _dot(colour: Spec, size: int) -> Spec:
    return {"type": "point", "filled": True, "size": size, "color": colour, "opacity": 1}


def _places(reach: tuple[float, float], x: str = "x", y: str = "y") -> Spec:
    """Return the encoding that places a row, the middle of the chart at 0, 0."""
    return {
        channel: {
            "field": field,
            "type": "quantitative",
            "axis": None,
            "scale": {"domain": [-far, far], "nice": False},
        }
        for channel, field, far in (("x", x, reach[0]), ("y", y, reach[1]))
    }


def _scaled(field: str, domain: list[Any], to: list[Any], *, kind: str = "quantitative") -> Spec:
    return {"field": field, "type": kind, "scale": {"domain": domain, "range": to}, "legend": None}


def _field(name: str, title: str = "") -> Spec:
    return {"field": name, "type": "nominal", "title": title}


def _labels(rows: Rows, place: Spec, *, size: int) -> list[Spec]:
    """Return labels that grow away from the middle."""
    mark = {"type": "text", "baseline": "middle", "lineBreak": "\n", "font": _FONT, "fontSize": size}
    return [
        _layer(
            chosen,
            {**mark, "align": align, "color": TEXT},
            {**place, "text": _field("label")},
        )
        for side, align in (("left", "right"), ("middle", "center"), ("right", "left"))
        if (chosen := [row for row in rows if row["side"] == side])
    ]


def _turns(number: int, *, offset: float = 0.0) -> list[float]:
    """Return angles from the top, clockwise, in radians."""
    return [2 * math.pi * (place + offset) / number for place in range(number)]


def _at(turn: float, radius: float) -> dict[str, float]:
    return {"x": round(radius * math.sin(turn), 4), "y": round(radius * math.cos(turn), 4)}


def _side(turn: float) -> str:
    sine = math.sin(turn)
    return "middle" if abs(sine) < 0.15 else "right" if sine > 0 else "left"


def _kind(neighbour: Neighbour) -> str:
    return unturned(neighbour.kind.replace("_", " "))


def _wrapped(label: str) -> str:
    lines = textwrap.wrap(label, _LINE) or [label]
    return "\n".join(lines if len(lines) <= _LINES else [*lines[: _LINES - 1], f"{lines[_LINES - 1]}…"])
