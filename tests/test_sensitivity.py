"""Rankings agree with functions whose indices are known, and refuse what would make them wrong in silence."""

import copy
import json

import numpy as np
import pytest
from click.testing import CliRunner
from SALib.test_functions import Ishigami, Sobol_G

from experiments.analysis import AnalysisError, Asked, differences, values_of
from experiments.cli import main
from experiments.designs import Factor, morris, sobol
from experiments.points import Points
from experiments.runs import Source
from experiments.sensitivity import deciders, elementary_effects, rank, runs_saved, share_of_chance
from experiments.sweep import Sweep, sweep

THREE = ("crowding", "legitimacy", "spill")
EIGHT = (*THREE, "engagement_floor", "match_quality", "compliance", "carry_back", "leader_knowledge")


def asked(values, replicates=1):
    return Asked("lasting", "after", "nurtured", "strong_pull", np.repeat(np.asarray(values)[:, None], replicates, axis=1))


def ishigami(points):
    return Ishigami.evaluate(points.shares * 2 * np.pi - np.pi)


class TestSobol:
    def test_ishigami(self):
        """S1 = .3139, .4424, 0 and ST = .5576, .4424, .2437 (Ishigami & Homma 1990, a = 7, b = 0.1)."""
        points = sobol(THREE, 2_048)
        found = rank(points, asked(ishigami(points)), "sobol")
        totals, firsts = dict(zip(found.names, found.total, strict=True)), dict(zip(found.names, found.first, strict=True))
        assert [totals[name] for name in THREE] == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.03)
        assert [firsts[name] for name in THREE] == pytest.approx([0.3139, 0.4424, 0.0], abs=0.03)
        assert found.names == THREE
        assert found.resolved().all()

    def test_sobols_g(self):
        points = sobol(EIGHT, 1_024)
        found = rank(points, asked(Sobol_G.evaluate(points.shares)), "sobol")
        wanted = Sobol_G.total_sensitivity_index(np.array([0, 1, 4.5, 9, 99, 99, 99, 99]))
        totals = dict(zip(found.names, found.total, strict=True))
        assert [totals[name] for name in EIGHT] == pytest.approx(wanted, abs=0.06)
        assert deciders(found) == list(EIGHT[:3])

    def test_what_does_nothing_is_not_resolved(self):
        points = sobol(THREE, 256)
        found = rank(points, asked(points.shares[:, 1] ** 2), "sobol")
        assert deciders(found) == ["legitimacy"]

    def test_intervals_hold_the_true_index_about_as_often_as_they_say(self):
        held = []
        for seed in range(20):
            points = sobol(THREE, 256, seed)
            found = rank(points, asked(ishigami(points)), "sobol")
            at = found.names.index("legitimacy")
            held.append(found.total_low[at] <= 0.4424 <= found.total_high[at])
        assert np.mean(held) >= 0.8

    def test_noise_that_differs_between_points_is_told(self):
        points, chance = sobol(THREE, 64), np.random.default_rng(2)
        quiet = points.shares[:, :1] + np.zeros((1, 8))
        assert share_of_chance(quiet + chance.normal(size=(1, 8))) == pytest.approx(0, abs=1e-9)
        noisy = quiet + chance.normal(size=(len(points), 8))
        assert share_of_chance(noisy) == pytest.approx(1 / 8 / noisy.mean(axis=1).var(), rel=0.25)


class TestMorris:
    def test_a_straight_line_has_its_slopes_as_effects(self):
        points = morris(THREE, 20)
        found = rank(points, asked(points.shares @ [1.0, -3.0, 0.0]), "morris")
        assert found.names == ("legitimacy", "crowding", "spill")
        assert found.total == pytest.approx([3, 1, 0])
        assert found.first == pytest.approx([-3, 1, 0])
        assert found.spread == pytest.approx(0, abs=1e-9)
        assert deciders(found) == ["legitimacy", "crowding"]

    def test_effects_are_those_of_salib(self):
        from SALib.analyze import morris as salib

        points = morris(THREE, 12)
        values = ishigami(points)
        problem = {"num_vars": 3, "names": list(THREE), "bounds": [[0, 1]] * 3}
        wanted = salib.analyze(problem, np.array(points.shares), values, num_levels=4, seed=1)
        effects = elementary_effects(points.shares, values)
        assert np.abs(effects).mean(axis=0) == pytest.approx(np.asarray(wanted["mu_star"]))
        assert effects.std(axis=0, ddof=1) == pytest.approx(np.asarray(wanted["sigma"]))

    def test_what_works_together_is_spread(self):
        points = morris(THREE, 60)
        found = rank(points, asked(points.shares[:, 0] * points.shares[:, 1]), "morris")
        assert found.spread[found.names.index("crowding")] > 0.1
        assert deciders(found) == list(found.names[:2])


class TestRefusals:
    def test_a_design_of_another_kind(self):
        points = morris(THREE, 4)
        with pytest.raises(AnalysisError, match="morris design"):
            rank(points, asked(np.arange(len(points))), "sobol")

    def test_an_outcome_that_never_differs(self):
        points = sobol(THREE, 4)
        with pytest.raises(AnalysisError, match="nothing decides"):
            rank(points, asked(np.ones(len(points))), "sobol")

    def test_a_table_of_points_has_no_shares(self):
        points = Points.of({"crowding": [0.0, 0.1]}, {"kind": "sobol"})
        with pytest.raises(AnalysisError, match="shares"):
            rank(points, asked([0.0, 1.0]), "sobol")


class TestPairs:
    def test_pairs_that_go_together_need_fewer_runs(self):
        chance = np.random.default_rng(1)
        shared = chance.normal(size=4_000)
        one, other = (shared + 0.5 * chance.normal(size=4_000) for _ in range(2))
        assert runs_saved(one, other) == pytest.approx(5, rel=0.1)
        assert runs_saved(chance.normal(size=4_000), other) == pytest.approx(1, rel=0.1)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A sweep that has run: 12 worlds of one small school."""
    folder = tmp_path_factory.mktemp("small") / "small"
    plan = Sweep(
        "small", morris([Factor("team_hours"), Factor("own_hours")], 2), ("strong_pull", "nurtured"), replicates=2,
        source=Source(made=(("people_per_school", 8), ("schools", 1))), grow_weeks=20, lead_weeks=8, after_weeks=8,
    )  # fmt: skip
    return sweep(plan, folder, workers=1)


class TestAFolder:
    def test_differences_are_paired_at_every_point_and_replicate(self, small):
        (found,) = differences(small)
        assert (found.more, found.less) == ("nurtured", "strong_pull")
        assert found.values.shape == (6, 2)
        levels = [values_of(small, name, "lasting_after") for name in ("nurtured", "strong_pull")]
        np.testing.assert_array_equal(found.values, levels[0] - levels[1])

    def test_a_run_that_is_missing_is_refused(self, small):
        torn = copy.copy(small)
        vars(torn)["runs"] = small.runs.slice(1)
        with pytest.raises(AnalysisError, match=r"missing or not finite in 1 of 12"):
            differences(torn)

    def test_names_that_are_not_there(self, small):
        with pytest.raises(AnalysisError, match="smart_pull"):
            differences(small, [("smart_pull", "nurtured")])
        with pytest.raises(AnalysisError, match="lasting_after"):
            differences(small, column="lastin_after")

    def test_the_command_ranks_and_tells(self, small):
        told = CliRunner().invoke(
            main, ["analyse", str(small.folder), "--morris", "--json", "--outcome", "energy_after"], catch_exceptions=False
        )
        (found,) = json.loads(told.stdout)
        assert {row["parameter"] for row in found["parameters"]} == {"team_hours", "own_hours"}
        plain = CliRunner().invoke(main, ["analyse", str(small.folder), "--morris", "--outcome", "energy_after", "--lang", "nl"])
        assert plain.exit_code == 0 and "Denkmodel, geen voorspelling" in plain.stdout

    def test_the_command_refuses_another_design(self, small):
        told = CliRunner().invoke(main, ["analyse", str(small.folder), "--sobol"])
        assert told.exit_code == 1 and "morris design" in told.output
