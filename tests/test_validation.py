"""Schools against their simulated bands: bands hold what the model made itself, and find out what it did not."""

import csv
import json
from dataclasses import replace

import networkx as nx
import numpy as np
import pytest
from click.testing import CliRunner
from test_calibration import write

from experiments.calibration import network_of_school
from experiments.cli import main
from experiments.observed import STATISTICS, School, region_of
from experiments.validation import COUNTS, Trial, distances, in_degrees, mahalanobis, simulate, ties_by_team, triads, validate_schools
from model.learning_network import LearningNetwork
from model.parameters import Parameters

SIMULATIONS = 40


@pytest.fixture(scope="module")
def grown():
    """Two schools that the model grew at its defaults, one person of each silent."""
    empty = [School(str(n), np.zeros((n, n), np.bool_), np.arange(n) // 4, np.arange(n) != 1) for n in (14, 22)]
    region = region_of(empty)
    world = LearningNetwork(9, region=region, parameters=Parameters().with_values(p_meet_outside=0), collect=False)
    world.grow(190)
    return [replace(school, ties=network_of_school(region, world, at)) for at, school in enumerate(empty)]


@pytest.fixture(scope="module")
def found(grown):
    return validate_schools(grown, simulations=SIMULATIONS)


class TestSchools:
    def test_every_statistic_of_every_school_has_its_band(self, found, grown):
        assert [(band["school"], band["statistic"]) for band in found["bands"]] == [
            (school.name, name) for school in grown for name in STATISTICS
        ]
        for band in found["bands"]:
            assert set(band) == {"school", "statistic", "observed", "low", "median", "high", "inside"}
            assert band["low"] <= band["median"] <= band["high"]

    def test_bands_hold_what_the_model_grew(self, found):
        inside = [band["inside"] for band in found["bands"] if band["inside"] is not None]
        assert np.mean(inside) > 0.7

    def test_a_network_of_another_kind_is_found_out(self, grown):
        chance = np.random.default_rng(3)
        odd = [replace(school, ties=chance.random(school.ties.shape) < 0.5) for school in grown]
        told = validate_schools(odd, simulations=SIMULATIONS)
        assert np.mean([band["inside"] is True for band in told["bands"]]) < 0.6
        assert max(one["p"] for one in told["fit"] if one["what"] == "triads") < 0.05

    def test_ties_of_a_school_decide_nothing_of_its_band(self, grown):
        bare = [replace(school, ties=np.zeros_like(school.ties)) for school in grown]
        for one, other in zip(simulate(Trial(tuple(grown), "empty", 3)), simulate(Trial(tuple(bare), "empty", 3)), strict=True):
            np.testing.assert_array_equal(one, other)

    def test_an_observed_start_is_still_to_be_seen_a_year_later(self, grown):
        """Of the same people, over ten worlds: more of the observed ties are there than in networks grown from nothing."""

        def shared(start):
            worlds = (simulate(Trial(tuple(grown), start, number)) for number in range(10))
            return np.array([sum(int((one.ties & ties).sum()) for one, ties in zip(grown, world, strict=True)) for world in worlds])

        more = shared("observed") - shared("empty")
        assert more.mean() > 4 * more.std(ddof=1) / np.sqrt(len(more))

    def test_one_process_or_two_give_the_same(self, grown, found):
        assert validate_schools(grown, simulations=20, workers=2) == validate_schools(grown, simulations=20)


class TestCounts:
    def test_counts_of_a_small_network(self):
        ties = np.zeros((4, 4), np.bool_)
        ties[0, 1] = ties[1, 0] = ties[1, 2] = True
        team = np.array([0, 0, 1, -1])
        assert in_degrees(ties, team)[:3].tolist() == [1, 4, 4]
        assert distances(ties, team).tolist() == [3, 1, 0, 0, 0, 8]
        assert ties_by_team(ties, team).tolist() == [2, 1, 0]
        assert triads(ties, team).sum() == 4
        assert triads(ties, team).tolist() == [
            value for _, value in sorted(nx.triadic_census(nx.from_numpy_array(ties, create_using=nx.DiGraph)).items())
        ]

    def test_every_count_has_the_same_length_for_every_network(self, grown):
        for count in COUNTS.values():
            lengths = {len(count(network, school.team)) for school in grown for network in (school.ties, np.zeros_like(school.ties))}
            assert len(lengths) == 1


class TestMahalanobis:
    def test_p_is_even_where_the_observed_is_one_of_the_simulated(self):
        chance = np.random.default_rng(1)
        p = [mahalanobis(draws[0], draws[1:])[1] for draws in chance.multivariate_normal([0, 0, 0], np.eye(3) + 0.5, (200, 101))]
        assert np.mean(p) == pytest.approx(0.5, abs=0.08)
        assert np.mean(np.array(p) < 0.1) == pytest.approx(0.1, abs=0.07)

    def test_distance_is_that_of_the_inverse_covariance(self):
        simulated = np.array([[1.0, 0], [-1, 0], [0, 2], [0, -2]])
        inverse = np.linalg.inv(np.cov(simulated.T))
        observed = np.array([2.0, 1.0])
        assert mahalanobis(observed, simulated)[0] == pytest.approx(np.sqrt(observed @ inverse @ observed))

    def test_counts_that_never_vary(self):
        assert mahalanobis(np.array([2.0]), np.full((5, 1), 2.0)) == (0.0, 1.0)
        assert mahalanobis(np.array([3.0, 1.0]), np.column_stack([np.full(5, 2.0), np.arange(5.0)]))[1] == 0

    def test_counts_that_depend_on_each_other(self):
        chance = np.random.default_rng(2).normal(size=(50, 1))
        distance, p = mahalanobis(np.array([0.5, 1.0]), np.hstack([chance, 2 * chance]))
        assert np.isfinite(distance) and 0 < p <= 1


class TestCommand:
    def test_it_prints_bands_as_json_and_leaves_tables_and_figures(self, grown, tmp_path):
        write(tmp_path, grown)
        asked = ["validate", "schools", str(tmp_path), "--simulations", "20", "--workers", "1", "--out", str(tmp_path / "out"), "--json"]
        told = CliRunner().invoke(main, asked, catch_exceptions=False)
        bands = json.loads(told.stdout)
        assert len(bands) == len(grown) * len(STATISTICS)
        with (tmp_path / "out" / "bands.csv").open(encoding="utf-8") as file:
            assert len(list(csv.DictReader(file))) == len(bands)
        assert {"fit.csv", "README.md", "schools.nl.png", "schools.en.png"} <= {path.name for path in (tmp_path / "out").iterdir()}

    def test_it_reads_the_ten_schools(self, shared_data):
        asked = ["validate", "schools", str(shared_data / "school_advice"), "--simulations", "20", "--workers", "1", "--lang", "nl"]
        told = CliRunner().invoke(main, asked, catch_exceptions=False)
        assert "School" in told.stdout or "erbinnen" in told.stdout
        assert told.exit_code == 0

    def test_a_folder_without_people_is_told(self, tmp_path):
        told = CliRunner().invoke(main, ["validate", "schools", str(tmp_path)])
        assert told.exit_code == 1 and "people.csv" in told.output
