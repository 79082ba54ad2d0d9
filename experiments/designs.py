"""Designs: which points of parameter space are run. Ranges come from the metadata of parameters, made narrower where one asks.

Every design is sampled on shares 0..1 of each range and turned into values by `Spec.at`, so that logarithmic and whole parameters are
treated alike everywhere. All of them can have more replicates later, since points and replicates are independent. More points:

| design | how it grows |
|---|---|
| grid, one at a time | finer levels or more parameters: old points keep their numbers, new ones follow |
| Latin hypercube | to a whole multiple of its points (8 → 16, 24, ...): new points fill the strata that are still empty |
| Sobol' (Saltelli) | to a larger power of two: the sequence goes on where it was |
| Morris | more trajectories: each is drawn by its own seed |
| phase | more rounds: squares at the border are cut in four (see `mapping`) |
| table | more rows |
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from experiments.points import Points, PointsError, read_points
from model.parameters import SPECS, Spec, contested

Column = NDArray[np.float64]
Node = tuple[int, int]
Kind = Literal["grid", "one_at_a_time", "latin_hypercube", "sobol", "morris", "phase", "table"]
KINDS: tuple[Kind, ...] = ("grid", "one_at_a_time", "latin_hypercube", "sobol", "morris", "phase", "table")
MOST_POINTS = 10_000_000
MOST_ROUNDS = 8
MORRIS_LEVELS = 4
"""Levels of a Morris design: the usual four (Morris 1991; Saltelli et al. 2008, ch. 3)."""


@dataclass(frozen=True)
class Factor:
    """A parameter that a design varies, and between which values.

    Attributes:
        low, high: where to look; None: the sweep range of the parameter.
    """

    name: str
    low: float | None = None
    high: float | None = None

    def spec(self) -> Spec:
        """The parameter with this factor's range.

        Raises:
            PointsError: for an unknown name, and a range outside the bounds of the parameter or without width.
        """
        from experiments.fields import nearest

        if self.name not in SPECS:
            raise PointsError([f"{self.name}: no such parameter (nearest: {nearest(self.name, SPECS)!r})"])
        whole = SPECS[self.name]
        low, high = (usual if own is None else own for own, usual in zip((self.low, self.high), whole.sweep, strict=True))
        if problems := [rule for end in (low, high) if (rule := whole.check(end))]:
            raise PointsError(problems)
        if not low < high:
            raise PointsError([f"{self.name}: from = {low:g} must be below to = {high:g}"])
        return whole.between(low, high)


Factors = Sequence[Factor | str]


def all_contested() -> list[Factor]:
    """Every parameter whose value nobody knows, over its sweep range."""
    return [Factor(spec.name) for spec in contested()]


def grid(factors: Factors, levels: int | Sequence[int] = 5) -> Points:
    """Every combination of evenly spaced levels; the last factor changes fastest.

    Args:
        levels: of each factor (2 or more), or one number for all; a whole parameter gets no more levels than it has values.
    """
    specs = _specs(factors)
    counts = [levels] * len(specs) if isinstance(levels, int) else list(levels)
    if len(counts) != len(specs) or min(counts) < 2:
        raise PointsError([f"levels = {levels}: must be 2 or more, one number or one for each of {len(specs)} parameters"])
    columns = [_levels(spec, count) for spec, count in zip(specs, counts, strict=True)]
    _check_size(int(np.prod([len(column) for column in columns], dtype=np.float64)))
    shares = np.array(list(itertools.product(*columns)))
    return _points(specs, shares, {"kind": "grid", "levels": counts})


def one_at_a_time(factors: Factors, levels: int = 5, around: Mapping[str, float] | None = None) -> Points:
    """A first point at the defaults, then each factor alone over its levels while the others stay there.

    Args:
        around: values to stay at, other than the defaults.
    """
    specs = _specs(factors)
    middle = np.array([(around or {}).get(spec.name, spec.default) for spec in specs], np.float64)
    rows = [middle]
    for at, spec in enumerate(specs):
        for share in _levels(spec, levels):
            row = middle.copy()
            row[at] = spec.at(float(share))
            rows.append(row)
    recipe = _recipe(specs, {"kind": "one_at_a_time", "levels": levels, "around": dict(around or {})})
    return Points(tuple(spec.name for spec in specs), np.array(rows), None, recipe)


def latin_hypercube(factors: Factors, points: int, seed: int = 1, *, first: int | None = None) -> Points:
    """Points of which each factor has one in every stratum of width 1 / points.

    Args:
        first: points of the design that this one grew from, of which `points` is a multiple: its first rows are that design.
    """
    specs = _specs(factors)
    start = points if first is None else first
    if start < 1 or points % start:
        raise PointsError([f"points = {points}: a Latin hypercube of {start} points grows to a multiple of {start}"])
    _check_size(points)
    shares = np.empty((0, len(specs)))
    for size in dict.fromkeys((start, points)):
        shares = _fill_strata(shares, size, len(specs), np.random.default_rng([seed, size]))
    return _points(specs, shares, {"kind": "latin_hypercube", "points": points, "seed": seed, "first": start})


def sobol(factors: Factors, points: int, seed: int = 1, *, second_order: bool = False) -> Points:
    """Saltelli's design for Sobol' indices, scrambled: `points` (a power of two) times factors + 2 rows, or 2 factors + 2.

    The rows are in the order that SALib's `analyze.sobol` reads.
    """
    from SALib.sample import sobol as salib

    specs = _specs(factors)
    if points < 2 or points & (points - 1):
        raise PointsError([f"points = {points}: must be a power of two (64, 128, 256, ...), which the Sobol' sequence needs"])
    _check_size(points * (2 * len(specs) + 2))
    shares = salib.sample(_problem(specs), points, calc_second_order=second_order, scramble=True, seed=seed)
    return _points(specs, shares, {"kind": "sobol", "points": points, "seed": seed, "second_order": second_order})


def morris(factors: Factors, trajectories: int, seed: int = 1) -> Points:
    """Morris trajectories: `trajectories` times factors + 1 rows, in the order that SALib's `analyze.morris` reads."""
    from SALib.sample import morris as salib

    specs = _specs(factors)
    if trajectories < 2:
        raise PointsError([f"trajectories = {trajectories}: must be 2 or more"])
    _check_size(trajectories * (len(specs) + 1))
    seeds = [int(np.random.SeedSequence([seed, number]).generate_state(1)[0]) for number in range(trajectories)]
    parts = [salib.sample(_problem(specs), 1, num_levels=MORRIS_LEVELS, seed=own) for own in seeds]
    recipe = {"kind": "morris", "trajectories": trajectories, "levels": MORRIS_LEVELS, "seed": seed}
    return _points(specs, np.concatenate(parts), recipe)


def phase(factors: Factors, side: int = 5, rounds: int = 1, outcome: str = "lasting_after") -> Points:
    """The first lattice of a phase map, with `side` nodes a side; `mapping.map_out` adds nodes where it tips.

    Args:
        factors: two; rounds: how often squares at the border are cut in four; outcome: what is compared, a measure and a date.
    """
    specs = _specs(factors)
    if len(specs) != 2 or specs[0].name == specs[1].name:
        raise PointsError([f"a phase map has two parameters, not {', '.join(spec.name for spec in specs)}"])
    if side < 2 or not 0 <= rounds <= MOST_ROUNDS:
        raise PointsError([f"side = {side}, rounds = {rounds}: must be 2 or more nodes a side, and 0 to {MOST_ROUNDS} rounds"])
    _check_size(side**2 * 4**rounds)
    nodes = [(x << rounds, y << rounds) for x, y in first_lattice(side)]
    return lattice(specs, nodes, {"kind": "phase", "side": side, "rounds": rounds, "outcome": outcome})


def first_lattice(side: int) -> list[Node]:
    """Nodes of a coarse square lattice with `side` nodes a side, numbered by the steps of that lattice."""
    return [(x, y) for y in range(side) for x in range(side)]


def lattice(specs: Sequence[Spec], nodes: Sequence[Node], recipe: Mapping[str, Any]) -> Points:
    """Nodes of the finest lattice of a phase map as points."""
    return _points(specs, np.array(nodes, np.float64) / finest(recipe), recipe)


def finest(recipe: Mapping[str, Any]) -> int:
    """Steps a side of the finest lattice of a phase map."""
    return int((recipe["side"] - 1) << recipe["rounds"])


def from_table(path: Path | str) -> Points:
    """A table of one's own, .csv or .parquet: a column a parameter, a row a point.

    Raises:
        PointsError: naming file, row, column, value and rule.
    """
    return read_points(path)


def _specs(factors: Iterable[Factor | str]) -> list[Spec]:
    specs, problems = [], []
    for factor in factors:
        try:
            specs.append((Factor(factor) if isinstance(factor, str) else factor).spec())
        except PointsError as error:
            problems.append(str(error))
    if not specs and not problems:
        problems.append("a design needs at least one parameter")
    if problems:
        raise PointsError(problems)
    return specs


def _levels(spec: Spec, count: int) -> Column:
    """Shares of evenly spaced levels; of a whole parameter those that give different values."""
    shares = np.linspace(0.0, 1.0, count)
    if not spec.whole:
        return shares
    _, first = np.unique([spec.at(float(share)) for share in shares], return_index=True)
    return shares[np.sort(first)]


def _fill_strata(shares: Column, size: int, factors: int, rng: np.random.Generator) -> Column:
    """Shares (size, factors) whose first rows are `shares`: one in every stratum of width 1 / size, of each factor."""
    more = size - len(shares)
    fresh = np.empty((more, factors))
    for at in range(factors):
        taken = np.minimum((shares[:, at] * size).astype(np.int64), size - 1)
        free = np.setdiff1d(np.arange(size), taken)
        fresh[:, at] = (rng.permutation(free) + rng.random(more)) / size
    return np.concatenate([shares, fresh])


def _problem(specs: Sequence[Spec]) -> dict[str, Any]:
    return {"num_vars": len(specs), "names": [spec.name for spec in specs], "bounds": [[0.0, 1.0]] * len(specs)}


def _points(specs: Sequence[Spec], shares: Column, recipe: Mapping[str, Any]) -> Points:
    values = np.array([[spec.at(float(share)) for spec, share in zip(specs, row, strict=True)] for row in shares])
    return Points(tuple(spec.name for spec in specs), values, np.ascontiguousarray(shares), _recipe(specs, recipe))


def _recipe(specs: Sequence[Spec], recipe: Mapping[str, Any]) -> dict[str, Any]:
    return {**recipe, "ranges": {spec.name: [*spec.sweep] for spec in specs}}


def _check_size(points: int) -> None:
    if points > MOST_POINTS:
        raise PointsError([f"{points:,} points: must be at most {MOST_POINTS:,}"])
