"""How fast the model is: ratios of CPU time taken in one run, so that they hold on any machine.

Run with ``python -m experiments.bench``, or with ``--json`` for the figures alone; ``--people 500`` profiles a week at that size.
Give it a machine that does nothing else: the figures in seconds are wall time.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

import click

import model.learning_network as of_a_week
from experiments.plain_mesa import PlainNetwork
from model.learning_network import LearningNetwork
from model.region import dutch_region, generate_region
from model.world import state_bytes

BARS = {
    "plain_mesa_3000": ("times faster than plain Mesa, a whole week at 3,000 people", ">=", 60.0),
    "choice_140000_over_3000": ("cost of one choice at 140,000 people over that at 3,000", "<=", 1.5),
    "help_s": ("seconds for learnweave --help", "<=", 0.5),
    "first_result_warm_s": ("seconds from process start to the first finished run, compiled before", "<=", 2.0),
    "first_result_cold_s": ("the same with nothing compiled", "<=", 20.0),
    "bytes_per_person": ("bytes of state a person", "<=", 400.0),
}
"""What is measured, and what is asked of it."""
SIZES = (85, 3_000, 140_000)
"""Numbers of people at which a week is taken apart."""
_PHASES = {"begin_week": "begin", "take_stock": "take stock", "choose": "choose", "work": "work", "learn": "learn", "feel": "feel"}
"""Functions of a week and the names of its parts; `lead`, `meet` and `measure` are methods of the model."""
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


def make_world(people: int, weeks: int) -> LearningNetwork:
    """A world of about this many people after some weeks of its own growth; the default board where 85 are asked for."""
    return LearningNetwork(rng=1, region=None if people == 85 else dutch_region(people), grow_weeks=weeks, lead_weeks=1_000)


def week_against_plain_mesa(weeks: int = 40, pairs: int = 7) -> float:
    """How many times faster a whole week is than the plain Mesa model at 3,000 people: every phase, and the same outcomes.

    Both first live through a school year, so that their networks are near rest; then they take turns. The ratio is of medians.
    """
    region = generate_region(boards=15, schools=13, people_per_school=15)
    plain, fast = PlainNetwork(region, seed=1), LearningNetwork(rng=1, region=region, lead_weeks=1_000)
    for _ in range(weeks):
        plain.step()
        fast.step()
    turns = [(cpu(plain.step), statistics.median(cpu(fast.step) for _ in range(5))) for _ in range(pairs)]
    return statistics.median(slow for slow, _ in turns) / statistics.median(quick for _, quick in turns)


@contextmanager
def stopwatch(world: LearningNetwork) -> Iterator[dict[str, list[float]]]:
    """Seconds of CPU of each phase of the weeks that pass inside, by name of the phase; `choices` counts chances to change a tie."""
    taken: dict[str, list[float]] = {"choices": []}

    def timed(name: str, phase: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any) -> Any:
            start = time.process_time()
            answer = phase(*arguments)
            taken.setdefault(name, []).append(time.process_time() - start)
            if name == "choose":
                taken["choices"].append(answer)
            return answer

        return run

    functions = {function: timed(name, getattr(of_a_week, function)) for function, name in _PHASES.items()}
    methods = {name: timed(name, getattr(world, name)) for name in ("lead", "meet", "measure")}
    with ExitStack() as patches:
        for place, replaced in ((of_a_week, functions), (world, methods)):
            for name, phase in replaced.items():
                patches.enter_context(patch.object(place, name, phase))
        yield taken


def time_weeks(world: LearningNetwork, weeks: int) -> dict[str, float]:
    """Median seconds of CPU of each phase of a week, of the whole `week`, and of one `choice`."""
    with stopwatch(world) as taken:
        whole = [cpu(world.step) for _ in range(weeks)]
    choices = taken.pop("choices")
    costs = [seconds / max(1, count) for seconds, count in zip(taken["choose"], choices, strict=True)]
    medians = {name: statistics.median(each) for name, each in taken.items()}
    return medians | {"week": statistics.median(whole), "choice": statistics.median(costs)}


def time_choices(near: LearningNetwork, far: LearningNetwork, rounds: int = 3) -> tuple[float, float]:
    """Seconds of CPU of one choice in two worlds that take turns: medians of weeks as they are lived."""
    turns = [(time_weeks(near, 15)["choice"], time_weeks(far, 4)["choice"]) for _ in range(rounds)]
    return statistics.median(one for one, _ in turns), statistics.median(other for _, other in turns)


def time_processes(tries: int = 4) -> dict[str, float]:
    """Seconds of wall time of whole processes: help, and the first result with and without compiled code; the best of some tries."""
    first, command = [sys.executable, "-P", "-c", _FIRST_RESULT], [sys.executable, "-P", "-m", "experiments.cli", "--help"]
    with tempfile.TemporaryDirectory() as empty:
        cold = wall(first, NUMBA_CACHE_DIR=empty)
        warm = min(wall(first, NUMBA_CACHE_DIR=empty) for _ in range(tries))
    return {"help_s": min(wall(command) for _ in range(tries)), "first_result_warm_s": warm, "first_result_cold_s": cold}


def measure(sizes: tuple[int, ...] = SIZES) -> tuple[dict[str, float], dict[str, dict[str, float]]]:
    """All figures by id, and seconds of each phase of a week by number of people."""
    near, far = make_world(3_000, 40), make_world(140_000, 20)
    choice, choice_far = time_choices(near, far)
    profiles = {}
    for people in sizes:
        world = {3_000: near, 140_000: far}.get(people) or make_world(people, 40)
        profiles[f"{world.region.people:,}"] = time_weeks(world, 4 if people > 20_000 else 30)
    figures = {
        "plain_mesa_3000": week_against_plain_mesa(),
        "choice_140000_over_3000": choice_far / choice,
        "choice_us_3000": 1e6 * choice,
        "choice_us_140000": 1e6 * choice_far,
        "bytes_per_person": state_bytes(near.world) / near.region.people,
    }
    return figures | time_processes(), profiles


def tell(figures: dict[str, float], profiles: dict[str, dict[str, float]]) -> str:
    """The figures against what is asked, and where the time of a week goes."""
    lines = [f"{'':28}{'measured':>10}   {'asked':>9}"]
    for name, (meaning, sign, bar) in BARS.items():
        met = figures[name] >= bar if sign == ">=" else figures[name] <= bar
        lines.append(f"{name:28}{figures[name]:10.2f}   {sign} {bar:6g}  {'' if met else 'NOT MET  '}{meaning}")
    lines.append(f"\none choice: {figures['choice_us_3000']:.2f} µs at 3,000 people, {figures['choice_us_140000']:.2f} µs at 140,000")
    lines.append("\nmilliseconds of CPU in a week, by number of people")
    lines.append(" " * 14 + "".join(f"{people:>12}" for people in profiles))
    for phase in ("begin", "take stock", "lead", "meet", "choose", "work", "learn", "feel", "measure", "week"):
        lines.append(f"{phase:14}" + "".join(f"{1000 * found[phase]:12.3f}" for found in profiles.values()))
    return "\n".join(lines)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the figures alone, as JSON.")
@click.option("--people", multiple=True, type=click.IntRange(85, 200_000), help="Take a week apart at this size (may be repeated).")
def main(as_json: bool, people: tuple[int, ...]) -> None:
    """Measure and print; takes a minute or two."""
    figures, profiles = measure(people or SIZES)
    click.echo(json.dumps(figures, indent=1) if as_json else tell(figures, profiles))


if __name__ == "__main__":
    main()
