"""The claims: rules that know no claim, ways that differ in one thing, and a page that never says a plain yes."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.studies.claim_rules import SMALL, Test, decide, judge, shows, weigh
from experiments.studies.claim_ways import MEASURED, WAYS, across_schools, find_way, lead_all
from experiments.studies.claim_words import VERDICTS, draw_claims, names_needed, render, tell_claims, way_name
from experiments.studies.claims import CLAIMS, SETTINGS, Claims, columns, fitted, plan, put_to_the_test
from experiments.texts import LANGUAGES, texts
from experiments.trials import Trial
from model.learning_network import LearningNetwork
from model.parameters import Parameters, contested
from model.policies import POLICIES
from model.region import Level


def rows(more: float, less: float, n: int = 30, seed: int = 1, noise: float = 0.05) -> list[dict[str, float]]:
    chance = np.random.default_rng(seed)
    made = []
    for _ in range(n):
        row = {f"value:{spec.name}": spec.at(float(chance.random())) for spec in contested()}
        made.append(row | {"lasting_after:a": more + noise * chance.normal(), "lasting_after:b": less + noise * chance.normal()})
    return made


class TestWhatCountsAsShowing:
    MARGIN = 0.1

    @pytest.mark.parametrize(
        ("low", "mean", "high", "expected"),
        [
            (0.05, 0.2, 0.35, "claimed"), (-0.35, -0.2, -0.05, "opposite"), (-0.05, 0.02, 0.09, "none"), (-0.2, 0.1, 0.4, "unclear"),
            (0.01, 0.05, 0.09, "none"), (0.02, 0.09, 0.16, "unclear"),
        ],
    )  # fmt: skip
    def test_an_interval_decides_and_too_small_is_no_difference(self, low, mean, high, expected):
        found = {"low": low, "mean": mean, "high": high}
        mirrored = {"low": -high, "mean": -mean, "high": -low}
        assert shows(found, self.MARGIN) == expected
        assert shows(mirrored, self.MARGIN, sign=-1) == expected

    def test_sameness_shows_only_where_the_interval_is_within_the_spread(self):
        assert shows({"low": -0.05, "mean": 0.0, "high": 0.05}, 0.1, same=True) == "claimed"
        assert shows({"low": -0.05, "mean": 0.1, "high": 0.25}, 0.1, same=True) == "unclear"
        assert shows({"low": 0.15, "mean": 0.2, "high": 0.25}, 0.1, same=True) == "opposite"

    def test_every_outcome_of_every_claim_has_a_smallest_difference(self):
        assert {test.outcome for claim in CLAIMS for test in (*claim.tests, *claim.beside)} <= set(SMALL)


class TestVerdicts:
    TEST = Test("a", "b", "lasting")

    def judged(self, **runs):
        return judge(weigh(self.TEST, runs))

    def test_it_holds_only_at_the_defaults_and_in_most_worlds(self):
        assert decide([self.judged(defaults=rows(2, 1), worlds=rows(2, 1, 40))], ())["verdict"] == "holds"
        assert decide([self.judged(defaults=rows(2, 1), worlds=rows(1, 2, 40))], ())["verdict"] == "holds_when"
        assert decide([self.judged(defaults=rows(2, 1))], ())["verdict"] == "holds_when"

    def test_a_setting_with_the_opposite_forbids_a_plain_holding(self):
        found = self.judged(defaults=rows(2, 1), worlds=rows(2, 1, 40), control_costs=rows(1, 2))
        told = decide([found], ("control_costs",))
        assert (told["verdict"], told["shows_in"], told["against_in"]) == ("holds_when", ["defaults"], ["control_costs"])

    def test_it_holds_when_a_setting_shows_it(self):
        found = self.judged(defaults=rows(1, 1), worlds=rows(1, 1, 40), control_costs=rows(2, 1))
        assert decide([found], ("control_costs",)) == {"verdict": "holds_when", "shows_in": ["control_costs"], "against_in": []}

    def test_it_does_not_show_where_nothing_does(self):
        found = self.judged(defaults=rows(1, 1, noise=0.3), worlds=rows(1, 1, 40, noise=0.3))
        assert decide([found], ())["verdict"] == "does_not_show"

    def test_one_side_of_an_unknown_is_found_and_counted(self):
        worlds = rows(1, 1, 60)
        for row in worlds:
            row["lasting_after:a"] += 1.0 if row["value:team_hours"] < 8 else -1.0
        found = self.judged(defaults=rows(1, 1), worlds=worlds)
        side = found["sides"][0]
        assert (side["parameter"], side["above"]) == ("team_hours", False) and side["for"] >= 0.9 * side["n"]
        assert decide([found], ())["verdict"] == "holds_when"

    def test_names_of_ways_decide_nothing(self):
        swapped = [
            {name.replace(":a", ":c").replace(":b", ":a").replace(":c", ":b"): value for name, value in row.items()} for row in rows(2, 1)
        ]
        assert weigh(Test("b", "a", "lasting"), {"defaults": swapped})["defaults"] == weigh(self.TEST, {"defaults": rows(2, 1)})["defaults"]


class TestWays:
    def test_they_are_not_registered(self):
        assert not any(policy.__module__.startswith("experiments") for policy in POLICIES.values())

    @pytest.mark.parametrize("name", [name for name in WAYS if name != "on_its_own"])
    def test_all_have_the_same_leader_hours(self, name):
        world = LearningNetwork(2, policy=WAYS[name](), lead_weeks=40, collect=False)
        for _ in range(40):
            world.step()
        assert world.measure()["leader_hours"] == pytest.approx(90, abs=4)

    @pytest.mark.parametrize(
        ("name", "level"), [("connect_team", Level.TEAM), ("connect_school", Level.SCHOOL), ("connect_board", Level.BOARD)]
    )
    def test_connecting_stays_at_its_level(self, name, level):
        world = LearningNetwork(2, policy=WAYS[name](), collect=False)
        region, seen = world.region, 0
        for _ in range(6):
            for move in world.policy.act(world.leaders[0]) if world.leaders[0].begin_week(world.week + 1) is None else ():
                paid = world.leaders[0].pay(move)
                for one, other in paid.partners if paid else ():
                    same_team, same_school = region.team[one] == region.team[other], region.school[one] == region.school[other]
                    assert (same_team, same_school) == {0: (True, True), 1: (False, True), 2: (False, False)}[int(level)]
                    seen += 1
        assert seen >= 5

    def test_the_same_share_is_reached_again_and_again(self):
        world = LearningNetwork(2, policy=WAYS["reach_25"](), collect=False)
        for _ in range(20):
            world.step()
        reached = sum(len(leader.helped) for leader in world.leaders)
        assert reached <= sum(max(2, round(0.25 * len(leader.colleagues))) for leader in world.leaders)

    @pytest.mark.slow
    def test_equal_hours_of_colleagues_are_equal(self):
        names = fitted(Claims(claims=("colleagues",), grow_weeks=20))
        assert set(names) == {"nurtured@time", "strong_pull@time"}
        spent = []
        for name in names.values():
            world = LearningNetwork(5, policy=find_way(name), lead_weeks=40, grow_weeks=20, collect=False)
            for _ in range(48):
                world.step()
            spent.append(world.measure()["teacher_hours"])
        assert spent[0] == pytest.approx(spent[1], rel=0.25) and min(spent) > 2

    def test_single_points_are_counted(self):
        world = LearningNetwork(2, grow_weeks=30, collect=False)
        found = across_schools(world)
        assert 0 <= found["single_point"] <= 1 and found["mixed_across"] >= 0

    def test_one_world_gives_every_measure_of_every_way(self):
        row = lead_all(Trial(("on_its_own", "nurtured"), 0, grow_weeks=8, push_weeks=16, after_weeks=8))
        for way in ("on_its_own", "nurtured"):
            assert {f"{measure}_{date}:{way}" for measure in MEASURED for date in ("stop", "after")} <= set(row)
        assert row["absent_gain_after:on_its_own"] == 0 and row["lasting_during:nurtured"] >= 0


class TestThePage:
    @pytest.fixture(scope="class")
    @classmethod
    def summary(cls, tmp_path_factory: pytest.TempPathFactory) -> dict:
        few = Claims(replicates=3, worlds=0, each=2, grow_weeks=4, claims=("C4", "C9"))
        return put_to_the_test(few, tmp_path_factory.mktemp("claims"), 1)

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_every_claim_way_and_setting_has_its_words(self, language):
        words = texts(language)
        assert not [name for name in names_needed([claim.id for claim in CLAIMS]) if name not in words]
        assert all(f"claims.settings.{name}" in words for name in ("defaults", "worlds", *SETTINGS))
        assert all("_" not in way_name(way, words) for way in WAYS)

    def test_twelve_claims_and_the_question_are_tested(self):
        assert [claim.id for claim in CLAIMS] == ["headline", "colleagues", *(f"C{number}" for number in range(1, 13))]
        assert all(
            claim.tests and {way.removesuffix("@time") for way in claim.ways} <= set(WAYS) and set(claim.settings) <= set(SETTINGS)
            for claim in CLAIMS
        )

    def test_settings_are_within_bounds_and_worlds_have_the_ways_they_need(self):
        for values in SETTINGS.values():
            Parameters().with_values(**dict(values))
        names = {"nurtured@time": "nurtured@18", "strong_pull@time": "strong_pull@2"}
        trials = plan(Claims(replicates=1, worlds=1, each=1), names)
        assert set(trials["goal_gives"][0].what) >= {"why_team", "talk_school", "why_in_turn"}
        assert len(trials["defaults"][0].what) == len(WAYS) + 2 and trials["worlds"][0].values != ()

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_the_verdict_is_never_a_plain_yes(self, summary, language):
        words = texts(language)
        page = render(summary, words)
        assert page.count("<script") == 0 and words("general.thinking_tool") in page
        for line, claim in zip(tell_claims(summary, words)[1].splitlines(), summary["claims"].values(), strict=True):
            word = words(f"claims.verdicts.{claim['verdict']}")
            assert claim["verdict"] in VERDICTS and len(line) > len(word) + 40
        assert draw_claims(summary, words).get_figwidth() > 0

    def test_the_table_has_a_row_a_test_and_setting(self, summary):
        table = columns(summary)
        assert len([row for row in table if row["claim"] == "C9"]) == 4 * 3
        assert all(row["low"] <= row["mean"] <= row["high"] for row in table)
        assert len(summary["checks"]) == 10
