"""What decides: Morris' elementary effects and Sobol' indices of an outcome, or of a paired difference between ways of leading.

Sobol' indices are SALib's. Intervals (95 %) come from the bootstrap over blocks of the design: trajectories of a Morris design, base rows
Saltelli's. Replicates are the same worlds at every point (common random numbers), so the mean over them is one function of the parameters
and chance is no noise on it; that there are few of them is told by `within`: the share of the variance over points that chance alone gives
a mean over so many replicates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from experiments.analysis import AnalysisError, Asked
from experiments.points import Points

Column = NDArray[np.float64]
Method = Literal["morris", "sobol"]
FEWEST_BLOCKS: dict[Method, int] = {"morris": 8, "sobol": 32}
"""Blocks below which nothing is called resolved: intervals from fewer are too narrow, and what does nothing would seem to decide."""
RESAMPLES = 1_000
CONFIDENCE = 0.95


@dataclass(frozen=True, eq=False)
class Ranking:
    """Parameters by how much they decide, the strongest first.

    Attributes:
        names: parameters, (k,).
        total: mean absolute elementary effect (Morris), or total index (Sobol'), with `total_low` and `total_high`.
        first: mean elementary effect with its sign (Morris), or first index (Sobol').
        spread: standard deviation of elementary effects; zeros for Sobol'.
        within: share of the variance over points that chance gives the mean over replicates.
        mean: mean over all points.
        points: rows of the design.
        blocks: what the bootstrap draws from: trajectories (Morris), or base rows (Sobol').
    """

    method: Method
    names: tuple[str, ...]
    total: Column
    total_low: Column
    total_high: Column
    first: Column
    spread: Column
    within: float
    mean: float
    points: int
    blocks: int

    def resolved(self) -> NDArray[np.bool_]:
        """Parameters whose interval leaves out zero (Sobol'), or a tenth of the strongest effect (Morris: sizes are never below 0).

        None where there are too few blocks for a bootstrap to say how sure it is.
        """
        if self.blocks < FEWEST_BLOCKS[self.method]:
            return np.zeros(len(self.names), np.bool_)
        floor = 0.0 if self.method == "sobol" else 0.1 * float(self.total.max(initial=0.0))
        return np.asarray(self.total_low > floor)

    def plain(self) -> dict[str, Any]:
        """The ranking as plain types, one row a parameter."""
        rows = zip(self.names, self.total, self.total_low, self.total_high, self.first, self.spread, self.resolved(), strict=True)
        labels = ("parameter", "total", "low", "high", "first", "spread", "resolved")
        return {
            "method": self.method, "points": self.points, "blocks": self.blocks, "mean": self.mean, "within": self.within,
            "parameters": [dict(zip(labels, (name, *map(float, numbers), bool(fine)), strict=True)) for name, *numbers, fine in rows],
        }  # fmt: skip


def rank(points: Points, asked: Asked, method: Method, seed: int = 1) -> Ranking:
    """Rank the parameters of a design by what they do to `asked`.

    Raises:
        AnalysisError: where the design is of another kind, or nothing differs between its points.
    """
    kind = points.recipe.get("kind")
    if kind != method:
        raise AnalysisError(f"this sweep has a {kind} design: --{method} needs one with [design] kind = {method!r}")
    if points.shares is None or asked.values.shape[0] != len(points):
        raise AnalysisError("the design lacks its shares, or runs of some of its points")
    if np.ptp(asked.means) == 0:
        raise AnalysisError(f"{asked.outcome}: the same at every point of the design, so nothing decides")
    found = (_morris if method == "morris" else _sobol)(points, asked.means, seed)
    order = np.argsort(-found[0], kind="stable")
    total, low, high, first, spread = (np.asarray(column)[order] for column in found)
    names = tuple(points.names[at] for at in order)
    blocks = len(points) // (len(points.names) + 1 if method == "morris" else _rows_a_block(points))
    chance = share_of_chance(asked.values)
    return Ranking(method, names, total, low, high, first, spread, chance, float(asked.means.mean()), len(points), blocks)


def _rows_a_block(points: Points) -> int:
    k = len(points.names)
    return 2 * k + 2 if points.recipe.get("second_order", False) else k + 2


def share_of_chance(values: Column) -> float:
    """Share of the variance over points that chance gives a mean over so many replicates; nan where there is one.

    What all points have in common in a replicate (common random numbers) is no difference between points, and is left out.
    """
    points, replicates = values.shape
    if replicates < 2 or points < 2:
        return float("nan")
    rest = values - values.mean(axis=1, keepdims=True) - values.mean(axis=0, keepdims=True) + values.mean()
    chance = float((rest**2).sum() / (points - 1) / (replicates - 1)) / replicates
    return float(min(1.0, chance / float(values.mean(axis=1).var(ddof=1))))


def _problem(points: Points) -> dict[str, Any]:
    return {"num_vars": len(points.names), "names": list(points.names), "bounds": [[0.0, 1.0]] * len(points.names)}


def _sobol(points: Points, values: Column, seed: int) -> tuple[Column, ...]:
    from SALib.analyze import sobol

    second = bool(points.recipe.get("second_order", False))
    found = sobol.analyze(
        _problem(points), values, calc_second_order=second, num_resamples=RESAMPLES, conf_level=CONFIDENCE, seed=seed
    )  # fmt: skip
    total, reach = np.asarray(found["ST"]), np.asarray(found["ST_conf"])
    return total, total - reach, total + reach, np.asarray(found["S1"]), np.zeros_like(total)


def _morris(points: Points, values: Column, seed: int) -> tuple[Column, ...]:
    """Elementary effects (Morris 1991), with an interval of their mean size from the bootstrap over trajectories, which SALib has not."""
    effects = elementary_effects(np.asarray(points.shares), values)
    drawn = np.random.default_rng(seed).integers(0, len(effects), (RESAMPLES, len(effects)))
    low, high = np.quantile(np.abs(effects)[drawn].mean(axis=1), ((1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2), axis=0)
    return np.abs(effects).mean(axis=0), low, high, effects.mean(axis=0), effects.std(axis=0, ddof=1)


def elementary_effects(shares: Column, values: Column) -> Column:
    """What each step of each trajectory does, for a whole range: (trajectories, k).

    Args:
        shares: a Morris design, (trajectories * (k + 1), k); values: the outcome at each of its points.
    """
    k = shares.shape[1]
    steps = np.diff(shares.reshape(-1, k + 1, k), axis=1)
    moved = np.diff(values.reshape(-1, k + 1), axis=1)
    factor = np.abs(steps).argmax(axis=2)
    effects = np.empty((len(steps), k))
    np.put_along_axis(effects, factor, moved / np.take_along_axis(steps, factor[:, :, None], axis=2)[:, :, 0], axis=1)
    return effects


def deciders(ranking: Ranking, most: int = 3) -> list[str]:
    """The parameters that decide: resolved, the strongest first."""
    return [name for name, fine in zip(ranking.names, ranking.resolved(), strict=True) if fine][:most]


def saved_with_interval(more: Column, less: Column, seed: int = 1) -> dict[str, float]:
    """`runs_saved` with its 95 % interval from the bootstrap over pairs: value, low, high, n."""
    drawn = np.random.default_rng(seed).integers(0, len(more), (RESAMPLES, len(more)))
    again = [runs_saved(more[rows], less[rows]) for rows in drawn]
    low, high = np.quantile(again, ((1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2))
    return {"value": runs_saved(more, less), "low": float(low), "high": float(high), "n": len(more)}


def runs_saved(more: Sequence[float] | Column, less: Sequence[float] | Column) -> float:
    """How many times fewer runs paired draws need than independent ones for the same interval of a mean difference.

    The variance of a difference of two independent draws is the sum of both; of a pair, that of their difference.
    """
    more, less = np.asarray(more, np.float64), np.asarray(less, np.float64)
    paired = float((more - less).var(ddof=1))
    return float("inf") if paired == 0 else float((more.var(ddof=1) + less.var(ddof=1)) / paired)
