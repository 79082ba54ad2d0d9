"""Results of many runs on disk: a folder of Parquet files that are written once and never changed.

Everything lies in ``FOLDER/runs/``:

- ``part-00001.parquet``: one row a run, column ``key`` first; any Parquet reader reads ``part-*.parquet``;
- ``series-00001.parquet``: one row a run and week, for the runs of the part with the same number;
- ``manifest.json``: size and hash of every file that counts; writing it is what makes a part count;
- ``lock``: held by the one process that writes;
- ``quarantine/``: files that were damaged or never finished, kept for a person to look at.

No time and no path is written into results, so the same runs give the same tables in whatever order they were made.
"""

from __future__ import annotations

import hashlib
import io
import json
import math
import re
import sys
import time
from collections.abc import Iterable, Mapping, Sequence, Set
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from experiments.provenance import settle, source_digest, write_whole

ROWS_A_PART, SECONDS_A_PART = 256, 10.0
"""Runs that are gathered before they are written, and how long they wait at most while others come in."""

_PLAIN = frozenset({bool, int, float, str, type(None)})
_LARGEST = 2**53  # beyond it whole numbers and decimal ones cannot share a column

_FILE = re.compile(r"(part|series)-(\d{5,})\.parquet")
_LEADING = {"part": ["key"], "series": ["key", "week"]}
_EMPTY = {"part": pa.schema({"key": pa.string()}), "series": pa.schema({"key": pa.string(), "week": pa.int64()})}

Row = Mapping[str, Any]


class StoreError(RuntimeError):
    """A run store cannot be used as asked; the message says why and what to do."""


class DamagedError(StoreError):
    """A file of a store is not what was written; running again makes it anew."""


def key(payload: Mapping[str, Any]) -> str:
    """The name of a run (32 hex digits): a hash of what determines its result and of the model's source.

    Args:
        payload: resolved settings (defaults filled in), seed and replicate, of plain types. The order of names does not
            matter, nor does 18 against 18.0.

    Raises:
        ValueError: naming the place of a value that is not plain or not finite.
    """
    content = {"payload": _canonical(payload, "payload"), "model": source_digest()}
    return hashlib.sha256(json.dumps(content, sort_keys=True, allow_nan=False).encode()).hexdigest()[:32]


def read_runs(folder: Path | str, columns: Sequence[str] | None = None) -> pa.Table:
    """All runs below `folder`, one row each, sorted by key; columns missing from a run are null.

    Args:
        columns: those to read, beside the key; all by default.

    Raises:
        StoreError: if there is no store, or a part of it is damaged.
    """
    return _read(Path(folder), "part", columns)


def read_series(folder: Path | str) -> pa.Table:
    """The weekly series of all runs below `folder`, one row a run and week, sorted by key and week.

    Raises:
        StoreError: if there is no store, or a part of it is damaged.
    """
    return _read(Path(folder), "series")


def read_parquet(source: Path | io.BytesIO, columns: Sequence[str] | None = None) -> pa.Table:
    """A Parquet file with its page checksums, read in this thread.

    Arrow's own threads may still be at work when a short process ends, and then abort it: 11 of 80 processes that read with
    `pyarrow.parquet.read_table`, 0 of 80 that read like this.
    """
    with pq.ParquetFile(source, page_checksum_verification=True, pre_buffer=False) as file:
        known = None if columns is None else [name for name in columns if name in file.schema_arrow.names]
        return file.read(columns=known, use_threads=False)


def canonical_bytes(table: pa.Table) -> bytes:
    """A table as one Parquet file; the same rows give the same bytes."""
    buffer = io.BytesIO()
    pq.write_table(table.combine_chunks(), buffer, compression="zstd", write_page_checksum=True)
    return buffer.getvalue()


class RunStore:
    """The one writer of a folder of runs; use it in a ``with`` block.

    Args:
        schemas: columns of every "part" and every "series", where they are known beforehand: all files then have the same, also
            where a part has only gaps in one, and any reader reads them together.

    Attributes:
        messages: what was found wrong on opening, one sentence each; those runs count as not done.
    """

    messages: list[str]
    _manifest: dict[str, Any]
    _keys: set[str]
    _kinds: dict[str, dict[str, str]]
    _waiting: dict[str, list[dict[str, Any]]]
    _ready: list[pa.Table]
    _number: int
    _flushed: float

    def __init__(self, folder: Path | str, schemas: Mapping[str, pa.Schema] | None = None) -> None:
        self._folder = Path(folder) / "runs"
        self._schemas = dict(schemas or {})
        self._lock: io.BufferedRandom | None = None
        self._forget()

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._lock = _take_lock(self._folder / "lock")
        try:
            self._forget()
            self._open_parts()
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            self.flush()
        finally:
            self._close()

    def keys(self) -> set[str]:
        """Keys of all runs that are done, those not yet written included."""
        return set(self._keys)

    def append(self, rows: Sequence[Row], series: Sequence[Row] | pa.Table | None = None) -> None:
        """Add finished runs, and their weeks if there are any; all of it is written together or not at all.

        Args:
            rows: one mapping a run with its "key"; values are numbers, texts, truths or None.
            series: one mapping a run and week with "key" and "week", only of runs in `rows`; or a table of these that has the
                declared columns, which costs a tenth.

        Raises:
            StoreError: naming every row that does not fit; then nothing is added.
        """
        self._require_open()
        ready = series if isinstance(series, pa.Table) else None
        runs, weeks = [_plain_row(row) for row in rows], [_plain_row(row) for row in (series or () if ready is None else ())]
        kinds = {"part": dict(self._kinds["part"]), "series": dict(self._kinds["series"])}
        problems = self._problems_of_keys(runs, weeks)
        problems += _problems_of_values("part", runs, kinds["part"]) + _problems_of_values("series", weeks, kinds["series"])
        problems += [problem for kind, rows in (("part", runs), ("series", weeks)) for problem in self._problems_of_columns(kind, rows)]
        problems += [] if ready is None else self._problems_of_table(ready, {row.get("key") for row in runs})
        if problems:
            raise StoreError("; ".join(dict.fromkeys(problems)))
        self._kinds = kinds
        self._ready += [] if ready is None else [ready]
        self._keys.update(row["key"] for row in runs)
        self._waiting["part"] += runs
        self._waiting["series"] += weeks
        if len(self._waiting["part"]) >= ROWS_A_PART or time.monotonic() - self._flushed >= SECONDS_A_PART:
            self.flush()

    def flush(self) -> None:
        """Write what is waiting as one part; after an error everything still waits, and this may be called again."""
        self._require_open()
        self._flushed = time.monotonic()
        if not self._waiting["part"]:
            return
        tables = {kind: _table(kind, rows, self._schemas.get(kind)) for kind, rows in self._waiting.items() if rows}
        if self._ready:
            tables["series"] = pa.concat_tables([*([tables["series"]] if "series" in tables else []), *self._ready])
        self._manifest = self._write_part(tables, dict(self._manifest))
        self._waiting, self._ready = {"part": [], "series": []}, []

    def drop(self, keys: Set[str]) -> None:
        """Forget runs, so that they can be made again: parts that hold them are written anew without, and the old ones put aside."""
        self.flush()
        manifest, gone = dict(self._manifest), pa.array(sorted(keys), pa.string())
        for name in [name for name in manifest if name.startswith("part")]:
            number = _number(name)
            tables = {kind: _read_file(self._folder / file, manifest[file]) for kind, file in _files(manifest, number).items()}
            kept = {kind: table.filter(pc.invert(pc.is_in(table["key"], gone))) for kind, table in tables.items()}
            if kept["part"].num_rows < tables["part"].num_rows:
                rest = {name: facts for name, facts in manifest.items() if _number(name) != number}
                manifest = self._write_part({kind: table for kind, table in kept.items() if table.num_rows}, rest)
        self._manifest = manifest
        self._keys -= keys
        self._put_strays_aside()

    def _write_part(self, tables: Mapping[str, pa.Table], manifest: dict[str, Any]) -> dict[str, Any]:
        """Write a part and the manifest that holds it; returns the manifest."""
        for kind, table in tables.items():
            content = canonical_bytes(table)
            name = f"{kind}-{self._number:05d}.parquet"
            write_whole(self._folder / name, content)
            manifest[name] = {"bytes": len(content), "rows": table.num_rows, "sha256": hashlib.sha256(content).hexdigest()}
        _write_manifest(self._folder, manifest)
        self._number += 1
        return manifest

    def table(self) -> pa.Table:
        """All runs, sorted by key; writes first what is waiting."""
        self.flush()
        return read_runs(self._folder.parent)

    def _forget(self) -> None:
        """Start from nothing known and nothing waiting."""
        self.messages, self._manifest, self._keys, self._number = [], {}, set(), 1
        self._kinds = {"part": {}, "series": {}}
        self._waiting, self._ready = {"part": [], "series": []}, []
        self._flushed = time.monotonic()

    def _require_open(self) -> None:
        if self._lock is None:
            raise StoreError(f"{self._folder}: the store is not open; write `with RunStore(folder) as store:`")

    def _close(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _open_parts(self) -> None:
        """Read what is done; put aside what is damaged (with its whole part) or was never finished."""
        before = self._read_manifest()
        self._number = 1 + max((_number(path.name) for path in self._folder.rglob("*.parquet")), default=0)
        bad: dict[int, str] = {}
        for name, facts in before.items():
            try:
                _check_file(self._folder / name, facts)
            except StoreError as error:
                bad[_number(name)] = str(error)
        self._manifest = {name: facts for name, facts in before.items() if _number(name) not in bad}
        for name in self._manifest:
            self._learn(name)
        self.messages += [f"{reason}; its runs will be made again" for reason in bad.values()]
        if bad:
            _write_manifest(self._folder, self._manifest)
        self._put_strays_aside()

    def _read_manifest(self) -> dict[str, Any]:
        try:
            return _read_manifest(self._folder)
        except StoreError as error:
            self.messages.append(f"{error}; all runs will be made again")
            _put_aside(self._folder / "manifest.json")
            return {}

    def _put_strays_aside(self) -> None:
        for path in sorted(self._folder.iterdir()):
            if path.name not in self._manifest and _FILE.fullmatch(path.name):
                _put_aside(path)
            elif path.name.startswith("."):  # half a file of a writer that died
                path.unlink()

    def _learn(self, name: str) -> None:
        """Keys and kinds of columns of one file; weeks stay where they are, however many there may be."""
        kind, path = name.partition("-")[0], self._folder / name
        if kind == "part":
            self._keys.update(read_parquet(path, ["key"])["key"].to_pylist())
        columns = pq.read_schema(path)
        self._kinds[kind].update({field.name: _kind_of_type(field.type) for field in columns if not pa.types.is_null(field.type)})

    def _problems_of_columns(self, kind: str, rows: list[dict[str, Any]]) -> list[str]:
        if kind not in self._schemas:
            return []
        strange = {name for row in rows for name in row}.difference(self._schemas[kind].names)
        return [f"column {name!r} of {kind} is not one of those declared" for name in sorted(strange)]

    def _problems_of_table(self, weeks: pa.Table, keys: Set[Any]) -> list[str]:
        if weeks.schema != self._schemas.get("series"):
            return ["the columns of a table of weeks must be those declared"]
        strange = set(pc.unique(weeks["key"]).to_pylist()) - keys
        return [f"weeks of run {name!r}: the run itself is not in the same call" for name in sorted(map(str, strange))]

    def _problems_of_keys(self, rows: list[dict[str, Any]], weeks: list[dict[str, Any]]) -> list[str]:
        problems: list[str] = []
        seen: set[Any] = set()
        for row in rows:
            name = row.get("key")
            if not isinstance(name, str) or not name:
                problems.append(f"a run has key {name!r}: must be a text")
            elif name in self._keys or name in seen:
                problems.append(f"run {name} is in the store already: every run is kept once")
            seen.add(name)
        strange = {repr(row.get("key")) for row in weeks if row.get("key") not in seen}
        problems += [f"weeks of run {name}: the run itself is not in the same call" for name in sorted(strange)]
        if any(not isinstance(row.get("week"), int) for row in weeks):
            problems.append("a row of the series has no week")
        return problems


class Canonical(dict[str, Any]):
    """A mapping in the one form that is hashed, so that what many keys share is brought into it once (see `canonical`)."""


def canonical(payload: Mapping[str, Any]) -> Canonical:
    """A part of what `key` takes, in the one form that is hashed.

    Raises:
        ValueError: as `key` does.
    """
    return Canonical(_canonical(payload, "payload"))


def _canonical(value: Any, place: str) -> Any:
    """`value` in the one form that is hashed."""
    if type(value) is Canonical:
        return value
    value = _plain(value)
    if isinstance(value, Mapping):
        if wrong := [name for name in value if not isinstance(name, str)]:
            raise ValueError(f"{place}: name {wrong[0]!r} must be a text")
        return {name: _canonical(inner, f"{place}.{name}") for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_canonical(inner, f"{place}[{number}]") for number, inner in enumerate(value)]
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"{place} = {value}: must be a finite number")
        return int(value) if value.is_integer() else value
    if value is None or isinstance(value, (bool, int, str)):
        return value
    raise ValueError(f"{place} is a {type(value).__name__}: must be a number, text, truth, list or mapping")


def _plain(value: Any) -> Any:
    """A numpy scalar or a member of an enumeration as the Python value it stands for."""
    if type(value) in _PLAIN:  # nearly always
        return value
    if isinstance(value, (int, float, str)):
        return next(plain(value) for plain in (int, float, str) if isinstance(value, plain))
    return value.item() if hasattr(value, "item") and getattr(value, "ndim", None) == 0 else value


def _plain_row(row: Row) -> dict[str, Any]:
    """A row of Python values; characters that no file can hold (in tracebacks) become question marks."""
    plain = dict(row)
    for name, value in row.items():
        if type(value) is float:  # nearly always
            continue
        plain[name] = _plain(value)
        if type(value) is str and not value.isascii():
            plain[name] = value.encode("utf-8", "replace").decode()
    return plain


def _problems_of_values(kind: str, rows: Iterable[Row], kinds: dict[str, str]) -> list[str]:
    """Values that no column can hold next to those before them; adds new columns to `kinds`."""
    problems = []
    for row in rows:
        for name, value in row.items():
            if value is None or (type(value) is float and kinds.get(name) == "number"):  # nearly always
                continue
            found = _kind_of_value(value)
            if found is None:
                problems.append(
                    f"run {row.get('key')}, column {name!r}: {value!r} must be a number (whole ones up to 2^53), text, truth or None"
                )
            elif found != kinds.setdefault(name, found):
                problems.append(f"run {row.get('key')}, column {name!r} of {kind}: {value!r} is a {found}, others hold a {kinds[name]}")
    return problems


def _kind_of_value(value: Any) -> str | None:
    if isinstance(value, float):
        return "number"
    if isinstance(value, bool):
        return "truth"
    if isinstance(value, int):
        return "number" if abs(value) <= _LARGEST else None
    return "text" if isinstance(value, str) else None


def _kind_of_type(column: pa.DataType) -> str:
    if pa.types.is_boolean(column):
        return "truth"
    return "text" if pa.types.is_string(column) else "number"


def _table(kind: str, rows: Sequence[Row], schema: pa.Schema | None) -> pa.Table:
    """Rows as a table: by the schema, or leading columns first, then the others by name, so that no order of rows or names shows."""
    if schema is not None:
        return pa.table({column.name: pa.array([row.get(column.name) for row in rows], column.type) for column in schema}, schema=schema)
    leading = _LEADING[kind]
    names = leading + sorted({name for row in rows for name in row} - set(leading))
    columns = {name: [row.get(name) for row in rows] for name in names}
    return pa.table({name: pa.array(values, from_pandas=False) for name, values in columns.items()})


def _sorted(kind: str, tables: Sequence[pa.Table]) -> pa.Table:
    whole = pa.concat_tables([_EMPTY[kind].empty_table(), *tables], promote_options="permissive")
    leading = _LEADING[kind]
    names = leading + sorted(set(whole.column_names) - set(leading))
    return whole.select(names).sort_by([(name, "ascending") for name in leading]).combine_chunks()


def _read(folder: Path, kind: str, columns: Sequence[str] | None = None) -> pa.Table:
    runs = folder / "runs"
    if not runs.is_dir():
        raise StoreError(f"{folder}: no runs here (looked for {runs})")
    manifest = _read_manifest(runs)
    wanted = None if columns is None else list(dict.fromkeys([*_LEADING[kind], *columns]))
    return _sorted(kind, [_read_file(runs / name, facts, wanted) for name, facts in manifest.items() if name.startswith(kind)])


def _read_file(path: Path, facts: Mapping[str, Any], columns: Sequence[str] | None = None) -> pa.Table:
    """One file of the store, checked against its hash."""
    return read_parquet(io.BytesIO(_check_file(path, facts)), columns)


def _check_file(path: Path, facts: Mapping[str, Any]) -> bytes:
    """The content of a file whose hash is the one in the manifest."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DamagedError(f"{path}: cannot be read ({error.strerror})") from error
    if hashlib.sha256(content).hexdigest() != facts["sha256"]:
        raise DamagedError(f"{path}: is damaged (its hash is not the one in manifest.json)")
    return content


def _files(manifest: Mapping[str, Any], number: int) -> dict[str, str]:
    """The files of one part by kind."""
    return {name.partition("-")[0]: name for name in manifest if _number(name) == number}


def _read_manifest(folder: Path) -> dict[str, Any]:
    """Facts of every file that counts, by name in order of number."""
    path = folder / "manifest.json"
    if not path.exists():
        return {}
    try:
        files = json.loads(path.read_bytes())["files"]
        if any(not _FILE.fullmatch(name) or not isinstance(facts["sha256"], str) for name, facts in files.items()):
            raise ValueError("a file in it has no proper name or hash")
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DamagedError(f"{path}: is damaged ({error})") from error
    return dict(sorted(files.items(), key=lambda item: (_number(item[0]), item[0])))


def _write_manifest(folder: Path, files: Mapping[str, Any]) -> None:
    content = json.dumps({"format": 1, "files": files}, indent=1)
    write_whole(folder / "manifest.json", f"{content}\n".encode())


def _number(name: str) -> int:
    match = re.search(r"-(\d{5,})", name)
    return int(match[1]) if match else 0


def _put_aside(path: Path) -> None:
    """Move a file to quarantine/, beside what is there."""
    folder = path.parent / "quarantine"
    folder.mkdir(exist_ok=True)
    tries = (folder / f"{path.stem}{again}{path.suffix}" for again in ("", *(f"-again{n}" for n in range(1, 10_000))))
    path.replace(next(place for place in tries if not place.exists()))
    settle(folder)
    settle(path.parent)


def _take_lock(path: Path) -> io.BufferedRandom:
    """Hold the lock of a store until the file is closed, by us or by the end of the process."""
    file = path.open("a+b")
    try:
        _lock_file(file.fileno())
    except OSError as error:
        file.close()
        raise StoreError(f"{path.parent}: another process is writing here; wait for it, or choose another folder") from error
    return file


if sys.platform == "win32":
    import msvcrt

    def _lock_file(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock_file(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
