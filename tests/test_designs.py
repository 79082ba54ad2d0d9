"""Designs: ranges come from the parameters, every design can grow without touching its old points."""

import math

import numpy as np
import pytest

from experiments import designs
from experiments.designs import Factor, grid, latin_hypercube, morris, one_at_a_time, sobol
from experiments.points import Points, PointsError, extend, read_points
from model.parameters import SPECS

NAMES = ("crowding", "freed_per_leader_hour", "threshold")
"""One on a plain scale, one on a log scale, one whole."""


def every_design(more=False):
    return {
        "grid": grid(NAMES, 5 if more else 3),
        "one_at_a_time": one_at_a_time(NAMES, 5 if more else 3),
        "latin_hypercube": latin_hypercube(NAMES, 24 if more else 8, first=8),
        "sobol": sobol(NAMES, 16 if more else 8),
        "morris": morris(NAMES, 6 if more else 4),
    }


@pytest.mark.parametrize("kind", every_design())
class TestEveryDesign:
    def test_it_stays_within_the_sweep_ranges_and_whole_where_it_must(self, kind):
        points = every_design()[kind]
        for name, column in zip(points.names, points.values.T, strict=True):
            low, high = SPECS[name].sweep
            assert low <= column.min() and column.max() <= high
            assert len(set(column)) > 1
        assert set(points.values[:, 2]) <= {1.0, 2.0, 3.0}

    def test_it_is_the_same_every_time(self, kind):
        np.testing.assert_array_equal(every_design()[kind].values, every_design()[kind].values)

    def test_it_grows_and_keeps_its_old_points_in_place(self, kind):
        old, new = every_design()[kind], every_design(more=True)[kind]
        grown = extend(old, new)
        np.testing.assert_array_equal(grown.values[: len(old)], old.values)
        assert {row.tobytes() for row in grown.values} == {row.tobytes() for row in new.values}
        assert len(extend(grown, old)) == len(grown)

    @pytest.mark.parametrize("ending", ["parquet", "csv"])
    def test_it_is_read_as_it_was_saved(self, kind, ending, tmp_path):
        points = every_design()[kind]
        points.save(tmp_path / f"design.{ending}")
        again = read_points(tmp_path / f"design.{ending}")
        np.testing.assert_array_equal(again.values, points.values)
        assert again.names == points.names and again.recipe == points.recipe
        assert (again.shares is None) == (points.shares is None)

    def test_shares_are_places_in_the_range(self, kind):
        points = every_design()[kind]
        if points.shares is not None:
            again = [[SPECS[name].at(share) for name, share in zip(points.names, row, strict=True)] for row in points.shares]
            np.testing.assert_array_equal(again, points.values)


def test_a_grid_has_every_combination_and_whole_parameters_no_level_twice():
    points = grid(NAMES, 5)
    assert len(points) == 5 * 5 * 3 == len(np.unique(points.values, axis=0))
    assert sorted(set(points.values[:, 1])) == pytest.approx([0.5, 1, 2, 4, 8])


def test_one_at_a_time_changes_one():
    points = one_at_a_time(NAMES, 3)
    defaults = [SPECS[name].default for name in NAMES]
    np.testing.assert_array_equal(points.values[0], defaults)
    assert ((points.values != defaults).sum(axis=1) <= 1).all() and len(points) == 1 + 3 * 3


@pytest.mark.parametrize(("points", "first"), [(8, None), (24, 8), (24, 12)])
def test_a_latin_hypercube_has_one_point_in_every_stratum(points, first):
    shares = latin_hypercube(NAMES, points, first=first).shares
    for column in shares.T:
        assert sorted((column * points).astype(int)) == list(range(points))


def test_sobol_rows_follow_saltelli():
    """Row 0 is of A, the last of B, those between are A with one column of B (Saltelli et al. 2010)."""
    shares = sobol(NAMES, 4).shares.reshape(4, len(NAMES) + 2, len(NAMES))
    for block in shares:
        for at in range(len(NAMES)):
            expected = block[0].copy()
            expected[at] = block[-1][at]
            np.testing.assert_array_equal(block[1 + at], expected)


def test_morris_trajectories_change_one_factor_a_step():
    shares = morris(NAMES, 5).shares.reshape(5, len(NAMES) + 1, len(NAMES))
    steps = np.diff(shares, axis=1)
    assert ((steps != 0).sum(axis=2) == 1).all() and np.allclose(np.abs(steps).sum(axis=2), 2 / 3)
    assert len({trajectory.tobytes() for trajectory in shares}) == 5


def test_a_part_of_a_range_may_be_asked_for():
    points = grid([Factor("team_hours", 2, 12), Factor("freed_per_leader_hour", high=2)], 3)
    assert sorted(set(points.values[:, 0])) == [2, 7, 12]
    assert sorted(set(points.values[:, 1])) == pytest.approx([0.5, 1, 2])
    assert points.recipe["ranges"] == {"team_hours": [2, 12], "freed_per_leader_hour": [0.5, 2]}


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: grid(["crowdng"]), r"crowdng: no such parameter \(nearest: 'crowding'\)"),
        (lambda: grid([Factor("crowding", -3, 3)]), "crowding = -3: must be -1 to 1"),
        (lambda: grid([Factor("crowding", 0.2, 0.2)]), "from = 0.2 must be below to = 0.2"),
        (lambda: grid(["crowding"], 1), "levels = 1: must be 2 or more"),
        (lambda: grid([]), "at least one parameter"),
        (lambda: grid(["crowding", "spill", "gain", "learn"], 100), "must be at most"),
        (lambda: sobol(["crowding"], 100), "must be a power of two"),
        (lambda: latin_hypercube(["crowding"], 20, first=8), "grows to a multiple of 8"),
        (lambda: extend(sobol(["crowding"], 8), sobol(["crowding"], 16, seed=2)), "the same seed and ranges"),
        (lambda: extend(grid(["crowding"]), grid(["spill"])), "varies spill; the runs that are there vary crowding"),
        (
            lambda: Points.of({"crowding": [0, math.nan], "threshold": [1.5, 2]}),
            "point 1: crowding = nan.*\n.*threshold = 1.5: must be a wh",
        ),
    ],
)
def test_what_cannot_be_is_named(make, message):
    with pytest.raises(PointsError, match=message):
        make()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("crowding,spil\n0,1\n", r"own.csv: column 'spil': no such parameter \(nearest: 'spill'\)"),
        ("crowding\nx\n", "column 'crowding': must be numbers"),
        ("point,crowding\n1,0\n", "must count 0, 1, 2"),
        ("crowding\n0\n7\n", "own.csv: point 1: crowding = 7: must be -1 to 1"),
        ("point\n0\n", "at least one parameter"),
    ],
)
def test_a_table_of_ones_own_is_checked(content, message, tmp_path):
    (tmp_path / "own.csv").write_text(content)
    with pytest.raises(PointsError, match=message):
        designs.from_table(tmp_path / "own.csv")


def test_points_that_coincide_are_known():
    points = Points.of({"threshold": [1, 2, 1, 2], "crowding": [0, 0, -0.0, 0.1]})
    assert points.twins().tolist() == [0, 1, 0, 3]
