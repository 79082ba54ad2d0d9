"""A table's choices as a short code to write on a board, and as a file to keep.

A code holds the cards and guesses of every round, no words. Its letters leave out those that are read wrongly (I, L, O, U), and its last
two are a check.
"""

from __future__ import annotations

import tomllib
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from experiments.workshop.cards import ORDER
from experiments.workshop.game import GUESSES, ROUNDS, Round

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ALSO = str.maketrans({"I": "1", "L": "1", "O": "0"})
_GROUP = 4
MOST_BYTES, MOST_LETTERS = 20_000, 300
"""Size of a file, and of a sentence in the log."""


class CodeError(ValueError):
    """A code or file that cannot be read: `reason` names the rule, `place` the letter it is about, counted from 1."""

    def __init__(self, reason: str, place: int = 0, letter: str = "") -> None:
        self.reason, self.place, self.letter = reason, place, letter
        super().__init__(f"{reason}: {letter!r} at {place}" if place else reason)


def to_code(rounds: Sequence[Round]) -> str:
    """The code of a game's choices."""
    bits = f"{len(rounds):03b}"
    for one in rounds:
        bits += f"{GUESSES.index(one.guess):02b}{len(one.cards):05b}"
        bits += "".join(f"{ORDER.index(kind):05b}{count:03b}" for kind, count in one.cards)
    bits += "0" * (-len(bits) % 5)
    letters = "".join(LETTERS[int(bits[at : at + 5], 2)] for at in range(0, len(bits), 5))
    letters += _check(letters)
    return "-".join(letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP))


def from_code(code: str) -> tuple[Round, ...]:
    """The choices that a code stands for.

    Raises:
        CodeError: naming the letter that is wrong, or that the check does not fit.
    """
    letters = "".join(code.upper().split()).replace("-", "").translate(_ALSO)
    for place, letter in enumerate(letters, 1):
        if letter not in LETTERS:
            raise CodeError("letter", place, letter)
    if len(letters) < 4:
        raise CodeError("short")
    body, check = letters[:-2], letters[-2:]
    if _check(body) != check:
        raise CodeError("check")
    return _read("".join(f"{LETTERS.index(letter):05b}" for letter in body))


def _check(letters: str) -> str:
    number = zlib.crc32(letters.encode()) % len(LETTERS) ** 2
    return LETTERS[number // len(LETTERS)] + LETTERS[number % len(LETTERS)]


def _read(bits: str) -> tuple[Round, ...]:
    at = 0

    def take(count: int) -> int:
        nonlocal at
        if at + count > len(bits):
            raise CodeError("short")
        at += count
        return int(bits[at - count : at], 2)

    rounds = []
    for _ in range(take(3)):
        guess, number = take(2), take(5)
        cards = [(take(5), take(3)) for _ in range(number)]
        if guess >= len(GUESSES) or any(kind >= len(ORDER) for kind, _ in cards):
            raise CodeError("check")
        rounds.append((tuple((ORDER[kind], count) for kind, count in cards), GUESSES[guess]))
    return _checked([Round(cards, guess) for cards, guess in rounds])


def _checked(rounds: Sequence[Round]) -> tuple[Round, ...]:
    if len(rounds) not in ROUNDS:
        raise CodeError("rounds")
    return tuple(rounds)


def to_file(rounds: Sequence[Round], name: str = "") -> str:
    """A game's choices and sentences as TOML."""
    lines = [f"table = {_quoted(name)}", f"code = {_quoted(to_code(rounds))}", ""]
    for one in rounds:
        lines += ["[[round]]", f"guess = {_quoted(one.guess)}", f"why = {_quoted(one.why)}", "[round.cards]"]
        lines += [*(f"{kind} = {count}" for kind, count in one.cards), ""]
    return "\n".join(lines)


def _quoted(text: str) -> str:
    safe = "".join(letter if letter.isprintable() else " " for letter in text)
    return '"' + safe.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _round_of(one: Mapping[str, Any]) -> Round:
    cards = tuple((str(kind), int(count)) for kind, count in one.get("cards", {}).items())
    return Round(cards, one["guess"], str(one.get("why", ""))[:MOST_LETTERS])


def from_file(text: str) -> tuple[str, tuple[Round, ...]]:
    """Name of the table and its choices, from `to_file`.

    Raises:
        CodeError: where it is no such file, or a rule is broken.
    """
    if len(text.encode()) > MOST_BYTES:
        raise CodeError("file")
    try:
        data = tomllib.loads(text)
        rounds = [_round_of(one) for one in data["round"]]
    except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
        raise CodeError("file") from error
    return str(data.get("table", ""))[:60], _checked(rounds)
