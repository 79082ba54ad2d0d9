"""The page of the app that compares: what can be chosen, the answer as a page, and that it stops when asked."""

from __future__ import annotations

import threading

import pytest
import solara

from experiments.app.comparison import FEWEST, Page, Stopped, Work, answer, ask, choices
from experiments.compare import Comparison
from experiments.lineup import USUAL
from experiments.texts import LANGUAGES, texts

SMALL = Comparison(policies=("nurtured", "on_its_own"), replicates=2, worlds=2, grow_weeks=4, lead_weeks=8, after_weeks=8)


@pytest.fixture
def work():
    made = Work()
    yield made
    made.end()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_way_and_scenario_can_be_chosen(language):
    known = choices(texts(language))
    assert set(USUAL) <= set(known.values()) and "wednesday" in known.values()
    assert len(set(known.values())) == len(known)


def test_a_choice_becomes_a_question_with_as_many_worlds_of_each_kind():
    asked = ask(["nurtured", "strong_pull"], 10)
    assert (asked.replicates, asked.worlds, asked.policies) == (10, 10, ("nurtured", "strong_pull"))
    with pytest.raises(ValueError, match="different regions"):
        ask(["our_city", "wednesday"], 10)


def test_the_answer_is_the_page_of_the_report(work):
    done = []
    page = answer(SMALL, work, texts("nl"), done.append, workers=1)
    assert page.startswith("<!doctype html>") and "Denkmodel, geen voorspelling" in page
    assert sum(done) == 4


def test_it_stops_when_asked_and_goes_on_from_there(work):
    work.stop.set()
    with pytest.raises(Stopped):
        answer(SMALL, work, texts("en"), lambda _: None, workers=1)
    work.stop.clear()
    assert "A thinking tool" in answer(SMALL, work, texts("en"), lambda _: None, workers=1)


def test_nothing_is_left_behind_when_a_session_ends():
    work = Work()
    assert work.folder.is_dir()
    work.end()
    assert not work.folder.exists() and work.stop.is_set() and isinstance(work.stop, threading.Event)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_comes_up(language):
    box, context = solara.render(Page(language), handle_error=False)
    try:
        shown = str(list(_all(box)))
        assert texts(language)("report.app.intro") in shown and FEWEST == 2
    finally:
        context.close()


def _all(widget):
    yield repr(widget)
    for child in getattr(widget, "children", ()) or ():
        if not isinstance(child, str):
            yield from _all(child)
        else:
            yield child
