"""Stand-ins for runs: what the driver and the store of a sweep see is real, only the worlds are made up, and trouble comes on order.

Trouble is ordered through the environment, which reaches every worker, wherever it runs:

- STANDIN_MS, STANDIN_BUSY: how long a task takes, sleeping or computing;
- STANDIN_POISON=3,0: the task at point 3, replicate 0 always ends its process; STANDIN_RAISE=3,0: raises;
- STANDIN_ONCE=FOLDER: the same task, but only the first time; STANDIN_HANG=FOLDER: it hangs, the first time.

Run as ``python -m tests.standins OUT`` it is a sweep to be tortured from outside; it says "ready" once runs come in.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import numpy as np

from experiments import designs, store
from experiments.executors import Dask, Processes
from experiments.results import Results
from experiments.runs import DATES
from experiments.sweep import Kept, Sweep, Task, failed, labels, sweep, weeks_table

TROUBLE = (3, 0)
WEEKS = 3
ROWS_A_PART = 16
"""Small parts, so that much is written."""


def asked(points: int = 10, replicates: int = 3, outcomes: tuple[str, ...] = ("lasting", "energy"), weeks: bool = True) -> Sweep:
    """A sweep of two ways of leading: 2 × points × replicates runs."""
    design = designs.latin_hypercube(["crowding", "team_hours"], points)
    series = ("energy",) if weeks else ()
    return Sweep("standin", design, ("nurtured", "on_its_own"), replicates=replicates, outcomes=outcomes, series=series)


def pretend(task: Task) -> Kept:
    """Rows of made-up numbers that follow from the key alone."""
    _take_time()
    _make_trouble((task.point, task.job.replicate))
    rows, series = [], []
    for policy in task.job.policies:
        first = labels(task, policy)
        seed = int.from_bytes(hashlib.sha256(first["key"].encode()).digest()[:8], "big")
        numbers = np.random.default_rng(seed).random((len(task.outcomes), len(DATES))).tolist()
        outcomes = {f"{name}_{date}": numbers[at][when] for at, name in enumerate(task.outcomes) for when, date in enumerate(DATES)}
        rows.append(first | outcomes)
        weeks = range(WEEKS) if task.series else ()
        series += [{"key": first["key"], "week": week, **dict.fromkeys(task.series, numbers[0][0] + week)} for week in weeks]
    return Kept(rows, weeks_table(task, series))


def _take_time() -> None:
    if pause := os.environ.get("STANDIN_MS"):
        time.sleep(float(pause) / 1000)
    if busy := os.environ.get("STANDIN_BUSY"):
        end = time.process_time() + float(busy) / 1000
        while time.process_time() < end:
            pass


def _make_trouble(here: tuple[int, int]) -> None:
    mine = f"{here[0]},{here[1]}"
    if os.environ.get("STANDIN_RAISE") == mine:
        raise RuntimeError("=trouble on order")
    if os.environ.get("STANDIN_POISON") == mine:
        os.kill(os.getpid(), signal.SIGKILL)
    if here == TROUBLE and (folder := os.environ.get("STANDIN_ONCE")) and _first_time(folder):
        os.kill(os.getpid(), signal.SIGKILL)
    if here == TROUBLE and (folder := os.environ.get("STANDIN_HANG")) and _first_time(folder):
        time.sleep(3600)


def _first_time(folder: str) -> bool:
    try:
        (Path(folder) / "once").touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def attempt(task: Task) -> Kept:
    """`pretend`, with an error as rows, as `experiments.sweep.attempt` does for real runs."""
    try:
        return pretend(task)
    except RuntimeError as error:
        return failed(task, f"Traceback\n{error}")


@dataclass
class Ready:
    """Progress that says once, on standard output, that runs come in."""

    said: bool = False
    first: int = -1

    def __call__(self, have: int, wanted: int) -> None:
        if self.first < 0:
            self.first = have
        if have > self.first and not self.said:
            self.said = True
            print("ready", flush=True)


def run(out: Path | str, what: Sweep, place: object = None, **more: object) -> Results:
    """A stand-in sweep: in this process unless a place is given, in small parts."""
    unknown = {"commit": "unknown", "dirty": "unknown"}  # asking git takes longer than such a sweep
    with patch.object(store, "ROWS_A_PART", ROWS_A_PART), patch("experiments.provenance._git_state", lambda: unknown):
        return sweep(what, out, 1, place=place, how=attempt, **more)


def main() -> None:
    """A stand-in sweep by itself."""
    parser = argparse.ArgumentParser()
    parser.add_argument("out")
    parser.add_argument("--points", type=int, default=10)
    parser.add_argument("--replicates", type=int, default=3)
    parser.add_argument("--workers", type=int, default=0)
    parser.add_argument("--scheduler")
    given = parser.parse_args()
    place = Dask(given.scheduler) if given.scheduler else Processes(given.workers) if given.workers else None
    run(given.out, asked(given.points, given.replicates), place, progress=Ready())


if __name__ == "__main__":
    main()
