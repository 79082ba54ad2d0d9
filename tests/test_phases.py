"""Phase maps: a known border is found with fewer runs than a full grid takes, and what is undecided is called so."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from experiments.analysis import AnalysisError
from experiments.cli import main
from experiments.designs import Factor, first_lattice, phase
from experiments.figures_analysis import draw_map, tell_map
from experiments.mapping import map_out
from experiments.phases import Led, PhaseMap, flips, read_map, refine, shares_of, who_leads
from experiments.runs import Source
from experiments.sweep import Sweep
from experiments.texts import texts

FACTORS = (Factor("crowding"), Factor("team_hours"))
SIDE, COARSE = 33, 8
"""Nodes a side of the finest lattice, and steps of it between those of the coarsest."""


def curve(x, y):
    """Which side of a known border a place lies on."""
    return "strong_pull" if y > 0.35 + 0.4 * x**2 else "nurtured"


def mapped(rule):
    """A map refined to the finest lattice by a rule known everywhere: node → who leads."""
    winners = {(x * COARSE, y * COARSE): "" for x, y in first_lattice((SIDE - 1) // COARSE + 1)}
    step = COARSE
    while True:
        winners = {node: rule(node[0] / (SIDE - 1), node[1] / (SIDE - 1)) for node in winners}
        if step == 1:
            return winners
        while fresh := refine(winners, step):
            winners |= {node: rule(node[0] / (SIDE - 1), node[1] / (SIDE - 1)) for node in fresh}
        step //= 2


class TestRefining:
    def test_a_known_border_is_found_within_one_step(self):
        winners = mapped(curve)
        for x in range(0, SIDE, COARSE):
            column = sorted(y for column, y in winners if column == x)
            crossing = [(low, high) for low, high in zip(column, column[1:], strict=False) if winners[x, low] != winners[x, high]]
            border = (0.35 + 0.4 * (x / (SIDE - 1)) ** 2) * (SIDE - 1)
            assert len(crossing) == 1
            assert crossing[0][1] - crossing[0][0] <= 1
            assert crossing[0][0] <= border + 1e-9 and border <= crossing[0][1] + 1e-9

    def test_it_takes_far_fewer_points_than_a_full_grid(self):
        assert len(mapped(curve)) < 0.3 * SIDE**2

    def test_a_map_without_a_border_is_not_refined(self):
        assert len(mapped(lambda x, y: "nurtured")) == len(first_lattice((SIDE - 1) // COARSE + 1))

    def test_old_nodes_stay(self):
        winners = {(x * 8, y * 8): curve(x / 4, y / 4) for x, y in first_lattice(5)}
        assert set(refine(winners, 8)).isdisjoint(winners)

    def test_a_border_that_leaves_its_square_through_an_edge_is_followed(self):
        """A tongue that no corner of the first lattice lies in, but whose root one does."""
        winners = mapped(lambda x, y: "nurtured" if x < 0.05 or (x < 0.6 and 0.11 < y < 0.14) else "strong_pull")
        assert max(x for (x, _), who in winners.items() if who == "nurtured") == pytest.approx(0.6 * (SIDE - 1), abs=1)

    def test_points_lie_on_the_lattice_of_the_ranges(self):
        points = phase(FACTORS, 3, 1)
        assert points.values[[0, 5]].tolist() == [[-0.4, 0.0], [0.4, 8.0]]
        np.testing.assert_allclose(shares_of(FACTORS[1].spec(), points.values[[0, 5], 1]), [0, 0.5])


def led(differences):
    """A point from paired differences of nurtured minus strong pull."""
    differences = np.asarray(differences, np.float64)
    return who_leads({"strong_pull": np.zeros(len(differences)), "nurtured": differences})


class TestWhoLeads:
    def test_a_clear_lead(self):
        one = led([0.1, 0.2, 0.3, 0.2])
        assert (one.first, one.second, one.decided, one.chance) == ("nurtured", "strong_pull", True, 1.0)

    def test_a_lead_within_chance_is_undecided(self):
        one = led([0.5, -0.5, 0.4, -0.3])
        assert one.first == "nurtured" and not one.decided and one.chance == 0.5

    def test_three_ways(self):
        one = who_leads({"a": np.array([1.0, 2]), "b": np.array([3.0, 3]), "c": np.array([2.0, 2.5])})
        assert (one.first, one.second) == ("b", "c") and one.means["a"] == 1.5


def made(differences, at):
    specs = [factor.spec() for factor in FACTORS]
    return PhaseMap(specs[0], specs[1], "lasting_after", ("strong_pull", "nurtured"), np.array(at), tuple(map(led, differences)), 2)


class TestFlips:
    def test_it_is_told_where_a_line_crosses_zero(self):
        """Team hours at their default 8 (a share of .5): nurtured is ahead by .1 at crowding -.4 and behind by .3 at .4."""
        found = made([[0.1, 0.1], [-0.3, -0.3], [1, 1]], [[0, 0.5], [1, 0.5], [0.5, 1]])
        across, up = flips(found, "nurtured", "strong_pull")
        assert across.value == pytest.approx(-0.4 + 0.25 * 0.8)
        assert (across.below, across.above) == ("nurtured", "strong_pull")
        assert across.decided and across.ends == pytest.approx((-0.4, 0.4))
        assert up.value is None and up.below == "nurtured" and up.decided

    def test_a_crossing_within_chance_is_called_unclear(self):
        found = made([[0.1, 0.1], [-0.3, 0.2], [1, 1]], [[0, 0.5], [1, 0.5], [0.5, 1]])
        across, _ = flips(found, "nurtured", "strong_pull")
        assert across.value is not None and not across.decided
        assert (across.clear, across.points, across.ends[1]) == ((1, 0), (1, 1), None)
        told = "\n".join(tell_map(found, texts("en")))
        assert "not clearly" in told and "at 0 of 1" in told, told

    def test_a_lead_that_is_nowhere_clear_is_called_so(self):
        found = made([[0.3, -0.2], [0.2, -0.1]], [[0, 0.5], [1, 0.5]])
        assert "nowhere can that be told from chance" in "\n".join(tell_map(found, texts("en")))

    @pytest.mark.parametrize("language", ["nl", "en"])
    def test_words_and_figure(self, language):
        found = made([[0.1, 0.12], [-0.3, -0.28], [0.5, -0.5], [0.2, 0.21]], [[0, 0.5], [1, 0.5], [0.5, 1], [0.5, 0]])
        told = "\n".join(tell_map(found, texts(language)))
        assert ("kantelt" if language == "nl" else "tips over") in told
        assert ("Op 2 van de 4" if language == "nl" else "At 2 of 4") in told  # two pairs that differ by .02 around .11 are undecided too
        assert draw_map(found, texts(language)).axes

    def test_a_led_point_needs_no_name(self):
        assert Led("a", "b", {"mean": 1, "low": 0.5, "high": 2}, 1.0, {}).decided


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    folder = tmp_path_factory.mktemp("map") / "map"
    plan = Sweep(
        "map", phase(FACTORS, 2, 1, "energy_after"), ("strong_pull", "nurtured"), replicates=2,
        source=Source(made=(("people_per_school", 8), ("schools", 1))), grow_weeks=20, lead_weeks=8, after_weeks=8,
        outcomes=("lasting", "energy"),
    )  # fmt: skip
    return map_out(plan, folder, workers=1)


class TestAFolder:
    def test_a_map_is_read(self, small):
        found = read_map(small, ("crowding", "team_hours"), "energy_after")
        assert found.at[:4].tolist() == [[0, 0], [1, 0], [0, 1], [1, 1]]
        assert found.replicates == 2 and len(found.plain()["points"]) == len(found.at)
        corners = {one.first for one in found.led[:4]}
        assert len(found.at) == (4 if len(corners) == 1 else 9)

    def test_the_same_map_again_runs_nothing_and_is_the_same(self, small):
        asked = Sweep(
            "map", phase(FACTORS, 2, 1, "energy_after"), ("strong_pull", "nurtured"), replicates=2,
            source=Source(made=(("people_per_school", 8), ("schools", 1))), grow_weeks=20, lead_weeks=8, after_weeks=8,
            outcomes=("lasting", "energy"),
        )  # fmt: skip
        before = small.runs.sort_by("key")
        assert map_out(asked, small.folder, workers=1, how=None).runs.sort_by("key").equals(before)

    def test_other_parameters_are_refused(self, small):
        with pytest.raises(AnalysisError, match="varies crowding, team_hours"):
            read_map(small, ("crowding", "legitimacy"))

    def test_the_command_maps_and_draws(self, small, tmp_path):
        asked = ["analyse", str(small.folder), "--phase", "crowding", "team_hours", "--outcome", "energy_after"]
        told = CliRunner().invoke(main, [*asked, "--json"], catch_exceptions=False)
        assert json.loads(told.stdout)["across"] == "crowding"
        plain = CliRunner().invoke(main, [*asked, "--out", str(tmp_path), "--lang", "nl"], catch_exceptions=False)
        assert "Denkmodel, geen voorspelling" in plain.stdout
        assert (tmp_path / "phase-crowding-team_hours.nl.png").exists()
