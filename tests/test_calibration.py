"""Calibration finds back what was put in, goes on where it stopped, and keeps out what it should not see."""

import csv
import json
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner

from experiments.calibrated import draw_member, fitted, read_sample
from experiments.calibration import (
    FITTED,
    PRIOR,
    SLOPE,
    WEIGHTS,
    Plan,
    Target,
    calibrate,
    draw_sample,
    folds,
    simulate,
    weighted_quantiles,
)
from experiments.calibration import Proposal as Run
from experiments.cli import main
from experiments.observed import STATISTICS, School, describe, read_schools, region_of
from experiments.store import read_runs
from model.parameters import SPECS

PEOPLE = (9, 12, 15, 20)
QUICK = Plan(population=40, generations=1, weeks=30, sample=10)


def schools_like(values, seed=5, weeks=70):
    """Schools whose networks the model made at known values."""
    empty = [School(str(n), np.zeros((n, n), np.bool_), np.arange(n) // 4, np.arange(n) != 1) for n in PEOPLE]  # one silent person in each
    from experiments.calibration import network_of_school
    from model.learning_network import LearningNetwork
    from model.parameters import Parameters

    region = region_of(empty)
    world = LearningNetwork(seed, region=region, parameters=Parameters().with_values(p_meet_outside=0, **values), collect=False)
    world.grow(weeks)
    return [replace(school, ties=network_of_school(region, world, at)) for at, school in enumerate(empty)]


@pytest.fixture(scope="module")
def lively():
    return schools_like({"baseline": 0.9, "level_value_team": 2.4})


@pytest.fixture(scope="module")
def quick(lively, tmp_path_factory):
    folder = tmp_path_factory.mktemp("calibration")
    return folder, calibrate(lively, folder, QUICK)


class TestStatistics:
    def test_they_are_those_published_for_the_ten_schools(self, shared_data):
        with (shared_data / "school_advice" / "stats.csv").open(encoding="utf-8") as file:
            published = {row["school"]: row for row in csv.DictReader(file)}
        schools = read_schools(shared_data / "school_advice")
        assert len(schools) == 10
        for school in schools:
            found, known = describe(school.ties, school.team, school.answered), published[school.name]
            assert found["out_degree"] == pytest.approx(float(known["mean_outdegree_respondents"]), abs=1e-3)
            assert found["reciprocity"] == pytest.approx(float(known["reciprocity_resp_only"]), abs=1e-3)
            assert found["transitivity"] == pytest.approx(float(known["transitivity_dir_resp_only"]), abs=1e-3)
            assert found["in_centralisation"] == pytest.approx(float(known["indeg_centralisation_resp_only"]), abs=1e-3)
            assert found["geodesic"] == pytest.approx(float(known["mean_geodesic_resp_only"]), abs=1e-3)

    def test_ties_of_who_did_not_answer_count_for_nothing(self, lively):
        school = lively[0]
        loud = school.ties.copy()
        loud[1, [0, 2, 3]] = True
        assert describe(loud, school.team, school.answered) == describe(school.ties, school.team, school.answered)

    def test_an_empty_network_has_no_shape(self):
        found = describe(np.zeros((5, 5), np.bool_), np.full(5, -1), np.ones(5, np.bool_))
        assert found["names_nobody"] == 1
        assert np.isnan([found[name] for name in ("reciprocity", "transitivity", "in_gini", "geodesic", "team_log_odds")]).all()


class TestTarget:
    def test_what_was_observed_is_at_distance_zero(self, lively):
        target = Target.of(lively)
        assert target.distance(target.observed) == 0
        errors = target.errors(target.observed[None] + [1.0] + np.zeros((3, 1, 1)))
        assert errors.shape == (3, len(STATISTICS) + 1) and (errors[:, :-1] > 0).all()

    def test_out_degree_that_grows_with_size_is_an_error_of_its_own(self, lively):
        target = Target.of(lively)
        steeper = target.observed.copy()
        steeper[:, 0] += target.log_size - target.log_size.mean()
        errors = dict(zip(WEIGHTS, target.errors(steeper), strict=True))
        assert errors["out_degree"] == pytest.approx(0, abs=1e-9)
        assert errors[SLOPE] > 0

    def test_a_school_left_out_decides_nothing(self, lively):
        target = Target.of(lively)
        other = target.observed.copy()
        other[3] += 5
        assert target.distance(other, [0, 1, 2]) == 0

    def test_every_school_is_left_out_once(self, lively):
        assert sorted(at for fold in folds(lively) for at in fold) == list(range(len(lively)))


class TestSampler:
    def test_it_moves_towards_what_was_observed(self, quick):
        _, found = quick
        assert found.history[-1]["distance"] < found.history[0]["distance"]
        kept = dict(zip(FITTED, found.shares() @ found.values[found.kept], strict=True))
        assert kept["baseline"] > np.mean(PRIOR["baseline"])

    def test_proposals_stay_inside_the_prior(self, quick):
        _, found = quick
        low, high = np.array([PRIOR[name] for name in FITTED]).T
        assert ((found.values >= low) & (found.values <= high)).all()
        for name in FITTED:
            assert SPECS[name].check(PRIOR[name][0]) is None and SPECS[name].check(PRIOR[name][1]) is None

    def test_it_goes_on_where_it_stopped_and_gives_the_same(self, quick, lively, monkeypatch):
        folder, found = quick
        rows = read_runs(folder).num_rows
        monkeypatch.setattr("experiments.calibration.simulate", None)
        again = calibrate(lively, folder, QUICK)
        assert read_runs(folder).num_rows == rows == len(found.values)
        np.testing.assert_array_equal(again.values, found.values)
        np.testing.assert_array_equal(again.weights, found.weights)

    def test_a_proposal_is_the_same_wherever_it_runs(self, lively):
        values = tuple(SPECS[name].default for name in FITTED)
        one, other = (simulate(Run(values, 7, 20, 1, region_of(lively))) for _ in range(2))
        np.testing.assert_equal(one, other)

    def test_weights_of_the_whole_pool_give_back_the_prior(self, quick):
        """Weighted against the mixture they were drawn from, all proposals together are a sample of the prior."""
        _, found = quick
        weights = found.mixed_weights()
        middle = weights @ found.values / weights.sum()
        spread = np.array([np.ptp(PRIOR[name]) for name in FITTED]) / np.sqrt(12)
        away = (middle - [np.mean(PRIOR[name]) for name in FITTED]) / (spread / np.sqrt(weights.sum() ** 2 / (weights**2).sum()))
        assert np.abs(away).max() < 4, away

    def test_the_sample_has_members_of_equal_weight(self, quick):
        _, found = quick
        sample = draw_sample(found, replace(QUICK, sample=2_000))
        np.testing.assert_allclose(sample.mean(axis=0), found.shares() @ found.values[found.kept], atol=0.02)


class TestWhatShips:
    def test_defaults_are_the_centre_of_the_sample(self):
        """Rounded to two decimals, so within a tenth of the spread."""
        sample = np.array([[value for _, value in member] for member in read_sample()])
        for name, values in zip(fitted(), sample.T, strict=True):
            assert abs(SPECS[name].default - values.mean()) <= 0.1 * values.std() + 0.005, name

    def test_sweeps_reach_over_the_spread_of_the_sample(self):
        sample = np.array([[value for _, value in member] for member in read_sample()])
        for name, values in zip(fitted(), sample.T, strict=True):
            low, high = SPECS[name].sweep
            middle = np.quantile(values, (0.05, 0.95))
            assert abs(low - middle[0]) <= 0.15 * values.std() + 0.03, name
            assert abs(high - middle[1]) <= 0.15 * values.std() + 0.03, name

    def test_every_member_is_within_the_bounds(self):
        assert len(read_sample()) >= 100
        assert [rule for member in read_sample() for name, value in member if (rule := SPECS[name].check(value))] == []

    def test_worlds_draw_members_by_key(self):
        drawn = [tuple(draw_member(1, replicate).items()) for replicate in range(400)]
        assert drawn == [tuple(draw_member(1, replicate).items()) for replicate in range(400)]
        assert len(set(drawn)) > 100
        assert set(drawn) <= set(read_sample())


def test_quantiles_of_equal_weights_are_those_of_the_values():
    values = np.arange(101.0)
    assert weighted_quantiles(values, np.ones(101), (0.05, 0.5, 0.95)) == pytest.approx([5, 50, 95], abs=1)
    assert weighted_quantiles(np.array([1.0, np.nan, 2.0]), np.array([1.0, 100.0, 1.0]), (1.0,)) == [2.0]


def write(folder, schools):
    """Schools as the files of a roster."""
    people, ties = ["id,school,board,team,role"], ["source,target"]
    for school in schools:
        people += [f"{school.name}-{i},{school.name},{school.name},{team},teacher" for i, team in enumerate(school.team.tolist())]
        ties += [f"{school.name}-{i},{school.name}-{j}" for i, j in np.argwhere(school.ties).tolist()]
    (folder / "people.csv").write_text("\n".join(people), encoding="utf-8")
    (folder / "ties.csv").write_text("\n".join(ties), encoding="utf-8")


def test_the_command_leaves_sample_summary_and_page(lively, tmp_path):
    write(tmp_path, lively)
    out = tmp_path / "out"
    asked = ["calibrate", "--schools", str(tmp_path), "--out", str(out), "--population", "40", "--generations", "1", "--workers", "1"]
    told = CliRunner().invoke(main, asked, catch_exceptions=False)
    assert told.exit_code == 0
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert set(summary["parameters"]) == set(FITTED)
    assert len(summary["folds"]) == 2
    with (out / "sample.csv").open(encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == Plan().sample
    assert {"README.md", "calibration.nl.png", "calibration.en.png"} <= {path.name for path in out.iterdir()}
