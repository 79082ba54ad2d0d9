"""What the workshop tells, as plain types in one language: the cards, the slide of the period, and tables side by side."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from experiments.compare import OUTCOMES
from experiments.texts import Texts
from experiments.workshop.cards import CARDS, FOR, HOURS, MOST_TIMES, WHAT, WHOM, Card
from experiments.workshop.codes import Choices, write_code
from experiments.workshop.feedback import Sentence, look_back, look_back_at_year, messages, tell
from experiments.workshop.game import DATES, DIALS, DIRECTIONS, Game, Values
from experiments.workshop.tables import AGAIN, Result, band, timeline, write_table
from model.names import fictional_name
from model.region import Role

if TYPE_CHECKING:
    from experiments.app.workshop_session import WorkshopTab

_VOLUNTARY = ("no", "partly", "yes")


def tell_setting(tab: WorkshopTab) -> dict[str, Any]:
    """What changes seldom: people, words, cards, questions."""
    words, game = tab.words, tab.game
    say = "workshop_page.say."
    said = {name.removeprefix(say): text for name, text in words.templates.items() if name.startswith(say)}
    said |= {name: words(f"app.say.{name}") for name in ("teacher", "coach", "leader", "board", "new", "gone", "held")}
    said |= {name: words(f"workshop.voluntary.{name}") for name in _VOLUNTARY}
    setting: dict[str, Any] = {
        "lang": words.language, "say": said, "hours": HOURS, "hours_left": words.templates["workshop_page.hours_left"], "scene": None,
        "questions": [text for name, text in words.templates.items() if name.startswith("workshop_page.questions.")],
        "dials": {name: words(f"workshop.dials.{name}.name") for name in DIALS}, "cards": [], "guide": _guide(words),
        "directions": {name: words(f"workshop.direction.{name}") for name in DIRECTIONS},
        "fields": {
            "whom": _field("whom", WHOM, words), "what": _field("what", WHAT, words),
            "for": _field("for", [level.name.lower() for level in FOR], words),
        },
    }  # fmt: skip
    if game is not None:
        setting["cards"] = [_card(card, game, words) for card in CARDS.values()]
        setting["scene"] = _scene(game, words)
    return setting


def _scene(game: Game, words: Texts) -> dict[str, Any]:
    from experiments.replay import scene

    region = game.world.region
    return scene(region) | {"text": 17, "roles": [words(f"roles.{Role(int(role)).name.lower()}") for role in region.role]}


def _field(name: str, values: Sequence[str], words: Texts) -> dict[str, Any]:
    return {"label": words(f"workshop.{name}.label"), "values": {value: words(f"workshop.{name}.{value}") for value in values}}


def _guide(words: Texts) -> str:
    """The guide for the facilitator as a page of its own."""
    if importlib.util.find_spec("experiments.workshop.guide") is None:
        return ""
    return str(importlib.import_module("experiments.workshop.guide").render(words))


def _card(card: Card, game: Game, words: Texts) -> dict[str, Any]:
    hours, text = float(card.hours(game.constants)), f"workshop.cards.{card.id}"
    told = {"name": words(f"{text}.name"), "more": words(f"{text}.explain"), "family": words(f"workshop.families.{card.family}")}
    return told | {
        "kind": card.id, "leader": hours, "told_leader": _hours(hours, words), "told_teacher": _hours(card.teacher_hours, words),
        "voluntary": _VOLUNTARY[card.voluntary], "most": 1 if card.once else MOST_TIMES, "chooses": card.chooses, "meets": card.meets,
    }  # fmt: skip


def _hours(hours: float, words: Texts) -> str:
    return words("workshop_page.say.hour", n=words.number(hours, 0 if hours == int(hours) else 1))


# --- the slide --------------------------------------------------------------------------------------------------------


def tell_state(tab: WorkshopTab) -> dict[str, Any]:
    """The slide: where the game is, dials, what was told of the period before, and, once played, what remained."""
    words, game = tab.words, tab.game
    if game is None:
        return {"stage": "busy", "problem": tab.problem, "dials": [], "told": [], "messages": [], "ends": None}
    played, rounds = len(game.rounds), game.start.rounds
    stage = "playing" if tab.playing else "reveal" if game.over else "hands_off" if game.led else "choose"
    told = look_back_at_year(game) if game.over else look_back(game) if game.rounds else []
    title = "look_back_year" if game.over else "look_back"
    state: dict[str, Any] = {
        "stage": stage, "round": played + 1, "rounds": rounds, "problem": tab.problem, "week": tab.at_week, "names": _names(game),
        "period": words("workshop_page.period", round=min(played + 1, rounds), rounds=rounds), "year_two": words("workshop_page.year_two"),
        "dials": _dials(game, words), "messages": [tell(one, words) for one in messages(game)], "told": [tell(one, words) for one in told],
        "told_title": words(f"workshop_page.{title}", round=played) if told else "", "named": _named(told),
        "play": words("workshop_page.play", round=played + 1), "hands_off": words("workshop_page.hands_off"),
        "playing": words("workshop_page.playing", week=tab.at_week), "log": game.logs[-1] if game.logs else "", "ends": None,
        "start": game.start.number + 1,
    }  # fmt: skip
    if game.over and not tab.playing:
        state["ends"] = _ends(tab, game, words)
    return state


def _names(game: Game) -> list[str]:
    """What everybody is called: always fictional."""
    return [fictional_name(row, int(spell)) for row, spell in enumerate(game.snapshot.spell)]


def _named(told: Sequence[Sentence]) -> list[int]:
    """Rows of the people whom sentences name."""
    return list(dict.fromkeys(row for one in told for row in one.people))[:6]


def _dials(game: Game, words: Texts) -> list[dict[str, Any]]:
    was = game.rounds[-1].dials_before if game.rounds and not game.over else {}
    told: list[dict[str, Any]] = []
    for name in DIALS:
        text = {"name": words(f"workshop.dials.{name}.name"), "more": words(f"workshop.dials.{name}.explain")}
        told.append(text | {"id": name, "value": game.dials[name], "was": was.get(name)})
    return told


# --- what remains -----------------------------------------------------------------------------------------------------


def _ends(tab: WorkshopTab, game: Game, words: Texts) -> dict[str, Any]:
    """Five outcomes of every table at both dates, the choices, the code, and the band of further games."""
    own = tab.table_played()
    lines = [(tab.table or words("workshop_page.own"), game.values), *((one.name, one.values) for one in tab.tables)]
    lines += [(words(f"workshop_page.reference_{one.name}"), one.values) for one in tab.references]
    bands = band(tab.again) if len(tab.again) == AGAIN else None
    played: list[tuple[str, Choices]] = [(lines[0][0], own.choices)]
    played += [(one.name, one.table.choices) for one in tab.tables if one.table is not None]
    return {
        "code": write_code(own.choices), "file": write_table(own), "again": words("workshop_page.again", games=AGAIN) if bands else "",
        "again_busy": words("workshop_page.again_busy", done=len(tab.again), games=AGAIN) if tab.trying else "", "tables": len(tab.tables),
        "dials": [_strip(outcome, lines, bands, words) for outcome in OUTCOMES],
        "timeline": [{"name": name, "rounds": [_told_round(one, words) for one in timeline(choices)]} for name, choices in played],
        "hours": [_hours_spent(one, words) for one in [Result(lines[0][0], game.values, game.hours), *tab.tables, *tab.references]],
    }  # fmt: skip


def _hours_spent(result: Result, words: Texts) -> str:
    key = f"workshop_page.reference_{result.name}"
    name = words(key) if result.table is None and key in words else result.name
    spent = {who: words.number(result.hours[who]) for who in ("leader", "teacher")}
    return words("workshop_page.hours_spent", name=name, **spent)


def _strip(outcome: str, lines: Sequence[tuple[str, Values]], bands: Any, words: Texts) -> dict[str, Any]:
    """One outcome for everybody: values as they are shown, and where they lie on its scale, 0..1."""
    highest = max(values[date][outcome] for _, values in lines for date in DATES)
    most = 100.0 if outcome in ("energy", "practice") else max(5.0, 1.15 * highest)
    digits = 1 if highest < 10 and outcome.startswith("lasting") else 0
    told: dict[str, Any] = {"name": words(f"workshop_page.five.{outcome}"), "lines": []}
    for name, values in lines:
        both = [values[date][outcome] for date in DATES]
        shown = [words.number(value, digits) for value in both]
        told["lines"].append({"name": name, "values": shown, "at": [value / most for value in both]})
    if bands:
        low, high = bands["after"][outcome]
        span = words("workshop_page.band", low=words.number(low, digits), high=words.number(high, digits))
        told["band"] = {"at": [low / most, high / most], "told": span}
    return told


def _told_round(cards: Sequence[tuple[str, int]], words: Texts) -> str:
    names = [words(f"workshop.cards.{card}.name") + (f" ×{times}" if times > 1 else "") for card, times in cards]
    return ", ".join(names) or words("workshop_page.say.nothing")
