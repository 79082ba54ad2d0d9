"""The results of a sweep as tidy tables: what was asked, the design, one row a run, one row a run and week.

`DIR/sweep.json` says what was asked, `DIR/design.parquet` holds the points, `DIR/runs/` the runs (see `store`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from experiments.points import Points, extend, read_points
from experiments.provenance import write_json
from experiments.store import StoreError, read_runs, read_series

ASKED, DESIGN = "sweep.json", "design.parquet"

LABELS = ("key", "point", "replicate", "policy")
"""The first columns of a run."""


@dataclass(frozen=True)
class Results:
    """A sweep that has run.

    Attributes:
        asked: what was asked, as in `sweep.json`: policies, replicates, seed, outcomes, and more.
        points: the design.
        runs: one row a point, replicate and policy, sorted by these: `key`, `point`, `replicate`, `policy`, `p_NAME` of each
            parameter, `MEASURE_DATE` of each outcome. Points that coincide share a run and stand here once each.
        failed: runs that gave nothing: the same first columns, and the traceback in `error`.
    """

    asked: Mapping[str, Any]
    points: Points
    runs: pa.Table
    failed: pa.Table
    folder: Path

    def missing(self) -> int:
        """Runs that are asked for and not here, failed ones included."""
        return len(self.points) * int(self.asked["replicates"]) * len(self.asked["policies"]) - int(self.runs.num_rows)

    def series(self) -> pa.Table:
        """Weekly series, one row a run and week, sorted by key and week; read when asked for, since it may be large."""
        return read_series(self.folder)


def read_results(folder: Path | str) -> Results:
    """Everything a sweep has left in `folder`.

    Raises:
        StoreError: if no sweep is there, or something is damaged.
    """
    folder = Path(folder)
    asked, points = read_asked(folder), read_points(folder / DESIGN)
    runs = _at_every_point(read_runs(folder), points)
    errors = runs["error"].is_valid() if "error" in runs.column_names else pa.array([False] * runs.num_rows)
    empty = [name for name in runs.column_names if name == "error"]
    labels = [name for name in runs.column_names if name in (*LABELS, "error") or name.startswith("p_")]
    return Results(asked, points, runs.filter(pc.invert(errors)).drop_columns(empty), runs.filter(errors).select(labels), folder)


def read_asked(folder: Path) -> dict[str, Any]:
    """What was asked of the sweep in `folder`.

    Raises:
        StoreError: if no sweep is there.
    """
    path = folder / ASKED
    try:
        return dict(json.loads(path.read_bytes()))
    except OSError as error:
        raise StoreError(f"{folder}: no sweep here (looked for {path})") from error
    except (ValueError, RecursionError) as error:
        raise StoreError(f"{path}: is damaged ({error})") from error


def write_asked(folder: Path, asked: Mapping[str, Any], points: Points) -> None:
    """Leave what is asked, and the design, beside the runs."""
    points.save(folder / DESIGN)
    write_json(folder / ASKED, dict(asked))


def points_to_come(folder: Path, points: Points) -> Points:
    """The points of a design with those that `folder` has runs of first, in place.

    Raises:
        PointsError: where `points` is another design.
    """
    return extend(read_points(folder / DESIGN), points) if (folder / DESIGN).exists() else points


def _at_every_point(runs: pa.Table, points: Points) -> pa.Table:
    """Runs sorted by point, replicate and policy; a run of points that coincide stands at each of them."""
    if not runs.num_rows:
        return runs
    twins = points.twins()
    at: dict[int, list[int]] = {}
    for row, point in enumerate(runs["point"].to_pylist()):
        at.setdefault(point, []).append(row)
    rows = [(row, point) for point, twin in enumerate(twins.tolist()) for row in at.get(twin, [])]
    taken = runs.take(pa.array([row for row, _ in rows], pa.int64()))
    numbers = pa.array(np.array([point for _, point in rows], np.int64))
    taken = taken.set_column(taken.column_names.index("point"), "point", numbers)
    taken = taken.select([*LABELS, *(name for name in taken.column_names if name not in LABELS)])
    return taken.sort_by([("point", "ascending"), ("replicate", "ascending"), ("policy", "ascending")])
