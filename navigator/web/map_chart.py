"""The map as a Vega-Lite specification, and the rows that it draws.

The specification depends on the library, and on what it is coloured by. What is found, and where a question
falls, are rows of datasets of their own: the browser takes those in without drawing the chart anew, so that
what was dimmed in the legend outlasts a keystroke. (A zoom does not: Streamlit shows all again where rows
change.)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, get_args

from navigator.map import MapPoint, Placement
from navigator.web.charts import GROUND, PAPER, TEXT, VOICE, Rows, Spec, by_paper
from navigator.web.markdown import unturned

POINT, MARKED = "point", "marked_point"
"""Names of the selections that a click makes, on a point or on a marked one; each holds its ``slug``."""

Sort = Literal["domain", "community"]
"""What the map can be coloured by."""

OTHER = "other"
"""The group of all that lies in none of the largest."""

HUES = {
    "light": ("#153da2", "#d27710", "#800902", "#2a93d0", "#626803", "#924d7a", "#635ccd", "#5e2a63"),
    "dark": ("#707bee", "#f78d13", "#22d2a2", "#a4e3f9", "#eeda37", "#a5439f", "#c89ef5", "#367c14"),
}
"""Colours of the groups on light and dark paper, the largest first. Found by a search for those that lie
farthest apart from each other and from `_GREY` as people with normal sight, protanopia, deuteranopia and
tritanopia see them, with a contrast of 3:1 against the paper (WCAG 2.2, 1.4.11)."""

_COLUMNS: dict[Sort, str] = {
    "domain": "width < 560 ? 2 : width < 900 ? 4 : 5",
    "community": "width < 560 ? 1 : width < 900 ? 3 : 4",
}
"""Columns of the legend by the width of the map: as many as its names have room for."""

_GREY = {"light": "#8a857b", "dark": "#8d877b"}
_FONT = "Source Sans"
_MARGIN = 0.04
"""What the axes reach beyond the outermost points, of their span."""

_AREA, _SMALLEST, _LARGEST = 90_000, 26, 140
"""Square pixels that all points share, and the bounds of what each has of it."""


def sorts(points: Sequence[MapPoint]) -> tuple[Sort, ...]:
    """Return what the map may be coloured by: what sorts the points into more than one group."""
    return tuple(
        sort for sort in get_args(Sort) if len({name_of(point, sort) for point in points} - {""}) > 1
    )


def groups(points: Iterable[MapPoint], sort: Sort = "domain") -> dict[str, int]:
    """Return what the map is coloured by, and how many points there are of each, the largest first.

    At most as many as there are colours, and `OTHER` for what is left over.
    """
    counts = Counter(name_of(point, sort) for point in points)
    ranked = sorted((name for name in counts if name), key=lambda name: (-counts[name], name))
    largest = {name: counts[name] for name in ranked[: len(HUES["light"])]}
    rest = counts.total() - sum(largest.values())
    return largest | ({OTHER: rest} if rest else {})


def name_of(point: MapPoint, sort: Sort) -> str:
    """Return what a point is sorted under, as words; empty for nothing.

    That is its domain, or its collection where it names none, or what its community lies around.
    """
    if sort == "community":
        return f"around {unturned(point.community)}" if point.community else ""
    return unturned((point.domain or point.collection).replace("-", " ").replace("_", " "))


def map_data(
    points: Sequence[MapPoint],
    found: Sequence[MapPoint] | None = None,
    placed: Placement | None = None,
    *,
    sort: Sort = "domain",
    ringed: int = 0,
) -> dict[str, Rows]:
    """Return the rows that the map draws, by the names of the datasets.

    Parameters
    ----------
    points
        All that lies on the map.
    found
        What stands out because it was searched for, best first; None where nothing was.
    placed
        Where a question falls; the numbers of its neighbours count from the nearest.
    sort
        What the points are coloured by.
    ringed
        How many of those found get a ring, as the neighbours do: those that a list names.
    """
    of_group = groups(points, sort)
    near = placed.neighbours if placed else ()
    numbers = {point.slug: number for number, point in enumerate(near, start=1)}
    rings = {*numbers, *(point.slug for point in (found or ())[:ringed])}
    marked = [*near, *(point for point in found or () if point.slug not in numbers)]
    return {
        # What is left over lies beneath the colours.
        "points": sorted(
            (_row(point, of_group, sort) for point in points), key=lambda row: row["group"] != OTHER
        ),
        "veil": [{"drawn": 1}] if found is not None or placed else [],
        "spokes": [
            {"x": placed.x, "y": placed.y, "to_x": point.x, "to_y": point.y} for point in near if placed
        ],
        "marked": [
            _row(point, of_group, sort)
            | {"number": numbers.get(point.slug, 0), "ringed": point.slug in rings}
            for point in reversed(marked)  # what comes later is drawn over what comes before
        ],
        "here": [{"x": placed.x, "y": placed.y}] if placed else [],
    }


def map_chart(points: Sequence[MapPoint], sort: Sort = "domain") -> Spec:
    """Return the chart of `map_data`, without the rows.

    Drag the ground to move, hold Ctrl and turn the wheel (or pinch a trackpad) to zoom: the wheel alone
    scrolls the page, and so does a finger. A double click shows all again.
    """
    of_group = groups(points, sort)
    hues = [by_paper(*pair) for pair in zip(HUES["light"], HUES["dark"], strict=True)]
    colours = dict(zip(of_group, hues, strict=False)) | {OTHER: by_paper(_GREY["light"], _GREY["dark"])}
    size = min(_LARGEST, max(_SMALLEST, _AREA / max(1, len(points))))
    coloured: Spec = {
        "field": "group",
        "type": "nominal",
        "scale": {"domain": list(of_group), "range": [colours[name] for name in of_group]},
        "legend": {
            "orient": "bottom",
            "direction": "horizontal",
            "columns": {"expr": _COLUMNS[sort]},
            "title": None,
            "symbolType": "circle",
            "symbolOpacity": 1,
            "symbolSize": 110,
            "labelColor": TEXT,
            "labelFont": _FONT,
            "labelFontSize": 13,
            "labelLimit": 220 if sort == "community" else 165,
        },
    }
    dimming = {"condition": {"param": "groups", "value": 0.85}, "value": 0.07}
    hover = [_words("label", "Name"), _words("title", "Title"), _words("sort", sort.capitalize())]
    dots = {"type": "point", "filled": True, "shape": "circle", "cursor": "pointer", "clip": True}
    numbered = {"type": "text", "font": _FONT, "fontSize": 13, "fontWeight": 600, "dx": 11, "dy": -10}
    places = _places(points)
    number = {**places, "text": _words("number"), "opacity": _where("datum.number > 0", 1, 0)}
    return {
        "params": [PAPER],
        "layer": [
            {
                "data": {"name": "points"},
                "params": [
                    {"name": POINT, "select": {"type": "point", "fields": ["slug"], "clear": False}},
                    {"name": "groups", "select": {"type": "point", "fields": ["group"]}, "bind": "legend"},
                    {
                        "name": "window",
                        "bind": "scales",
                        "select": {
                            "type": "interval",
                            "translate": "[mousedown[event.item && event.item.mark.marktype === 'group'], "
                            "window:mouseup] > window:mousemove!",
                            "zoom": "wheel![event.ctrlKey || event.metaKey]",
                        },
                    },
                ],
                "mark": {**dots, "size": size},
                "encoding": {**places, "color": coloured, "opacity": dimming, "tooltip": hover},
            },
            {
                "data": {"name": "veil"},
                "mark": {"type": "rect", "color": GROUND, "opacity": 0.72},
                "encoding": {
                    "x": {"value": 0},
                    "x2": {"value": "width"},
                    "y": {"value": 0},
                    "y2": {"value": "height"},
                },
            },
            {
                "data": {"name": "spokes"},
                "mark": {"type": "rule", "color": TEXT, "opacity": 0.55, "clip": True},
                "encoding": {**places, "x2": {"field": "to_x"}, "y2": {"field": "to_y"}},
            },
            {
                "data": {"name": "marked"},
                "params": [{"name": MARKED, "select": {"type": "point", "fields": ["slug"], "clear": False}}],
                "mark": {**dots, "stroke": TEXT},
                "encoding": {
                    **places,
                    "color": coloured,
                    "opacity": {"condition": {"param": "groups", "value": 1}, "value": 0.07},
                    "size": _where("datum.ringed", 180, size * 1.3),
                    "strokeWidth": _where("datum.ringed", 2, 0),
                    "tooltip": hover,
                },
            },
            {
                "data": {"name": "marked"},
                "mark": {**numbered, "stroke": GROUND, "strokeWidth": 4, "clip": True},
                "encoding": number,
            },
            {
                "data": {"name": "marked"},
                "mark": {**numbered, "color": TEXT, "clip": True},
                "encoding": number,
            },
            {
                "data": {"name": "here"},
                "mark": {
                    "type": "point",
                    "filled": True,
                    "shape": "diamond",
                    "size": 420,
                    "color": VOICE,
                    "stroke": GROUND,
                    "strokeWidth": 2.5,
                    "opacity": 1,
                    "clip": True,
                    "tooltip": "Your question",
                },
                "encoding": places,
            },
        ],
        "config": {
            "view": {"stroke": None},
            "axis": {"disable": True},
            # Said here, else Streamlit says it by the number of rows, and a keystroke draws the chart anew.
            "mark": {"aria": False},
        },
        "usermeta": {"embedOptions": {"renderer": "canvas"}},
    }


def _row(point: MapPoint, of_group: Mapping[str, int], sort: Sort) -> dict[str, str | float]:
    name = name_of(point, sort)
    return {
        "slug": point.slug,
        "label": unturned(point.label),
        "title": unturned(point.title),
        "sort": name,
        "group": name if name in of_group else OTHER,
        "x": round(point.x, 4),
        "y": round(point.y, 4),
    }


def _places(points: Sequence[MapPoint]) -> Spec:
    """Return the encoding that places a row: what is drawn fills the picture."""
    across = {"x": [point.x for point in points] or [0.0], "y": [point.y for point in points] or [0.0]}
    return {
        axis: {
            "field": axis,
            "type": "quantitative",
            "axis": None,
            "scale": {"domain": _span(values), "nice": False},
        }
        for axis, values in across.items()
    }


def _span(values: Sequence[float]) -> list[float]:
    low, high = min(values), max(values)
    margin = (high - low or 1) * _MARGIN
    return [round(low - margin, 4), round(high + margin, 4)]


def _words(field: str, title: str = "") -> Spec:
    return {"field": field, "type": "nominal", "title": title}


def _where(test: str, value: float, otherwise: float) -> Spec:
    return {"condition": {"test": test, "value": value}, "value": otherwise}
