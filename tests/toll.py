"""What running a sweep costs beside the runs themselves: ``python -m tests.toll``, on a machine that does nothing else.

- `driver`: milliseconds of this process a run, with 6, with all outcomes, and with 12 measures of 81 weeks;
- `pool`, `dask`: share of two cores that works on runs, once workers are there: runs of 100 and of 16 ms that compute (`busy`) or only
  wait (`idle`: the same on a machine where others work too);
- `memory`: megabytes of this process along 100,000 runs;
- `pairing`: how many times fewer runs a paired difference needs than independent chance, from a folder of runs (``--pairing DIR``).
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import numpy as np
import psutil

from experiments.executors import Dask, Place, Processes
from experiments.results import read_results
from experiments.sweep import Sweep, sweep
from model.measures import MEASURES, WEEKLY
from tests import standins, torture

BARS = {"driver": "≤ 1 ms", "pool_100": "≥ 0.95", "pool_16": "≥ 0.85", "dask_16": "≥ 0.85"}
SECONDS = 20
"""Seconds that a measurement of efficiency takes."""


def driver() -> dict[str, float]:
    """Milliseconds of this process a run, without what the stand-ins themselves take."""
    usual = standins.asked(20, 25)
    kinds = {
        "outcomes_2": usual,
        "outcomes_all": replace(usual, outcomes=tuple(MEASURES)),
        "weeks_81x12": replace(usual, series=WEEKLY[:12]),
    }
    found = {}
    for name, what in kinds.items():
        with patch.object(standins, "WEEKS", 81 if name.startswith("weeks") else 3), tempfile.TemporaryDirectory() as out:
            tasks = list(what.tasks())
            started = time.process_time()
            for task in tasks:
                standins.attempt(task)
            own = time.process_time() - started
            started = time.process_time()
            sweep(what, out, 1, how=standins.attempt)
            found[f"driver_{name}"] = 1000 * (time.process_time() - started - own) / what.runs()
            size = sum(path.stat().st_size for path in Path(out).rglob("*.parquet"))
            found[f"bytes_{name}"] = size / what.runs()
    return found


class Watch:
    """Progress that notes when the first and the last tenth of the tasks came in."""

    def __init__(self) -> None:
        self.seen: list[tuple[float, int]] = []

    def __call__(self, have: int, wanted: int) -> None:
        self.seen.append((time.perf_counter(), have))

    def pace(self, wanted: int) -> float:
        """Runs a second between the first and the last tenth: without the start of workers and the end of the window."""
        times, counts = (np.array(side) for side in zip(*self.seen, strict=True))
        first, last = np.searchsorted(counts, [0.1 * wanted, 0.9 * wanted])
        return float((counts[last] - counts[first]) / (times[last] - times[first]))


def efficiency(place: Place, ms: int, out: str) -> float:
    """Share of two workers that works on runs of `ms` milliseconds (of one way of leading each)."""
    what = replace(standins.asked(20, max(2, int(SECONDS * 2 * 1000 / ms / 20)), weeks=False), policies=("nurtured",))
    watch = Watch()
    sweep(what, out, place=place, how=standins.attempt, progress=watch)
    return watch.pace(what.runs()) * ms / 1000 / 2


def efficiencies(kind: str) -> dict[str, float]:
    """Of the pool, and of Dask over loopback."""
    found = {}
    variable = {"busy": "STANDIN_BUSY", "idle": "STANDIN_MS"}[kind]
    for ms in (100, 16):
        with tempfile.TemporaryDirectory() as out, torture.ordered(**{variable: str(ms)}):
            found[f"pool_{ms}_{kind}"] = efficiency(Processes(2), ms, out)
    for ms in (100, 16):
        with (
            tempfile.TemporaryDirectory() as out,
            tempfile.TemporaryDirectory() as folder,
            torture.dask_cluster(Path(folder), **{variable: str(ms)}) as (address, _),
        ):
            found[f"dask_{ms}_{kind}"] = efficiency(Dask(address), ms, out)
    return found


def memory(runs: int = 100_000) -> dict[str, float]:
    """Megabytes of this process at shares of a sweep of stand-ins."""
    what: Sweep = standins.asked(500, runs // 1000)
    marks, found = [0.05, 0.25, 0.5, 0.75, 1.0], {}

    def note(have: int, wanted: int) -> None:
        if marks and have >= marks[0] * wanted:
            found[f"memory_mb_at_{have}"] = psutil.Process().memory_info().rss / 2**20
            marks.pop(0)

    with tempfile.TemporaryDirectory() as out:
        sweep(what, out, 1, how=standins.attempt, progress=note)
    return found


def pairing(folder: str, outcome: str = "lasting_after") -> dict[str, float]:
    """How many times fewer runs pairs need: variance with independent chance over that of paired differences, within points."""
    results = read_results(folder)
    rows = results.runs.select(["point", "replicate", "policy", outcome]).to_pylist()
    values = {(row["policy"], row["point"], row["replicate"]): row[outcome] for row in rows}
    policies, shape = results.asked["policies"], (len(results.points), results.asked["replicates"])
    table = {policy: np.array([[values[policy, p, r] for r in range(shape[1])] for p in range(shape[0])]) for policy in policies}
    variance = {policy: grid.var(axis=1, ddof=1).mean() for policy, grid in table.items()}
    return {
        f"pairing_{one}_{other}": float(
            (variance[one] + variance[other]) / (table[one] - table[other]).var(axis=1, ddof=1).mean()
        )
        for at, one in enumerate(policies) for other in policies[at + 1 :]
    }  # fmt: skip


def main() -> None:
    """Measure what is asked for, and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*", choices=["driver", "busy", "idle", "memory", []], default=[])
    parser.add_argument("--pairing", metavar="DIR")
    given = parser.parse_args()
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; asked: {BARS}")
    if given.pairing:
        print(json.dumps(pairing(given.pairing), indent=1))
    if not given.pairing or given.what:
        for name in given.what or ("driver", "busy", "idle", "memory"):
            found = {"driver": driver, "memory": memory}.get(name, lambda name=name: efficiencies(name))()
            print(json.dumps(found, indent=1), flush=True)


if __name__ == "__main__":
    main()
