"""A table's choices as a short code that can be read aloud: groups of four characters, the last of each a check.

Three characters carry fifteen bits; the fourth is made from them and from the place of the group, so that a wrong, forgotten or
exchanged character is found in its own group.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from experiments.workshop.cards import CARDS, FOR, MOST_CARDS, ORDER, WHAT, WHOM, Hand, Play
from experiments.workshop.game import DIALS, DIRECTIONS, ROUNDS, STARTS, Prediction, Start

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Digits and letters without I, L, O and U, which look or sound like others (Crockford's base 32)."""
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
_VERSION = 1
_DATA, _GROUP = 3, 4
_WEIGHTS = (1, 3, 7)


class CodeError(ValueError):
    """A code cannot be read.

    Attributes:
        rule: id of the text that says why (`workshop.code.RULE`); values: its places.
    """

    def __init__(self, rule: str, message: str, **values: object) -> None:
        super().__init__(message)
        self.rule, self.values = rule, values


@dataclass(frozen=True)
class Choices:
    """What a code holds: where the table began, and what it played and predicted in each period."""

    start: Start
    hands: tuple[Hand, ...]
    predictions: tuple[Prediction | None, ...]


class _Bits:
    """Numbers packed one after the other."""

    def __init__(self, bits: str = "") -> None:
        self.bits, self.at = bits, 0

    def put(self, value: int, width: int) -> None:
        self.bits += format(value, f"0{width}b")

    def take(self, width: int) -> int:
        self.at += width
        if self.at > len(self.bits):
            raise CodeError("short", "the code ends too soon: groups are missing at its end")
        return int(self.bits[self.at - width : self.at], 2)


def write_code(choices: Choices) -> str:
    """The code, as groups with a dash between."""
    bits = _Bits()
    bits.put(_VERSION, 3)
    bits.put(choices.start.number, 7)
    bits.put(ROUNDS.index(choices.start.rounds), 1)
    for hand, prediction in zip(choices.hands, choices.predictions, strict=True):
        bits.put(0 if prediction is None else 1 + DIALS.index(prediction.dial), 2)
        if prediction is not None:
            bits.put(DIRECTIONS.index(prediction.direction), 2)
        bits.put(len(hand), 4)
        for play in hand:
            _put_play(bits, play.plain())
    bits.bits += "0" * (-len(bits.bits) % (5 * _DATA))
    symbols = [int(bits.bits[at : at + 5], 2) for at in range(0, len(bits.bits), 5)]
    return "-".join(_group(symbols[at : at + _DATA], at // _DATA) for at in range(0, len(symbols), _DATA))


def _put_play(bits: _Bits, play: Play) -> None:
    bits.put(ORDER.index(play.card), 5)
    bits.put(play.times > 1, 1)
    if play.times > 1:
        bits.put(play.times, 5)
    usual = play == Play(play.card, play.times).plain()
    bits.put(not usual, 1)
    if not usual:
        bits.put(WHOM.index(play.whom), 2)
        bits.put(WHAT.index(play.what), 1)
        bits.put(FOR.index(play.level), 2)


def _group(symbols: Sequence[int], place: int) -> str:
    return "".join(ALPHABET[symbol] for symbol in (*symbols, _check(symbols, place)))


def _check(symbols: Sequence[int], place: int) -> int:
    return (sum(weight * symbol for weight, symbol in zip(_WEIGHTS, symbols, strict=True)) + 5 * place + 11) % 32


def read_code(text: str) -> Choices:
    """The choices that a code holds; spaces, dashes and small letters do not matter.

    Raises:
        CodeError: naming the character, or the group, that is wrong, counted from 1.
    """
    symbols = list(_read_groups(text))
    bits = _Bits("".join(format(symbol, "05b") for symbol in symbols))
    if bits.take(3) != _VERSION:
        raise CodeError("version", "the code was made by another version of this program")
    number, rounds = bits.take(7), ROUNDS[bits.take(1)]
    if number >= STARTS:
        raise _nonsense(f"start {number}")
    hands, predictions = [], []
    for _ in range(rounds):
        predictions.append(_take_prediction(bits))
        hands.append(_take_hand(bits))
    if "1" in bits.bits[bits.at :] or len(bits.bits) - bits.at >= 5 * _DATA:
        raise CodeError("long", "the code goes on after its end: there is a group too many")
    return Choices(Start(number, rounds), tuple(hands), tuple(predictions))


def _read_groups(text: str) -> Iterator[int]:
    """The symbols of all groups, checked."""
    given = [(at, character) for at, character in enumerate(text.upper().translate(_READ_AS), start=1) if character not in " -–\t\r\n"]
    if not given:
        raise CodeError("empty", "no code was given")
    for at, character in given:
        if character not in ALPHABET:
            written = text[at - 1]
            raise CodeError("character", f"character {at} is {written!r}: not used in codes", at=at, character=written)
    for place, first in enumerate(range(0, len(given), _GROUP)):
        group = "".join(character for _, character in given[first : first + _GROUP])
        symbols = [ALPHABET.index(character) for character in group]
        if len(group) < _GROUP:
            message = f"group {place + 1} ({group}) has {len(group)} characters: must be {_GROUP}"
            raise CodeError("length", message, place=place + 1, group=group, count=len(group))
        if _check(symbols[:_DATA], place) != symbols[_DATA]:
            message = f"group {place + 1} ({group}) does not fit: one of its characters is wrong, or it stands in another place"
            raise CodeError("group", message, place=place + 1, group=group)
        yield from symbols[:_DATA]


def _take_prediction(bits: _Bits) -> Prediction | None:
    dial = bits.take(2)
    if dial == 0:
        return None
    direction = bits.take(2)
    if direction >= len(DIRECTIONS):
        raise _nonsense(f"direction {direction}")
    return Prediction(DIALS[dial - 1], DIRECTIONS[direction])


def _take_hand(bits: _Bits) -> Hand:
    count = bits.take(4)
    if count > MOST_CARDS:
        raise _nonsense(f"{count} cards")
    return tuple(_take_play(bits) for _ in range(count))


def _take_play(bits: _Bits) -> Play:
    card = bits.take(5)
    if card >= len(CARDS):
        raise _nonsense(f"card {card}")
    times = bits.take(5) if bits.take(1) else 1
    whom, what, level = (bits.take(2), bits.take(1), bits.take(2)) if bits.take(1) else (0, 0, 1)
    if whom >= len(WHOM) or level >= len(FOR):
        raise _nonsense(f"choice {whom}, {level}")
    try:
        return Play(ORDER[card], times, WHOM[whom], WHAT[what], FOR[level]).plain()
    except ValueError as error:
        raise _nonsense(str(error)) from None


def _nonsense(what: str) -> CodeError:
    return CodeError("nonsense", f"the code fits its checks and yet holds what cannot be ({what})")
