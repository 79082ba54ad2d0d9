"""The model and its plain Mesa twin give the same results within sampling error."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.plain_mesa import PlainNetwork
from model.learning_network import LearningNetwork
from model.measures import WEEKLY
from model.parameters import Parameters
from model.region import generate_region

REPLICATES, WEEKS, MOST_Z = 30, 50, 4.0
"""|z| < 4 has a false alarm in about 5,000 comparisons (t with 58 degrees of freedom); there are 58 of them, with fixed seeds."""
SETTINGS = {
    "defaults": ({"schools": 2, "people_per_school": 12}, {}),
    "every term at work": (
        {"boards": 2, "schools": 2, "people_per_school": 8, "policy_officers": 1},
        {"network_effect": 0.3, "network_shape": 1, "closure": 0.4, "p_meet_outside": 0.08, "rate": 0.6, "same_hat": 0.8,
         "role_leader": 0.5, "indegree_power": 0.8, "staff_turnover": 0.2, "carry_back": 0.5, "team_hours": 2, "overload_slope": 0.3},
    ),
}  # fmt: skip
# fmt: off
COMPARED = (
    "ties", "strong", "nobody", "across", "across_teams", "across_boards", "reciprocity", "closure", "centralisation", "gini",
    "largest", "two_steps", "lasting", "lasting_team", "lasting_school", "lasting_board", "lasting_across", "lasting_chosen",
    "lasting_first", "survivors", "born_after", "energy", "energy_low", "knowledge", "knowledge_low", "knowledge_spread", "practice",
    "practice_low", "isolated",
)
# fmt: on

Runs = dict[str, tuple[list[dict[str, float]], list[dict[str, float]]]]


@pytest.fixture(scope="module")
def runs() -> Runs:
    """Measures of the last week of every replicate, of the plain twin and of the model, by setting."""
    return {name: _run(dict(region), dict(values)) for name, (region, values) in SETTINGS.items()}


def _run(region_arguments: dict[str, int], values: dict[str, float]) -> tuple[list[dict[str, float]], list[dict[str, float]]]:
    region, parameters = generate_region(**region_arguments), Parameters().with_values(**values)
    plain, fast = [], []
    for replicate in range(REPLICATES):
        twin = PlainNetwork(region, seed=1000 + replicate, parameters=parameters)
        world = LearningNetwork(7, replicate=replicate, region=region, parameters=parameters, collect=False)
        for _ in range(WEEKS):
            twin.step()
            world.step()
        plain.append(twin.measures)
        fast.append(world.measure())
    return plain, fast


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("measure", COMPARED)
def test_the_two_agree(runs: Runs, setting: str, measure: str) -> None:
    plain, fast = (np.array([run[measure] for run in half]) for half in runs[setting])
    error = np.sqrt(plain.var(ddof=1) / REPLICATES + fast.var(ddof=1) / REPLICATES)
    assert abs(plain.mean() - fast.mean()) <= MOST_Z * error, f"plain {plain.mean():.3f}, model {fast.mean():.3f}, error {error:.4f}"


def test_both_collect_the_same_every_week() -> None:
    region = generate_region(schools=1, people_per_school=5)
    twin, world = PlainNetwork(region, seed=1), LearningNetwork(1, region=region)
    for _ in range(3):
        twin.step()
        world.step()
    assert set(WEEKLY) <= twin.measures.keys()
    assert set(WEEKLY) <= world.measures.keys()
    assert twin.datacollector.get_model_vars_dataframe().shape == (3, len(WEEKLY))


@pytest.mark.parametrize(
    ("wrong", "measure"),
    [
        ({"reciprocity": 0.2}, "reciprocity"),
        ({"gain": 0.15}, "strong"),
        ({"learning": 0.02}, "knowledge"),
    ],
)
def test_a_false_twin_is_found_out(runs: Runs, wrong: dict[str, float], measure: str) -> None:
    """The comparison is sharp enough to see one rule that is off."""
    region, parameters = generate_region(**SETTINGS["defaults"][0]), Parameters().with_values(**wrong)
    other = []
    for replicate in range(REPLICATES):
        twin = PlainNetwork(region, seed=1000 + replicate, parameters=parameters)
        for _ in range(WEEKS):
            twin.step()
        other.append(twin.measures)
    assert _z(other, runs["defaults"][1], measure) > MOST_Z


def _z(one: list[dict[str, float]], other: list[dict[str, float]], measure: str) -> float:
    a, b = (np.array([run[measure] for run in half]) for half in (one, other))
    return float(abs(a.mean() - b.mean()) / np.sqrt(a.var(ddof=1) / len(a) + b.var(ddof=1) / len(b)))
