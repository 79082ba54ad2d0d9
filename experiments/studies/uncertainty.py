"""Where does the spread of the headline answer come from: chance, calibrated parameters, or contested ones?

Run it with ``python -m experiments.studies.uncertainty``. Blocks of eight worlds: two draws of the contested parameters, crossed with two
members of the calibrated sample, and two worlds of their own chance in each of the four cells. The components of variance follow from
the mean squares inside blocks (two-way analysis of variance with random effects; Searle, Casella & McCulloch 1992), their intervals
from a bootstrap of whole blocks. More blocks can be added later; those that are there are not run again.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.calibrated import draw_member, fitted
from experiments.executors import workers_at_hand
from experiments.runs import draw_uncertain
from experiments.studies.answers import leave
from experiments.trials import Trial, lead_and_leave, run_missing, seconds_of
from experiments.uncertainty_words import draw_budget, tell_budget
from model.parameters import SPECS, contested

Column = NDArray[np.float64]
PAIR = ("nurtured", "strong_pull")
SEED = 8
SIDE = 2
"""Draws of either kind in a block, and worlds in a cell."""
SOURCES = ("contested", "calibrated", "together", "chance")
NUMBERS: Mapping[str, tuple[str, ...]] = {
    "difference_after": ("lasting_after:nurtured", "lasting_after:strong_pull"),
    "difference_stop": ("lasting_stop:nurtured", "lasting_stop:strong_pull"),
    "level_after": ("lasting_after:nurtured",),
}
"""What is taken apart: the headline difference, the same when the leading stops, and the level of one way of leading."""
DRAWS = 2_000
FOLDER = Path("results") / "validation" / "budget"


@dataclass(frozen=True)
class Budget:
    """How many blocks of eight worlds."""

    blocks: int = 60


QUESTION = Budget()
QUICK = Budget(blocks=4)


def trials(blocks: int) -> list[Trial]:
    """The worlds in order of block, contested draw, member and world; every world has a chance of its own."""
    found = []
    for block in range(blocks):
        for at in range(SIDE**3):
            draw, member = SIDE * block + at // SIDE**2, SIDE * block + at // SIDE % SIDE
            values = draw_member(SEED, member) | draw_uncertain(SEED, draw)
            found.append(Trial(PAIR, SIDE**3 * block + at, SEED, tuple(sorted(values.items()))))
    return found


def components(values: Column) -> Column:
    """Variance that each of `SOURCES` brings, from values by block, contested draw, member and world, (blocks, 2, 2, 2).

    Estimates are unbiased, and may be below zero where a source brings little.
    """
    return np.asarray(_by_block(values).mean(axis=0))


def _by_block(values: Column) -> Column:
    """Components from the mean squares of each block alone, (blocks, SOURCES); those of all are their mean."""
    cell = values.mean(axis=3)
    row, column, whole = cell.mean(axis=2, keepdims=True), cell.mean(axis=1, keepdims=True), cell.mean(axis=(1, 2), keepdims=True)
    chance = ((values - cell[..., None]) ** 2).sum(axis=(1, 2, 3)) / (SIDE**2 * (SIDE - 1))
    both = SIDE * ((cell - row - column + whole) ** 2).sum(axis=(1, 2)) / (SIDE - 1) ** 2
    of_row = SIDE**2 * ((row - whole) ** 2).sum(axis=(1, 2)) / (SIDE - 1)
    of_column = SIDE**2 * ((column - whole) ** 2).sum(axis=(1, 2)) / (SIDE - 1)
    return np.stack([(of_row - both) / SIDE**2, (of_column - both) / SIDE**2, (both - chance) / SIDE, chance], axis=1)


def divide(values: Column) -> dict[str, Any]:
    """Mean, whole variance, and each source's share of it with a 95 % interval (bootstrap of blocks)."""
    blocks = _by_block(values)
    found = blocks.mean(axis=0)
    rows = np.random.default_rng([SEED, 1]).integers(len(values), size=(DRAWS, len(values)))
    drawn = np.array([_shares(blocks[row].mean(axis=0)) for row in rows])
    low, high = np.quantile(drawn, (0.025, 0.975), axis=0)
    shares = _shares(found)
    return {
        "mean": float(values.mean()), "above": float((values > 0).mean()), "variance": float(found.sum()),
        "sources": {
            name: {
                "sd": float(np.sqrt(max(0.0, found[at]))), "share": float(shares[at]), "low": float(low[at]), "high": float(high[at]),
                "se": float(drawn[:, at].std(ddof=1)),
            }
            for at, name in enumerate(SOURCES)
        },
    }  # fmt: skip


def _shares(found: Column) -> Column:
    return found / max(1e-300, float(found.sum()))


def take_apart(study: Budget, folder: Path, workers: int) -> dict[str, Any]:
    """Run what `folder` lacks, and take the spread of every number apart."""
    rows = run_missing(trials(study.blocks), lead_and_leave, folder, workers)
    numbers = {name: divide(_values(rows, columns)) for name, columns in NUMBERS.items()}
    other = sum(spec.grade == "guess" and not spec.contested for spec in SPECS.values())
    return {
        "study": "uncertainty", "blocks": study.blocks, "worlds": len(rows), "seed": SEED, "runs": len(rows) * len(PAIR),
        "seconds": seconds_of(rows), "contested": len(contested()), "calibrated": len(fitted()), "left_out": other, "numbers": numbers,
        "checks": {
            f"share of {source}, {name}": {"value": one["share"], "se": max(one["se"], 1e-9), "n": study.blocks}
            for name, found in numbers.items()
            for source, one in found["sources"].items()
        },
    }  # fmt: skip


def _values(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> Column:
    """A number, or the difference of two, as (blocks, contested draws, members, worlds)."""
    first, *rest = (np.array([row[name] for row in rows], np.float64) for name in columns)
    return (first - rest[0] if rest else first).reshape(-1, SIDE, SIDE, SIDE)


def columns(summary: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The table: a row a number and source."""
    return [
        {"number": name, "mean": found["mean"], "variance": found["variance"], "source": source, **one}
        for name, found in summary["numbers"].items()
        for source, one in found["sources"].items()
    ]


def try_again(summary: dict[str, Any], folder: Path, workers: int, quick: bool) -> dict[str, dict[str, float]]:
    """The checks of a summary again, quickly with few blocks."""
    return dict(take_apart(QUICK if quick else Budget(summary["blocks"]), folder, workers)["checks"])


def answer(study: Budget = QUESTION, folder: Path = FOLDER, workers: int | None = None) -> dict[str, Any]:
    """Run what is missing, and leave summary, table, figure and README in `folder`."""
    summary = take_apart(study, folder, workers or workers_at_hand())
    leave(summary, folder, columns(summary), draw_budget, tell_budget)
    return summary


if __name__ == "__main__":
    answer(workers=int(sys.argv[1]) if len(sys.argv) > 1 else None)
