"""Sweeps: paired runs over a design, resumed and extended, failures kept as rows."""

from dataclasses import replace

import numpy as np
import pytest

from experiments import designs
from experiments.points import Points
from experiments.runs import Source
from experiments.store import canonical_bytes, read_runs
from experiments.sweep import Sweep, attempt, sweep

SMALL = Sweep(
    name="small",
    points=designs.grid(["crowding", "threshold"], 3),
    policies=("strong_pull", "on_its_own"),
    replicates=2,
    source=Source(made=(("people_per_school", 6), ("schools", 2))),
    grow_weeks=3,
    lead_weeks=4,
    after_weeks=2,
    outcomes=("lasting", "energy"),
    series=("energy",),
)


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sweep")
    return folder, sweep(SMALL, folder, workers=1)


def test_every_point_replicate_and_policy_is_there_once(done):
    _, results = done
    assert results.runs.num_rows == SMALL.runs() == 9 * 2 * 2 and results.missing() == 0 and results.failed.num_rows == 0
    assert results.runs.column_names[:4] == ["key", "point", "replicate", "policy"]
    assert {"p_crowding", "p_threshold", "lasting_start", "energy_after"} < set(results.runs.column_names)
    rows = results.runs.to_pylist()
    assert [(row["point"], row["replicate"], row["policy"]) for row in rows] == [
        (point, replicate, policy) for point in range(9) for replicate in range(2) for policy in ("on_its_own", "strong_pull")
    ]
    assert all(row["p_crowding"] == SMALL.points.values[row["point"], 0] for row in rows)


def test_weeks_are_those_of_the_runs(done):
    _, results = done
    series = results.series().to_pylist()
    assert len(series) == SMALL.runs() * 7
    last = {row["key"]: row["energy"] for row in series if row["week"] == 6}
    assert last == {row["key"]: row["energy_after"] for row in results.runs.to_pylist()}


def test_without_weeks_the_outcomes_are_the_same(done, tmp_path):
    _, results = done
    bare = sweep(replace(SMALL, series=()), tmp_path, workers=1)
    assert bare.runs.equals(results.runs) and bare.series().num_rows == 0


def test_what_is_done_is_not_done_again_and_more_can_follow(done, tmp_path):
    seen = []

    def spy(task):
        seen.append(task)
        return attempt(task)

    sweep(replace(SMALL, replicates=1, points=designs.grid(["crowding", "threshold"], 2)), tmp_path, workers=1, how=spy)
    assert len(seen) == 4
    sweep(replace(SMALL, replicates=1), tmp_path, workers=1, how=spy)
    assert len(seen) == 9
    again = sweep(SMALL, tmp_path, workers=1, how=spy)
    assert len(seen) == 18 and again.missing() == 0
    assert [row["point"] for row in again.runs.to_pylist()] == [point for point in range(9) for _ in range(4)]
    assert again.points.values[:4].tolist() == designs.grid(["crowding", "threshold"], 2).values.tolist()
    _, results = done
    wanted = ["key", "p_crowding", "p_threshold", "energy_after"]
    assert again.runs.select(wanted).sort_by("key").equals(results.runs.select(wanted).sort_by("key"))


def test_points_that_coincide_are_run_once_and_stand_twice(tmp_path):
    points = Points.of({"threshold": [1, 2, 1], "crowding": [0, 0, 0]})
    results = sweep(replace(SMALL, points=points, replicates=1), tmp_path, workers=1)
    assert read_runs(tmp_path).num_rows == 4 and results.runs.num_rows == 6 and results.missing() == 0
    np.testing.assert_array_equal(results.runs["energy_after"].to_numpy()[:2], results.runs["energy_after"].to_numpy()[4:])


def test_bytes_are_the_same_in_another_folder(done, tmp_path):
    folder, _ = done
    sweep(SMALL, tmp_path, workers=1)
    assert canonical_bytes(read_runs(tmp_path)) == canonical_bytes(read_runs(folder))
    assert (tmp_path / "sweep.json").read_bytes() == (folder / "sweep.json").read_bytes()


def test_a_measure_that_does_not_exist_is_named(tmp_path):
    with pytest.raises(ValueError, match="'lastin': no such measure .nearest: 'lasting'"):
        sweep(replace(SMALL, outcomes=("lastin",)), tmp_path)
    assert not list(tmp_path.iterdir())
