"""Pages for paper: the facilitator's guide, and what one table did; each needs nothing but itself."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from experiments.compare import OUTCOMES
from experiments.report import fonts
from experiments.texts import Texts
from experiments.words import capital
from experiments.workshop.codes import write_code
from experiments.workshop.feedback import look_back_at_year, tell
from experiments.workshop.game import DATES, Game
from experiments.workshop.tables import AGAIN, LEFT_OUT, Table, timeline

ROWS = ("a", "b", "c", "d", "e", "f")
"""Parts of a session, in order; their minutes, what one does and what one says are texts."""
QUESTIONS = ("one", "two", "three", "four", "five", "six")
"""Questions to talk over, in order."""
Bands = Mapping[str, Mapping[str, tuple[float, float]]]


@functools.cache
def _environment() -> Environment:
    folder = Path(__file__).parent
    return Environment(loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined, trim_blocks=True)


def _render(template: str, words: Texts, **more: Any) -> str:
    page = _environment().get_template(template)
    return page.render(lang=words.language, say=words, fonts=fonts(), questions=QUESTIONS, **more)


def render_guide(words: Texts) -> str:
    """The guide for who leads the workshop: one page, with minutes."""
    return _render("guide.html", words, rows=ROWS)


def render_table(table: Table, game: Game, bands: Bands | None, words: Texts) -> str:
    """What a table aimed at, played, wrote and came to.

    Args:
        game: as far as it has been played; bands: where the same choices ended with other chance, where that was played.
    """
    return _render(
        "table.html", words, table=table, code=write_code(table.choices), rounds=list(_rounds(table, game, words)),
        outcomes=list(_outcomes(game, bands, words)) if game.over else [], bands=bool(bands),
        band_head=words("workshop.paper.band", most=AGAIN - 2 * LEFT_OUT, n=AGAIN),
        told=[tell(one, words) for one in look_back_at_year(game)] if game.over else [],
    )  # fmt: skip


def _rounds(table: Table, game: Game, words: Texts) -> Iterator[dict[str, Any]]:
    for at, hand in enumerate(timeline(table.choices)[: len(game.rounds)]):
        cards = [words(f"workshop.cards.{card}.name") + (f" ×{times}" if times > 1 else "") for card, times in hand]
        prediction = table.choices.predictions[at]
        told = ""
        if prediction is not None:
            dial = words(f"workshop.dials.{prediction.dial}.name")
            told = f"{words('workshop.say.predict')}: {dial} {words(f'workshop.direction.{prediction.direction}')}"
        log = table.logs[at] if at < len(table.logs) else ""
        yield {"number": at + 1, "cards": ", ".join(cards) or words("workshop.say.nothing"), "prediction": told, "log": log}


def _outcomes(game: Game, bands: Bands | None, words: Texts) -> Iterator[dict[str, Any]]:
    for outcome in OUTCOMES:
        told = [write_value(outcome, game.values[date][outcome], words) for date in DATES]
        band = ""
        if bands:
            low, high = (write_value(outcome, end, words) for end in bands["after"][outcome])
            band = words("number.range", low=low, high=high)
        name = capital(words(f"outcomes.{outcome}.name"))
        yield {"name": name, "unit": words(f"outcomes.{outcome}.unit"), "told": told, "band": band}


def write_value(outcome: str, value: float, words: Texts) -> str:
    """A value as it is shown: whole, but for ties between schools, of which there are few."""
    return words.number(value, 1 if outcome == "lasting_across" else 0)
