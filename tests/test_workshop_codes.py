"""Codes and files of a workshop's tables."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.texts import LANGUAGES, texts
from experiments.workshop.cards import CARDS, FOR, WHAT, WHOM, Play
from experiments.workshop.codes import ALPHABET, Choices, CodeError, read_code, write_code
from experiments.workshop.game import DIALS, DIRECTIONS, Prediction, Start
from experiments.workshop.tables import Table, TableError, check_table, read_table, timeline, write_table


@st.composite
def plays(draw, card):
    times = 1 if CARDS[card].once else draw(st.integers(1, 20))
    return Play(card, times, draw(st.sampled_from(WHOM)), draw(st.sampled_from(WHAT)), draw(st.sampled_from(FOR))).plain()


@st.composite
def choices(draw):
    rounds = draw(st.sampled_from((3, 5)))
    hands = []
    for _ in range(rounds):
        cards = draw(st.lists(st.sampled_from(sorted(CARDS)), max_size=8, unique=True))
        hands.append(tuple(draw(plays(card)) for card in cards))
    prediction = st.none() | st.builds(Prediction, st.sampled_from(DIALS), st.sampled_from(DIRECTIONS))
    return Choices(Start(draw(st.integers(0, 99)), rounds), tuple(hands), tuple(draw(prediction) for _ in range(rounds)))


SIMPLE = Choices(Start(), ((Play("map"), Play("introduce", 3)), (), (Play("meet"),), (Play("team"),), ()), (Prediction(),) + (None,) * 4)


class TestCodes:
    @settings(max_examples=60)
    @given(choices())
    def test_every_game_comes_back_from_its_code_and_file(self, one):
        assert read_code(write_code(one)) == one
        assert read_table(write_table(Table("Tafel", one))).choices == one

    def test_a_usual_game_has_a_short_code_that_can_be_read_aloud(self):
        code = write_code(SIMPLE)
        assert len(code) <= 40
        assert set(code) <= set(ALPHABET) | {"-"} and not set("ILOU") & set(ALPHABET)
        assert read_code(code.lower().replace("-", " ").replace("0", "o").replace("1", "l")) == SIMPLE

    def test_any_one_wrong_character_is_found_in_its_own_group(self):
        code = write_code(SIMPLE)
        for at, character in enumerate(code):
            for wrong in set(ALPHABET) - {character} if character != "-" else ():
                with pytest.raises(CodeError) as told:
                    read_code(code[:at] + wrong + code[at + 1 :])
                assert (told.value.rule, told.value.values["place"]) == ("group", at // 5 + 1)

    def test_groups_that_change_places_are_found(self):
        first, second, *rest = write_code(SIMPLE).split("-")
        with pytest.raises(CodeError) as told:
            read_code("-".join((second, first, *rest)))
        assert told.value.rule == "group"

    @pytest.mark.parametrize(
        ("change", "rule"),
        [
            (lambda code: "", "empty"),
            (lambda code: code.replace(code[2], "?", 1), "character"),
            (lambda code: code[:-1], "length"),
            (lambda code: code[:-5], "short"),
            (lambda code: f"{code}-{_zeros(code)}", "long"),
        ],
    )
    def test_what_is_wrong_is_told_in_both_languages(self, change, rule):
        with pytest.raises(CodeError) as told:
            read_code(change(write_code(SIMPLE)))
        assert told.value.rule == rule
        for language in LANGUAGES:
            assert texts(language)(f"workshop.code.{rule}", **told.value.values)

    def test_a_code_of_another_version_is_told(self):
        from experiments.workshop.codes import _group

        with pytest.raises(CodeError, match="another version"):
            read_code(_group([28, 0, 0], 0))


def _zeros(code):
    from experiments.workshop.codes import _group

    return _group([0, 0, 0], len(code.split("-")))


class TestFiles:
    def test_a_file_keeps_name_aim_and_log(self):
        table = Table("Tafel 3", SIMPLE, "Niemand alleen", ("Eerst zien wie elkaar al opzoekt.", "", "", "", ""))
        assert read_table(write_table(table)) == table

    def test_everything_that_is_wrong_is_told_at_once(self):
        content = json.loads(write_table(Table("Tafel", SIMPLE)))
        content["rounds"][0]["cards"][0]["card"] = "mapp"
        content["rounds"][2]["cards"][0]["times"] = 0
        content["rounds"][3]["prediction"] = {"dial": "x", "direction": "up"}
        content["aim"] = 3
        with pytest.raises(TableError) as told:
            read_table(json.dumps(content))
        assert len(told.value.problems) == 4
        assert "round 1: card: card = 'mapp': no such card (nearest: 'map')" in str(told.value)

    @pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": "learnweave-workshop", "version": 1}', "x" * 300_000, "[" * 50_000])
    def test_another_file_is_refused(self, text):
        with pytest.raises(TableError):
            read_table(text)

    def test_a_code_that_says_something_else_is_told(self):
        content = json.loads(write_table(Table("Tafel", SIMPLE)))
        content["rounds"][0]["cards"] = []
        with pytest.raises(TableError, match="holds other choices"):
            read_table(json.dumps(content))

    def test_a_table_that_spends_too_much_is_told(self):
        many = Choices(Start(rounds=3, grow_weeks=1), ((Play("meet", 6),), (), ()), (None,) * 3)
        assert check_table(Table("Tafel", many)) == ["round 1: 24 hours: must be at most 20"]

    def test_the_timeline_lies_in_the_order_of_the_catalogue(self):
        mixed = Choices(Start(rounds=3), ((Play("meet"), Play("map")), (), ()), (None,) * 3)
        assert timeline(mixed)[0] == [("map", 1), ("meet", 1)]
