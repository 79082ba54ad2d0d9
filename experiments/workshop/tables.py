"""Tables side by side: what each chose and came to, the same choices with other chance, two ways of leading beside them, and files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from experiments.compare import OUTCOMES
from experiments.workshop.cards import CARDS, FOR, Hand, Play, check_hand
from experiments.workshop.codes import Choices, read_code, write_code
from experiments.workshop.game import DATES, Game, Prediction, Start, Values, begin, play_through, resting_world, values_of
from experiments.workshop.leading import TableLeads
from model.policies import Policy
from model.region import Level

REFERENCES = ("strong_pull", "on_its_own")
"""Ways of leading that stand beside the tables, with the same hours at hand: one uses them all, one none."""
AGAIN = 20
"""Times the same choices are played with other chance; a band holds all but the two lowest and the two highest."""
LEFT_OUT = AGAIN // 10
"""Lowest and highest values that a band leaves out."""
FORMAT, VERSION = "learnweave-workshop", 1
LONGEST = 300
"""Characters of a name, an aim or a line of the log."""
LARGEST_FILE = 200_000
"""Bytes of a table's file."""


class TableError(ValueError):
    """A table's file cannot be read; `problems` holds every rule that was broken."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True)
class Table:
    """What one table played, in its own words and in cards.

    Attributes:
        name: of the table; aim: what it tried to reach.
        logs: why each period was played so.
    """

    name: str
    choices: Choices
    aim: str = ""
    logs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Result:
    """What came of a table, or of a way of leading beside the tables.

    Attributes:
        values: date → outcome → value as shown; hours: "leader" and "teacher".
        table: None for a way of leading, whose id is `name`.
    """

    name: str
    values: Values
    hours: Mapping[str, float]
    table: Table | None = None


def choices_of(game: Game) -> Choices:
    """What was played so far; periods to come are empty."""
    missing = game.start.rounds - len(game.rounds)
    hands = tuple(one.hand for one in game.rounds) + ((),) * missing
    return Choices(game.start, hands, tuple(one.prediction for one in game.rounds) + (None,) * missing)


def result_of(table: Table) -> Result:
    """A table's choices, played through."""
    game = play_through(table.choices.start, table.choices.hands, table.choices.predictions)
    return Result(table.name, game.values, game.hours, table)


def play_reference(start: Start, policy: str) -> Result:
    """A way of leading from the same start with the same chance, and the same hours at hand."""
    values, hours = _run(start, policy, None)
    return Result(policy, values, hours)


def play_again(choices: Choices) -> Iterator[Values]:
    """The same choices from the same start with other chance, `AGAIN` times; one after the other."""
    for chance in range(AGAIN):
        yield _run(choices.start, TableLeads(choices.hands), chance)[0]


def _run(start: Start, policy: str | Policy, chance: int | None) -> tuple[Values, dict[str, float]]:
    world = begin(start, policy, chance)
    world.collect, world.measured_at = False, ()
    for _ in range(start.lead_weeks):
        world.step()
    values, hours = {"stop": values_of(world)}, {who: float(world.measures[f"{who}_hours"]) for who in ("leader", "teacher")}
    for _ in range(start.after_weeks):
        world.step()
    return values | {"after": values_of(world)}, hours


def band(played: Sequence[Values]) -> dict[str, dict[str, tuple[float, float]]]:
    """Date → outcome → lowest and highest value, the two most extreme at each end left out."""
    found: dict[str, dict[str, tuple[float, float]]] = {}
    for date in DATES:
        ordered = {outcome: np.sort([one[date][outcome] for one in played]) for outcome in OUTCOMES}
        found[date] = {outcome: (float(row[LEFT_OUT]), float(row[-1 - LEFT_OUT])) for outcome, row in ordered.items()}
    return found


# --- files ------------------------------------------------------------------------------------------------------------


def write_table(table: Table) -> str:
    """A table as a file (JSON): readable, and whole without the code."""
    rounds = [
        {
            "cards": [_as_plain(play) for play in hand],
            "prediction": None if prediction is None else {"dial": prediction.dial, "direction": prediction.direction},
            "log": table.logs[at] if at < len(table.logs) else "",
        }
        for at, (hand, prediction) in enumerate(zip(table.choices.hands, table.choices.predictions, strict=True))
    ]
    content = {
        "format": FORMAT, "version": VERSION, "table": table.name, "aim": table.aim, "code": write_code(table.choices),
        "start": table.choices.start.number, "rounds": rounds,
    }  # fmt: skip
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _as_plain(play: Play) -> dict[str, object]:
    return {"card": play.card, "times": play.times, "whom": play.whom, "what": play.what, "for": play.level.name.lower()}


def read_table(text: str) -> Table:
    """The table in a file.

    Raises:
        TableError: naming every key, value and rule that was broken.
    """
    if len(text.encode()) > LARGEST_FILE:
        raise TableError([f"file of {len(text.encode())} bytes: must be at most {LARGEST_FILE}"])
    try:
        content = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise TableError([f"not a table's file: {error}"]) from None
    if not isinstance(content, dict) or content.get("format") != FORMAT or content.get("version") != VERSION:
        raise TableError([f"not a table's file: must be JSON with format {FORMAT!r} and version {VERSION}"])
    problems: list[str] = []
    rows = content.get("rounds")
    rows = rows if isinstance(rows, list) else []
    hands, predictions, logs = _read_rounds(rows, problems)
    name, aim = (_read_line(content, key, key, problems) for key in ("table", "aim"))
    try:
        number: Any = content.get("start")  # Start tells what is no number
        start = Start(number, len(rows))
    except ValueError:
        problems.append(f"start = {content.get('start')!r} with {len(rows)} rounds: must be a known start, and 3 or 5 rounds")
    if problems:
        raise TableError(problems)
    choices = Choices(start, hands, predictions)
    if "code" in content and read_code(str(content["code"])) != choices:
        raise TableError(["code: holds other choices than the rounds of the file; remove it, or put it right"])
    return Table(name, choices, aim, logs)


def _read_line(content: Mapping[str, Any], key: str, where: str, problems: list[str]) -> str:
    value = content.get(key, "")
    if not isinstance(value, str) or len(value) > LONGEST:
        problems.append(f"{where}: must be a text of at most {LONGEST} characters")
        return ""
    return " ".join(value.split())


def _read_rounds(
    rows: Sequence[Any], problems: list[str]
) -> tuple[tuple[Hand, ...], tuple[Prediction | None, ...], tuple[str, ...]]:  # fmt: skip
    hands, predictions, logs = [], [], []
    for number, row in enumerate((one if isinstance(one, dict) else {} for one in rows), start=1):
        where = f"round {number}"
        hand = tuple(play for play in (_read_play(one, where, problems) for one in row.get("cards") or ()) if play is not None)
        hands.append(hand)
        predictions.append(_read_prediction(row.get("prediction"), where, problems))
        logs.append(_read_line(row, "log", f"{where}: log", problems))
    return tuple(hands), tuple(predictions), tuple(logs)


def _read_play(one: Any, where: str, problems: list[str]) -> Play | None:
    try:
        levels = {level.name.lower(): level for level in FOR}
        level = levels.get(one.get("for", "school"))
        if level is None:
            raise ValueError(f"card: for = {one.get('for')!r}: must be one of {', '.join(levels)}")
        return Play(one["card"], one.get("times", 1), one.get("whom", "missed"), one.get("what", "own"), Level(level)).plain()
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        problems.append(f"{where}: {error if isinstance(error, ValueError) else 'a card must be a table with at least: card'}")
        return None


def _read_prediction(one: Any, where: str, problems: list[str]) -> Prediction | None:
    if one is None:
        return None
    try:
        return Prediction(one["dial"], one["direction"])
    except (ValueError, KeyError, TypeError) as error:
        problems.append(f"{where}: {error if isinstance(error, ValueError) else 'a prediction must have a dial and a direction'}")
        return None


def check_table(table: Table) -> list[str]:
    """The rules that a table's hands break: hours above all."""
    constants = resting_world(table.choices.start).constants
    return [
        f"round {number}: {problem}" for number, hand in enumerate(table.choices.hands, start=1) for problem in check_hand(hand, constants)
    ]


def timeline(choices: Choices) -> list[list[tuple[str, int]]]:
    """The cards of each period with how often each was played, in the order of the catalogue."""
    order = list(CARDS)
    return [sorted(((play.card, play.times) for play in hand), key=lambda one: order.index(one[0])) for hand in choices.hands]
