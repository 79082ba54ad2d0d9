"""Deciders: which of the things nobody knows decides whether pull wins?

Two stages, on the paired difference between leading without pulling and strong pull: Morris' elementary effects over every contested
parameter, then Sobol' indices over the strongest of them, the others at their defaults. Run it with
``python -m experiments.studies.deciders``; it goes on where it stopped.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from experiments.analysis import Asked, differences
from experiments.compare import paired_difference
from experiments.designs import all_contested, morris, sobol
from experiments.executors import workers_at_hand
from experiments.figures_analysis import draw_ranking, tell_ranking
from experiments.points import Points
from experiments.sensitivity import Ranking, rank, saved_with_interval
from experiments.studies.answers import leave
from experiments.sweep import Sweep, seconds_spent, sweep
from experiments.texts import Texts
from experiments.trials import Trial, lead_and_leave, run_missing, seconds_of
from experiments.words import listed
from model.parameters import contested

PAIR = ("nurtured", "strong_pull")
COLUMNS = ("lasting_after", "lasting_stop")
STAGES = ("morris", "sobol")


@dataclass(frozen=True)
class Deciders:
    """How thorough.

    Attributes:
        trajectories: of Morris' design; strongest: parameters that go on; points: base rows of Saltelli's design, a power of two.
        replicates: worlds at each point; pairs: pairs of runs at the defaults that say what pairing saves.
    """

    trajectories: int = 12
    strongest: int = 8
    points: int = 128
    replicates: int = 2
    pairs: int = 100
    seed: int = 21


QUESTION = Deciders()


def study_deciders(study: Deciders, folder: Path, workers: int) -> dict[str, Any]:
    """Rankings of the difference at both dates and both stages, and what pairing saves at the defaults."""
    screened = _rank_all("morris", morris(all_contested(), study.trajectories, study.seed), study, folder, workers)
    chosen = [row["parameter"] for row in screened[COLUMNS[0]]["parameters"][: study.strongest]]
    ranked = _rank_all("sobol", sobol(sorted(chosen), study.points, study.seed), study, folder, workers)
    saved, pair_seconds = what_pairing_saves(study, folder / "pairs", workers)
    rows = ranked | {"morris": screened[COLUMNS[0]]}
    checks = {
        f"{row['parameter']}, {name}": {"value": row["total"], "se": max((row["high"] - row["low"]) / 3.92, 1e-6), "n": found["blocks"]}
        for name, found in rows.items() for row in found["parameters"]
    }  # fmt: skip
    points = sum(one[COLUMNS[0]]["points"] for one in (screened, ranked))
    runs = 2 * (points * study.replicates + study.pairs)
    seconds = sum(seconds_spent(folder / stage) for stage in STAGES) + pair_seconds
    facts = {"runs": runs, "seconds": seconds, "parameters": len(contested()), "chosen": chosen}
    return {"study": "deciders", **vars(study), **facts, "screened": screened, "rankings": ranked, "saved": saved, "checks": checks}


def _rank_all(stage: Any, points: Points, study: Deciders, folder: Path, workers: int) -> dict[str, Any]:
    """The ranking of the difference at each date, as plain types."""
    plan = Sweep(
        stage, points, (PAIR[1], PAIR[0]), replicates=study.replicates, seed=study.seed, outcomes=("lasting", "energy")
    )  # fmt: skip
    results = sweep(plan, folder / stage, workers=workers)
    found = {}
    for column in COLUMNS:
        (asked,) = differences(results, [PAIR], column)
        difference = paired_difference(asked.means, np.zeros(len(asked.means)))
        found[column] = rank(results.points, asked, stage).plain() | {"difference": difference}
    return found


def what_pairing_saves(study: Deciders, folder: Path, workers: int) -> tuple[dict[str, float], int]:
    """How many times fewer runs pairs need at the defaults, with its interval; and the seconds that took."""
    trials = [Trial(PAIR, replicate, study.seed) for replicate in range(study.pairs)]
    rows = run_missing(trials, lead_and_leave, folder, workers)
    more, less = (np.array([row[f"{COLUMNS[0]}:{policy}"] for row in rows]) for policy in PAIR)
    return saved_with_interval(more, less), seconds_of(rows)


def _read(found: Mapping[str, Any], column: str) -> tuple[Ranking, Asked]:
    """A ranking of a summary, as words and figures take it."""
    rows: Sequence[Mapping[str, Any]] = found["parameters"]
    numbers = {name: np.array([row[name] for row in rows]) for name in ("total", "low", "high", "first", "spread")}
    ranking = Ranking(
        found["method"], tuple(row["parameter"] for row in rows), numbers["total"], numbers["low"], numbers["high"], numbers["first"],
        numbers["spread"], float(found["within"]), found["mean"], found["points"], found["blocks"],
    )  # fmt: skip
    outcome, _, date = column.rpartition("_")
    return ranking, Asked(outcome, date, *PAIR, np.zeros((1, 1)))


def tell(summary: Mapping[str, Any], words: Texts) -> list[str]:
    """The screening, both rankings of what was left, and what pairing saves."""
    names = listed([words(f"parameters.{name}.name") for name in summary["chosen"]], words)
    places = {name: summary[name] for name in ("parameters", "trajectories", "replicates", "strongest", "points")}
    lines = [words("studies.deciders.setup", names=names, **places)]
    shown = [(summary["rankings"][column], column) for column in COLUMNS] + [(summary["screened"][COLUMNS[0]], COLUMNS[0])]
    for found, column in shown:
        told = tell_ranking(*_read(found, column), words)
        lines += [f"**{told[0]}**", told[1], f"```\n{told[2]}\n```", *told[3:]]
    saved = {name: words.number(summary["saved"][name], 1) for name in ("value", "low", "high")}
    return [*lines, words("studies.deciders.saved", pairs=summary["pairs"], **saved)]


def draw(summary: Mapping[str, Any], words: Texts) -> Figure:
    """The ranking one year after the leading stops."""
    return draw_ranking(*_read(summary["rankings"][COLUMNS[0]], COLUMNS[0]), words)


def rows_of(summary: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The table: one row a stage, date and parameter."""
    stages = {"morris": summary["screened"], "sobol": summary["rankings"]}
    return [
        {"stage": stage, "column": column} | dict(row)
        for stage, both in stages.items() for column, found in both.items() for row in found["parameters"]
    ]  # fmt: skip


def try_again(summary: Mapping[str, Any], folder: Path, workers: int, quick: bool) -> dict[str, dict[str, float]]:
    """The checks of a summary again; quickly: the smallest design, which would see a ruin only."""
    asked = Deciders(**{name: summary[name] for name in vars(QUESTION)})
    few = Deciders(trajectories=2, strongest=2, points=2, replicates=1, pairs=2, seed=asked.seed)
    return dict(study_deciders(few if quick else asked, folder, workers)["checks"])


def answer(study: Deciders = QUESTION, folder: Path = Path("results") / "deciders", workers: int | None = None) -> dict[str, Any]:
    """Run what is missing, and leave summary, table, figure and README in `folder`."""
    summary = study_deciders(study, folder, workers or workers_at_hand())
    leave(summary, folder, rows_of(summary), draw, tell)
    return summary


if __name__ == "__main__":
    answer(workers=int(sys.argv[1]) if len(sys.argv) > 1 else None)
