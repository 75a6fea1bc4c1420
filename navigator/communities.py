"""Communities: patterns that their authors link with each other more than with the rest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from navigator.pattern import Pattern

FEWEST = 3
"""Patterns of a community: two that name each other are a pair."""

_UNWEIGHED = 0.5
"""Weight of a link that none was given for."""


def communities(patterns: Iterable[Pattern]) -> dict[str, str]:
    """Return for each pattern of a community the one in its middle, which is linked within it the most.

    The communities are those of Louvain (Blondel et al. 2008) over the curated relationships, in either
    direction and whatever their kind, by weight. The same relationships always give the same ones. Who is
    linked to nobody, or with too few, is in none.

    Returns
    -------
    dict
        The slug of the middle, by slug.
    """
    import networkx as nx

    weights = _weights(patterns)
    slugs = sorted({slug for pair in weights for slug in pair})
    # By number: sets of words have another order in each process, and Louvain follows it.
    number = {slug: place for place, slug in enumerate(slugs)}
    graph = nx.Graph()
    graph.add_nodes_from(range(len(slugs)))
    graph.add_weighted_edges_from(
        (number[one], number[other], weight) for (one, other), weight in sorted(weights.items())
    )
    found: dict[str, str] = {}
    for members in nx.community.louvain_communities(graph, seed=0) if weights else ():
        if len(members) < FEWEST:
            continue
        degrees = graph.subgraph(members).degree(weight="weight")
        middle = min(members, key=lambda each: (-round(degrees[each], 6), each))
        found |= {slugs[each]: slugs[middle] for each in sorted(members)}
    return found


def _weights(patterns: Iterable[Pattern]) -> dict[tuple[str, str], float]:
    """Return how strongly each two patterns are linked, over 0."""
    patterns = list(patterns)
    known = {pattern.slug for pattern in patterns}
    weights: defaultdict[tuple[str, str], float] = defaultdict(float)
    for pattern in patterns:
        for links in pattern.relationships.values():
            for link in links:
                if link.slug in known and link.slug != pattern.slug:
                    one, other = sorted((pattern.slug, link.slug))
                    weights[one, other] += _UNWEIGHED if link.weight is None else max(0.0, link.weight)
    return {pair: weight for pair, weight in weights.items() if weight}
