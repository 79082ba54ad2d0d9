"""One tab of the workshop without a browser: what is asked of it, what it shows, and that it ends with the tab."""

import json
from types import SimpleNamespace

import numpy as np
import pytest

from experiments.app.twins import FRESH_BIT, GONE_BIT, RECORD, STRONG_BIT
from experiments.app.workshop_session import Workshop
from experiments.texts import texts
from experiments.workshop.cards import Play
from experiments.workshop.codes import write_code
from experiments.workshop.game import Start
from experiments.workshop.paper import ROWS, render_guide
from experiments.workshop.tables import Table, choices_of, write_table
from model.people import PERIOD

START = Start(grow_weeks=40, rounds=3, after_weeks=8)


class Shown:
    """Keeps what the page was given."""

    def __init__(self):
        self.state, self.setting, self.frame, self.given = {}, {}, b"", []

    def show(self, state, frame):
        json.dumps(state)
        self.state, self.frame = state, frame

    def set(self, setting):
        json.dumps(setting)
        self.setting = setting

    def give(self, *given):
        self.given.append(given)


@pytest.fixture(autouse=True)
def _no_warm_up(monkeypatch):
    monkeypatch.setattr("experiments.app.workshop_session._warm_up", lambda: None)


@pytest.fixture
def tab():
    made = Workshop(Shown(), "nl", START)
    made.obey({"do": "begin"})
    return made


def ask(tab, do, **more):
    tab.obey({"do": do, **more})
    return tab.view.state


def play_on(tab, *cards):
    ask(tab, "predict", dial="ties", direction="up")
    for card in cards:
        ask(tab, "card", card=card)
    ask(tab, "play")
    return ask(tab, "skip")


def play_out(tab):
    for at in range(START.rounds):
        play_on(tab, "team", "pair")
        if at < START.rounds - 1:
            ask(tab, "play")
    ask(tab, "play")
    return ask(tab, "skip")


class TestAPeriod:
    def test_it_begins_with_two_messages_and_all_hours(self, tab):
        state = tab.view.state
        assert (state["stage"], state["used"], state["heard"], len(state["told"])) == ("choose", 0, True, 2)
        assert len(tab.view.setting["cards"]) == 19 and tab.view.setting["lang"] == "nl"

    def test_without_a_prediction_nothing_is_played(self, tab):
        state = ask(tab, "play")
        assert state["stage"] == "choose" and state["problem"] == texts("nl")("workshop.say.predict_first")

    def test_weeks_go_by_one_after_another(self, tab):
        ask(tab, "predict", dial="busy", direction="down")
        assert ask(tab, "play")["stage"] == "period"
        assert [ask(tab, "tick")["week"] for _ in range(PERIOD)] == list(range(1, PERIOD + 1))
        state = ask(tab, "tick")
        assert (state["stage"], state["played"], state["prediction"]) == ("back", 1, {"dial": "busy", "direction": "down"})
        assert ask(tab, "play")["stage"] == "choose" and tab.view.state["hand"] == []

    def test_too_dear_a_card_is_told_and_the_hand_stays(self, tab):
        assert ask(tab, "card", card="meet", times=5)["used"] == 20
        state = ask(tab, "card", card="watch")
        assert state["problem"] == texts("nl")("workshop.say.too_dear", n="1")
        assert [one["card"] for one in state["hand"]] == ["meet"]
        assert ask(tab, "card", card="meet", times=0)["used"] == 0

    def test_a_card_keeps_its_place_and_what_was_set(self, tab):
        ask(tab, "card", card="introduce", whom="lot")
        ask(tab, "card", card="team")
        ask(tab, "card", card="introduce", times=2)
        assert tab.game.hand == (Play("introduce", 2, whom="lot"), Play("team"))

    def test_cards_cannot_be_changed_once_played(self, tab):
        play_on(tab, "team")
        assert [one["card"] for one in ask(tab, "card", card="meet")["hand"]] == ["team"]

    def test_what_is_written_stays_with_its_period_and_language_changes_leave_the_game(self, tab):
        play_on(tab, "map")
        ask(tab, "write", what="log", text="  Eerst   zien. ")
        before = tab.view.state["dials"]
        state = ask(tab, "language", lang="en")
        assert (state["logs"], state["dials"], tab.view.setting["lang"]) == (["Eerst zien."], before, "en")

    def test_nonsense_is_let_go_or_told(self, tab):
        for message in ({"do": "x"}, {"do": "card", "card": "nope"}, {"do": "predict", "dial": 3}, {"do": "remove", "at": 9}, {}):
            tab.obey(message)
        assert tab.view.state["stage"] == "choose"


def test_the_picture_holds_what_is_strong_new_and_gone(tab):
    play_on(tab, "pair")
    ties = np.frombuffer(tab.view.frame, RECORD)
    now, before = tab.game.snapshot.strong(), tab.game.before.strong()

    def pairs(bit):
        return {(int(tie["a"]), int(tie["b"])) for tie in ties if tie["bits"] & bit}

    assert pairs(STRONG_BIT) == now and pairs(FRESH_BIT) == now - before and pairs(GONE_BIT) == before - now


class TestTables:
    def test_a_game_ends_with_five_outcomes_and_two_ways_beside_it(self, tab):
        state = play_out(tab)
        assert state["stage"] == "over" and len(state["results"][0]["cells"]) == 5
        results = ask(tab, "tables")["results"]
        assert [one["kind"] for one in results] == ["own", "reference", "reference"]

    def test_another_table_by_code_comes_to_what_it_played(self, tab):
        play_out(tab)
        own = tab.view.state["results"][0]
        results = ask(tab, "lay", code=write_code(choices_of(tab.game)), name="Tafel 7")["results"]
        assert (results[1]["name"], results[1]["cells"], results[1]["kind"]) == ("Tafel 7", own["cells"], "other")
        assert ask(tab, "lay", code=write_code(choices_of(tab.game)), name="Tafel 7")["problem"] == texts("nl")("workshop.say.twice")
        assert len(ask(tab, "remove", at=0)["results"]) == 1

    def test_what_is_wrong_with_a_code_or_file_is_told(self, tab):
        assert "Groep 1" in ask(tab, "lay", code="ABCD")["problem"]
        assert "kan niet gelezen worden" in ask(tab, "file", text="{}")["problem"]
        five = Table("Vijf", choices_of(SimpleNamespace(start=Start(), rounds=[])))
        assert "ander begin" in ask(tab, "file", text=write_table(five))["problem"]

    def test_other_chance_is_played_step_by_step(self, tab):
        play_out(tab)
        ask(tab, "again")
        assert ask(tab, "tick")["again"] == 1 and tab.pause() == 0.0
        for _ in range(20):
            ask(tab, "tick")
        assert tab.view.state["again"] == 20 and len(tab.view.state["bands"]) == 5 and tab.pause() is None

    def test_file_and_paper_hold_the_game(self, tab):
        play_out(tab)
        ask(tab, "save")
        ask(tab, "print")
        (_, _, file), (kind, _, page) = tab.view.given
        assert kind == "page" and write_code(choices_of(tab.game)) in file and write_code(choices_of(tab.game)) in page
        assert texts("nl")("general.thinking_tool") in page and "http" not in page


class TestEnding:
    def test_a_closed_tab_stops_in_the_middle_of_a_period_and_lets_go(self):
        tab = Workshop(Shown(), "nl", START)
        tab.start()
        for message in ({"do": "predict", "dial": "ties", "direction": "up"}, {"do": "play"}):
            tab.ask(message)
        tab.end()
        tab.wait()
        assert tab.game is None and tab.running is None

    def test_starting_again_begins_at_the_same_place(self, tab):
        first = tab.view.state["dials"]
        play_on(tab, "meet")
        state = ask(tab, "restart", rounds=3)
        assert (state["played"], state["dials"], state["code"][:4]) == (0, first, state["code"][:4])


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_guide_has_minutes_that_add_up_and_needs_nothing_else(language):
    words = texts(language)
    page = render_guide(words)
    assert sum(int(words(f"workshop.guide.rows.{row}_time")) for row in ROWS) == 2 * 60 + 15
    assert words("general.thinking_tool") in page and "http" not in page
