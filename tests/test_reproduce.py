"""Studies and their check: what counts as found again, and that a study can be run small."""

from __future__ import annotations

import importlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from experiments.cli import main
from experiments.compare import Comparison
from experiments.lineup import line_up
from experiments.reproduce import STUDIES, compare_numbers, list_studies, numbers_of, reproduce, tell
from experiments.studies.corners import REASONED, WAYS, Corners, complete, confirm, count_wins, draw_setting, margins, nudge, search
from experiments.studies.critical_mass import CriticalMass, half_life, study_settings
from experiments.studies.exploits import NOBODY, Exploits, OneMove, study_plays
from experiments.studies.pull_or_grow import publish
from experiments.studies.rhythm import PAIRS, Rhythm
from experiments.studies.rhythm import answer as answer_rhythm
from experiments.texts import LANGUAGES, texts
from experiments.trials import Trial, lead_and_leave, run_missing
from model.learning_network import LearningNetwork
from model.moves import MOVES
from model.parameters import SPECS, Parameters
from model.policies import POLICIES

RESULTS = Path(__file__).resolve().parents[1] / "results"


class TestWhatCountsAsFoundAgain:
    BEFORE = {f"number {at}": {"value": 1.0, "se": 0.1, "n": 100} for at in range(30)}

    def test_the_same_numbers_hold(self):
        assert compare_numbers(self.BEFORE, self.BEFORE) == {"total": 30, "away": [], "holds": True}

    def test_one_far_away_in_thirty_is_chance_and_named(self):
        found = compare_numbers(self.BEFORE, self.BEFORE | {"number 3": {"value": 1.5, "se": 0.1, "n": 100}})
        assert found["holds"] and [one["name"] for one in found["away"]] == ["number 3"]

    def test_two_far_away_are_not(self):
        moved = {name: {"value": 1.5, "se": 0.1, "n": 100} for name in ("number 3", "number 4")}
        assert not compare_numbers(self.BEFORE, self.BEFORE | moved)["holds"]

    def test_a_larger_standard_error_allows_more(self):
        assert not compare_numbers(self.BEFORE, self.BEFORE | {"number 3": {"value": 1.5, "se": 1.0, "n": 100}})["away"]

    def test_few_worlds_allow_as_much_as_their_number_makes_it(self):
        assert not compare_numbers(self.BEFORE, self.BEFORE | {"number 3": {"value": 1.5, "se": 0.0, "n": 4}})["away"]

    def test_nothing_in_common_does_not_hold(self):
        assert not compare_numbers(self.BEFORE, {})["holds"]

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_it_is_told_in_words(self, language):
        found = compare_numbers(self.BEFORE, {name: {"value": 2.0, "se": 0.1, "n": 100} for name in self.BEFORE})
        told = tell({"study": "corners", "quick": True} | found, texts(language))
        assert "number 7" in told and "corners" in told

    def test_an_unknown_study_is_told_with_the_nearest(self):
        with pytest.raises(ValueError, match="nearest: 'corners'"):
            reproduce("corner")
        told = CliRunner().invoke(main, ["reproduce", "corner"])
        assert told.exit_code == 1 and "corners" in told.output and "Traceback" not in told.output

    def test_without_a_name_the_studies_are_listed(self, monkeypatch):
        monkeypatch.chdir(RESULTS.parent)
        told = CliRunner().invoke(main, ["reproduce"])
        assert told.exit_code == 0 and all(f"{name}: " in told.output for name in STUDIES)
        assert CliRunner().invoke(main, ["reproduce", "corners", "--all"]).exit_code == 1

    def test_what_is_not_kept_is_told_with_the_command_that_makes_it(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        told = CliRunner().invoke(main, ["reproduce", "claims"])
        assert told.exit_code == 1 and "reproduce claims --write" in told.output and "Traceback" not in told.output

    def test_results_are_made_anew_on_request(self, tmp_path, monkeypatch):
        module = importlib.import_module("experiments.studies.with_a_shortage")
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(module, "QUESTION", replace(module.QUESTION, replicates=2, worlds=0, grow_weeks=2))
        told = CliRunner().invoke(main, ["reproduce", "with_a_shortage", "--write", "--workers", "1"])
        assert told.exit_code == 0, told.output
        made = {path.name for path in (tmp_path / "results" / "compare" / "with_a_shortage").iterdir()}
        assert {"README.md", "numbers.csv", "report.nl.html", "report.en.html", "summary.json", "provenance.json"} <= made


class TestComparisons:
    """Every comparison that is kept is a study."""

    @pytest.mark.parametrize("name", ["subsidy_ends", "clubs_or_mixed", "with_a_shortage", "pull_or_grow"])
    def test_the_short_scripts_ask_what_can_be_run(self, name):
        question = importlib.import_module(f"experiments.studies.{name}").QUESTION
        assert question.name == name and len(question.policies) >= 3 and question.pairs
        assert all(next(question.jobs()).key(policy) for policy in question.policies)

    def test_one_is_found_again_to_the_last_digit_as_it_was_asked(self, tmp_path):
        small = Comparison(replicates=3, worlds=2, grow_weeks=4, lead_weeks=8, after_weeks=8, values=(("crowding", 0.1),))
        asked = line_up(small, ("nurtured", "strong_pull:4, nurtured:4"))
        publish(replace(asked, name="mine"), ("nurtured", "strong_pull:4, nurtured:4"), tmp_path, workers=1)
        kept = json.loads((tmp_path / "compare" / "mine" / "summary.json").read_text(encoding="utf-8"))
        assert "compare nurtured" in kept["command"] and "--replicates 3" in kept["command"]
        found = reproduce("mine", workers=1, results=tmp_path)
        assert found["holds"] and found["total"] == len(numbers_of(kept)) and not found["away"]
        assert "mine: " in list_studies(texts("nl"), tmp_path)


class TestTrials:
    SMALL = tuple(Trial(("on_its_own",), at, grow_weeks=2, push_weeks=2, after_weeks=2) for at in range(2))

    def test_rows_come_in_order_and_once(self, tmp_path):
        first = run_missing(self.SMALL, lead_and_leave, tmp_path)
        again = run_missing(self.SMALL[::-1], lead_and_leave, tmp_path)
        assert first == again[::-1]
        assert first[0]["lasting_after:on_its_own"] >= 0 and first[0]["key"] != first[1]["key"]

    def test_other_settings_are_another_run(self):
        assert len({Trial((), 0).key("a"), Trial((), 0, values=(("crowding", 0.1),)).key("a"), Trial((), 0).key("b")}) == 3


class TestCorners:
    def test_settings_stay_inside_their_sweeps(self):
        chance = np.random.default_rng(1)
        for setting in (draw_setting(4), nudge(draw_setting(4), chance, 0.5)):
            Parameters().with_values(**dict(setting))
            assert all(SPECS[name].sweep[0] - 1e-9 <= value <= SPECS[name].sweep[1] + 1e-9 for name, value in setting)

    def test_wins_and_margins_are_counted(self):
        lasting = np.array([[[1.0, 2, 3, 4]] * 3, [[5.0, 2, 3, 4]] * 3]) + np.array([0, 0.01, 0.02])[None, :, None]
        wins = count_wins(lasting)
        assert wins["wins"] == {"on_its_own": 1, "strong_pull": 0, "smart_pull": 0, "nurtured": 1}
        assert margins(lasting, 0).tolist() == pytest.approx([-3, 1])
        assert confirm(lasting[1], 0)["confirmed"] and not confirm(lasting[1], 1)["confirmed"]

    def test_every_corner_has_the_same_kinds_of_starts(self):
        assert set(REASONED) == set(WAYS)
        for setting in REASONED.values():
            whole = dict(complete(setting))
            Parameters().with_values(**whole)
            assert all(SPECS[name].sweep[0] <= value <= SPECS[name].sweep[1] for name, value in whole.items())
            assert 12 <= len(setting) <= 16

    def test_a_small_search_runs_to_the_end(self, tmp_path):
        small = Corners(settings=2, seeds=2, starts=1, rounds=1, steps=1, worlds=1, fresh=2, check=2, grow_weeks=3)
        summary = search(small, tmp_path, workers=1)
        assert set(summary["corners"]) == set(WAYS)
        assert sum(summary["shares"]["wins"].values()) == 2


class TestCriticalMass:
    def test_half_of_a_gain_that_halves_every_twenty_weeks(self):
        assert half_life(range(0, 50, 10), np.array([1, 0.7, 0.5, 0.35, 0.25])) == pytest.approx(20)
        assert half_life(range(0, 30, 10), np.array([1, 0.9, 0.8])) is None

    def test_a_small_one_runs_to_the_end(self, tmp_path):
        few = CriticalMass(weeks=260, before=10, pushes=(10,), after=60, worlds=2, settings=("defaults",))
        state = study_settings(few, tmp_path, 1)["states"]["defaults"]
        assert not state["two_states"] and state["empty"] > 0


class TestExploits:
    @pytest.mark.parametrize("kind", MOVES)
    def test_every_move_can_be_repeated_and_is_no_policy(self, kind):
        world = LearningNetwork(3, policy=OneMove(kind), collect=False)
        for _ in range(9):
            world.step()
        assert all(leader.spent > 0 for leader in world.leaders)
        assert not any(policy.__module__.startswith("experiments") for policy in POLICIES.values())

    def test_a_small_one_runs_to_the_end(self, tmp_path):
        summary = study_plays(Exploits(worlds=2, grow_weeks=5, plays=(NOBODY, "random_play", "meet")), tmp_path, 1)
        assert summary["gains"][NOBODY]["lasting"]["mean"] == 0
        assert summary["hours"]["meet"]["leader"] > 80


class TestRhythm:
    def test_a_small_one_runs_to_the_end_and_is_told(self, tmp_path):
        summary = answer_rhythm(Rhythm(worlds=2, grow_weeks=5, settings=("defaults", "neither")), tmp_path, 1)
        assert set(summary["found"]["neither"]["differences"]) == set(PAIRS)
        both = summary["found"]["defaults"]["differences"]
        assert both["all"]["mean"] == pytest.approx(both["strong_often"]["mean"] + both["rest"]["mean"])
        readme = (tmp_path / "README.md").read_text(encoding="utf-8")
        assert "strong pull (rhythm 0.75) minus strong pull" in readme and "slim trekken min" in readme
        assert (tmp_path / "rhythm.nl.png").is_file() and len((tmp_path / "rhythm.csv").read_text().splitlines()) == 9


LOOKED_AT = ("critical-mass", "exploits", "phase-maps", "pull_or_grow", "rhythm")
"""The studies of which a quick look takes seconds; `learnweave reproduce --all --quick` looks at every one."""


@pytest.mark.parametrize("name", LOOKED_AT)
def test_what_is_kept_still_holds_at_a_quick_look(name, monkeypatch):
    folder = RESULTS / STUDIES[name]
    assert numbers_of(json.loads((folder / "summary.json").read_text(encoding="utf-8")))
    monkeypatch.chdir(RESULTS.parent)
    told = CliRunner().invoke(main, ["reproduce", name, "--quick", "--workers", "1"])
    assert told.exit_code == 0, told.output


@pytest.mark.parametrize("name", [name for name, place in STUDIES.items() if (RESULTS / place / "summary.json").is_file()])
def test_what_is_kept_has_numbers_to_find_again(name):
    kept = json.loads((RESULTS / STUDIES[name] / "summary.json").read_text(encoding="utf-8"))
    numbers = numbers_of(kept)
    assert numbers and all({"value", "se", "n"} <= set(number) for number in numbers.values())
