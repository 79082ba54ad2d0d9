import copy
import math

import pytest

from experiments.texts import LANGUAGES, texts
from experiments.words import (
    WIDTH,
    answer,
    assumptions,
    date_name,
    digits_for,
    headline,
    is_unclear,
    listed,
    policy_name,
    shown_per,
    tell,
    tell_decider,
    tell_note,
    told_outcomes,
)
from model.measures import MEASURES
from model.parameters import SPECS, contested
from model.policies import POLICIES
from model.region import HATS, Level, Role
from model.ties import Origin

nl, en = texts("nl"), texts("en")
OUTCOMES = ["lasting", "lasting_across", "nobody", "energy", "practice"]
DATES = ["start", "stop", "after"]
PAIRS = [("nurtured", "strong_pull"), ("on_its_own", "strong_pull"), ("nurtured", "on_its_own"), ("time_freed", "on_its_own")]
MINUS = "\N{MINUS SIGN}"


def interval(mean, half, n=100, above=68, below=30, equal=2):
    return {
        "mean": mean,
        "low": mean - half,
        "high": mean + half,
        "n": n,
        "above": above,
        "below": below,
        "equal": equal,
        "band_low": mean - 0.4,
        "band_high": mean + 0.5,
    }


def make_summary(policies=("strong_pull", "on_its_own", "nurtured", "time_freed"), pairs=PAIRS, worlds=100, **changes):
    level = {"mean": 1.24, "low": 0.92, "high": 1.51}
    differences = [
        {
            "more": more,
            "less": less,
            "outcome": outcome,
            "date": date,
            "defaults": interval(0.18, 0.04),
            "worlds": interval(0.12, 0.2, worlds, worlds - 32, 30) if worlds else None,
        }
        for more, less in pairs
        for outcome in OUTCOMES
        for date in DATES[1:]
    ]
    decider = {"more": "nurtured", "less": "strong_pull", "parameter": "team_hours", "rank_correlation": 0.61, "flip": 5.234}
    return {
        "name": "pull_or_grow", "seed": 1, "replicates": 100, "worlds": worlds, "people": 85, "schools": 6, "teachers": 72,
        "grow_weeks": 400, "lead_weeks": 40, "after_weeks": 40, "policies": list(policies), "outcomes": OUTCOMES, "dates": DATES,
        "levels": {policy: {outcome: dict.fromkeys(DATES, level) for outcome in OUTCOMES} for policy in policies},
        "parts": {policy: {"survivors": 0.8, "born_after": 0.3, "from_start": 0.6} for policy in policies},
        "hours": {policy: {"leader": 89.7, "teacher": 62.0 if policy == "strong_pull" else 15.0} for policy in policies},
        "equal_hours": {"policies": ["strong_pull", "nurtured"], "difference": 0.007, "equal": True},
        "differences": differences, "deciders": [decider | {"low": 0.0, "high": 16.0}], "notes": [], "observed": False, "failed": 0,
        "command": "learnweave compare",
    } | changes  # fmt: skip


def first(summary):
    return summary["differences"][1]


class TestNumbers:
    @pytest.mark.parametrize(
        ("half", "digits"), [(4.0, 0), (1.0, 0), (0.9, 1), (0.1, 1), (0.05, 2), (0.0001, 2), (0.0, 1), (math.inf, 1), (math.nan, 1)]
    )
    def test_decimals_follow_the_width_of_the_interval(self, half, digits):
        assert digits_for([(-half, half)]) == digits

    def test_an_interval_that_leaves_out_zero_does_not_seem_to_touch_it(self):
        assert digits_for([(0.4, 4.4)]) == 1
        assert digits_for([(-4.4, -0.4)]) == 1
        assert digits_for([(-0.4, 4.4)]) == 0

    def test_what_is_not_known_is_unclear(self):
        assert is_unclear({"low": None, "high": None}) and is_unclear({"low": -math.inf, "high": math.inf})
        assert is_unclear({"low": 0.0, "high": 1.0}) and not is_unclear({"low": 0.1, "high": 1.0})

    def test_ties_are_told_per_ten_and_shares_and_scales_per_hundred(self):
        assert [shown_per(outcome) for outcome in ("lasting", "ties", "nobody", "energy", "ei_index", "leader_hours")] == [
            10, 10, 100, 100, 100, 1,
        ]  # fmt: skip

    @pytest.mark.parametrize("outcome", [name for name in MEASURES if shown_per(name) == 10])
    def test_the_words_say_per_ten_where_the_numbers_do(self, outcome):
        assert "tien" in nl(f"outcomes.{outcome}.unit") and "ten" in en(f"outcomes.{outcome}.unit")

    @pytest.mark.parametrize("outcome", [name for name in MEASURES if shown_per(name) == 100])
    def test_the_words_say_hundred_where_the_numbers_do(self, outcome):
        assert any(word in nl(f"outcomes.{outcome}.unit") for word in ("honderd", "100"))
        assert any(word in en(f"outcomes.{outcome}.unit") for word in ("hundred", "100"))


class TestAnswer:
    def test_it_is_a_count_of_worlds(self):
        assert answer(make_summary(), nl) == (
            "In 68 van de 100 werelden houdt leiden zonder trekken een jaar later meer blijvende sterke leerverbindingen over dan "
            "sterk trekken; in 30 minder, in 2 evenveel."
        )
        assert answer(make_summary(), en) == (
            "In 68 of the 100 worlds, leading without pulling keeps more lasting strong learning ties one year later than strong pull; "
            "in 30 fewer, in 2 as many."
        )

    @pytest.mark.parametrize(
        ("counts", "words"),
        [
            ((37, 37, 0, 0), "In alle 37 werelden houdt"),
            ((37, 0, 37, 0), "In geen van de 37 werelden houdt"),
            ((37, 0, 0, 37), "over dan sterk trekken; in 37 evenveel."),
            ((37, 7, 30, 0), "In 7 van de 37 werelden houdt"),
            ((37, 7, 0, 30), "; in 30 evenveel."),
            ((1, 1, 0, 0), "In de ene wereld die is doorgerekend houdt leiden zonder trekken een jaar later meer"),
            ((1, 0, 1, 0), "een jaar later minder"),
            ((1, 0, 0, 1), "een jaar later evenveel"),
        ],
    )
    def test_whatever_the_counts_it_is_a_sentence(self, counts, words):
        summary = make_summary()
        first(summary)["worlds"] = interval(0.1, 0.05, *counts)
        assert words in answer(summary, nl)

    def test_without_worlds_it_is_the_difference_at_the_defaults_and_says_so(self):
        summary = make_summary(worlds=0, deciders=[])
        assert answer(summary, nl) == (
            "Leiden zonder trekken min sterk trekken, een jaar later: +1,8 [1,4 tot 2,2] blijvende sterke leerverbindingen "
            "per tien leerkrachten, bij de standaardwaarden van het model."
        )
        assert "dit antwoord geldt alleen bij de standaardwaarden" in " ".join(tell(summary, nl).split())
        assert "Niet bekeken" in tell(summary, nl)

    def test_a_difference_that_may_be_chance_is_called_so(self):
        summary = make_summary(worlds=0)
        first(summary)["defaults"] = interval(0.01, 0.04)
        assert answer(summary, nl).endswith("Dat verschil is niet van toeval te onderscheiden.")
        assert answer(summary, en).endswith("That difference cannot be told from chance.")
        assert "toeval te onderscheiden" not in answer(make_summary(worlds=0), nl)

    def test_the_worlds_are_doubted_as_the_defaults_are(self):
        told = " ".join(tell(make_summary(), en).split())
        assert f"On average over the worlds the difference is +1 [{MINUS}1 to 3] per ten teachers" in told
        assert told.count("That difference cannot be told from chance.") == 1

    def test_one_pair_has_no_interval(self):
        summary = make_summary(worlds=0, replicates=1)
        for one in summary["differences"]:
            one["defaults"] |= {"n": 1, "low": -math.inf, "high": math.inf}
        told = tell(summary, nl)
        assert "Eén paar zegt niets over toeval." in told and "∞" not in told

    def test_a_single_way_of_leading_has_a_level_and_no_verdict(self):
        summary = make_summary(policies=["nurtured"], pairs=[], deciders=[], equal_hours={"policies": [], "difference": 0.0, "equal": True})
        assert headline(summary) is None
        assert "Leiden zonder trekken houdt een jaar later 12 (9 tot 15) blijvende" in " ".join(tell(summary, nl).split())

    def test_the_date_is_a_year_only_if_it_is(self):
        assert date_name("after", make_summary(after_weeks=12), nl) == "12 weken later"
        assert "een jaar later" not in tell(make_summary(after_weeks=12), nl).lower()


class TestTold:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_it_begins_with_the_question_and_what_it_is(self, language):
        say = texts(language)
        lines = tell(make_summary(), say).splitlines()
        assert lines[:2] == [say("questions.pull_or_grow"), say("general.thinking_tool")]

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_it_fits_a_terminal(self, language):
        assert max(len(line) for line in tell(make_summary(), texts(language)).splitlines()) <= WIDTH

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_nobody_wins(self, language):
        told = f" {tell(make_summary(), texts(language)).lower()} "
        verdicts = ("wint", "winnaar", "beste ", "verliest", "verloren", "wins", "winner", " best ", "loses", "lost")
        assert not [word for word in verdicts if word in told.replace("best passend", "").replace("best fit", "")]

    def test_the_table_has_a_row_a_way_of_leading(self):
        row = next(line for line in tell(make_summary(), nl).splitlines() if line.startswith("Zonder trekken  "))
        assert row.split()[-3:] == ["8", "3", "6"]
        assert row.count("12 (9 tot 15)") == 3

    def test_columns_are_aligned(self):
        lines = tell(make_summary(), nl).splitlines()
        rows = [line for line in lines if line.startswith("  ") and " min " in line and "[" in line]
        assert len(rows) == len(PAIRS) * len(OUTCOMES)
        assert len({row.index("[") for row in rows}) <= 2

    def test_unclear_differences_are_marked(self):
        summary = make_summary()
        summary["differences"][0]["defaults"] = interval(-0.01, 0.04)
        marked = [line for line in tell(summary, nl).splitlines() if " ~ " in line and "[" in line]
        assert len(marked) == 1 and f"~  {MINUS}0,1 [{MINUS}0,5 tot 0,3]" in marked[0]

    def test_hours_are_called_unequal_where_they_are(self):
        unequal = {"policies": ["strong_pull", "nurtured"], "difference": 0.0712, "equal": False}
        assert "Leiders staken er evenveel uren in bij sterk trekken en leiden zonder trekken" in tell(make_summary(), nl)
        assert "niet evenveel uren van collega's" in tell(make_summary(), nl)
        told = " ".join(tell(make_summary(equal_hours=unequal), nl).split())
        assert "Let op: leiders staken er niet evenveel uren in" in told and "Het verschil is 7,1%" in told

    def test_any_policies_and_pairs_can_be_told(self):
        policies, pairs = ["weaving_by_hand", "strong_pull"], [("weaving_by_hand", "strong_pull")]
        told = tell(make_summary(policies, pairs, worlds=37, equal_hours={"policies": [], "difference": 0, "equal": True}), en)
        assert "In 5 of the 37 worlds, weaving by hand keeps more" in told
        assert "  weaving by hand minus strong pull" in told

    def test_one_school_says_nothing_of_ties_between_schools(self):
        none = dict.fromkeys(DATES, {"mean": 0.0, "low": 0.0, "high": 0.0})
        summary = copy.deepcopy(make_summary(schools=1))
        for levels in summary["levels"].values():
            levels["lasting_across"] = none
        assert told_outcomes(summary) == [outcome for outcome in OUTCOMES if outcome != "lasting_across"]
        assert "tussen scholen" not in tell(summary, nl) and "op één school." in tell(summary, nl)

    def test_failed_runs_are_counted(self):
        assert "3 doorrekeningen zijn mislukt" in tell(make_summary(failed=3), nl)
        assert "mislukt" not in tell(make_summary(), nl)

    def test_it_says_how_to_do_it_again(self):
        assert "learnweave compare (toevalsgetal: 1; doorrekeningen: 100; werelden: 100)" in " ".join(tell(make_summary(), nl).split())

    def test_numbers_that_json_could_not_write_do_no_harm(self):
        summary = make_summary(worlds=0)
        summary["differences"][1]["defaults"] |= {"low": None, "high": None}
        summary["levels"]["nurtured"]["lasting"] = dict.fromkeys(DATES, {"mean": None, "low": None, "high": None})
        assert "Eén paar" not in tell(summary, nl) and "+1,8" in tell(summary, nl)


class TestDeciders:
    one = {
        "more": "nurtured",
        "less": "strong_pull",
        "parameter": "team_hours",
        "rank_correlation": 0.61,
        "flip": 5.234,
        "low": 0,
        "high": 16,
    }

    def test_more_of_it_helps_the_first(self):
        assert tell_decider(self.one, nl) == (
            "Hoe meer betaalde teamtijd er is, hoe meer leiden zonder trekken overhoudt vergeleken met sterk trekken. "
            "Kantelt bij ongeveer 5,2 uur per persoon per 8 weken; bekeken van 0 tot 16."
        )

    def test_where_it_goes_the_other_way_more_of_it_helps_the_second(self):
        assert "hoe meer sterk trekken overhoudt vergeleken met leiden zonder trekken" in tell_decider(
            self.one | {"rank_correlation": -0.6}, nl
        )

    def test_it_may_not_flip(self):
        told = tell_decider(self.one | {"parameter": "crowding", "flip": None, "low": -0.4, "high": 0.4}, nl)
        assert told.endswith(f"Kantelt niet; bekeken van {MINUS}0,4 tot 0,4 (onder 0 geeft moeten energie).")

    def test_shares_and_chances_are_told_per_hundred(self):
        told = tell_decider(self.one | {"parameter": "p_meet_outside", "flip": 0.0123, "low": 0.001, "high": 0.05}, nl)
        assert told.endswith("Kantelt bij ongeveer 1,2% kans per week; bekeken van 0,1 tot 5.")

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("spec", SPECS.values(), ids=lambda spec: spec.name)
    def test_every_parameter_can_decide(self, spec, language):
        one = self.one | {"parameter": spec.name, "flip": spec.default, "low": spec.sweep[0], "high": spec.sweep[1]}
        told = tell_decider(one, texts(language))
        assert told.endswith(".") and "{" not in told

    @pytest.mark.parametrize("spec", contested(), ids=lambda spec: spec.name)
    def test_what_nobody_knows_has_a_phrase_of_its_own(self, spec):
        assert nl(f"parameters.{spec.name}.more").startswith("Hoe ") and en(f"parameters.{spec.name}.more").startswith("The ")
        assert f"parameters.{spec.name}.value" in nl


NOTES = {
    "columns_ignored": {"file": "people.csv", "columns": "shoe size"}, "no_board": {}, "no_town": {}, "no_swv": {},
    "schools_without_leader": {"count": 2}, "roles_by_rule": {"leader": "17", "coach": "4"}, "largest_group_no_team": {"count": 9},
    "unobserved": {"count": 3}, "one_school_no_moves_across": {}, "ties_across_left_out": {"count": 5}, "undirected_both_ways": {},
    "staff_from_pupils": {
        "people_per_pupil": 0.096, "people_base": 6.0, "share_educators": 0.6, "year": "2025",
        "line_grade": "measured", "share_grade": "guess",
    },
    "rmc_for_swv": {}, "made_up_people": {}, "locations_without_pupils": {"count": 1}, "observed_ties_settled": {"ties": 321},
}  # fmt: skip


class TestAssumptions:
    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("note", NOTES)
    def test_every_note_of_a_region_is_told_with_its_values(self, note, language):
        told = tell_note(note, NOTES[note], texts(language))
        assert f"notes.{note}" in texts(language) and told.endswith(".")
        assert all(
            str(value) in told for key, value in NOTES[note].items() if key in {"file", "columns", "count", "ties", "leader", "coach"}
        )

    def test_numbers_and_grades_in_notes_are_in_the_language(self):
        told = tell_note("staff_from_pupils", NOTES["staff_from_pupils"], nl)
        assert "0,096" in told and "60%" in told and "(gemeten)" in told and "(gok)" in told

    def test_a_note_without_a_text_is_not_swallowed(self):
        assert tell_note("moon", {"phase": 0.25}, nl) == "moon: phase = 0,25"

    def test_it_tells_how_much_of_the_model_is_measured(self):
        grades = [spec.grade for spec in SPECS.values()]
        told = " ".join(assumptions(make_summary(), nl))
        assert f"Van de {len(SPECS)} getallen in het model zijn er {grades.count('measured')} gemeten" in told

    def test_it_tells_where_the_network_began(self):
        assert "400 weken groei" in assumptions(make_summary(), nl)[1]
        assert "waargenomen verbindingen" in assumptions(make_summary(observed=True), nl)[1]

    def test_it_tells_what_was_set(self):
        assert "energie die moeten kost (0,1)" in " ".join(assumptions(make_summary(values={"crowding": 0.1}), nl))


class TestNames:
    @pytest.mark.parametrize("policy", POLICIES)
    def test_every_policy_that_ships_is_named_and_explained(self, policy):
        assert all(f"policies.{policy}.{part}" in nl for part in ("name", "short", "explain"))

    @pytest.mark.parametrize("outcome", MEASURES)
    def test_every_outcome_is_named_and_explained(self, outcome):
        assert all(f"outcomes.{outcome}.{part}" in nl for part in ("name", "unit", "explain"))

    @pytest.mark.parametrize("name", SPECS)
    def test_every_parameter_is_named(self, name):
        assert f"parameters.{name}.name" in nl

    def test_roles_hats_levels_origins_and_grades_are_named(self):
        kinds = {"roles": Role, "levels": Level, "origins": Origin}
        wanted = [f"{kind}.{one.name.lower()}" for kind, members in kinds.items() for one in members]
        wanted += [f"hats.{hat}" for hat in HATS] + [f"grades.{spec.grade}" for spec in SPECS.values()]
        assert [text_id for text_id in wanted if text_id not in nl] == []

    def test_names_are_listed_as_people_do(self):
        assert [listed(names, nl) for names in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a en b", "a, b en c"]

    def test_a_policy_without_a_text_goes_by_its_id(self):
        assert policy_name("weaving_by_hand", nl) == "weaving by hand"
