"""Where a difference tips over: worlds in a grid of the two unknowns that go most with it, and how sure more runs would make it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.compare import Column
from model.load import GROUPS
from model.parameters import SPECS

FIRST_MAP = ("crowding", "team_hours")
"""The two unknowns that are mapped where the worlds do not point at others (model.md, section 7)."""
NORMAL_95, NORMAL_80 = 1.96, 1.2816
_WORLDS_A_CELL, _MOST_CELLS, _MOST_LEVELS = 8, (6, 5), 12


# --- a small phase map ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TippingMap:
    """Worlds by two unknowns.

    Attributes:
        across, up: names of the parameters.
        edges_across, edges_up: borders of the cells, in the unit of the parameter, (columns + 1,) and (rows + 1,).
        worlds: how many worlds lie in each cell, (rows, columns), the first row lowest.
        above: in how many of them the first way of leading has more (half for each that is equal), (rows, columns).
        place: where the defaults lie.
    """

    more: str
    less: str
    across: str
    up: str
    edges_across: Column
    edges_up: Column
    worlds: NDArray[np.int64]
    above: Column
    place: tuple[float, float]

    @property
    def share(self) -> Column:
        """Share of worlds with more, (rows, columns); nan without worlds."""
        with np.errstate(invalid="ignore"):
            return self.above / np.where(self.worlds, self.worlds, np.nan)

    @property
    def decided(self) -> NDArray[np.bool_]:
        """Cells whose worlds point one way: the 80 % interval of their share leaves out one half, (rows, columns)."""
        low, high = share_interval(self.above, self.worlds, NORMAL_80)
        decided: NDArray[np.bool_] = (self.worlds > 0) & ((low > 0.5) | (high < 0.5))
        return decided


def map_tipping(
    pair: tuple[str, str], deciders: Sequence[Mapping[str, Any]], worlds: Mapping[str, Mapping[str, Column]], defaults: Mapping[str, float]
) -> TippingMap | None:
    """Worlds of a pair by the two parameters that decide most; None where there are too few worlds, or no two parameters vary.

    Args:
        pair: which difference, (more, less).
        deciders: entries of a summary, the strongest first.
        worlds: way of leading → column of the uncertain worlds.
        defaults: parameters at their defaults.
    """
    runs = worlds[pair[0]]
    if "lasting_after" not in runs or len(runs["lasting_after"]) < 2 * _WORLDS_A_CELL:
        return None
    named = [one["parameter"] for one in deciders if (one["more"], one["less"]) == pair]
    names = [name for name in dict.fromkeys((*named, *FIRST_MAP)) if f"p_{name}" in runs and np.ptp(runs[f"p_{name}"]) > 0]
    if len(names) < 2:
        return None
    up, across = names[:2]
    columns, rows = _cells(len(runs["lasting_after"]))
    return _count(pair, (across, up), (_edges(across, columns), _edges(up, rows)), worlds, defaults)


def grid_of_levels(
    pair: tuple[str, str], names: tuple[str, str], worlds: Mapping[str, Mapping[str, Column]], defaults: Mapping[str, float]
) -> TippingMap:
    """Worlds of a pair by two parameters of a design, (across, up): a cell a level, or equal cells where there are many levels."""
    columns, rows = _cells(len(worlds[pair[0]]["lasting_after"]))
    edges = [_edges_between(name, worlds[pair[0]][f"p_{name}"], cells) for name, cells in zip(names, (columns, rows), strict=True)]
    return _count(pair, names, (edges[0], edges[1]), worlds, defaults)


def _edges_between(name: str, values: Column, cells: int) -> Column:
    """Borders halfway between levels, with as much room outside the first and last."""
    levels = np.unique(values)
    if not 2 <= len(levels) <= _MOST_LEVELS:
        return np.linspace(levels[0], levels[-1], cells + 1) if len(levels) > 1 else _edges(name, cells)
    log = SPECS[name].log and levels[0] > 0
    at = np.log(levels) if log else levels
    middle = (at[:-1] + at[1:]) / 2
    edges = np.concatenate([[2 * at[0] - middle[0]], middle, [2 * at[-1] - middle[-1]]])
    return np.asarray(np.exp(edges) if log else edges)


def _count(
    pair: tuple[str, str], names: tuple[str, str], edges: tuple[Column, Column], worlds: Mapping[str, Mapping[str, Column]],
    defaults: Mapping[str, float],
) -> TippingMap:  # fmt: skip
    more, less = pair
    x, y = (_cell_of(worlds[more][f"p_{name}"], own) for name, own in zip(names, edges, strict=True))
    difference = worlds[more]["lasting_after"] - worlds[less]["lasting_after"]
    shape = (len(edges[1]) - 1, len(edges[0]) - 1)
    count, above = np.zeros(shape, np.int64), np.zeros(shape)
    np.add.at(count, (y, x), 1)
    np.add.at(above, (y, x), np.where(difference == 0, 0.5, difference > 0))
    return TippingMap(more, less, names[0], names[1], edges[0], edges[1], count, above, (defaults[names[0]], defaults[names[1]]))


def _cells(worlds: int) -> tuple[int, int]:
    """Columns and rows that leave about `_WORLDS_A_CELL` worlds in a cell."""
    side = math.sqrt(worlds / _WORLDS_A_CELL)
    return max(2, min(_MOST_CELLS[0], round(side * 1.1))), max(2, min(_MOST_CELLS[1], round(side * 0.9)))


def _edges(name: str, cells: int) -> Column:
    """Borders of equal cells over the sweep range, on a log scale where the parameter has one."""
    low, high = SPECS[name].sweep
    return np.geomspace(low, high, cells + 1) if SPECS[name].log else np.linspace(low, high, cells + 1)


def _cell_of(values: Column, edges: Column) -> NDArray[np.int64]:
    return np.clip(np.searchsorted(edges, values, side="right") - 1, 0, len(edges) - 2)


def share_interval(above: Any, n: Any, z: float) -> tuple[Any, Any]:
    """Interval of a share counted over `n` worlds (Wilson 1927); the whole of 0..1 where n is 0."""
    n = np.maximum(n, 1e-9)
    p = above / n
    middle, reach = (p + z * z / (2 * n)) / (1 + z * z / n), z * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return np.clip(middle - reach, 0, 1), np.clip(middle + reach, 0, 1)


# --- how many more runs -----------------------------------------------------------------------------------------------


def pairs_to_settle(difference: Mapping[str, float | None]) -> float:
    """Pairs after which a difference of this size would leave out zero, if it stays as it is; infinite for a difference of zero.

    From the width of its 95 % interval, which narrows with the square root of the number of pairs.
    """
    mean, low, high = difference["mean"], difference["low"], difference["high"]
    if mean is None or low is None or high is None or mean == 0 or not math.isfinite(high - low):
        return math.inf
    return float(difference["n"] or 0) * ((high - low) / 2 / abs(mean)) ** 2


def worlds_to_settle(above: float, n: int) -> float:
    """Worlds after which a majority of this size would leave out half and half; infinite at exactly one half."""
    share = above / n
    return math.inf if share == 0.5 else (NORMAL_95 * 0.5 / abs(share - 0.5)) ** 2


# --- who carries it ---------------------------------------------------------------------------------------------------


def carried_by_group(columns: Mapping[str, Mapping[str, Column]], quantity: str, date: str) -> dict[str, dict[str, float]]:
    """A quantity of `model.load` by group and way of leading, mean over replicates; groups that the region lacks are left out."""
    prefix, suffix = f"{quantity}_", f"_{date}"
    return {
        group: {policy: float(runs[f"{prefix}{group}{suffix}"].mean()) for policy, runs in columns.items()}
        for group in GROUPS
        if all(f"{prefix}{group}{suffix}" in runs for runs in columns.values())
    }
