"""Patterns of the literature: how parts are read and sorted, what is noted of networks made by hand, and a small run of all checks."""

import json
import math

import numpy as np
import pytest
from click.testing import CliRunner

from experiments import patterns
from experiments.cli import main
from experiments.pattern_checks import PATTERNS, Part, log_odds, mean_of, of_sums, sort_of
from experiments.pattern_shapes import Look, dyads, ends, in_core, kept, roles, shape, spanners
from experiments.pattern_words import draw_patterns, tell_patterns
from experiments.pattern_worlds import SETTINGS, trials
from experiments.patterns import PatternStudy, check_patterns
from experiments.texts import LANGUAGES, texts
from model.parameters import SPECS
from model.region import generate_region

REGION = generate_region(schools=2, people_per_school=8, teams_per_school=2, board_members=0)
"""Two schools of six teachers in two teams, a leader and a coach: rows 0-7 and 8-15, teams 0-2, 3-5, 6-7 of the first."""


def look(ties, strength=0.8, left=(), **columns):
    """A look at ties (pairs of rows) in that region, with people in `left` replaced."""
    pairs = np.array(sorted(ties), np.int32).reshape(-1, 2)
    ego, alter = pairs[:, 0], pairs[:, 1]
    spell = np.zeros(REGION.people, np.int32)
    spell[list(left)] = 1
    even = np.linspace(0, 1, REGION.people)
    trait = {"interest": np.column_stack([even, 1 - even]), "fte": even[::-1].copy(), "activity": even, "popularity": even}
    known = {"knowledge": even, "practice": even} | columns
    table = {"ego": ego, "alter": alter, "strength": np.full(len(ego), strength, np.float32)}
    return Look(REGION, table, REGION.levels(ego, alter), spell, **known, trait=trait)


def interval(low, high):
    return {"mean": (low + high) / 2, "low": low, "high": high, "n": 9}


class TestHowPartsAreRead:
    @pytest.mark.parametrize(
        ("found", "without", "sort"),
        [
            (interval(0.1, 0.3), None, "emerges"),
            (interval(0.1, 0.3), interval(0.05, 0.2), "emerges"),
            (interval(0.1, 0.3), interval(-0.1, 0.2), "put_in"),
            (interval(-0.1, 0.3), interval(0.1, 0.2), "not_shown"),
            (interval(-0.3, -0.1), None, "not_shown"),
            (interval(0.1, math.inf), None, "not_shown"),
            (None, None, "cannot"),
        ],
    )
    def test_a_part_shows_where_its_whole_interval_keeps_the_rule(self, found, without, sort):
        assert Part("x", found, (0.0, 1.0), without, "flat").sort == sort

    def test_a_pattern_is_as_good_as_its_worst_part(self):
        good, put = Part("a", interval(1, 2), (0, 3)), Part("b", interval(1, 2), (0, 3), interval(4, 5))
        cannot, bad = Part("c"), Part("d", interval(4, 5), (0, 3))
        assert [sort_of(parts) for parts in ([good], [good, put], [good, put, cannot], [good, put, cannot, bad])] == [
            "emerges", "put_in", "cannot", "not_shown",
        ]  # fmt: skip

    def test_a_mean_leaves_out_worlds_without_a_value(self):
        found = mean_of(np.array([1.0, math.nan, 3.0]))
        assert (found["mean"], found["n"]) == (2.0, 2)
        assert found["high"] - 2.0 == pytest.approx(12.7062)  # Student's t with one degree of freedom, 97.5 %, standard error 1
        assert mean_of(np.array([math.nan, 1.0]))["low"] == -math.inf

    def test_a_ratio_of_sums_is_that_of_all_worlds_together(self):
        found = of_sums([np.array([1.0, 3.0, 2.0]), np.array([2.0, 6.0, 4.0])], lambda part, whole: part / whole)
        assert found["mean"] == found["low"] == found["high"] == 0.5

    def test_log_odds_are_those_of_the_two_by_two_table(self):
        assert log_odds(10, 20, 30, 120) == pytest.approx(math.log((10.5 / 10.5) / (20.5 / 80.5)))


class TestWhatIsNoted:
    def test_shape_counts_inside_and_across(self):
        noted = shape(look([(0, 1), (0, 3), (0, 8), (1, 0)]))
        assert noted["strong"] == 4 / 16 and noted["weak"] == 0.0
        assert noted["in_team"] == 0.5
        assert (noted["ties_inside"], noted["pairs_inside"], noted["ties_outside"], noted["pairs_outside"]) == (3, 2 * 8 * 7, 1, 2 * 8 * 8)

    def test_the_core_is_the_largest_k_core(self):
        ring = [(i, j) for i in (0, 1, 2, 3) for j in (0, 1, 2, 3) if i < j]
        noted = in_core(look([*ring, (6, 0), (7, 0)]))
        assert noted["formal_outside"] == 1.0
        assert noted["teachers_outside"] == pytest.approx(8 / 12)

    def test_the_coach_whom_all_ask_is_central_and_the_leader_is_not(self):
        noted = roles(look([(i, 7) for i in range(6)] + [(8 + i, 15) for i in range(6)]))
        assert (noted["central_coach"], noted["central_leader"]) == (1.0, 0.0)
        assert (noted["asked_coach"], noted["asked_teacher"]) == (6.0, 0.0)

    def test_a_tie_is_kept_where_both_stay_and_it_is_strong(self):
        first = look([(0, 1), (0, 3), (1, 2), (4, 5)])
        weak = look([(0, 1), (0, 3)], left=[3])
        noted = kept([first, weak, look([(0, 1)], strength=0.2), look([])])
        assert noted["kept_1"] == 1 / 4 and noted["kept_stayed_1"] == pytest.approx(1 / 3)
        assert (noted["there_2"], noted["kept_2"], noted["kept_3"]) == (1 / 4, 0.0, 0.0)
        assert (noted["kept_team"], noted["kept_school"]) == (pytest.approx(1 / 3), 0.0)
        assert math.isnan(noted["kept_across"])

    def test_what_ended_by_leaving_and_what_came_back(self):
        first = look([(0, 1), (0, 3), (1, 2), (4, 5)])
        noted = ends(first, look([(4, 5)], left=[3]), look([(0, 1), (4, 5)], left=[3]))
        assert noted["ended_by_leaving"] == pytest.approx(1 / 3)
        assert noted["returned"] == 0.5

    def test_spanners_are_those_with_more_ties_outside_their_team(self):
        first = look([(0, 1), (1, 0), (2, 0), (3, 0), (4, 0), (5, 4)])
        noted = spanners(first, look([(0, 1), (1, 0), (2, 0), (5, 4)]))
        assert (noted["kept_spanners"], noted["kept_others"]) == (0.0, 1.0)

    def test_the_regression_finds_what_made_the_ties(self):
        """Teammates have a tie with chance 0.6, others with 0.1: the log odds ratio, whatever the traits."""
        chance = np.random.default_rng(4)
        found = []
        for _ in range(40):
            pairs = [(i, j) for s in (0, 8) for i in range(s, s + 8) for j in range(s, s + 8) if i != j]
            found.append(dyads(look([(i, j) for i, j in pairs if chance.random() < (0.6 if REGION.team[i] == REGION.team[j] else 0.1)])))
        team, gap = np.array([[one["logit_team"], one["logit_interest"]] for one in found]).T
        expected = math.log(0.6 / 0.4) - math.log(0.1 / 0.9)
        assert abs(team.mean() - expected) < 4 * team.std(ddof=1) / math.sqrt(40) + 0.1
        assert abs(gap.mean()) < 4 * gap.std(ddof=1) / math.sqrt(40)


def test_settings_name_parameters_and_stay_within_their_bounds():
    for name, setting in SETTINGS.items():
        assert all(SPECS[one].check(value) is None for one, value in setting.values.items()), name
        assert {trial.what for trial in trials(name, 2)} == {setting.ways}


def test_settings_share_people_and_chance():
    assert len({(trial.replicate, trial.seed) for name in SETTINGS for trial in trials(name, 3)}) == 3


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """The command with two worlds: what it prints, and the folder it leaves."""
    folder = tmp_path_factory.mktemp("patterns")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(patterns, "QUICK", PatternStudy(worlds=2))
        told = CliRunner().invoke(main, ["validate", "patterns", "--quick", "--json", "--out", str(folder), "--workers", "1"])
    assert told.exit_code == 0, told.output
    return json.loads(told.stdout), folder


class TestASmallRun:
    def test_all_twelve_patterns_are_sorted(self, asked):
        found, _ = asked
        assert [one["pattern"] for one in found["patterns"]] == [f"P{number}" for number in range(1, 13)] == list(PATTERNS)
        for one in found["patterns"]:
            assert one["sort"] in {"emerges", "put_in", "not_shown", "cannot"} and one["parts"]
        by = {one["pattern"]: one for one in found["patterns"]}
        assert by["P12"]["sort"] == "cannot"
        assert by["P3"]["parts"][1]["found"]["mean"] > by["P3"]["parts"][1]["without"]["mean"]  # teams pull by their terms

    def test_faster_change_keeps_fewer_ties(self, asked):
        kept_1 = next(one for one in asked[0]["compared"] if one["number"] == "kept_1")["settings"]
        assert kept_1["slow"]["mean"] > kept_1["fast"]["mean"]

    def test_a_second_run_makes_nothing_again_and_finds_the_same(self, asked):
        _, folder = asked
        before = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
        files = sorted((folder / "runs").iterdir())
        assert json.loads(json.dumps(check_patterns(PatternStudy(2), folder))) == before
        assert sorted((folder / "runs").iterdir()) == files

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_words_and_figure_in_both_languages(self, asked, language):
        summary = json.loads((asked[1] / "summary.json").read_text(encoding="utf-8"))
        words = texts(language)
        told = "\n".join(tell_patterns(summary, words))
        assert all(words(f"patterns.titles.{name}") in told for name in PATTERNS)
        assert len(draw_patterns(summary, words).axes) == 2
        assert (asked[1] / f"patterns.{language}.png").stat().st_size > 10_000

    def test_tables_hold_every_part_and_number(self, asked):
        found, folder = asked
        parts = sum(len(one["parts"]) for one in found["patterns"])
        assert len((folder / "patterns.csv").read_text(encoding="utf-8").splitlines()) == 1 + parts
        assert (folder / "compared.csv").read_text(encoding="utf-8").startswith("number,way,literature_low")
