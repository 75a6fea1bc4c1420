"""What the map draws, as rows and colours."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from navigator.map import MapPoint, Placement
from navigator.web.charts import GROUND, Spec
from navigator.web.map_chart import HUES, OTHER, groups, map_chart, map_data, name_of, sorts

# Machado, Oliveira & Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency",
# 2009, at severity 1; they apply to linear RGB.
SIGHTS = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
# Ottosson, "A perceptual color space for image processing", 2020.
TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def linear(colour: str) -> NDArray[np.float64]:
    values = np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)]) / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def seen(colour: str, sight: str) -> NDArray[np.float64]:
    """Return a colour in OKLab, as someone sees it."""
    return np.asarray(TO_LAB @ np.cbrt(TO_CONES @ np.clip(SIGHTS[sight] @ linear(colour), 0, 1)))


def luminance(colour: str) -> float:
    return float(linear(colour) @ [0.2126, 0.7152, 0.0722])


def point(slug: str, domain: str = "", collection: str = "", x: float = 0.0, y: float = 0.0) -> MapPoint:
    return MapPoint(slug, slug.title(), slug.title(), x, y, domain, collection, True)


def colours(dark: bool) -> list[str]:
    """Return the colours of a map with more domains than there are colours, in order of the legend."""
    points = [point(str(number), f"domain-{number}") for number in range(12)]
    layer = map_chart(points)["layer"][0]
    scale = layer["encoding"]["color"]["scale"]
    assert scale["domain"][-1] == OTHER
    return [on_paper(colour, dark=dark) for colour in scale["range"]]


def on_paper(colour: Spec, *, dark: bool) -> str:
    """Return which of its two colours the browser takes."""
    by_night, by_day = re.findall(r"'(#\w{6})'", colour["expr"])
    return by_night if dark else by_day


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("sight", SIGHTS)
def test_everyone_can_tell_the_colours_apart(dark: bool, sight: str) -> None:
    shown = colours(dark)
    assert len(shown) == len(set(shown)) == 9
    for one, other in combinations(shown, 2):
        # A difference that one just sees is about 0.02.
        assert np.linalg.norm(seen(one, sight) - seen(other, sight)) > 0.09, (one, other)


@pytest.mark.parametrize("dark", [False, True])
def test_every_colour_stands_out_from_the_paper(dark: bool) -> None:
    paper = luminance(on_paper(GROUND, dark=dark))
    for colour in colours(dark):
        light, deep = sorted((luminance(colour), paper), reverse=True)
        assert (light + 0.05) / (deep + 0.05) >= 3, colour


@given(st.lists(st.sampled_from([*(f"d{number}" for number in range(14)), ""])))
def test_every_point_is_of_a_group_and_the_largest_have_colours(domains: list[str]) -> None:
    points = [point(str(number), domain) for number, domain in enumerate(domains)]
    counted = groups(points)
    rows = map_data(points)["points"]
    assert len(counted) <= len(HUES["light"]) + 1
    assert counted == {name: sum(row["group"] == name for row in rows) for name in counted}
    assert sum(counted.values()) == len(points)
    left = {row["sort"] for row in rows if row["group"] == OTHER} - {""}
    coloured = [count for name, count in counted.items() if name != OTHER]
    assert all(domains.count(name) <= min(coloured) for name in left)


def test_the_collection_stands_in_for_a_domain() -> None:
    assert name_of(point("a", "deep-work_flow", "shelf"), "domain") == "deep work flow"
    assert name_of(point("a", "", "shelf"), "domain") == "shelf"
    assert list(groups([point("a")])) == [OTHER]


def test_communities_colour_the_map_where_there_is_one_domain() -> None:
    points = [
        replace(point(slug, "work"), community=name)
        for slug, name in zip("abcd", ["Gate", "Gate", "Bell", ""], strict=True)
    ]
    assert sorts(points) == ("community",)
    assert groups(points, "community") == {"around Gate": 2, "around Bell": 1, OTHER: 1}
    by_slug = {row["slug"]: row for row in map_data(points, sort="community")["points"]}
    assert (by_slug["a"]["group"], by_slug["a"]["sort"]) == ("around Gate", "around Gate")
    assert (by_slug["d"]["group"], by_slug["d"]["sort"]) == (OTHER, "")
    both = [*points, point("e", "play")]
    assert sorts(both) == ("domain", "community")
    assert sorts(both[:1]) == sorts([]) == ()


def test_what_is_found_and_near_is_marked_once_the_nearest_on_top() -> None:
    points = [point(slug, x=place / 10, y=-place / 10) for place, slug in enumerate("abcdef")]
    a, b, c, d, e, _ = points
    drawn = map_data(points, [b, c, d, e], Placement(0.5, -0.5, (a, b), 0.9), ringed=2)
    assert len(drawn["points"]) == 6
    assert [row["slug"] for row in drawn["marked"]] == ["e", "d", "c", "b", "a"]
    assert {row["slug"]: row["number"] for row in drawn["marked"] if row["number"]} == {"a": 1, "b": 2}
    assert {row["slug"] for row in drawn["marked"] if row["ringed"]} == {"a", "b", "c"}
    assert drawn["here"] == [{"x": 0.5, "y": -0.5}]
    assert [(row["to_x"], row["to_y"]) for row in drawn["spokes"]] == [(a.x, a.y), (b.x, b.y)]
    assert drawn["veil"]
    assert not any(rows for name, rows in map_data(points).items() if name != "points")
    # A search that finds nothing dims everything.
    assert map_data(points, [])["veil"]


@pytest.mark.parametrize("points", [[], [point("alone")]])
def test_a_map_of_nothing_or_one_can_be_drawn(points: list[MapPoint]) -> None:
    spec = json.loads(json.dumps(map_chart(points)))
    low, high = spec["layer"][0]["encoding"]["x"]["scale"]["domain"]
    assert low < 0 < high
