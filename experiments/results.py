"""The results of a sweep as tidy tables: what was asked, the design, one row a run, one row a run and week.

`DIR/sweep.json` says what was asked, `DIR/design.parquet` holds the points, `DIR/runs/` the runs (see `store`).
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from experiments.points import Points, extend, read_points
from experiments.provenance import write_json
from experiments.store import DamagedError, StoreError, read_runs, read_series

ASKED, DESIGN = "sweep.json", "design.parquet"

LABELS = ("key", "point", "replicate", "policy")
"""The first columns of a run."""


MAY_GROW = {"name", "points", "replicates", "policies", "ways", "runs"}
"""What may differ when a sweep goes on; for the rest another folder is needed."""


@dataclass(frozen=True)
class Results:
    """A sweep that has run, wholly or in part; tables are read when they are first asked for.

    Attributes:
        asked: what was asked, as in `sweep.json`: policies, replicates, seed, outcomes, and more.
        points: the design.
        messages: what was found damaged in this sitting and made again, one sentence each.
    """

    asked: Mapping[str, Any]
    points: Points
    folder: Path
    messages: tuple[str, ...] = ()

    @functools.cached_property
    def runs(self) -> pa.Table:
        """One row a point, replicate and policy that gave numbers, sorted by these.

        `key`, `point`, `replicate`, `policy`, `p_NAME` of each parameter, `MEASURE_DATE` of each outcome. Points that coincide share
        a run and stand here once each.

        Raises:
            StoreError: if something is damaged.
        """
        runs = _at_every_point(read_runs(self.folder), self.points)
        return runs.filter(pc.is_null(runs["error"])).drop_columns(["error"]) if runs.num_rows else runs

    @functools.cached_property
    def failed(self) -> pa.Table:
        """Runs that gave nothing: the same first columns, and the traceback in `error`.

        Raises:
            StoreError: if something is damaged.
        """
        labels = (*LABELS, *(f"p_{name}" for name in self.points.names), "error")
        runs = read_runs(self.folder, labels)
        failed = runs.filter(pc.is_valid(runs["error"])) if runs.num_rows else runs
        return _at_every_point(failed, self.points)

    def missing(self) -> int:
        """Runs that are asked for and not here, failed ones included."""
        return len(self.points) * int(self.asked["replicates"]) * len(self.asked["policies"]) - int(self.runs.num_rows)

    def series(self) -> pa.Table:
        """Weekly series, one row a run and week, sorted by key and week; read when asked for, since it may be large."""
        return read_series(self.folder)


def read_results(folder: Path | str) -> Results:
    """What a sweep has left in `folder`.

    Raises:
        StoreError: if no sweep is there, or its design is damaged.
    """
    asked = read_asked(folder)
    return Results(asked, _read_design(Path(folder), asked), Path(folder))


def read_asked(folder: Path | str) -> dict[str, Any]:
    """What was asked of the sweep in `folder`.

    Raises:
        StoreError: if no sweep is there, or the file is damaged.
    """
    path = Path(folder) / ASKED
    try:
        asked = json.loads(path.read_bytes())
        if asked.pop("sha256") != _digest(asked):
            raise ValueError("its hash is not the one in it")
    except FileNotFoundError as error:
        raise StoreError(f"{folder}: no sweep here (looked for {path})") from error
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise DamagedError(f"{path}: is damaged ({error}); run the sweep once more to mend it") from error
    return dict(asked)


def go_on(folder: Path | str, asked: Mapping[str, Any], points: Points) -> tuple[Points, list[str]]:
    """Leave what is asked, and the design, beside the runs; a sweep that is there already may only grow.

    Returns:
        The points, those that are there first, and what was found damaged and made again.

    Raises:
        StoreError: naming everything that differs from the sweep that is there.
        PointsError: where the design is another.
    """
    folder, messages = Path(folder), []
    if (folder / ASKED).exists():
        try:
            before = read_asked(folder)
            _refuse_another(folder, before, json.loads(json.dumps(asked)))
            asked = _with_before(asked, before)
            points = extend(_read_design(folder, before), points)
        except DamagedError as error:
            messages.append(str(error))
    points.save(folder / DESIGN)
    runs = len(set(points.twins().tolist())) * asked["replicates"] * len(asked["policies"])
    facts = dict(asked) | {"points": len(points), "runs": runs, "design": _file_digest(folder / DESIGN)}
    write_json(folder / ASKED, facts | {"sha256": _digest(facts)})
    return points, messages


def _refuse_another(folder: Path, before: Mapping[str, Any], asked: Mapping[str, Any]) -> None:
    differ = [name for name in asked if name not in MAY_GROW and before.get(name) != asked[name]]
    differ += [f"way {name}" for name in asked["ways"] if before["ways"].get(name, asked["ways"][name]) != asked["ways"][name]]
    if "model" in differ:
        raise StoreError(
            f"{folder}: its runs were made by another version of the model ({before['model']}, now {asked['model']}); "
            "choose another folder, or go back to that version"
        )
    if differ:
        told = "; ".join(f"{name}: {str(before.get(name))[:80]}, now {str(asked.get(name))[:80]}" for name in differ)
        raise StoreError(f"{folder}: holds another sweep, and one folder holds one ({told}); choose another folder")


def _with_before(asked: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """What is asked, and what is there already."""
    policies = list(dict.fromkeys([*before["policies"], *asked["policies"]]))
    more = {"policies": policies, "replicates": max(before["replicates"], asked["replicates"]), "ways": before["ways"] | asked["ways"]}
    return dict(asked) | more


def _read_design(folder: Path, asked: Mapping[str, Any]) -> Points:
    path = folder / DESIGN
    if _file_digest(path) != asked["design"]:
        raise DamagedError(f"{path}: is damaged (its hash is not the one in {ASKED}); run the sweep once more to mend it")
    return read_points(path)


def _file_digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def _digest(facts: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(facts, sort_keys=True, allow_nan=False).encode()).hexdigest()


def _at_every_point(runs: pa.Table, points: Points) -> pa.Table:
    """Runs sorted by point, replicate and policy; a run of points that coincide stands at each of them.

    Runs find their points by value, so that no numbering has to be trusted; those of no point are left out.
    """
    if not runs.num_rows:
        return runs
    at: dict[bytes, list[int]] = {}
    for point, values in enumerate(points.values + 0.0):
        at.setdefault(values.tobytes(), []).append(point)
    ran = np.column_stack([runs[f"p_{name}"].to_numpy() for name in points.names]) + 0.0
    pairs = [(row, point) for row, values in enumerate(ran) for point in at.get(values.tobytes(), ())]
    rows, numbers = (np.array(side, np.int64) for side in (zip(*pairs, strict=True) if pairs else ((), ())))
    taken = runs.take(pa.array(rows)).set_column(runs.column_names.index("point"), "point", pa.array(numbers))
    taken = taken.select([*LABELS, *(name for name in taken.column_names if name not in LABELS)])
    return taken.sort_by([("point", "ascending"), ("replicate", "ascending"), ("policy", "ascending")])


def write_csv(folder: Path | str, file: BinaryIO) -> None:
    """Write every run in `folder` as CSV, sorted by key, failed ones included.

    Texts that a spreadsheet would take for a formula (they begin with = + - @ or a tab) get an apostrophe in front.

    Raises:
        StoreError: if no runs are there, or something is damaged.
    """
    runs = read_runs(folder)
    columns = runs.column_names
    labels = [name for name in LABELS if name in columns] + [name for name in columns if name.startswith("p_")]
    last = [name for name in columns if name == "error"]
    runs = runs.select([*labels, *(name for name in columns if name not in (*labels, *last)), *last])
    for at, column in enumerate(runs.schema):
        if pa.types.is_string(column.type):
            harmless = pc.replace_substring_regex(runs[column.name], r"\A([=+\-@\t\r])", r"'\1")
            runs = runs.set_column(at, column.name, harmless)
    pa_csv.write_csv(runs, file)
