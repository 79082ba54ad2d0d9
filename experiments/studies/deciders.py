"""Deciders: which of the things nobody knows decides whether pull wins?

Sobol' indices of the paired difference between leading without pulling and strong pull, over every contested parameter at once: at the
moment the leading stops and one year later. Run it with ``python -m experiments.studies.deciders``; it goes on where it stopped.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from experiments.analysis import Asked, differences
from experiments.compare import paired_difference
from experiments.designs import all_contested, sobol
from experiments.executors import workers_at_hand
from experiments.figures_analysis import draw_ranking, tell_ranking
from experiments.sensitivity import Ranking, rank, runs_saved
from experiments.studies.answers import leave
from experiments.sweep import Sweep, sweep
from experiments.texts import Texts
from model.parameters import contested

PAIR = ("nurtured", "strong_pull")
COLUMNS = ("lasting_after", "lasting_stop")


@dataclass(frozen=True)
class Deciders:
    """How thorough: base rows of Saltelli's design (a power of two), and worlds at each point."""

    points: int = 64
    replicates: int = 1
    seed: int = 21


QUESTION = Deciders()


def study_deciders(study: Deciders, folder: Path, workers: int) -> dict[str, Any]:
    """Rankings of the difference at both dates, what share of points each way leads, and what pairing saves."""
    began = time.perf_counter()
    plan = Sweep(
        "deciders", sobol(all_contested(), study.points, study.seed), (PAIR[1], PAIR[0]), replicates=study.replicates, seed=study.seed,
        outcomes=("lasting", "energy"),
    )  # fmt: skip
    results = sweep(plan, folder, workers=workers)
    rankings = {}
    for column in COLUMNS:
        (asked,) = differences(results, [PAIR], column)
        rankings[column] = rank(results.points, asked, "sobol").plain() | {
            "difference": paired_difference(asked.means, np.zeros(len(asked.means)))
        }
    checks = {
        f"{row['parameter']}, {column}": {"value": row["total"], "se": max((row["high"] - row["total"]) / 1.96, 1e-6), "n": study.points}
        for column, found in rankings.items() for row in found["parameters"]
    }  # fmt: skip
    facts = {"runs": results.runs.num_rows, "seconds": round(time.perf_counter() - began), "parameters": len(contested())}
    return {"study": "deciders", **vars(study), **facts, "rankings": rankings, "saved": _saved(results), "checks": checks}


def _saved(results: Any) -> float:
    """How many times fewer runs pairs need, over the points of the design."""
    from experiments.analysis import values_of

    more, less = (values_of(results, name, "lasting_after") for name in PAIR)
    return runs_saved(more.ravel(), less.ravel())


def _read(summary: Mapping[str, Any], column: str) -> tuple[Ranking, Asked]:
    """The ranking of a summary, as words and figures take it."""
    found = summary["rankings"][column]
    rows = found["parameters"]
    numbers = {name: np.array([row[name] for row in rows]) for name in ("total", "low", "high", "first", "spread")}
    ranking = Ranking(
        "sobol", tuple(row["parameter"] for row in rows), numbers["total"], numbers["low"], numbers["high"], numbers["first"],
        numbers["spread"], float(found["within"]), found["mean"], found["points"],
    )  # fmt: skip
    outcome, _, date = column.rpartition("_")
    return ranking, Asked(outcome, date, *PAIR, np.zeros((1, 1)))


def tell(summary: Mapping[str, Any], words: Texts) -> list[str]:
    """Both rankings, and what pairing saves."""
    lines = [words("studies.deciders.setup", parameters=summary["parameters"], points=summary["points"], replicates=summary["replicates"])]
    for column in COLUMNS:
        told = tell_ranking(*_read(summary, column), words)
        lines += [f"**{told[0]}**", told[1], f"```\n{told[2]}\n```", *told[3:]]
    return [*lines, words("studies.deciders.saved", times=words.number(summary["saved"], 1))]


def draw(summary: Mapping[str, Any], words: Texts) -> Figure:
    """The ranking one year after the leading stops."""
    return draw_ranking(*_read(summary, COLUMNS[0]), words)


def rows_of(summary: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The table: one row a parameter and date."""
    return [{"column": column} | dict(row) for column, found in summary["rankings"].items() for row in found["parameters"]]


def try_again(summary: Mapping[str, Any], folder: Path, workers: int, quick: bool) -> dict[str, dict[str, float]]:
    """The checks of a summary again; quickly: the smallest design, which would see a ruin only."""
    points = 4 if quick else int(summary["points"])
    again = study_deciders(Deciders(points, 1 if quick else summary["replicates"], summary["seed"] + quick), folder, workers)
    return dict(again["checks"])


def answer(study: Deciders = QUESTION, folder: Path = Path("results") / "deciders", workers: int | None = None) -> dict[str, Any]:
    """Run what is missing, and leave summary, table, figure and README in `folder`."""
    summary = study_deciders(study, folder, workers or workers_at_hand())
    leave(summary, folder, rows_of(summary), draw, tell)
    return summary


if __name__ == "__main__":
    answer(workers=int(sys.argv[1]) if len(sys.argv) > 1 else None)
