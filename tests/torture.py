"""Everything that can happen to a sweep happens, and afterwards every run is there once and the export is the same byte for byte.

``python -m tests.torture`` is the long form (100 kills of the parent), ``--short`` that of every change, ``--only NAME`` one fault.
Each line of the table is one fault: how often it struck, what progress was seen meanwhile, and whether, after going on undisturbed,
runs and weeks equal those of a sweep that nobody disturbed. Exit code 1 if anything does not hold.

What runs is `tests.standins`: made-up worlds behind the real driver, store and sweep.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from unittest.mock import patch

import psutil

from experiments.executors import Dask, Processes
from experiments.points import PointsError
from experiments.results import read_results
from experiments.store import StoreError, canonical_bytes, read_runs, read_series
from experiments.sweep import Sweep
from tests import standins

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 120.0
"""Seconds after which a child is taken to hang, which is a failure."""
UNREAD = ("lock", "provenance.json")
"""Files of a sweep that no result is read from."""


@dataclass
class Told:
    """One line of the table."""

    strikes: int
    progress: str


@dataclass
class Bench:
    """A place to torture in.

    Attributes:
        short: as in every change; else as long as it takes.
        chance: draws what strikes where.
    """

    folder: Path
    short: bool
    chance: random.Random

    def fresh(self) -> Path:
        """An empty folder."""
        return Path(tempfile.mkdtemp(dir=self.folder))

    def undisturbed(self, what: Sweep) -> tuple[bytes, bytes]:
        """Canonical export of a sweep that nothing happens to."""
        out = self.fresh()
        standins.run(out, what)
        return export(out)


def export(out: Path) -> tuple[bytes, bytes]:
    """Runs and weeks, sorted, as bytes."""
    return canonical_bytes(read_runs(out)), canonical_bytes(read_series(out))


def go_on_and_compare(out: Path, what: Sweep, expected: tuple[bytes, bytes]) -> None:
    """Go on undisturbed; then every key is there once and the bytes are those of a sweep that nothing happened to."""
    standins.run(out, what)
    keys = read_runs(out)["key"].to_pylist()
    assert len(keys) == len(set(keys)) == what.runs(), f"{len(keys)} rows, {len(set(keys))} keys, {what.runs()} runs asked"
    assert export(out) == expected, "the export differs from that of an undisturbed sweep"
    assert read_results(out).missing() == 0


def rows_kept(out: Path) -> int:
    """Runs that a reader sees; nothing half written may be seen."""
    try:
        return int(read_runs(out).num_rows)
    except StoreError as error:
        if "no runs here" in str(error):
            return 0
        raise


# --- children ---------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def child(out: Path, *arguments: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """A stand-in sweep in a process (and process group) of its own; whatever is left of it ends with the block."""
    command = [sys.executable, "-m", "tests.standins", str(out), *arguments]
    process = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )  # fmt: skip
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def wait_until_ready(process: subprocess.Popen[str]) -> None:
    """Until the first runs have come in."""
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line == "ready\n", f"the sweep did not begin: {line}{process.stderr.read() if process.stderr else ''}"


def family(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """The processes that a child has begun."""
    return psutil.Process(process.pid).children(recursive=True)


def spawned(process: psutil.Process) -> list[psutil.Process]:
    """The workers of a pool, or of a Dask nanny."""
    return [one for one in process.children() if "spawn_main" in " ".join(one.cmdline())]


def wait_for_no_orphans(processes: list[psutil.Process]) -> None:
    """Workers end with their parent, within seconds."""
    _, alive = psutil.wait_procs(processes, timeout=20)
    assert not alive, f"{len(alive)} processes outlived their parent"


# --- faults -----------------------------------------------------------------------------------------------------------


def parent_killed(bench: Bench) -> Told:
    """kill -9 of the parent at random moments, without and with a pool; each sitting goes on from the last."""
    alone, pooled = (9, 1) if bench.short else (80, 20)
    what = standins.asked(20, 1 + 4 * (alone + pooled))
    expected, out, grew = bench.undisturbed(what), bench.fresh(), 0
    kinds = [0] * alone + [2] * pooled
    bench.chance.shuffle(kinds)
    before = 0
    for workers in kinds:
        arguments = ("--points", "20", "--replicates", str(what.replicates), "--workers", str(workers))
        with child(out, *arguments, STANDIN_MS="8") as process:
            wait_until_ready(process)
            time.sleep(bench.chance.uniform(0.0, 0.8))
            workers_left = family(process)
            assert process.poll() is None, "it was through before it was killed: the kill proves nothing"
            process.kill()
            process.wait()
            wait_for_no_orphans(workers_left)
        now = rows_kept(out)
        assert now >= before, "runs that were kept are gone"
        grew, before = grew + (now > before), now
    assert 2 * grew >= len(kinds), f"only {grew} of {len(kinds)} sittings got further"
    assert before < what.runs(), "nothing was left to do: the last kills prove nothing"
    go_on_and_compare(out, what, expected)
    return Told(len(kinds), f"{grew} sittings got further, {before} of {what.runs()} runs before the last")


class FailingDisk:
    """Writing fails at the n-th act (open, sync or rename), once or from then on."""

    def __init__(self, at: int, for_good: bool) -> None:
        self.at, self.for_good, self.acts = at, for_good, 0

    def act(self) -> None:
        """One act of writing."""
        self.acts += 1
        if self.acts == self.at or (self.for_good and self.acts > self.at):
            raise OSError(5, "Input/output error")

    @contextlib.contextmanager
    def installed(self) -> Iterator[None]:
        """In place of the disk."""
        real_open, real_replace, real_sync = Path.open, Path.replace, os.fsync

        def opened(path: Path, mode: str = "r", *more: object, **named: object) -> object:
            if "w" in mode:
                self.act()
            return real_open(path, mode, *more, **named)  # type: ignore[call-overload]

        def replaced(path: Path, target: Path) -> Path:
            self.act()
            return real_replace(path, target)

        def synced(descriptor: int) -> None:
            self.act()
            real_sync(descriptor)

        with patch.object(Path, "open", opened), patch.object(Path, "replace", replaced), patch.object(os, "fsync", synced):
            yield


def write_fails(bench: Bench) -> Told:
    """An I/O error at the n-th act of writing, for every n: once, and from then on."""
    what = standins.asked(3, 3)
    expected, struck, some = bench.undisturbed(what), 0, 0
    for for_good in (False, True):
        for at in range(1, 10_000):
            out, disk = bench.fresh(), FailingDisk(at, for_good)
            with disk.installed(), contextlib.suppress(OSError):
                standins.run(out, what)
            if disk.acts < at:
                break
            struck, some = struck + 1, some + (rows_kept(out) > 0)
            go_on_and_compare(out, what, expected)
            shutil.rmtree(out)
    assert struck > 60 and some > 20, f"{struck} acts failed, {some} times something was kept: too few to prove anything"
    return Told(struck, f"{some} times some runs were kept before")


def disk_limit(bench: Bench) -> Told:
    """Files may not grow beyond a limit (RLIMIT_FSIZE), for many limits."""
    what = standins.asked(8, 6)
    expected, struck, hard = bench.undisturbed(what), 0, resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    for limit in (0, 1, 100, 300, 700, 1000, 1500, 2000, 3000, 5000):
        out = bench.fresh()
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
        try:
            standins.run(out, what)
        except OSError:
            struck += 1
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
        rows_kept(out)
        go_on_and_compare(out, what, expected)
    assert struck >= 5, f"only {struck} limits were met"
    return Told(struck, "limits from 0 to 5,000 bytes")


def damage(bench: Bench) -> Told:
    """Flipped bits, truncated and missing files: found when read, put aside and made again."""
    what = standins.asked(8, 6)
    expected, whole = bench.undisturbed(what), bench.fresh()
    standins.run(whole, what)
    files = [path.relative_to(whole) for path in sorted(whole.rglob("*")) if path.is_file() and path.name not in UNREAD]
    noticed = 0
    rounds = 24 if bench.short else 400
    for turn in range(rounds):
        out = bench.fresh() / "sweep"
        shutil.copytree(whole, out)
        path = out / files[turn % len(files)]
        content = bytearray(path.read_bytes())
        kind = bench.chance.choice(("flip", "flip", "truncate", "delete"))
        if kind == "flip":
            bit = bench.chance.randrange(8 * len(content))
            content[bit // 8] ^= 1 << bit % 8
            path.write_bytes(content)
        elif kind == "truncate":
            path.write_bytes(content[: bench.chance.randrange(len(content))])
        else:
            path.unlink()
        try:
            found = read_results(out)
            same = canonical_bytes(found.runs) == canonical_bytes(read_results(whole).runs) and export(out) == expected
            assert same or kind == "delete", f"{path.name}: damaged ({kind}), and read as if nothing were wrong"
        except (StoreError, PointsError):
            noticed += 1
        go_on_and_compare(out, what, expected)
        shutil.rmtree(out)
    assert noticed > rounds * 0.8, f"only {noticed} of {rounds} were noticed"
    return Told(rounds, f"{noticed} were noticed when read, the others changed nothing that is read")


def worker_killed(bench: Bench) -> Told:
    """Workers killed from outside and by their own run: the pool is made anew, nothing is lost or made twice."""
    what, kills = standins.asked(10, 20), 1 if bench.short else 8
    expected, out, struck = bench.undisturbed(what), bench.fresh(), []
    at = sorted(bench.chance.sample(range(40, what.runs() - 100), kills))

    def strike(have: int, _wanted: int) -> None:
        if at and have >= at[0]:
            at.pop(0)
            bench.chance.choice(spawned(psutil.Process())).kill()
            struck.append(have)

    with ordered(STANDIN_MS="5", STANDIN_ONCE=str(bench.fresh())):
        results = standins.run(out, what, Processes(2), progress=strike)
    assert len(struck) == kills and results.missing() == 0 and results.failed.num_rows == 0
    assert export(out) == expected, "without going on, all is there already"
    go_on_and_compare(out, what, expected)
    return Told(kills + 1, f"struck at {', '.join(map(str, struck))} of {what.runs()} runs, and once from within")


def poison_run(bench: Bench) -> Told:
    """A run that always ends its process is charged after three strikes, alone; run again without poison it is like any other."""
    what = standins.asked(10, 4)
    expected, out = bench.undisturbed(what), bench.fresh()
    with ordered(STANDIN_POISON="3,0"):
        results = standins.run(out, what, Processes(1))
    charged = {(row["point"], row["replicate"]) for row in results.failed.to_pylist()}
    assert charged == {(3, 0)} and results.failed.num_rows == 2, charged
    assert "3 times" in results.failed["error"][0].as_py()
    assert results.runs.num_rows == what.runs() - 2
    standins.run(out, what, retry=True)
    go_on_and_compare(out, what, expected)
    return Told(3, f"2 rows say so, {results.runs.num_rows} others are whole")


def failing_run(bench: Bench) -> Told:
    """A run that raises is a row with its traceback; run again without the trouble it is like any other."""
    what = standins.asked(10, 4)
    expected, out = bench.undisturbed(what), bench.fresh()
    with ordered(STANDIN_RAISE="3,0"):
        results = standins.run(out, what)
    assert results.failed.num_rows == 2 and "trouble on order" in results.failed["error"][0].as_py()
    assert results.runs.num_rows == what.runs() - 2
    assert standins.run(out, what).failed.num_rows == 2, "a failed run is not tried again unless one asks"
    standins.run(out, what, retry=True)
    go_on_and_compare(out, what, expected)
    return Told(1, f"2 rows say so, {results.runs.num_rows} others are whole")


def hanging_worker(bench: Bench) -> Told:
    """A run that never ends: after some patience its worker is killed, and it is tried again."""
    what = standins.asked(10, 2)
    expected, out = bench.undisturbed(what), bench.fresh()
    with ordered(STANDIN_HANG=str(bench.fresh())):
        results = standins.run(out, what, Processes(1), patience=10.0)
    assert results.failed.num_rows == 0 and export(out) == expected
    go_on_and_compare(out, what, expected)
    return Told(1, "it was through the second time")


def interrupted(bench: Bench) -> Told:
    """Ctrl-C to the whole group, once (what has begun is finished) and twice (at once)."""
    rounds = 1 if bench.short else 5
    what = standins.asked(20, 10 if bench.short else 40)
    expected, kept = bench.undisturbed(what), []
    for times in (1, 2):
        workers = 1 if bench.short and times == 2 else 2
        arguments = ("--points", "20", "--replicates", str(what.replicates), "--workers", str(workers))
        out, before = bench.fresh(), 0
        for _ in range(rounds):
            with child(out, *arguments, STANDIN_MS="20") as process:
                wait_until_ready(process)
                begun = family(process)
                time.sleep(bench.chance.uniform(0, 0.5))
                for _ in range(times):
                    os.killpg(process.pid, signal.SIGINT)
                    time.sleep(0.05)
                process.wait(PATIENCE)
                assert process.returncode != 0, "a sweep that was stopped must not look like one that is through"
                wait_for_no_orphans(begun)
            assert rows_kept(out) > before, "what was finished is not there"
            before = rows_kept(out)
        kept.append(before)
        go_on_and_compare(out, what, expected)
    return Told(2 * rounds, f"{kept[0]} and {kept[1]} of {what.runs()} runs were kept")


def two_writers(bench: Bench) -> Told:
    """A second sweep into the same folder is refused, and the first does not notice."""
    what = standins.asked(20, 10)
    expected, out = bench.undisturbed(what), bench.fresh()
    with child(out, "--points", "20", "--replicates", "10", STANDIN_MS="20") as process:
        wait_until_ready(process)
        refused = 0
        for _ in range(5):
            try:
                standins.run(out, what)
            except StoreError as error:
                refused += "another process is writing here" in str(error)
        alive = process.poll() is None
        process.wait(PATIENCE)
        assert refused == 5 and alive and process.returncode == 0
    assert export(out) == expected
    go_on_and_compare(out, what, expected)
    return Told(5, "5 were refused, the first got through")


def clock_set_back(bench: Bench) -> Told:
    """The clock goes back a day at every look, and files seem older or newer than they are."""
    what = standins.asked(10, 4)
    expected, out, now = bench.undisturbed(what), bench.fresh(), [2e9]

    def backwards() -> float:
        now[0] -= 86_400
        return now[0]

    looks = 0
    for replicates in range(1, what.replicates + 1):
        with patch("time.time", backwards):
            standins.run(out, replace(what, replicates=replicates))
        looks += 1
        assert rows_kept(out) == 20 * replicates, "runs were made again, or not at all"
        for path in out.rglob("*.parquet"):
            os.utime(path, (0, 0) if looks % 2 else (4e9, 4e9))
    go_on_and_compare(out, what, expected)
    return Told(looks, "nothing was made twice")


def workers_and_order(bench: Bench) -> Told:
    """One worker or two, in order or shuffled: the same bytes."""
    what = standins.asked(10, 10)
    expected = bench.undisturbed(what)
    if not bench.short:  # `worker_killed` compares two workers with none in any case
        two = bench.fresh()
        standins.run(two, what, Processes(2))
        assert export(two) == expected, "two workers give other bytes"

    class Shuffled(Sweep):
        def tasks(self):  # noqa: ANN202
            tasks = list(super().tasks())
            bench.chance.shuffle(tasks)
            return iter(tasks)

    for _ in range(3):
        out = bench.fresh()
        standins.run(out, Shuffled(**vars(what)))
        assert export(out) == expected, "another order gives other bytes"
    return Told(3 if bench.short else 4, "3 orders" if bench.short else "2 workers, 3 orders")


def dask_worker_killed(bench: Bench) -> Told:
    """A Dask scheduler and two workers over loopback, of which one is killed at work; its nanny brings another."""
    what = standins.asked(20, 15)
    expected, out, struck = bench.undisturbed(what), bench.fresh(), []
    with dask_cluster(bench.fresh(), STANDIN_MS="20") as (address, nannies):

        def strike(have: int, wanted: int) -> None:
            if not struck and have > wanted / 4:
                workers = [one for nanny in nannies for one in spawned(psutil.Process(nanny.pid))]
                bench.chance.choice(workers).kill()
                struck.append(have)

        results = standins.run(out, what, Dask(address), progress=strike)
        left = [one for nanny in nannies for one in psutil.Process(nanny.pid).children(recursive=True)]
    wait_for_no_orphans(left)
    assert struck and results.missing() == 0 and results.failed.num_rows == 0 and export(out) == expected
    go_on_and_compare(out, what, expected)
    return Told(1, f"struck at {struck[0]} of {what.runs()} runs")


@contextlib.contextmanager
def dask_cluster(folder: Path, **environment: str) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler and two workers of one thread each, as one starts them by hand."""
    around = os.environ | environment | {"PYTHONPATH": str(ROOT)}
    file, begun = folder / "scheduler.json", []

    def begin(*arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "dask", *arguments, "--scheduler-file", str(file)]
        process = subprocess.Popen(command, cwd=folder, env=around, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        begun.append(process)
        return process

    try:
        begin("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        end = time.monotonic() + PATIENCE
        while not file.exists() or not file.read_text():
            assert time.monotonic() < end, "no Dask scheduler began"
            time.sleep(0.1)
        address = json.loads(file.read_text())["address"]
        nannies = [begin("worker", "--nthreads", "1", "--no-dashboard", "--host", "127.0.0.1") for _ in range(2)]
        yield address, nannies
    finally:
        for process in reversed(begun):
            process.terminate()
        for process in begun:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(15)
            process.kill()
            process.wait()


@contextlib.contextmanager
def ordered(**environment: str) -> Iterator[None]:
    """Trouble for workers that begin inside the block."""
    with patch.dict(os.environ, environment):
        yield


FAULTS: tuple[Callable[[Bench], Told], ...] = (
    write_fails, disk_limit, damage, failing_run, clock_set_back, workers_and_order, worker_killed, poison_run, hanging_worker,
    two_writers, interrupted, dask_worker_killed, parent_killed,
)  # fmt: skip


def main() -> int:
    """Torture, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help="few rounds of everything")
    parser.add_argument("--only", action="append", choices=[fault.__name__ for fault in FAULTS])
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    held, started = True, time.process_time()
    print(f"{'fault':20} {'strikes':>7} {'seconds':>8}  after going on: every run once, the same bytes; progress")
    with tempfile.TemporaryDirectory() as folder:
        for fault in FAULTS:
            if given.only and fault.__name__ not in given.only:
                continue
            begun = time.monotonic()
            try:
                told = fault(Bench(Path(folder), given.short, random.Random(given.seed)))
                line = f"{told.strikes:7} {time.monotonic() - begun:8.1f}  yes; {told.progress}"
            except Exception:  # noqa: BLE001 - one fault that does not hold must not hide the others
                held, line = False, f"{'':7} {time.monotonic() - begun:8.1f}  NO\n{traceback.format_exc()}"
            print(f"{fault.__name__:20} {line}", flush=True)
    spent = time.process_time() - started + sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
    print(f"{spent:.0f} seconds of CPU")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
