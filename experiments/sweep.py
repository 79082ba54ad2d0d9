"""A sweep: every point of a design, led in every way, in every replicate; kept as it goes, and gone on with by asking again.

All ways of leading at a point and replicate share people, past and chance, and so do all points at a replicate (common random
numbers): differences between ways, and between points, are paired.
"""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from experiments.driver import run_all
from experiments.executors import Interrupts, Place, workers_at_hand
from experiments.fields import nearest
from experiments.points import Points
from experiments.provenance import provenance, source_digest, write_json
from experiments.results import Results, go_on, read_results
from experiments.runs import DATES, Finished, Job, Kind, Source, make_region, region_digest, run
from experiments.store import RunStore
from experiments.ways import PolicyFile, Way
from model.measures import MEASURES, WEEKLY
from model.parameters import contested

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Sweep:
    """What to run.

    Attributes:
        points: the design; parameters it does not vary keep their defaults, or what `values` and ways of leading say.
        policies: ways of leading: ids of policies, short forms of timelines, or names of `ways`.
        replicates: worlds at each point; the same seeds at every point.
        kind: "default", or "uncertain": contested parameters that the design does not vary are drawn anew in each replicate.
        values: parameters that differ from their defaults everywhere, as (name, value).
        outcomes: measures kept at each date (`runs.DATES`); () keeps all.
        series: measures kept for every week; () keeps none.
        ways: what names in `policies` that are no policies stand for, such as scenarios.
        policy_files: files of policies that do not ship.
    """

    name: str
    points: Points
    policies: tuple[str, ...]
    replicates: int = 10
    seed: int = 1
    kind: Kind = "default"
    source: Source = Source()
    values: tuple[tuple[str, float], ...] = ()
    grow_weeks: int = 400
    lead_weeks: int = 40
    after_weeks: int = 40
    outcomes: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    ways: tuple[Way, ...] = ()
    policy_files: tuple[PolicyFile, ...] = ()

    def runs(self) -> int:
        """Runs in all: points that differ, times replicates, times ways of leading."""
        return len(set(self.points.twins().tolist())) * self.replicates * len(self.policies)

    def tasks(self) -> Iterator[Task]:
        """Every task, replicate by replicate, so that an early stop leaves whole designs; points that coincide are run once."""
        different = sorted(set(self.points.twins().tolist()))
        for replicate in range(self.replicates):
            for point in different:
                yield Task(self.job(point, replicate), point, self.points.names, self.outcomes, self.series)

    def job(self, point: int, replicate: int) -> Job:
        """One world at one point, led in every way."""
        values = dict(self.values) | dict(self.points.at(point))
        return Job(
            source=self.source, policies=self.policies, replicate=replicate, seed=self.seed, kind=self.kind,
            values=tuple(sorted(values.items())), grow_weeks=self.grow_weeks, lead_weeks=self.lead_weeks, after_weeks=self.after_weeks,
            ways=self.ways, policy_files=self.policy_files,
        )  # fmt: skip

    def schemas(self) -> dict[str, pa.Schema]:
        """The columns of a run, and of a week, the same in every file."""
        varied = [*self.points.names, *(spec.name for spec in contested() if self.kind == "uncertain")]
        columns: dict[str, Any] = {"key": pa.string(), "point": pa.int64(), "replicate": pa.int64(), "policy": pa.string()}
        columns |= {f"p_{name}": pa.float64() for name in dict.fromkeys(varied)}
        columns |= {f"{measure}_{date}": pa.float64() for measure in self.outcomes or MEASURES for date in DATES}
        return {"part": pa.schema(columns | {"error": pa.string()}), "series": series_schema(self.series)}


def series_schema(measures: Sequence[str]) -> pa.Schema:
    """The columns of a week."""
    columns = {"key": pa.string(), "week": pa.int64()} | {measure: pa.float64() for measure in measures}
    return pa.schema(columns)


@dataclass
class Kept:
    """What is kept of a task: a row a way of leading, and a table of weeks where any are kept."""

    rows: list[dict[str, Any]]
    series: pa.Table | None = None


@dataclass(frozen=True)
class Task:
    """One world of a sweep, led in each way that is missing, and what is kept of it."""

    job: Job
    point: int
    varied: tuple[str, ...]
    outcomes: tuple[str, ...]
    series: tuple[str, ...]


def attempt(task: Task) -> Kept:
    """Run a task; a way of leading that fails gives a row with its traceback, and the others their own."""
    try:
        return _narrowed(task, run(task.job, task.series))
    except (Exception, SystemExit):  # noqa: BLE001 - whatever a run raises is a result: which one failed, and how
        if len(task.job.policies) == 1:
            return failed(task, traceback.format_exc())
        alone = [attempt(replace(task, job=replace(task.job, policies=(policy,)))) for policy in task.job.policies]
        weeks = [one.series for one in alone if one.series is not None]
        return Kept([row for one in alone for row in one.rows], pa.concat_tables(weeks) if weeks else None)


def failed(task: Task, error: str) -> Kept:
    """Rows that say a task gave nothing, and why."""
    return Kept([labels(task, policy) | {"error": error} for policy in task.job.policies])


def labels(task: Task, policy: str) -> dict[str, Any]:
    """The first columns of a run: key, point, replicate, policy, and the parameters that vary."""
    job, values = task.job, task.job.parameters(policy).values()
    drawn = [spec.name for spec in contested()] if job.kind == "uncertain" else []
    first: dict[str, Any] = {"key": job.key(policy), "point": task.point, "replicate": job.replicate, "policy": policy}
    return first | {f"p_{one}": float(values[one]) for one in dict.fromkeys([*task.varied, *drawn])}


def weeks_table(task: Task, weeks: Sequence[Mapping[str, Any]]) -> pa.Table | None:
    """Weeks as a table with the columns of the sweep; made by the worker, so that the one writer has little to do."""
    return pa.Table.from_pylist(list(weeks), schema=series_schema(task.series)) if task.series else None


def _narrowed(task: Task, finished: Finished) -> Kept:
    kept = [f"{measure}_{date}" for measure in task.outcomes or MEASURES for date in DATES]
    rows = [labels(task, row["policy"]) | {name: row[name] for name in kept if name in row} for row in finished.rows]
    return Kept(rows, weeks_table(task, finished.series))


def sweep(
    asked: Sweep,
    out: Path | str,
    workers: int | None = None,
    *,
    place: Place | None = None,
    progress: Progress = lambda _have, _asked: None,
    retry: bool = False,
    patience: float | None = None,
    argv: Sequence[str] = (),
    how: Callable[[Task], Kept] = attempt,
) -> Results:
    """Run what is not yet in `out`, and give all that is there as tidy tables.

    Ctrl-C stops in order: what has begun is finished and kept. A run that fails is a row of `Results.failed`.

    Args:
        workers: processes to use, all by default; 1 runs in this process, where a run that ends its process ends the sweep.
        place: where to run, instead of `workers`: `executors.Processes`, `ByHand` (any `concurrent.futures.Executor`) or `Dask`.
        progress: called with the runs that are there and that are asked for, first before anything runs; its method `stopping`, if it has
            one, when somebody asks to stop.
        retry: run once more what has failed; patience: seconds without a result after which workers are taken to hang.
        argv: the command that asked, for the provenance.
        how: makes the rows of a task; for experiments with the sweep itself.

    Raises:
        StoreError, PlaceError: where `out` holds another sweep, or somebody else writes there; where nothing runs.
        ValueError: naming every measure and way of leading that does not exist, or what is wrong with a file.
        KeyboardInterrupt: after a stop in order, once everything is kept.
    """
    check(asked)
    make_region(asked.source)  # a bad file is told before anything is written
    started, out = datetime.now(UTC), Path(out)
    with Interrupts(getattr(progress, "stopping", _nothing)) as interrupts, RunStore(out, asked.schemas()) as store:
        points, messages = go_on(out, describe(asked), asked.points)
        asked = replace(asked, points=points)
        sitting = _Sitting(out, asked, argv, started, [*store.messages, *messages])
        if retry:
            store.drop(failed_keys(out))
        have, wanted = store.keys(), asked.runs()
        progress(done := min(len(have), wanted), wanted)
        where = place or workers or workers_at_hand()
        for _, finished in run_all(_missing(asked, have), where, how, lost=failed, stopping=interrupts.asked, patience=patience):
            store.append(finished.rows, finished.series)
            progress(done := done + len(finished.rows), wanted)
        store.flush()
        sitting.end()
        if interrupts.asked() and done < wanted:
            raise KeyboardInterrupt
    return replace(read_results(out), messages=(*store.messages, *messages))


def _nothing() -> None:
    """Nobody wants to know."""


def _missing(asked: Sweep, have: Set[str]) -> Iterator[Task]:
    """Tasks, each without the ways of leading that are there already."""
    for task in asked.tasks():
        missing = tuple(policy for policy in task.job.policies if task.job.key(policy) not in have)
        if missing:
            yield task if missing == task.job.policies else replace(task, job=replace(task.job, policies=missing))


class _Sitting:
    """Where the runs of one sitting come from, left in `provenance.json` beside those of earlier ones."""

    def __init__(self, out: Path, asked: Sweep, argv: Sequence[str], started: datetime, messages: Sequence[str]) -> None:
        self._path = out / "provenance.json"
        settings = describe(asked) | {"defaults": asked.job(0, 0).parameters().values()}
        self._facts = provenance(argv, settings, started=started) | {"messages": list(messages)}
        self._earlier = _read_sittings(self._path)
        self._write()

    def end(self) -> None:
        """All of this sitting's runs are kept."""
        self._facts["finished"] = datetime.now(UTC).isoformat(timespec="seconds")
        self._write()

    def _write(self) -> None:
        write_json(self._path, {"sittings": [*self._earlier, self._facts]})


def _read_sittings(path: Path) -> list[Any]:
    try:
        return list(json.loads(path.read_bytes())["sittings"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):  # for people only: never a reason not to go on
        return []


def seconds_spent(out: Path | str) -> int:
    """Seconds that the sittings of the sweep in `out` took together, by the clock; 0 for one that was broken off."""
    sittings = [one for one in _read_sittings(Path(out) / "provenance.json") if one.get("finished")]
    spans = [datetime.fromisoformat(one["finished"]) - datetime.fromisoformat(one["started"]) for one in sittings]
    return round(sum(span.total_seconds() for span in spans))


def failed_keys(out: Path | str) -> set[str]:
    """Keys of the runs in `out` that gave nothing.

    Raises:
        StoreError: where something is damaged.
    """
    return set(read_results(out).failed["key"].to_pylist())


def find(asked: Sweep, name: str) -> Task:
    """The task of one run of a sweep, with its way of leading alone.

    Args:
        name: key of the run, or its first letters.

    Raises:
        ValueError: where no run, or more than one, is called so.
    """
    found = [(task, policy) for task in asked.tasks() for policy in task.job.policies if task.job.key(policy).startswith(name)]
    if len(found) != 1:
        raise ValueError(f"{name}: {'more than one' if found else 'no'} run of this sweep has a key that begins so")
    task, policy = found[0]
    return replace(task, job=replace(task.job, policies=(policy,)))


def run_alone(task: Task) -> dict[str, Any]:
    """The first row of a task, run in this process and kept nowhere; whatever the run raises is raised."""
    return dict(_narrowed(task, run(task.job, task.series)).rows[0])


def check(asked: Sweep) -> None:
    """Refuse what does not exist.

    Raises:
        ValueError: naming each measure and way of leading that does not, with its nearest.
    """
    known = {"outcomes": (asked.outcomes, "measure", tuple(MEASURES)), "series": (asked.series, "measure of every week", WEEKLY)}
    problems = [
        f"{name}: {one!r}: no such {what} (nearest: {nearest(one, there)!r})"
        for name, (these, what, there) in known.items()
        for one in these
        if one not in there
    ]
    for policy in asked.policies:
        try:
            asked.job(0, 0).key(policy)
        except ValueError as error:
            problems.append(str(error))
    if problems:
        raise ValueError("\n".join(problems))


def describe(asked: Sweep) -> dict[str, Any]:
    """What was asked, as plain types: everything that decides the runs, and where they may differ from those of another sweep."""
    ways = {way.name: way.describe() | {"values": dict(way.values), "ranges": list(way.ranges)} for way in asked.ways}
    files = {Path(file.path).name: {"digest": file.digest, "policies": list(file.ids)} for file in asked.policy_files}
    told_otherwise = ("points", "source", "ways", "policy_files", "values")
    plain = {name: value for name, value in vars(asked).items() if name not in told_otherwise}
    place = {"school": asked.source.school, "board": asked.source.board, "made": dict(asked.source.made)}
    return plain | {
        "region": place | {"digest": region_digest(asked.source)}, "model": source_digest(), "ways": ways, "policy_files": files,
        "values": dict(asked.values), "parameters": list(asked.points.names),
    }  # fmt: skip
