"""How fast the model is: ratios of CPU time taken in one run, so that they hold on any machine.

Run with ``python -m experiments.bench``, or with ``--json`` for the figures alone.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

import click
import numpy as np

from experiments.plain_mesa import PlainNetwork
from model.choice import choose
from model.growth import begin_week, feel, learn, work
from model.learning_network import LearningNetwork
from model.region import dutch_region, generate_region
from model.world import state_bytes, take_stock

BARS = {
    "plain_mesa_3000": ("times faster than plain Mesa, a whole week at 3,000 people", ">=", 60.0),
    "choice_140000_over_3000": ("cost of one choice at 140,000 people over that at 3,000", "<=", 1.5),
    "help_s": ("seconds for learnweave --help", "<=", 0.5),
    "first_result_warm_s": ("seconds from process start to the first finished run, compiled before", "<=", 2.0),
    "first_result_cold_s": ("the same with nothing compiled", "<=", 20.0),
    "bytes_per_person": ("bytes of state a person", "<=", 400.0),
}
"""What is measured, and what we ask of it."""
_NOBODY, _NO_START = np.zeros(0, np.int32), np.zeros(1, np.int32)
_FIRST_RESULT = (
    "from experiments.runs import Job, Source, run\nrows = run(Job(Source(), ('on_its_own',), 0)).rows\nassert rows[0]['lasting_after'] > 0"
)


def cpu(step: Callable[[], Any]) -> float:
    """Seconds of CPU one call takes."""
    start = time.process_time()
    step()
    return time.process_time() - start


def wall(command: list[str], **environment: str) -> float:
    """Seconds of wall time a process takes.

    Raises:
        subprocess.CalledProcessError: if it fails.
    """
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env=os.environ | environment)
    return time.perf_counter() - start


def week_against_plain_mesa(pairs: int = 5) -> float:
    """How many times faster a whole week (all phases, with measures) is than the plain Mesa model at 3,000 people.

    The two take turns; the ratio of medians is given.
    """
    region = generate_region(boards=15, schools=13, people_per_school=15, board_members=1)
    plain, fast = PlainNetwork(region, seed=1), LearningNetwork(rng=1, region=region)
    for _ in range(12):
        fast.step()
        plain.step()
    turns = [(cpu(plain.step), statistics.fmean(cpu(fast.step) for _ in range(5))) for _ in range(pairs)]
    return statistics.median(slow for slow, _ in turns) / statistics.median(quick for _, quick in turns)


def choice_cost(world: LearningNetwork, weeks: int = 9) -> float:
    """Seconds of CPU one choice costs in a world: the median over some weeks of phase 3."""
    costs = []
    for _ in range(weeks):
        world.step()
        count = 0

        def take() -> None:
            nonlocal count
            count = choose(world.world, world.constants, world.key, world.week, _NO_START, _NOBODY)

        costs.append(cpu(take) / max(1, count))
    return statistics.median(costs)


def profile(world: LearningNetwork) -> dict[str, float]:
    """Milliseconds of CPU of each phase of a week."""
    w, c, key, week = world.world, world.constants, world.key, world.week
    phases: dict[str, Callable[[], Any]] = {
        "begin": lambda: begin_week(w, week),
        "take stock": lambda: take_stock(w, c, week),
        "choose": lambda: choose(w, c, key, week, _NO_START, _NOBODY),
        "work": lambda: work(w, c, key, week),
        "learn": lambda: learn(w, c, key, week),
        "feel": lambda: feel(w, c, week),
        "measure": world.measure,
    }
    return {name: 1000 * statistics.median(cpu(phase) for _ in range(7)) for name, phase in phases.items()}


def measure() -> tuple[dict[str, float], dict[str, dict[str, float]]]:
    """All figures by id, and milliseconds of each phase by number of people."""
    small = LearningNetwork(rng=1, grow_weeks=40)
    middle = LearningNetwork(rng=1, region=dutch_region(3_000), grow_weeks=40)
    large = LearningNetwork(rng=1, region=dutch_region(140_000), grow_weeks=20)
    near, far = [], []
    for _ in range(3):
        near.append(choice_cost(middle))
        far.append(choice_cost(large, weeks=3))
    figures = {
        "plain_mesa_3000": week_against_plain_mesa(),
        "choice_140000_over_3000": statistics.median(far) / statistics.median(near),
        "help_s": statistics.median(wall([sys.executable, "-P", "-m", "experiments.cli", "--help"]) for _ in range(5)),
        "first_result_warm_s": statistics.median(wall([sys.executable, "-c", _FIRST_RESULT]) for _ in range(4)),
        "bytes_per_person": state_bytes(middle.world) / middle.region.people,
        "choice_us_3000": 1e6 * statistics.median(near),
        "choice_us_140000": 1e6 * statistics.median(far),
    }
    with tempfile.TemporaryDirectory() as empty:
        figures["first_result_cold_s"] = wall([sys.executable, "-c", _FIRST_RESULT], NUMBA_CACHE_DIR=empty)
    return figures, {f"{world.region.people:,}": profile(world) for world in (small, middle, large)}


def _table(figures: dict[str, float], profiles: dict[str, dict[str, float]]) -> str:
    lines = [f"{'':28}{'measured':>10}   {'asked':>9}"]
    for name, (meaning, sign, bar) in BARS.items():
        met = figures[name] >= bar if sign == ">=" else figures[name] <= bar
        lines.append(f"{name:28}{figures[name]:10.2f}   {sign} {bar:6g}  {'' if met else 'NOT MET  '}{meaning}")
    lines.append(f"\none choice: {figures['choice_us_3000']:.2f} µs at 3,000 people, {figures['choice_us_140000']:.2f} µs at 140,000")
    lines.append("\nmilliseconds of CPU in a week, by number of people")
    lines.append(" " * 14 + "".join(f"{people:>12}" for people in profiles))
    for phase in next(iter(profiles.values())):
        lines.append(f"{phase:14}" + "".join(f"{found[phase]:12.3f}" for found in profiles.values()))
    return "\n".join(lines)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the figures alone, as JSON.")
def main(as_json: bool) -> None:
    """Measure and print; takes some minutes."""
    figures, profiles = measure()
    click.echo(json.dumps(figures, indent=1) if as_json else _table(figures, profiles))


if __name__ == "__main__":
    main()
