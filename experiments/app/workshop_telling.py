"""What the workshop's slide shows: words and numbers for the browser, and the picture of a week."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.app.twins import FRESH_BIT, GONE_BIT, HELD_BIT, RECORD, STRONG_BIT
from experiments.compare import OUTCOMES
from experiments.replay import scene
from experiments.texts import Texts
from experiments.words import capital, exact, policy_name
from experiments.workshop.cards import CARDS, FIRST_HAND, FOR, HOURS, WHAT, WHOM, Card, Play, hours_of
from experiments.workshop.codes import write_code
from experiments.workshop.feedback import Names, Sentence, look_back, look_back_at_year, messages, tell
from experiments.workshop.game import DATES, DIALS, DIRECTIONS, Game
from experiments.workshop.paper import QUESTIONS, write_value
from experiments.workshop.tables import AGAIN, Result, Table, band, choices_of, timeline
from model.parameters import Constants
from model.people import PERIOD
from model.region import Region, Role
from model.ties import STRONG

if TYPE_CHECKING:
    from experiments.app.workshop_session import Workshop

WIDE, HIGH, AROUND = 880, 590, 104
"""The box in which the schools lie, with room for their names."""
_VOLUNTARY = ("no", "partly", "yes")


# --- the picture ------------------------------------------------------------------------------------------------------


def picture_of(game: Game) -> bytes:
    """The strong and the agreed ties of this week, those new since the period began, and those gone since, as `RECORD`s."""
    now, before = game.snapshot, game.before
    strong, was = now.strong(), before.strong()
    held = {(min(pair), max(pair)) for pair, tie in now.ties.items() if tie.held}
    rows = [(*pair, _bits(pair in strong, pair in held, pair in strong and pair not in was)) for pair in sorted(strong | held)]
    rows += [(*pair, GONE_BIT) for pair in sorted(was - strong)]
    made = np.zeros(len(rows), RECORD)
    for at, (one, other, bits) in enumerate(rows):
        made[at]["a"], made[at]["b"], made[at]["bits"], made[at]["strength"] = one, other, bits, round(100 * STRONG)
    return made.tobytes()


def _bits(strong: bool, held: bool, fresh: bool) -> int:
    return STRONG_BIT * strong | HELD_BIT * held | FRESH_BIT * fresh


def _told_picture(game: Game, words: Texts) -> str:
    """The picture in words, for who cannot see it."""
    now, was, region = game.snapshot.strong(), game.before.strong(), game.world.region
    held = len({(min(pair), max(pair)) for pair, tie in game.snapshot.ties.items() if tie.held})
    return words(
        "workshop.looked_at", people=region.people, schools=_schools(region), board=region.board_names[0], strong=len(now),
        new=len(now - was), gone=len(was - now), held=held,
    )  # fmt: skip


def _schools(region: Region) -> int:
    return int((~region.school_office).sum())


# --- what changes seldom ----------------------------------------------------------------------------------------------


def tell_setting(session: Workshop) -> dict[str, Any]:
    """Words, cards, and where everybody is."""
    words, game = session.words, session.game
    prefix = "workshop.say."
    setting: dict[str, Any] = {
        "lang": words.language,
        "say": {name.removeprefix(prefix): text for name, text in words.templates.items() if name.startswith(prefix)},
        "dials": [{"id": dial} | {part: words(f"workshop.dials.{dial}.{part}") for part in ("name", "explain")} for dial in DIALS],
        "directions": list(DIRECTIONS), "first": list(FIRST_HAND), "hours": HOURS, "again": AGAIN,
        "families": {family: words(f"workshop.families.{family}") for family in dict.fromkeys(card.family for card in CARDS.values())},
        "options": {
            "whom": {one: words(f"workshop.whom.{one}") for one in ("label", *WHOM)},
            "what": {one: words(f"workshop.what.{one}") for one in ("label", *WHAT)},
            "level": {one: words(f"workshop.for.{one}") for one in ("label", *(level.name.lower() for level in FOR))},
        },
        "questions": [{"head": words(f"workshop.questions.{one}_head"), "text": words(f"workshop.questions.{one}")} for one in QUESTIONS],
        "outcomes": [{"id": one, "name": words(f"workshop.short.{one}"), "unit": words(f"workshop.units.{one}")} for one in OUTCOMES],
    }  # fmt: skip
    if game is None:
        return setting
    region = game.world.region
    places = scene(region, WIDE, HIGH, AROUND) | {"text": 16}
    office = int(np.flatnonzero(region.school_office)[0]) if region.school_office.any() else -1
    for at, school in enumerate(places["schools"]):
        school["name"] = school["name"] or (region.board_names[0] if at == office else "")
    return setting | {
        "scene": places, "cards": [_tell_card(card, game.constants, words) for card in CARDS.values()],
        "foundation": words("workshop.say.foundation", board=region.board_names[0], people=region.people),
        "roles": [words(f"roles.{Role(int(role)).name.lower()}") for role in region.role],
    }  # fmt: skip


def _tell_card(card: Card, constants: Constants, words: Texts) -> dict[str, Any]:
    hours, teacher = card.hours(constants), card.teacher_hours
    voluntary = _VOLUNTARY[card.voluntary] if teacher else ""
    return {
        "id": card.id, "name": words(f"workshop.cards.{card.id}.name"), "explain": words(f"workshop.cards.{card.id}.explain"),
        "family": card.family, "hours": hours, "leader": words("workshop.say.hour", n=exact(hours, words)),
        "teacher": words("workshop.say.hour", n=exact(teacher, words)) if teacher else "–",
        "voluntary": card.voluntary if voluntary else -1, "told": words(f"workshop.voluntary.{voluntary}") if voluntary else "–",
        "chooses": card.chooses, "meets": card.meets, "once": card.once,
    }  # fmt: skip


# --- what changes all the time ----------------------------------------------------------------------------------------


def tell_state(session: Workshop) -> dict[str, Any]:
    """Where the game is, and everything told beside the picture."""
    game, words = session.game, session.words
    state: dict[str, Any] = {"problem": session.problem, "note": session.note, "lang": words.language}
    if game is None:
        return state | {"stage": "growing"}
    told = _told(session, game)
    return state | {
        "stage": _stage(session, game), "rounds": game.start.rounds, "played": len(game.rounds), "number": game.start.number,
        "week": session.gone, "weeks": PERIOD if session.doing == "period" else game.start.after_weeks,
        "dials": _dials(game), "prediction": _prediction(session, game),
        "hand": [_as_plain(play) for play in _hand(session, game)], "used": hours_of(_hand(session, game), game.constants),
        "told": [tell(one, words) for one in told], "heard": not game.rounds, "named": _named(told),
        "names": [Names(game.world.region, game.snapshot).person(row) for row in range(game.world.region.people)],
        "picture": _told_picture(game, words), "logs": list(game.logs), "table": session.table, "aim": session.aim,
        "code": write_code(choices_of(game)), "again": len(session.again), "results": _results(session), "bands": _bands(session),
    }  # fmt: skip


def _stage(session: Workshop, game: Game) -> str:
    if session.doing in ("period", "year"):
        return session.doing
    if game.over:
        return "over"
    return "back" if session.between or game.led else "choose"


def _told(session: Workshop, game: Game) -> Sequence[Sentence]:
    """What is told now; nothing while weeks go by."""
    if session.playing():
        return []
    if game.over:
        return look_back_at_year(game)
    return look_back(game) if game.rounds else messages(game)


def _named(told: Sequence[Sentence]) -> list[int]:
    """Rows of at most three pairs or people whom the sentences name."""
    return list(dict.fromkeys(row for sentence in told[:4] for row in sentence.people))[:5]


def _hand(session: Workshop, game: Game) -> tuple[Play, ...]:
    """The cards that lie on the table: those chosen, or those just played."""
    return game.rounds[-1].hand if game.rounds and (session.between or game.led) else game.hand


def _dials(game: Game) -> list[dict[str, Any]]:
    before = game.rounds[-1].dials_before if game.rounds else None
    if game.over and game.rounds:
        before = game.rounds[-1].dials_after
    return [{"id": dial, "value": game.dials[dial], "was": None if before is None else before[dial]} for dial in DIALS]


def _prediction(session: Workshop, game: Game) -> dict[str, Any]:
    one = game.rounds[-1].prediction if game.rounds and (session.between or game.led) else game.prediction
    return {"dial": one.dial if one else "ties", "direction": one.direction if one else ""}


def _as_plain(play: Play) -> dict[str, Any]:
    return {"card": play.card, "times": play.times, "whom": play.whom, "what": play.what, "level": play.level.name.lower()}


# --- tables side by side ----------------------------------------------------------------------------------------------


def _results(session: Workshop) -> list[dict[str, Any]]:
    """One's own table first, the others in the order in which they came, then the ways of leading beside them."""
    words, own = session.words, session.own_result()
    told = [_tell_result(own, "own", words)] if own else [_tell_unfinished(session.own(), words)]
    told += [_tell_result(one, "other", words) for one in session.others]
    return told + [_tell_result(one, "reference", words) for one in session.references]


def _tell_unfinished(table: Table, words: Texts) -> dict[str, Any]:
    return {"kind": "own", "name": table.name, "aim": table.aim, "cells": [], "cards": _cards(table, words), "hours": ""}


def _tell_result(result: Result, kind: str, words: Texts) -> dict[str, Any]:
    table = result.table
    name = table.name if table else words("workshop.say.reference", name=capital(policy_name(result.name, words)))
    spent = {who: words.number(hours) for who, hours in result.hours.items()}
    return {
        "kind": kind, "policy": "" if table else result.name, "name": name, "aim": table.aim if table else "",
        "cells": [_cell(result.values, outcome, words) for outcome in OUTCOMES],
        "cards": _cards(table, words) if table else [], "explain": "" if table else words(f"policies.{result.name}.explain"),
        "hours": words("workshop.say.hours_spent", **spent),
    }  # fmt: skip


def _cell(values: Mapping[str, Mapping[str, float]], outcome: str, words: Texts) -> dict[str, Any]:
    """Both dates of one outcome: as a number, and as it is written."""
    numbers = {date: values[date][outcome] for date in DATES}
    return {"values": [numbers[date] for date in DATES], "told": [write_value(outcome, numbers[date], words) for date in DATES]}


def _cards(table: Table, words: Texts) -> list[list[str]]:
    """The cards of each period in words."""
    return [
        [words(f"workshop.cards.{card}.name") + (f" ×{times}" if times > 1 else "") for card, times in hand]
        for hand in timeline(table.choices)
    ]


def _bands(session: Workshop) -> dict[str, list[float]]:
    """Outcome → where all but the most extreme of the same choices with other chance ended, a year later."""
    if len(session.again) < AGAIN:
        return {}
    return {outcome: list(ends) for outcome, ends in band(session.again)["after"].items()}
