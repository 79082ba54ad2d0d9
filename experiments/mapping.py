"""Phase maps as they are run: the first lattice, then squares at the border cut in four, round by round, along the whole border."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from experiments.designs import Factor, Node, finest, lattice
from experiments.phases import PhaseMap, read_map, refine
from experiments.points import Points
from experiments.results import Results
from experiments.sweep import Sweep, sweep

Run = Callable[..., Results]


def is_map(asked: Sweep) -> bool:
    """Whether the design of a sweep is that of a phase map."""
    return asked.points.recipe.get("kind") == "phase"


def map_out(asked: Sweep, out: Path | str, run: Run = sweep, **options: Any) -> Results:
    """Run a phase map (`designs.phase`): what is there already is not run again.

    Args:
        run: makes the runs of a sweep in a folder; options: handed to it.

    Raises:
        What `sweep` and `phases.read_map` raise.
    """
    results = run(asked, out, **options)
    deepest = max(int(points.recipe["rounds"]) for points in (asked.points, results.points))  # a folder may hold a finer map already
    recipe = dict(asked.points.recipe) | {"rounds": deepest}
    for again in range(int(asked.points.recipe["rounds"])):
        while fresh := refine(_winners(results, recipe), 1 << (deepest - again)):
            results = run(replace(asked, points=_with(results.points, recipe, fresh)), out, **options)
    return results


def mapped(results: Results) -> PhaseMap:
    """The map that the runs of a phase map show."""
    first, second = results.points.names
    return read_map(results, (first, second), str(results.points.recipe["outcome"]))


def _winners(results: Results, recipe: Mapping[str, Any]) -> dict[Node, str]:
    """Who leads at each node that was run."""
    return {node: one.first for node, one in zip(_nodes_of(results.points, recipe), mapped(results).led, strict=True)}


def _nodes_of(points: Points, recipe: Mapping[str, Any]) -> list[Node]:
    """Points as nodes of the finest lattice."""
    steps = np.rint(np.asarray(points.shares) * finest(recipe)).astype(int)
    return [(int(x), int(y)) for x, y in steps]


def _with(points: Points, recipe: Mapping[str, Any], fresh: list[Node]) -> Points:
    specs = [Factor(name, *recipe["ranges"][name]).spec() for name in points.names]
    return lattice(specs, [*_nodes_of(points, recipe), *fresh], {name: recipe[name] for name in ("kind", "side", "rounds", "outcome")})
