"""One table's tab of the workshop: plays rounds week by week, then the year without a leader, and lays tables side by side."""

from __future__ import annotations

import functools
from typing import Any

from experiments.app.tab import Message, Tab, View
from experiments.app.twins import look, picture_of
from experiments.app.workshop_telling import tell_setting, tell_state
from experiments.texts import texts
from experiments.workshop.codes import MOST_LETTERS, CodeError, from_code, from_file, to_code
from experiments.workshop.game import AGAIN, GUESSES, REFERENCES, ROUNDS, Game, Guess, Round, refer, replay

WEEK_SECONDS, YEAR_WEEK_SECONDS = 0.45, 0.15
"""How long a week stays on the screen: in a round, and in the year without a leader."""
MOST_TABLES = 6

Ends = dict[str, dict[str, float]]


class Closed(Exception):
    """The tab was closed while something went on."""


class WorkshopTab(Tab):
    """One table's game, and the tables laid beside it.

    Attributes:
        game: the game; None until it has grown.
        playing: whether weeks go by; done: how many of the further games are there.
        again: the ends of the same choices under other chances; tables: name, choices and ends of other tables.
        references: likewise of nobody leading, and of strong pull.
    """

    name = "learnweave-workshop"

    def __init__(self, view: View, lang: str = "nl", rounds: int = ROUNDS[-1], week_seconds: float = WEEK_SECONDS) -> None:
        super().__init__(view, lang)
        self.rounds, self.week_seconds, self.table = rounds, week_seconds, ""
        self.game: Game | None = None
        self.playing, self.done, self.at_week = False, 0, 0
        self.again: list[Ends] = []
        self.tables: list[tuple[str, tuple[Round, ...], Ends]] = []
        self.references: dict[str, Ends] = {}

    def let_go(self) -> None:
        """The network and everything played."""
        self.game, self.again, self.tables, self.references = None, [], [], {}

    def show(self) -> None:
        """Put the table's slide on the screen."""
        self.playing = False
        self._put()

    def _put(self) -> None:
        frame = b""
        if self.game is not None:
            moments = self.game.moments
            before = moments[-1] if self.playing else moments[max(0, len(moments) - 2)]
            now = look(self.game.world) if self.playing else moments[-1].seen
            frame = picture_of(now, before.seen.strong if self.game.played or self.playing else None, before.seen.strong).tobytes()
        self.view.show(tell_state(self), frame)

    def each_week(self, seconds: float) -> None:
        """Show the week that has just been, for a while.

        Raises:
            Closed: where the tab has been closed.
        """
        self.at_week += 1
        self._put()
        if self.stopped.wait(seconds):
            raise Closed

    def begin(self, rounds: int) -> None:
        """A new game."""
        self.game = Game(rounds)
        self.rounds, self.again, self.tables, self.references, self.done, self.at_week = rounds, [], [], {}, 0, 0
        self.view.set(tell_setting(self))


def _begin(tab: WorkshopTab, message: Message) -> None:
    rounds = int(message.get("rounds", tab.rounds))
    tab.begin(rounds if rounds in ROUNDS else ROUNDS[-1])


def _play(tab: WorkshopTab, message: Message) -> None:
    if tab.game is None or tab.game.over:
        return
    cards = tuple((str(kind), int(count)) for kind, count in dict(message.get("cards", {})).items() if int(count) > 0)
    guess: Guess = next((one for one in GUESSES if one == message.get("guess")), "same")
    choice, game, tab.playing = Round(cards, guess), tab.game, True
    _unless_closed(lambda: game.play(choice, lambda: tab.each_week(tab.week_seconds)))


def _hands_off(tab: WorkshopTab, _: Message) -> None:
    if tab.game is None or not tab.game.over or "after" in tab.game.ends:
        return
    game, tab.playing, seconds = tab.game, True, min(tab.week_seconds, YEAR_WEEK_SECONDS)
    _unless_closed(lambda: game.hands_off(lambda: tab.each_week(seconds)))
    if not tab.stopped.is_set():
        tab.references = {policy: _refer(policy, tab.rounds) for policy in REFERENCES}


def _unless_closed(do: Any) -> None:
    try:
        do()
    except Closed:
        return


@functools.lru_cache(maxsize=8)
def _refer(policy: str, rounds: int) -> Ends:
    return refer(policy, rounds)


def _why(tab: WorkshopTab, message: Message) -> None:
    at = int(message.get("round", 0)) - 1
    if tab.game is not None and 0 <= at < len(tab.game.played):
        was = tab.game.played[at]
        tab.game.played[at] = Round(was.cards, was.guess, str(message.get("text", ""))[:MOST_LETTERS])


def _twenty(tab: WorkshopTab, _: Message) -> None:
    if tab.game is None or "after" not in tab.game.ends:
        return
    tab.again, choices = [], tuple(tab.game.played)
    for replicate in range(1, AGAIN + 1):
        if tab.stopped.is_set():
            return
        tab.done = replicate - 1
        tab._put()
        tab.again.append(replay(choices, replicate).ends)
    tab.done = AGAIN


def _add(tab: WorkshopTab, message: Message) -> None:
    try:
        name, rounds = from_file(str(message["file"])) if "file" in message else ("", from_code(str(message.get("code", ""))))
    except CodeError as error:
        raise ValueError(tab.words(f"workshop.code.{error.reason}", place=error.place, letter=error.letter)) from None
    if len(rounds) != tab.rounds:
        raise ValueError(tab.words("workshop.code.other", theirs=len(rounds), ours=tab.rounds))
    if len(tab.tables) >= MOST_TABLES:
        raise ValueError(tab.words("workshop.too_many", most=MOST_TABLES))
    if to_code(rounds) in (to_code(known) for _, known, _ in tab.tables):
        raise ValueError(tab.words("workshop.twice"))
    name = name or tab.words("workshop.table_n", number=len(tab.tables) + 2)
    tab.tables.append((name, rounds, replay(rounds).ends))


def _remove(tab: WorkshopTab, message: Message) -> None:
    at = int(message.get("at", -1))
    if 0 <= at < len(tab.tables):
        del tab.tables[at]


def _name(tab: WorkshopTab, message: Message) -> None:
    tab.table = str(message.get("text", ""))[:60]


def _language(tab: WorkshopTab, message: Message) -> None:
    if message.get("lang") in ("nl", "en"):
        tab.words = texts(str(message["lang"]))
        if tab.game is not None:
            tab.view.set(tell_setting(tab))


WorkshopTab.actions = {
    "begin": _begin, "restart": _begin, "play": _play, "hands_off": _hands_off, "why": _why, "twenty": _twenty, "add": _add,
    "remove": _remove, "name": _name, "language": _language,
}  # fmt: skip
