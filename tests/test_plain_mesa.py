"""The model and its plain Mesa twin give the same results within sampling error."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.plain_mesa import PlainNetwork
from model.learning_network import LearningNetwork
from model.region import generate_region

REPLICATES, WEEKS = 30, 50
ALPHA_Z = 4.0
"""Ten comparisons at |z| < 4: one false alarm in about 1,600 runs of this test; seeds are fixed."""


@pytest.fixture(scope="module")
def both() -> tuple[list[dict[str, float]], list[dict[str, float]]]:
    region = generate_region(schools=2, people_per_school=12)
    plain, fast = [], []
    for replicate in range(REPLICATES):
        reference = PlainNetwork(region, seed=1000 + replicate)
        world = LearningNetwork(rng=7, replicate=replicate, region=region, collect=False)
        for _ in range(WEEKS):
            reference.step()
            world.step()
        plain.append(reference.measures)
        everybody = world.measure() | {"lasting": _lasting(world), "practice": float(world.world.people.practice.mean())}
        fast.append(everybody)
    return plain, fast


def _lasting(world: LearningNetwork) -> float:
    since = world.ties()["strong_since"]
    return float(((since >= 0) & (world.week - since >= 8)).sum()) / world.region.people


@pytest.mark.parametrize(
    "measure", ["ties", "strong", "lasting", "nobody", "across", "reciprocity", "closure", "energy", "knowledge", "practice"]
)
def test_the_two_agree(both: tuple[list[dict[str, float]], list[dict[str, float]]], measure: str) -> None:
    plain, fast = (np.array([run[measure] for run in runs]) for runs in both)
    error = np.sqrt(plain.var(ddof=1) / REPLICATES + fast.var(ddof=1) / REPLICATES)
    assert abs(plain.mean() - fast.mean()) < ALPHA_Z * error, f"plain {plain.mean():.3f}, model {fast.mean():.3f}, error {error:.4f}"
