"""Patterns of the literature: which emerge, which are put in by a parameter, which do not show, and which cannot be shown?

Run it with ``python -m experiments.studies.patterns``, or look at it with ``learnweave validate patterns``. Checks and rules stand in
`experiments.pattern_checks`, worlds in `experiments.pattern_worlds`.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from experiments.executors import workers_at_hand
from experiments.pattern_words import draw_patterns, tell_patterns
from experiments.patterns import QUESTION, QUICK, PatternStudy, check_patterns, compared_rows, rows_of
from experiments.provenance import write_whole
from experiments.studies.answers import leave, table

FOLDER = Path("results") / "validation" / "patterns"


def look(study: PatternStudy = QUESTION, workers: int = 1) -> dict[str, Any]:
    """All checks, of which nothing is kept."""
    with tempfile.TemporaryDirectory() as folder:
        return check_patterns(study, Path(folder), workers)


def try_again(summary: dict[str, Any], folder: Path, workers: int, quick: bool) -> dict[str, dict[str, float]]:
    """The checks of a summary again, quickly in few worlds."""
    return dict(check_patterns(QUICK if quick else PatternStudy(summary["worlds"]), folder, workers)["checks"])


def answer(study: PatternStudy = QUESTION, folder: Path = FOLDER, workers: int | None = None) -> dict[str, Any]:
    """Run what is missing, and leave summary, tables, figure and README in `folder`."""
    summary = check_patterns(study, folder, workers or workers_at_hand())
    leave(summary, folder, rows_of(summary), draw_patterns, tell_patterns)
    write_whole(folder / "compared.csv", table(compared_rows(summary)).encode())
    return summary


if __name__ == "__main__":
    answer(workers=int(sys.argv[1]) if len(sys.argv) > 1 else None)
