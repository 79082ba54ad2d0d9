"""A table of points: one row a point, one column a parameter, with how it was made; where designs, sweeps and analysis meet.

A point has a number that never changes: a design that is extended keeps its old points, in place and in value, so runs made for
them stay good.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
from numpy.typing import NDArray

from experiments.fields import nearest, shown
from experiments.provenance import write_json, write_whole
from experiments.store import read_parquet
from model.parameters import SPECS

Column = NDArray[np.float64]
SHARE = "share_"
"""Columns of shares begin with this."""
_RECIPE = b"learnweave"


class PointsError(ValueError):
    """A table of points cannot be used; the message names every cell that breaks a rule, the first twenty."""

    def __init__(self, problems: Sequence[str]) -> None:
        more = len(problems) - 20
        super().__init__("\n".join([*problems[:20], *([f"... and {more} more"] if more > 0 else [])]))


@dataclass(frozen=True)
class Points:
    """Points of a design.

    Attributes:
        names: parameters, one a column.
        values: what each parameter is at each point, float64 (points, parameters), in the unit of the parameter.
        shares: the same as shares 0..1 of the ranges sampled from, before whole numbers were rounded; None for a table of the user's own.
        recipe: how the points were made, plain types: `kind`, and what else is needed to make more of them.
    """

    names: tuple[str, ...]
    values: Column
    shares: Column | None = None
    recipe: Mapping[str, Any] = field(default_factory=lambda: {"kind": "table"})

    def __post_init__(self) -> None:
        if problems := _problems(self.names, self.values):
            raise PointsError(problems)
        for table in (self.values, self.shares):
            if table is not None:
                table.setflags(write=False)

    def __len__(self) -> int:
        return len(self.values)

    def at(self, point: int) -> tuple[tuple[str, float], ...]:
        """The parameters of one point, as (name, value)."""
        return tuple(zip(self.names, map(float, self.values[point]), strict=True))

    def twins(self) -> NDArray[np.int64]:
        """For each point the first point with the same values, int64 (points,): whole numbers make points coincide, which are run once."""
        first: dict[bytes, int] = {}
        return np.array([first.setdefault(row.tobytes(), number) for number, row in enumerate(self.values + 0.0)], np.int64)

    def table(self) -> pa.Table:
        """Columns `point`, a parameter each, and `share_` of each where shares are known."""
        columns: dict[str, Any] = {"point": np.arange(len(self), dtype=np.int64)}
        columns |= {name: self.values[:, at] for at, name in enumerate(self.names)}
        if self.shares is not None:
            columns |= {f"{SHARE}{name}": self.shares[:, at] for at, name in enumerate(self.names)}
        return pa.table(columns)

    def save(self, path: Path | str) -> None:
        """Write the points, whole or not at all: .parquet with the recipe inside, or .csv with it in a .json beside.

        Raises:
            ValueError: for another ending.
        """
        path, buffer = Path(path), io.BytesIO()
        recipe = json.dumps(dict(self.recipe), allow_nan=False)
        if path.suffix == ".parquet":
            table = self.table().replace_schema_metadata({_RECIPE: recipe.encode()})
            pq.write_table(table, buffer, compression="zstd", write_page_checksum=True)
        elif path.suffix == ".csv":
            pa_csv.write_csv(self.table(), buffer)
            write_json(path.with_suffix(".json"), dict(self.recipe))
        else:
            raise ValueError(f"{path}: must end in .parquet or .csv")
        write_whole(path, buffer.getvalue())

    @classmethod
    def of(cls, columns: Mapping[str, Sequence[float] | Column], recipe: Mapping[str, Any] | None = None) -> Self:
        """Points from columns of equal length.

        Raises:
            PointsError: naming every unknown parameter, and every value out of bounds.
        """
        if len({len(column) for column in columns.values()}) != 1:
            raise PointsError(["a table of points needs at least one parameter, and columns of equal length"])
        values = np.column_stack([np.asarray(column, np.float64) for column in columns.values()])
        return cls(tuple(columns), values, recipe=recipe or {"kind": "table"})


def read_points(path: Path | str) -> Points:
    """Points from .parquet or .csv: those that `Points.save` has written, or a table of one's own (recipe: a table).

    Columns are parameters; `point` and `share_...` may stand beside them.

    Raises:
        PointsError: naming file, row, column, value and rule.
    """
    path = Path(path)
    try:
        table = pa_csv.read_csv(path, pa_csv.ReadOptions(use_threads=False)) if path.suffix == ".csv" else read_parquet(path)
    except (OSError, pa.ArrowException) as error:
        raise PointsError([f"{path}: cannot be read as a table ({str(error)[:200]})"]) from error
    recipe = _read_recipe(path, table)
    names = tuple(name for name in table.column_names if name != "point" and not name.startswith(SHARE))
    if problems := _strange_columns(table, names):
        raise PointsError([f"{path.name}: {problem}" for problem in problems])
    if "point" in table.column_names and table["point"].to_pylist() != list(range(table.num_rows)):
        raise PointsError([f"{path.name}: column 'point': must count 0, 1, 2, ..."])
    shares = _columns(table, [f"{SHARE}{name}" for name in names]) if f"{SHARE}{names[0]}" in table.column_names else None
    try:
        return Points(names, _columns(table, names), shares, recipe)
    except PointsError as error:
        raise PointsError([f"{path.name}: {line}" for line in str(error).splitlines()]) from None


def extend(old: Points, new: Points) -> Points:
    """`new` with the points of `old` first, in place and in value; the recipe is that of `new`.

    Raises:
        PointsError: where `new` is not `old` and more: what a design may not change, and how it can grow.
    """
    if old.names != new.names:
        raise PointsError([f"the design varies {', '.join(new.names)}; the runs that are there vary {', '.join(old.names)}"])
    shared = min(len(old), len(new))
    if np.array_equal(old.values[:shared], new.values[:shared]):
        return new if len(new) >= len(old) else old
    if {old.recipe.get("kind"), new.recipe.get("kind")} <= {"grid", "one_at_a_time", "phase", "table"}:
        return _old_first(old, new)
    raise PointsError([
        f"this {new.recipe.get('kind')} design is not the {old.recipe.get('kind')} design of the runs that are there, and more; "
        "a Latin hypercube grows to a multiple of its `first` points, Sobol' to a larger power of two, Morris by trajectories, all with "
        "the same seed and ranges"
    ])  # fmt: skip


def _old_first(old: Points, new: Points) -> Points:
    known = {row.tobytes() for row in old.values}
    fresh = np.array([row.tobytes() not in known for row in new.values])
    values = np.concatenate([old.values, new.values[fresh]])
    both = old.shares is not None and new.shares is not None
    shares = np.concatenate([old.shares, new.shares[fresh]]) if both else None  # type: ignore[index]
    return Points(old.names, values, shares, new.recipe)


def _read_recipe(path: Path, table: pa.Table) -> Mapping[str, Any]:
    inside = (table.schema.metadata or {}).get(_RECIPE)
    beside = path.with_suffix(".json")
    try:
        if inside is not None:
            return dict(json.loads(inside))
        if path.suffix == ".csv" and beside.exists():
            return dict(json.loads(beside.read_bytes()))
    except (OSError, ValueError, TypeError) as error:
        raise PointsError([f"{beside if inside is None else path}: the recipe of the design is damaged ({error})"]) from error
    return {"kind": "table"}


def _strange_columns(table: pa.Table, names: Sequence[str]) -> list[str]:
    problems = [f"column {shown(name)}: no such parameter (nearest: {nearest(name, SPECS)!r})" for name in names if name not in SPECS]
    numbers = {
        name: not table[name].null_count and (pa.types.is_integer(table[name].type) or pa.types.is_floating(table[name].type))
        for name in names
    }
    problems += [f"column {name!r}: must be numbers, without gaps" for name, fine in numbers.items() if name in SPECS and not fine]
    if not names:
        problems.append("must have a column for at least one parameter")
    return problems


def _columns(table: pa.Table, names: Sequence[str]) -> Column:
    return np.column_stack([table[name].to_numpy().astype(np.float64) for name in names])


def _problems(names: Sequence[str], values: Column) -> list[str]:
    if unknown := [f"{name}: no such parameter (nearest: {nearest(name, SPECS)!r})" for name in names if name not in SPECS]:
        return unknown
    if len(set(names)) < len(names):
        return [f"{name}: stands twice" for name in names if list(names).count(name) > 1]
    if not len(values):
        return ["a design needs at least one point"]
    problems = []
    for at, name in enumerate(names):
        spec, column = SPECS[name], values[:, at]
        fine = np.isfinite(column) & (column >= spec.low) & (column <= spec.high)
        if spec.whole:
            fine &= column == np.floor(column)
        problems += [f"point {point}: {spec.check(float(column[point]))}" for point in np.flatnonzero(~fine)]
    return problems
