"""Hours: equal for leaders, equal for colleagues, or each its own; and policies with other dials than their own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from experiments import teacher_hours
from experiments.catalogue import ScenarioError, load_scenario
from experiments.compare import Comparison, compare, read_columns
from experiments.lineup import LineupError, line_up
from experiments.teacher_hours import at_equal_teacher_hours, fit_hours, with_equal_teacher_hours
from experiments.texts import texts
from experiments.ways import at_own_hours, plain_way
from experiments.words import answer, policy_name, tell
from model.learning_network import LearningNetwork
from model.policies import POLICIES, parse_policy
from model.policies.policy import read_dials

SMALL = Comparison(replicates=6, worlds=2, grow_weeks=20, lead_weeks=40, after_weeks=8)


@pytest.fixture(scope="module", autouse=True)
def few_pilots():
    """Three worlds to fit hours on, and no more growth than they need."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(teacher_hours, "PILOTS", 3)
        yield


@pytest.fixture(scope="module")
def beside(tmp_path_factory: pytest.TempPathFactory) -> tuple[Comparison, dict, Path]:
    comparison, folder = with_equal_teacher_hours(SMALL), tmp_path_factory.mktemp("beside")
    return comparison, compare(comparison, folder, workers=1), folder


class TestEqualTeacherHours:
    def test_ways_that_take_time_are_fitted_and_the_others_left_alone(self, beside):
        comparison, summary, _ = beside
        assert [name for name, _ in comparison.also] == ["strong_pull", "nurtured"]
        assert comparison.policies == SMALL.policies == tuple(summary["policies"])
        strong = dict(comparison.also)["strong_pull"]
        assert 0 < strong.hours < 18 / 4
        assert strong.name == "strong_pull@teacher_hours"

    def test_people_spend_about_the_same_then_and_did_not_before(self, beside):
        _, summary, _ = beside
        before = [summary["hours"][name]["teacher"] for name in ("strong_pull", "nurtured")]
        found = summary["equal_teacher_hours"]
        spent = [found["hours"][name]["teacher"] for name in ("strong_pull", "nurtured")]
        assert before[0] > 4 * before[1]
        assert max(spent) < 1.5 * min(spent)  # of six worlds; fitted on three others
        assert found["difference"] == pytest.approx(1 - min(spent) / max(spent))
        assert found["equal"] == (found["difference"] <= 0.02)
        assert found["hours"]["strong_pull"]["leader"] < 0.25 * summary["hours"]["strong_pull"]["leader"]

    def test_what_is_compared_at_equal_leader_hours_stays_the_same_number_for_number(self, beside, tmp_path):
        _, summary, _ = beside
        alone = compare(SMALL, tmp_path, workers=1)
        assert alone["equal_teacher_hours"] == {}
        assert summary | {"equal_teacher_hours": {}} == alone

    def test_the_second_answer_is_told_in_both_languages(self, beside):
        _, summary, _ = beside
        told = {language: tell(summary | {"command": "x"}, texts(language)) for language in ("nl", "en")}
        assert "The same question at equal hours of colleagues" in told["en"]
        assert "Dezelfde vraag bij evenveel uren van collega's" in told["nl"]
        assert answer(summary, texts("en")) in told["en"].replace("\n", " ")

    def test_the_whole_comparison_can_be_at_equal_teacher_hours(self, beside, tmp_path):
        """The same ways in the same worlds, so that it finds the numbers of the comparison beside."""
        _, summary, _ = beside
        asked = at_equal_teacher_hours(line_up(SMALL, (), "teacher"))
        assert asked.policies == SMALL.policies and asked.pairs == SMALL.pairs and asked.name == "pull_or_grow-teacher-hours"
        found = compare(asked, tmp_path, workers=1)
        for name in ("strong_pull", "nurtured"):
            assert found["hours"][name] == summary["equal_teacher_hours"]["hours"][name]
        pair = ("nurtured", "strong_pull")
        mine, theirs = (
            [one for one in where["differences"] if (one["more"], one["less"]) == pair] for where in (found, summary["equal_teacher_hours"])
        )
        assert mine == theirs
        assert found["equal_hours"] == {
            "policies": ["strong_pull", "nurtured"], "of": "teacher",
            "difference": summary["equal_teacher_hours"]["difference"], "equal": summary["equal_teacher_hours"]["equal"],
        }  # fmt: skip
        told = tell(found | {"command": "x"}, texts("en")).replace("\n", " ")
        assert ("Colleagues spent equal hours" in told) == found["equal_hours"]["equal"]
        assert ("colleagues did not spend equal hours" in told) == (not found["equal_hours"]["equal"])

    def test_rows_are_found_under_the_name_they_are_asked_by(self, beside):
        comparison, _, folder = beside
        columns = read_columns(comparison, folder)
        assert set(columns["default"]) == {*SMALL.policies, "strong_pull@teacher_hours", *(way.name for _, way in comparison.also)}
        renamed = replace(comparison, also=tuple((name, replace(way, name=f"{name}@other")) for name, way in comparison.also))
        again = read_columns(renamed, folder)["default"]["strong_pull@other"]["lasting_after"]
        np.testing.assert_array_equal(again, columns["default"]["strong_pull@teacher_hours"]["lasting_after"])

    def test_one_way_alone_needs_no_fitting(self):
        assert fit_hours(replace(SMALL, policies=("strong_pull", "on_its_own"), lead_weeks=8)) == {}


class TestOwnHours:
    def test_each_policy_has_hours_that_suit_it(self):
        own = line_up(Comparison(), ("strong_pull", "giving_space", "time_freed"), "own")
        hours = {name: own.job("default", 0).way(name).hours for name in own.policies}
        assert hours == {"strong_pull": 20, "giving_space": 9, "time_freed": None}
        assert own.equal == () and own.name.endswith("own-hours")

    def test_without_names_the_usual_four_are_compared(self):
        own = line_up(Comparison(), (), "own")
        assert own.policies == Comparison().policies
        assert {way.name: way.hours for way in own.ways} == {"strong_pull": 20, "nurtured": 11}

    @pytest.mark.parametrize("language", ["nl", "en"])
    def test_it_is_told_that_hours_are_not_equal(self, language, tmp_path):
        own = replace(line_up(SMALL, ("strong_pull", "nurtured"), "own"), replicates=2, worlds=0, lead_weeks=8)
        summary = compare(own, tmp_path, workers=1)
        assert texts(language)("teacher_hours.own") in tell(summary | {"command": "x"}, texts(language)).replace("\n", " ")
        assert summary["hours"]["strong_pull"]["leader"] > 1.3 * summary["hours"]["nurtured"]["leader"]

    def test_hours_lie_within_those_of_one_leader(self):
        known = [policy.leader_hours for policy in POLICIES.values() if policy.leader_hours is not None]
        assert len(known) > 8 and all(2 <= hours <= 24 for hours in known)

    def test_a_timeline_of_ways_with_other_hours_keeps_those_of_the_parameters(self):
        assert at_own_hours(plain_way("strong_pull:10, nurtured:10", 20)).hours is None
        assert at_own_hours(plain_way("nurtured:10, scheduled_twin:10", 20)).hours == 11


class TestDials:
    def test_dials_are_set_one_by_one_by_name(self):
        assert read_dials("nurtured+compulsion=0.5 + intensity=0.8") == ("nurtured", {"compulsion": 0.5, "intensity": 0.8})
        policy = parse_policy("nurtured+compulsion=0.5+leader_centrality=0.2")
        assert (policy.id, policy.compulsion, policy.leader_centrality, policy.intensity) == ("nurtured", 0.5, 0.2, 0.5)

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("nurtured+compulsion", "DIAL=NUMBER"),
            ("nurtured+compulsion=x", "DIAL=NUMBER"),
            ("nurtured+compulsion=0.1+compulsion=0.2", "set twice"),
            ("nurtured+compulsoin=0.5", "nearest: 'compulsion'"),
            ("nurtured+compulsion=1.5", "must be 0 to 1"),
            ("nutured+compulsion=0.5", "nearest: 'nurtured'"),
            ("nurtured+compulsion=nan", "must be 0 to 1"),
            ("nurtured+patience=100", "must be 0 to 80"),
            ("strong_pull+patience=4", "patience: no such dial"),
        ],
    )
    def test_what_is_wrong_is_told(self, text, told):
        with pytest.raises(ValueError, match=told):
            parse_policy(text)
        with pytest.raises(LineupError, match=told):
            line_up(Comparison(), (text, "on_its_own"))

    def test_ways_with_other_dials_are_compared_and_named(self):
        comparison = line_up(Comparison(), ("strong_pull", "strong_pull+intensity=0.75", "nurtured+compulsion=1:20, on_its_own:20"))
        job = comparison.job("default", 0)
        assert job.way(comparison.policies[1]).stages[0].dials == (("intensity", 0.75),)
        assert job.way(comparison.policies[2]).stages[0].dials == (("compulsion", 1.0),)
        assert len({job.key(name) for name in comparison.policies}) == 3
        assert policy_name(comparison.policies[1], texts("en"), "short") == "strong pull (rhythm 0.75)"
        assert policy_name(comparison.policies[1], texts("nl"), "short") == "sterk trekken (ritme 0,75)"

    def test_patience_and_dose_of_a_policy_that_waits_are_set_in_the_same_way(self):
        """A leader who waits longer acts less often."""
        way = plain_way("nurtured+patience=12+dose=2", 40)
        assert way.stages[0].dials == (("patience", 12.0), ("dose", 2.0))
        hours = {}
        for patience in (2, 30):
            world = LearningNetwork(4, policy=f"nurtured+patience={patience}", grow_weeks=20, collect=False)
            for _ in range(40):
                world.step()
            hours[patience] = world.measure()["leader_hours"]
        assert 0 < hours[30] < 0.8 * hours[2]

    def test_a_scenario_sets_triggers_and_is_told_where_there_are_none(self, tmp_path):
        words = "question = { en = 'What?' }\nstory = { en = 'One.', nl = 'Een.' }\n"
        text = words + 'levers = { policy = "nurtured", patience = 8, dose = 2 }\n'
        path = tmp_path / "patient.toml"
        path.write_text(text, encoding="utf-8")
        assert load_scenario(str(path)).way.stages[0].dials == (("patience", 8.0), ("dose", 2.0))
        path.write_text(text.replace("nurtured", "strong_pull").replace("dose = 2", "dose = 0"), encoding="utf-8")
        with pytest.raises(ScenarioError, match=r"(?s)dose.*must be 1 to 50.*strong_pull has no such trigger"):
            load_scenario(str(path))
