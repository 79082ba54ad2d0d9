"""What the workshop tells, as plain types in one language: the cards, the slide of the round, and tables side by side."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from experiments.texts import Texts
from experiments.words import shown_per
from experiments.workshop.cards import CARDS, HOURS, MOST_OF_ONE
from experiments.workshop.codes import to_code, to_file
from experiments.workshop.feedback import messages, tell_dials, tell_round
from experiments.workshop.game import AGAIN, DIALS, Game, Round, spread
from model.region import Role

if TYPE_CHECKING:
    from experiments.app.workshop_session import WorkshopTab

DATES = ("stop", "after")


def tell_setting(tab: WorkshopTab) -> dict[str, Any]:
    """What changes seldom: people, words, cards, questions."""
    from experiments.replay import scene

    words = tab.words
    said = {name.removeprefix("workshop.say."): text for name, text in words.templates.items() if name.startswith("workshop.say.")}
    shapes = {name: words(f"app.say.{name}") for name in ("teacher", "coach", "leader", "board", "new", "gone", "held")}
    questions = [text for name, text in words.templates.items() if name.startswith("workshop.questions.")]
    setting: dict[str, Any] = {
        "lang": words.language, "say": shapes | said, "hours": HOURS, "most": MOST_OF_ONE,
        "hours_left": words.templates["workshop.hours_left"], "cards": [_card(kind, words) for kind in CARDS],
        "questions": questions, "scene": None, "guide": _guide(words), "notice": words("general.thinking_tool"),
    }  # fmt: skip
    if tab.game is not None:
        region = tab.game.world.region
        roles = [words(f"roles.{Role(int(role)).name.lower()}") for role in region.role]
        setting["scene"] = scene(region) | {"text": 17, "roles": roles}
    return setting


def _guide(words: Texts) -> str:
    """The guide for the facilitator as a page of its own."""
    if importlib.util.find_spec("experiments.workshop.guide") is None:
        return ""
    return str(importlib.import_module("experiments.workshop.guide").render(words))


def _card(kind: str, words: Texts) -> dict[str, Any]:
    card = CARDS[kind]
    return {
        "kind": kind, "name": words(f"workshop.cards.{kind}"), "more": words(f"workshop.cards_more.{kind}"), "leader": card.leader,
        "told_leader": _hours(card.leader, words), "told_teacher": _hours(card.teacher, words), "voluntary": card.voluntary,
    }  # fmt: skip


def _hours(hours: float, words: Texts) -> str:
    return words("workshop.say.hour", n=words.number(hours, 0 if hours == int(hours) else 1))


def tell_state(tab: WorkshopTab) -> dict[str, Any]:
    """The slide: where the game is, dials, what was told of the round before, and, once played, what remained."""
    words, game = tab.words, tab.game
    if game is None:
        return {"stage": "busy", "problem": tab.problem, "dials": [], "told": [], "messages": [], "ends": None}
    played, over, year = len(game.played), game.over, "after" in game.ends
    stage = "playing" if tab.playing else "reveal" if year else "hands_off" if over else "choose"
    now, before = game.moments[-1], game.moments[-2] if len(game.moments) > 1 else None
    state: dict[str, Any] = {
        "stage": stage, "round": played + 1, "rounds": game.rounds, "problem": tab.problem, "week": tab.at_week, "names": list(now.names),
        "period": words("workshop.period", round=min(played + 1, game.rounds), rounds=game.rounds), "year_two": words("workshop.year_two"),
        "dials": tell_dials(before, now, words), "messages": messages(now, game.world, words), "told_title": "", "told": [],
        "play": words("workshop.play", round=played + 1), "hands_off": words("workshop.hands_off"),
        "playing": words("workshop.playing", week=tab.at_week), "log": game.played[-1].why if game.played else "", "ends": None,
    }  # fmt: skip
    if before is not None:
        choice = None if year else game.played[-1]
        state["told"] = tell_round(before, now, choice, game.world.region, words)
        state["told_title"] = words("workshop.look_back_year") if year else words("workshop.look_back", round=played)
    if year:
        state["ends"] = _ends(tab, game, words)
    return state


def _ends(tab: WorkshopTab, game: Game, words: Texts) -> dict[str, Any]:
    """Five dials of every table at both dates, the choices, the code, and the band of further games."""
    lines = [(words("workshop.own") if not tab.table else tab.table, game.ends)] + [(name, ends) for name, _, ends in tab.tables]
    lines += [(words(f"workshop.reference_{policy}"), ends) for policy, ends in tab.references.items()]
    own = [(lines[0][0], game.played), *((name, rounds) for name, rounds, _ in tab.tables)]
    return {
        "code": to_code(game.played), "file": to_file(game.played, tab.table), "done": tab.done,
        "again": words("workshop.again", games=len(tab.again)) if tab.done and len(tab.again) == tab.done else "",
        "again_busy": words("workshop.again_busy", done=len(tab.again), games=AGAIN), "tables": len(tab.tables),
        "dials": [_dial(dial, lines, tab.again, words) for dial in DIALS],
        "timeline": [{"name": name, "rounds": [_told_round(one, words) for one in rounds]} for name, rounds in own],
    }  # fmt: skip


def _dial(
    dial: str, lines: Sequence[tuple[str, Mapping[str, Mapping[str, float]]]], again: Sequence[dict[str, dict[str, float]]], words: Texts
) -> dict[str, Any]:
    """One dial for everybody: values as they are shown, and where they lie on its scale, 0..1."""
    per = shown_per(dial)
    most = 100.0 if per == 100 and dial != "nobody" else max(5.0, *(ends[date][dial] * per * 1.15 for _, ends in lines for date in DATES))
    digits = 1 if dial == "lasting_across" else 0
    told: dict[str, Any] = {"name": words(f"workshop.five.{dial}"), "lines": []}
    for name, ends in lines:
        values = [ends[date][dial] * per for date in DATES]
        shown = [words.number(value, digits) for value in values]
        told["lines"].append({"name": name, "values": shown, "at": [value / most for value in values]})
    if again:
        low, high = (end * per for end in spread(again, "after", dial))
        band = words("workshop.band", low=words.number(low, digits), high=words.number(high, digits))
        told["band"] = {"at": [low / most, high / most], "told": band}
    return told


def _told_round(one: Round, words: Texts) -> str:
    names = [words(f"workshop.cards.{kind}") + (f" ×{count}" if count > 1 else "") for kind, count in one.cards]
    return ", ".join(names) or words("workshop.say.nothing")
