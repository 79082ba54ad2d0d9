"""From a sweep's runs to what is analysed: one outcome, or a paired difference, at every point of its design and in every replicate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from experiments.fields import nearest
from experiments.results import Results
from experiments.runs import DATES
from model.measures import MEASURES

Column = NDArray[np.float64]


class AnalysisError(ValueError):
    """Runs that cannot be analysed as asked; the message says which, and what to do."""


@dataclass(frozen=True, eq=False)
class Asked:
    """What is analysed.

    Attributes:
        outcome: a measure; date: one of `runs.DATES`.
        more, less: ways of leading; `less` is None for the outcome itself under `more`.
        values: at each point in each replicate, (points, replicates), all finite.
    """

    outcome: str
    date: str
    more: str
    less: str | None
    values: Column

    @property
    def means(self) -> Column:
        """Mean over replicates at each point, (points,)."""
        return np.asarray(self.values.mean(axis=1))


def column_of(results: Results, name: str) -> tuple[str, str]:
    """Outcome and date of a column such as `lasting_after`.

    Raises:
        AnalysisError: naming the nearest.
    """
    kept = [column for column in results.runs.column_names if column.rpartition("_")[2] in DATES and column.rpartition("_")[0] in MEASURES]
    if name in kept:
        outcome, _, date = name.rpartition("_")
        return outcome, date
    raise AnalysisError(f"outcome {name!r}: not kept by this sweep (nearest: {nearest(name, kept)!r})")


def differences(results: Results, pairs: Sequence[tuple[str, str]] | None = None, column: str = "lasting_after") -> list[Asked]:
    """An outcome paired between ways of leading at every point; by default the last named less each before it.

    Raises:
        AnalysisError: for unknown names, and for runs that are missing or not finite.
    """
    policies = list(results.asked["policies"])
    wrong = sorted({name for pair in pairs or () for name in pair} - set(policies))
    if wrong:
        raise AnalysisError(f"{', '.join(wrong)}: not led so in this sweep (ways of leading: {', '.join(policies)})")
    asked = pairs or [(later, earlier) for earlier, later in combinations(policies, 2)]
    if not asked:
        raise AnalysisError(f"only {policies[0]} was run: a difference needs two ways of leading")
    outcome, date = column_of(results, column)
    levels = {name: values_of(results, name, column) for name in dict.fromkeys(name for pair in asked for name in pair)}
    return [Asked(outcome, date, more, less, levels[more] - levels[less]) for more, less in asked]


def level(results: Results, policy: str, column: str = "lasting_after") -> Asked:
    """An outcome itself under one way of leading."""
    outcome, date = column_of(results, column)
    return Asked(outcome, date, policy, None, values_of(results, policy, column))


def values_of(results: Results, policy: str, column: str) -> Column:
    """A column under one way of leading, (points, replicates).

    Raises:
        AnalysisError: where a run is missing, failed, or not a finite number: an index computed without it would be wrong, and
            nothing would show it.
    """
    points, replicates = len(results.points), int(results.asked["replicates"])
    values = np.full((points, replicates), np.nan)
    mine = np.asarray(results.runs["policy"].to_numpy(zero_copy_only=False)) == policy
    at, replicate = (np.asarray(results.runs[name], np.int64)[mine] for name in ("point", "replicate"))
    values[at, replicate] = np.asarray(results.runs[column].to_numpy(zero_copy_only=False), np.float64)[mine]
    lacking = np.argwhere(~np.isfinite(values))
    if len(lacking):
        point, first = lacking[0].tolist()
        raise AnalysisError(
            f"{policy}: {column} is missing or not finite in {len(lacking)} of {values.size} runs "
            f"(first: point {point}, replicate {first}). Run the sweep again to complete it; failed runs stand in `analyse --csv`"
        )
    return values
