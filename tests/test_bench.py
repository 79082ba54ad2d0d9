"""The bench takes apart what it should and says what is not met; no test here reads a clock."""

from __future__ import annotations

import json

import numpy as np
import pytest
from click.testing import CliRunner

from experiments import bench
from model.learning_network import LearningNetwork
from model.region import dutch_region, generate_region
from model.world import state_bytes

PHASES = {"begin", "take stock", "lead", "meet", "choose", "work", "learn", "feel", "measure"}


def small() -> LearningNetwork:
    return LearningNetwork(3, region=generate_region(schools=2, people_per_school=8), lead_weeks=1_000)


def test_a_week_is_taken_apart_into_its_phases():
    medians = bench.time_weeks(small(), 5)
    assert medians.keys() == PHASES | {"week", "choice"}
    assert all(seconds >= 0 for seconds in medians.values())


def test_every_phase_is_timed_once_a_week_and_choices_are_counted():
    world = small()
    with bench.stopwatch(world) as taken:
        for _ in range(4):
            world.step()
    assert {name: len(times) for name, times in taken.items()} == dict.fromkeys(PHASES | {"choices"}, 4)
    assert sum(taken["choices"]) > 0


def test_being_timed_changes_nothing():
    watched, other = small(), small()
    with bench.stopwatch(watched):
        for _ in range(6):
            watched.step()
    for _ in range(6):
        other.step()
    assert watched.measures == other.measures
    assert all(np.array_equal(column, other.ties()[name]) for name, column in watched.ties().items())


def test_state_stays_within_its_bar():
    world = LearningNetwork(1, region=dutch_region(1_000))
    assert state_bytes(world.world) / world.region.people <= bench.BARS["bytes_per_person"][2]


def test_what_is_not_met_is_said():
    figures = {name: bar * (0.5 if sign == ">=" else 2) for name, (_, sign, bar) in bench.BARS.items()}
    figures |= {"choice_us_3000": 1.0, "choice_us_140000": 1.5}
    profile = {"85": dict.fromkeys(PHASES | {"week"}, 0.001)}
    assert bench.tell(figures, profile).count("NOT MET") == len(bench.BARS)
    met = figures | {name: bar for name, (_, _, bar) in bench.BARS.items()}
    assert "NOT MET" not in bench.tell(met, profile)


@pytest.mark.parametrize("as_json", [True, False])
def test_the_command_prints_what_was_measured(monkeypatch, as_json):
    figures = {name: bar for name, (_, _, bar) in bench.BARS.items()} | {"choice_us_3000": 1.0, "choice_us_140000": 1.5}
    profiles = {"500": dict.fromkeys(PHASES | {"week"}, 0.001)}
    monkeypatch.setattr(bench, "measure", lambda sizes: (figures, profiles if sizes == (500,) else {}))
    result = CliRunner().invoke(bench.main, ["--people", "500", *(["--json"] if as_json else [])])
    assert result.exit_code == 0
    assert (json.loads(result.output) == figures) if as_json else ("500" in result.output and "take stock" in result.output)


def test_a_process_that_fails_is_an_error():
    with pytest.raises(bench.subprocess.CalledProcessError):
        bench.wall([bench.sys.executable, "-c", "raise SystemExit(3)"])
