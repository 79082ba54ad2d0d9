"""Trials: small runs of a study, named by what determines them, spread over processes, and made only where they are missing.

A study hands over a list of trials and a function that makes one row of numbers from one; rows come back in the order asked.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm

from experiments.compare import OUTCOMES
from experiments.driver import run_all
from experiments.store import RunStore, key, read_runs
from model.learning_network import LearningNetwork
from model.parameters import Parameters

Row = Mapping[str, Any]
KEPT = (*OUTCOMES, "leader_hours", "teacher_hours")
"""Measures kept of every way of leading."""

ROWS_AT_RISK, SECONDS_AT_RISK = 20, 30.0
"""Trials, or seconds, after which rows are written: about what is lost at most where a process is killed."""


@dataclass(frozen=True)
class Trial:
    """One world and what is done with it.

    Attributes:
        what: ways of leading, moves or other names that the function of the study understands.
        values: parameters that differ from their defaults, as (name, value).
        start: first ties of the world (see `model.start`).
        push_weeks: weeks of leading.
    """

    what: tuple[str, ...]
    replicate: int
    seed: int = 1
    values: tuple[tuple[str, float], ...] = ()
    start: str = "sparse"
    grow_weeks: int = 400
    push_weeks: int = 40
    after_weeks: int = 40

    def key(self, study: str) -> str:
        """Name of the trial by content."""
        return key({"study": study, **vars(self), "what": list(self.what), "seed": str(self.seed), "values": dict(self.values)})

    def resting(self) -> LearningNetwork:
        """The world of this trial after its weeks of growth."""
        parameters = Parameters().with_values(**dict(self.values))
        return LearningNetwork(
            rng=self.seed, replicate=self.replicate, parameters=parameters, start=self.start, grow_weeks=self.grow_weeks, collect=False
        )


def lead_and_leave(trial: Trial) -> dict[str, float]:
    """Lead one world in each way and leave it alone: outcomes when the leading stops and one year later, as `lasting_after:nurtured`."""
    resting = trial.resting()
    row: dict[str, float] = {}
    for policy in trial.what:
        world = resting.branch(policy, trial.push_weeks)
        for date, weeks in (("stop", trial.push_weeks), ("after", trial.after_weeks)):
            row |= {f"{name}_{date}:{policy}": value for name, value in _go_on(world, weeks).items() if name in KEPT}
    return row


def _go_on(world: LearningNetwork, weeks: int) -> dict[str, float]:
    """Outcomes `weeks` weeks on, measured inside the last week: before anybody leaves at the end of a year."""
    for week in range(weeks):
        world.collect = week == weeks - 1
        world.step()
    world.collect = False
    return world.measures


def run_missing(trials: Sequence[Trial], how: Callable[[Trial], dict[str, float]], folder: Path, workers: int = 1) -> list[dict[str, Any]]:
    """Rows of all trials in the order given; those that `folder` holds are read, the others run and kept; a bar shows how far it is.

    Args:
        how: makes the numbers of one trial; a function of a module, so that other processes find it.
    """
    keys = [trial.key(how.__name__) for trial in trials]
    with RunStore(folder) as store:
        have = store.keys()
        todo = {name: trial for name, trial in zip(keys, trials, strict=True) if name not in have}
        made = run_all(todo.values(), workers if len(todo) >= 3 * workers else 1, Timed(how))
        written = time.monotonic()
        for number, (trial, row) in enumerate(tqdm(made, total=len(todo), disable=None, leave=False), 1):
            store.append([{"key": trial.key(how.__name__), **row}])
            if number % ROWS_AT_RISK == 0 or time.monotonic() - written > SECONDS_AT_RISK:
                store.flush()
                written = time.monotonic()
    rows = {row["key"]: row for row in read_runs(folder).to_pylist()}
    return [rows[name] for name in keys]


def seconds_of(rows: Sequence[Row]) -> int:
    """Seconds of computing that rows took, whenever and in however many processes; a row without its time counts as an average one."""
    known = [float(row["seconds"]) for row in rows if row.get("seconds") is not None]
    return round(sum(known) / max(1, len(known)) * len(rows))


@dataclass(frozen=True)
class Timed:
    """A function of trials whose rows say how many seconds they took."""

    how: Callable[[Trial], dict[str, float]]

    def __call__(self, trial: Trial) -> dict[str, float]:
        """The row of a trial, with its seconds."""
        started = time.perf_counter()
        return self.how(trial) | {"seconds": time.perf_counter() - started}
