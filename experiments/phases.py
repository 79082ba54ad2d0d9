"""Phase maps: who leaves most where, over two parameters, and where that is undecided.

A map begins as a coarse lattice and is refined where it matters: a square whose corners are not all led by the same way is cut in
four, again and again. Away from the border nothing is spent. Points are shares 0..1 of the two ranges, on the lattice of the finest
level, so that a map goes on where it stopped and a finer one uses all runs of the coarser.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.analysis import AnalysisError, column_of, values_of
from experiments.compare import paired_difference
from experiments.designs import Factor
from experiments.points import Points
from experiments.results import Results
from model.parameters import Spec

Column = NDArray[np.float64]
Node = tuple[int, int]


@dataclass(frozen=True)
class Led:
    """Who leaves most at one point.

    Attributes:
        first, second: ways of leading with the largest and second largest mean.
        lead: first minus second, paired over replicates, with its 95 % interval: mean, low, high.
        chance: share of replicates in which the first has more than the second, half for each that is equal.
        means: mean of every way.
    """

    first: str
    second: str
    lead: Mapping[str, float]
    chance: float
    means: Mapping[str, float]

    @property
    def decided(self) -> bool:
        """Whether the interval of the lead leaves out zero."""
        return self.lead["low"] > 0


@dataclass(frozen=True, eq=False)
class PhaseMap:
    """What is known of a map.

    Attributes:
        across, up: the two parameters with the ranges looked at.
        column: what is compared, such as `lasting_after`.
        policies: ways of leading, in the order asked.
        at: shares (across, up) of each point, (n, 2).
        led: who leaves most there, (n,).
        replicates: pairs at each point.
    """

    across: Spec
    up: Spec
    column: str
    policies: tuple[str, ...]
    at: Column
    led: tuple[Led, ...]
    replicates: int

    def nearest_point(self, share: tuple[float, float]) -> int:
        """The point that stands for a place: the nearest, the first of equals."""
        return int(np.argmin(((self.at - share) ** 2).sum(axis=1)))

    def plain(self) -> dict[str, Any]:
        """The map as plain types, one row a point."""
        rows = [
            {
                self.across.name: self.across.at(float(share[0])), self.up.name: self.up.at(float(share[1])), "first": one.first,
                "second": one.second, **{f"lead_{name}": value for name, value in one.lead.items()}, "chance": one.chance,
                "decided": one.decided, **{f"mean_{name}": value for name, value in one.means.items()},
            }
            for share, one in zip(self.at, self.led, strict=True)
        ]  # fmt: skip
        return {"across": self.across.name, "up": self.up.name, "outcome": self.column, "replicates": self.replicates, "points": rows}

    def difference(self, more: str, less: str) -> Column:
        """Mean difference at each point, (n,)."""
        return np.array([one.means[more] - one.means[less] for one in self.led])


def who_leads(values: Mapping[str, Column]) -> Led:
    """Who leaves most at one point, from the values of each way, (replicates,) each, paired."""
    means = {name: float(column.mean()) for name, column in values.items()}
    first, second = sorted(means, key=lambda name: -means[name])[:2]
    found = paired_difference(values[first], values[second])
    chance = (found["above"] + found["equal"] / 2) / found["n"]
    return Led(first, second, {name: found[name] for name in ("mean", "low", "high")}, chance, means)


def read_map(results: Results, names: tuple[str, str], column: str = "lasting_after", policies: Sequence[str] | None = None) -> PhaseMap:
    """The map over the two parameters of a sweep.

    Raises:
        AnalysisError: where the sweep does not vary just these two, or lacks runs.
    """
    if set(results.points.names) != set(names) or names[0] == names[1]:
        raise AnalysisError(
            f"--phase {' '.join(names)}: a map needs a sweep of these two; this one varies {', '.join(results.points.names)}"
        )
    column_of(results, column)
    ways = tuple(policies or results.asked["policies"])
    if len(ways) < 2:
        raise AnalysisError(f"only {', '.join(ways)} was run: a map needs two ways of leading")
    values = {name: values_of(results, name, column) for name in ways}
    specs = [Factor(name, *_range(results.points, name)).spec() for name in names]
    at = np.column_stack([shares_of(spec, results.points.values[:, results.points.names.index(spec.name)]) for spec in specs])
    led = tuple(who_leads({name: one[point] for name, one in values.items()}) for point in range(len(at)))
    return PhaseMap(specs[0], specs[1], column, ways, at, led, int(results.asked["replicates"]))


def _range(points: Points, name: str) -> tuple[float | None, float | None]:
    """The range a parameter was looked at in: that of the recipe, else of the values."""
    told: Any = points.recipe.get("ranges", {})
    if name in told:
        return float(told[name][0]), float(told[name][1])
    values = points.values[:, points.names.index(name)]
    return float(values.min()), float(values.max())


def shares_of(spec: Spec, values: Column) -> Column:
    """Where values lie in the range of a parameter, 0..1, on a log scale where the parameter has one."""
    low, high = spec.sweep
    if spec.log:
        return np.asarray(np.log(values / low) / np.log(high / low))
    return np.asarray((values - low) / (high - low))


# --- where to look next -----------------------------------------------------------------------------------------------


def first_lattice(side: int) -> list[Node]:
    """Nodes of a coarse square lattice with `side` nodes a side, numbered by the steps of that lattice."""
    return [(x, y) for y in range(side) for x in range(side)]


def refine(winners: Mapping[Node, str], step: int) -> list[Node]:
    """Nodes to add: the middles of edges and of squares of width `step` whose corners are not all led by the same way.

    Args:
        winners: who leads at each node known, on the finest lattice.
        step: width of the squares to look at, an even number of steps of that lattice.

    Returns:
        New nodes, in order.
    """
    half, found = step // 2, set()
    for x, y in winners:
        corners = [(x, y), (x + step, y), (x, y + step), (x + step, y + step)]
        if all(corner in winners for corner in corners) and len({winners[corner] for corner in corners}) > 1:
            found |= {(x + dx, y + dy) for dx in (0, half, step) for dy in (0, half, step)}
    return sorted(found - set(winners), key=lambda node: (node[1], node[0]))


def lattice_points(factors: tuple[Factor, Factor], nodes: Sequence[Node], side: int) -> Points:
    """Nodes of a lattice with `side` nodes a side as points of a design."""
    specs = [factor.spec() for factor in factors]
    shares = np.array(nodes, np.float64) / (side - 1)
    values = np.array([[spec.at(float(share)) for spec, share in zip(specs, row, strict=True)] for row in shares])
    recipe = {"kind": "table", "ranges": {spec.name: [*spec.sweep] for spec in specs}}
    return Points((specs[0].name, specs[1].name), values, shares, recipe)


# --- where it tips ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Flip:
    """Where a difference between two ways crosses zero along one parameter, the other at its default or nearest to it.

    Attributes:
        value: where, in the unit of the parameter; None: nowhere in the range.
        below: who leaves more below (or everywhere).
    """

    parameter: str
    value: float | None
    below: str
    above: str


def flips(found: PhaseMap, more: str, less: str) -> list[Flip]:
    """Where it tips along each parameter, by a straight line between the two points around the first crossing."""
    differences = found.difference(more, less)
    told = []
    for axis, spec, other in ((0, found.across, found.up), (1, found.up, found.across)):
        home = float(np.clip(shares_of(other, np.array([other.default]))[0], 0, 1))
        lines = np.unique(found.at[:, 1 - axis])
        line = lines[np.argmin(np.abs(lines - home))]
        row = np.flatnonzero(found.at[:, 1 - axis] == line)
        row = row[np.argsort(found.at[row, axis])]
        told.append(_first_crossing(spec, found.at[row, axis], differences[row], more, less))
    return told


def _first_crossing(spec: Spec, shares: Column, differences: Column, more: str, less: str) -> Flip:
    positive = differences > 0
    names = (more, less) if positive[0] else (less, more)
    crossing = np.flatnonzero(positive[1:] != positive[:-1])
    if not len(crossing):
        return Flip(spec.name, None, *names)
    at = int(crossing[0])
    part = differences[at] / (differences[at] - differences[at + 1])
    return Flip(spec.name, spec.at(float(shares[at] + part * (shares[at + 1] - shares[at]))), *names)
