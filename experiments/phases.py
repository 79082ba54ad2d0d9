"""Phase maps: who leaves most where, over two parameters, and where that is undecided.

A map begins as a coarse lattice and is refined where it matters: a square on whose edge more than one way leads is cut in four, and the
border is followed into the squares beside it. Away from the border nothing is spent, so that an island within one square of the first
lattice is not seen. Points are shares 0..1 of the two ranges, on the lattice of the finest level: a map goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.analysis import AnalysisError, column_of, values_of
from experiments.compare import paired_difference
from experiments.designs import Factor, Node
from experiments.points import Points
from experiments.results import Results
from model.parameters import Spec

Column = NDArray[np.float64]
ENDS = ("mean", "low", "high")


@dataclass(frozen=True)
class Led:
    """Who leaves most at one point.

    Attributes:
        first, second: ways of leading with the largest and second largest mean.
        lead: first minus second, paired over replicates, with its 95 % interval: mean, low, high.
        chance: share of replicates in which the first has more than the second, half for each that is equal.
        means: mean of every way.
        pairs: each way less each before it, by "later minus earlier": mean, low, high.
    """

    first: str
    second: str
    lead: Mapping[str, float]
    chance: float
    means: Mapping[str, float]
    pairs: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

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
                **{f"{pair} {name}": value for pair, found in one.pairs.items() for name, value in found.items()},
            }
            for share, one in zip(self.at, self.led, strict=True)
        ]  # fmt: skip
        return {"across": self.across.name, "up": self.up.name, "outcome": self.column, "replicates": self.replicates, "points": rows}

    def difference(self, more: str, less: str) -> Column:
        """Mean difference at each point with its 95 % interval, (n, 3): mean, low, high; `more` comes after `less` among the ways."""
        return np.array([[one.pairs[pair_name(more, less)][name] for name in ENDS] for one in self.led])


def pair_name(more: str, less: str) -> str:
    """What a difference is called in tables."""
    return f"{more} minus {less}"


def who_leads(values: Mapping[str, Column]) -> Led:
    """Who leaves most at one point, from the values of each way, (replicates,) each, paired."""
    means = {name: float(column.mean()) for name, column in values.items()}
    first, second = sorted(means, key=lambda name: -means[name])[:2]
    found = paired_difference(values[first], values[second])
    chance = (found["above"] + found["equal"] / 2) / found["n"]
    pairs = {pair_name(more, less): paired_difference(values[more], values[less]) for less, more in combinations(values, 2)}
    return Led(first, second, _ends(found), chance, means, {name: _ends(pair) for name, pair in pairs.items()})


def _ends(found: Mapping[str, float]) -> dict[str, float]:
    return {name: found[name] for name in ENDS}


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


def refine(winners: Mapping[Node, str], step: int) -> list[Node]:
    """Nodes to add: the middles of edges and of squares of width `step` on which more than one way leads.

    Asked again with what was found at the new nodes it follows the border: where the middle of an edge is led by another way than its
    two ends, the square on the other side of that edge is cut too.

    Args:
        winners: who leads at each node known, on the finest lattice.
        step: width of the squares to look at, an even number of steps of that lattice.

    Returns:
        New nodes, in order; none once the border has been followed to its ends.
    """
    half, found = step // 2, set()
    for x, y in winners:
        if x % step or y % step:
            continue
        square = [(x + dx, y + dy) for dx in (0, half, step) for dy in (0, half, step)]
        corners = [node for node in square if not (node[0] % step or node[1] % step)]
        if all(corner in winners for corner in corners) and len({winners[node] for node in square if node in winners}) > 1:
            found.update(square)
    return sorted(found - set(winners), key=lambda node: (node[1], node[0]))


# --- where it tips ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Flip:
    """Where a difference between two ways crosses zero along one parameter, the other at its default or nearest to it.

    Attributes:
        value: where the mean crosses, in the unit of the parameter; None: nowhere in the range.
        below, above: who leaves more below and above.
        clear: at how many points below and above the interval leaves out zero on that side, of how many.
        ends: the last clear point below and the first above, between which it tips; None where there is none on that side.
    """

    parameter: str
    value: float | None
    below: str
    above: str
    clear: tuple[int, int] = (0, 0)
    points: tuple[int, int] = (0, 0)
    ends: tuple[float | None, float | None] = (None, None)

    @property
    def decided(self) -> bool:
        """Whether chance is left out: on both sides where it tips, else at one point or more."""
        return all(self.clear) if self.value is not None else bool(self.clear[0])


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
    means, low, high = differences.T
    names = (more, less) if means[0] > 0 else (less, more)
    crossing = np.flatnonzero((means[1:] > 0) != (means[:-1] > 0))
    at = int(crossing[0]) if len(crossing) else len(means) - 1
    clear = [low > 0 if name == more else high < 0 for name in names]
    below, above = np.flatnonzero(clear[0][: at + 1]), at + 1 + np.flatnonzero(clear[1][at + 1 :])
    facts: dict[str, Any] = {"clear": (len(below), len(above)), "points": (at + 1, len(means) - at - 1)}
    if not len(crossing):
        return Flip(spec.name, None, *names, **facts)
    ends = (spec.at(float(shares[below[-1]])) if len(below) else None, spec.at(float(shares[above[0]])) if len(above) else None)
    part = means[at] / (means[at] - means[at + 1])
    return Flip(spec.name, spec.at(float(shares[at] + part * (shares[at + 1] - shares[at]))), *names, ends=ends, **facts)
