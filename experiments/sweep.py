"""A sweep: every point of a design, led in every way, in every replicate; kept as it goes, and gone on with by asking again.

All ways of leading at a point and replicate share people, past and chance, and so do all points at a replicate (common random
numbers): differences between ways, and between points, are paired.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from experiments.executors import run_all, workers_at_hand
from experiments.fields import nearest
from experiments.points import Points
from experiments.results import Results, points_to_come, read_results, write_asked
from experiments.runs import DATES, Finished, Job, Kind, Source, make_region, run
from experiments.store import RunStore
from experiments.ways import PolicyFile, Way
from model.measures import MEASURES, WEEKLY
from model.parameters import contested

Progress = Callable[[int], None]


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
        weeks = {"key": pa.string(), "week": pa.int64()} | {measure: pa.float64() for measure in self.series}
        return {"part": pa.schema(columns | {"error": pa.string()}), "series": pa.schema(weeks)}


@dataclass(frozen=True)
class Task:
    """One world of a sweep, led in each way that is missing, and what is kept of it."""

    job: Job
    point: int
    varied: tuple[str, ...]
    outcomes: tuple[str, ...]
    series: tuple[str, ...]


def attempt(task: Task) -> Finished:
    """Run a task; a way of leading that fails gives a row with its traceback, and the others their own."""
    try:
        return _narrowed(task, run(task.job, task.series))
    except Exception:  # noqa: BLE001 - whatever a run raises is a result: which one failed, and how
        if len(task.job.policies) > 1:
            alone = [attempt(replace(task, job=replace(task.job, policies=(policy,)))) for policy in task.job.policies]
            return Finished([row for one in alone for row in one.rows], [row for one in alone for row in one.series])
        return failed(task, traceback.format_exc())


def failed(task: Task, error: str) -> Finished:
    """Rows that say a task gave nothing, and why."""
    return Finished([_labels(task, policy, task.job.key(policy)) | {"error": error} for policy in task.job.policies])


def _narrowed(task: Task, finished: Finished) -> Finished:
    kept = [f"{measure}_{date}" for measure in task.outcomes or MEASURES for date in DATES]
    rows = [_labels(task, row["policy"], row["key"]) | {name: row[name] for name in kept if name in row} for row in finished.rows]
    return Finished(rows, finished.series)


def _labels(task: Task, policy: str, name: str) -> dict[str, Any]:
    job = task.job
    values = job.parameters(policy).values()
    drawn = [spec.name for spec in contested()] if job.kind == "uncertain" else []
    labels: dict[str, Any] = {"key": name, "point": task.point, "replicate": job.replicate, "policy": policy}
    return labels | {f"p_{one}": float(values[one]) for one in dict.fromkeys([*task.varied, *drawn])}


def sweep(asked: Sweep, out: Path | str, workers: int | None = None, *, progress: Progress = lambda _: None) -> Results:
    """Run what is not yet in `out`, and give all of its runs as tidy tables.

    Args:
        workers: processes to use; all by default.
        progress: called with the number of runs done since the last call.

    Raises:
        StoreError: where `out` holds another sweep, or somebody else writes there.
        ValueError: naming every measure that does not exist.
    """
    check(asked)
    make_region(asked.source)  # a bad file is told before anything is written
    with RunStore(out, asked.schemas()) as store:
        asked = replace(asked, points=points_to_come(Path(out), asked.points))
        write_asked(Path(out), describe(asked), asked.points)
        have = store.keys()
        todo = []
        for task in asked.tasks():
            missing = tuple(policy for policy in task.job.policies if task.job.key(policy) not in have)
            progress(len(task.job.policies) - len(missing))
            if missing:
                todo.append(replace(task, job=replace(task.job, policies=missing)))
        for task, finished in run_all(todo, workers or workers_at_hand(), attempt):
            store.append(finished.rows, finished.series)
            progress(len(task.job.policies))
    return read_results(out)


def check(asked: Sweep) -> None:
    """Refuse measures that do not exist.

    Raises:
        ValueError: naming each with its nearest.
    """
    known = {"outcomes": (asked.outcomes, "measure", tuple(MEASURES)), "series": (asked.series, "measure of every week", WEEKLY)}
    problems = [
        f"{name}: {one!r}: no such {what} (nearest: {nearest(one, there)!r})"
        for name, (these, what, there) in known.items()
        for one in these
        if one not in there
    ]
    if problems:
        raise ValueError("\n".join(problems))


def describe(asked: Sweep) -> dict[str, Any]:
    """What was asked, as plain types."""
    ways = {way.name: way.describe() | {"values": dict(way.values), "ranges": list(way.ranges)} for way in asked.ways}
    files = {Path(file.path).name: {"digest": file.digest, "policies": list(file.ids)} for file in asked.policy_files}
    plain = {name: value for name, value in vars(asked).items() if name not in ("points", "source", "ways", "policy_files", "values")}
    return plain | {
        "source": vars(asked.source), "ways": ways, "policy_files": files, "values": dict(asked.values),
        "parameters": list(asked.points.names), "points": len(asked.points), "runs": asked.runs(),
    }  # fmt: skip
