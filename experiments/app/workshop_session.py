"""One table's tab of the workshop: plays periods week by week, then the year without a leader, and lays tables side by side."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from typing import Any

from experiments.app.tab import Message, Tab, View
from experiments.app.twins import Seen, look, picture_of
from experiments.app.workshop_telling import tell_setting, tell_state
from experiments.looking import look_before_anybody_leaves
from experiments.texts import texts
from experiments.workshop.cards import FOR, Hand, Play
from experiments.workshop.codes import Choices, CodeError, read_code
from experiments.workshop.game import ROUNDS, STARTS, Game, Prediction, Start, Values
from experiments.workshop.tables import (
    LONGEST,
    REFERENCES,
    Result,
    Table,
    TableError,
    check_table,
    choices_of,
    play_again,
    play_reference,
    read_table,
    result_of,
)

WEEK_SECONDS, YEAR_WEEK_SECONDS = 0.45, 0.15
"""How long a week stays on the screen: in a period, and in the year without a leader."""
MOST_TABLES = 6


class Closed(Exception):
    """The tab was closed while something went on."""


class WorkshopTab(Tab):
    """One table's game, and the tables laid beside it.

    Attributes:
        game: the game; None until it has grown.
        playing: whether weeks go by; at_week: of the period or the year.
        now, was: the picture, and what it was like when the period began.
        again: what the same choices came to with other chance; tables, references: what is laid beside.
        table, aim: what the table calls itself, and what it tried to reach.
    """

    name = "learnweave-workshop"

    def __init__(self, view: View, lang: str = "nl", start: Start | None = None, week_seconds: float = WEEK_SECONDS) -> None:
        super().__init__(view, lang)
        self.start_at, self.week_seconds, self.table, self.aim = start or Start(), week_seconds, "", ""
        self.game: Game | None = None
        self.now: Seen | None = None
        self.was: Seen | None = None
        self.playing, self.trying, self.at_week = False, False, 0
        self.again: list[Values] = []
        self.tables: list[Result] = []
        self.references: list[Result] = []
        self._looks: dict[int, Seen] = {}

    def let_go(self) -> None:
        """The network and everything played."""
        self.game, self.now, self.was = None, None, None
        self.again, self.tables, self.references, self._looks = [], [], [], {}

    def show(self) -> None:
        """Put the table's slide on the screen."""
        self.playing = False
        self.put()

    def put(self) -> None:
        """Put what is there on the screen, in the middle of something too."""
        frame = b""
        if self.game is not None and self.now is not None and self.was is not None:
            frame = picture_of(self.now, self.was.strong, self.was.strong).tobytes()
        self.view.show(tell_state(self), frame)

    def begin(self, start: Start) -> None:
        """A new game from a start."""
        self.game = Game(start)
        self._looks = look_before_anybody_leaves(self.game.world, look)
        self.start_at, self.now, self.at_week = start, look(self.game.world), 0
        self.was, self.again, self.tables, self.references = self.now, [], [], []
        self.view.set(tell_setting(self))

    def go_through(self, weeks: Iterator[int], seconds: float) -> None:
        """Let weeks go by on the screen, until the last of them or until the tab is closed."""
        self.playing, self.was = True, self.now
        for week in weeks:
            world = self.game.world if self.game else None
            if world is not None:
                self.now, self.at_week = self._looks.get(world.week) or look(world), week
            self.put()
            if self.stopped.wait(seconds):
                raise Closed

    def table_played(self) -> Table:
        """What this table played, in its own words and in cards."""
        assert self.game is not None
        return Table(self.table, choices_of(self.game), self.aim, tuple(self.game.logs))


def _begin(tab: WorkshopTab, message: Message) -> None:
    rounds, number = int(message.get("rounds", tab.start_at.rounds)), int(message.get("number", tab.start_at.number))
    usual = tab.start_at
    tab.begin(Start(number if 0 <= number < STARTS else 0, rounds if rounds in ROUNDS else 5, usual.grow_weeks, usual.after_weeks))


def _hand(asked: Any) -> Hand:
    """The hand that a page asks for.

    Raises:
        ValueError: naming what breaks a rule.
    """
    levels = {level.name.lower(): level for level in FOR}
    plays = []
    for one in asked if isinstance(asked, list) else []:
        level = levels.get(str(one.get("for", "school")), FOR[1])
        plays.append(
            Play(str(one.get("card")), int(one.get("times", 1)), str(one.get("whom", "missed")), str(one.get("what", "own")), level)
        )
    return tuple(plays)


def _play(tab: WorkshopTab, message: Message) -> None:
    game = tab.game
    if game is None or game.led:
        return
    game.choose(_hand(message.get("hand", [])))
    guess: Mapping[str, Any] = message.get("guess") or {}
    game.prediction = Prediction(str(guess["dial"]), str(guess["direction"])) if guess else None
    _unless_closed(tab, game.play(), tab.week_seconds)
    game.logs.append("")


def _hands_off(tab: WorkshopTab, _: Message) -> None:
    game = tab.game
    if game is None or not game.led or game.over:
        return
    _unless_closed(tab, game.let_go(), min(tab.week_seconds, YEAR_WEEK_SECONDS))
    if game.over:
        tab.references = [_refer(game.start, policy) for policy in REFERENCES]


def _unless_closed(tab: WorkshopTab, weeks: Iterator[int], seconds: float) -> None:
    try:
        tab.go_through(weeks, seconds)
    except Closed:
        return


@functools.lru_cache(maxsize=8)
def _refer(start: Start, policy: str) -> Result:
    return play_reference(start, policy)


def _why(tab: WorkshopTab, message: Message) -> None:
    at = int(message.get("round", 0)) - 1
    if tab.game is not None and 0 <= at < len(tab.game.logs):
        tab.game.logs[at] = str(message.get("text", ""))[:LONGEST]


def _twenty(tab: WorkshopTab, _: Message) -> None:
    if tab.game is None or not tab.game.over:
        return
    tab.again, tab.trying = [], True
    for values in play_again(choices_of(tab.game)):
        tab.again.append(values)
        tab.put()
        if tab.stopped.is_set():
            return
    tab.trying = False


def _add(tab: WorkshopTab, message: Message) -> None:
    game = tab.game
    if game is None:
        return
    table = _read(tab, message)
    theirs, ours = table.choices.start, game.start
    if (theirs.number, theirs.rounds) != (ours.number, ours.rounds):
        places = {"theirs": f"{theirs.number + 1}-{theirs.rounds}", "ours": f"{ours.number + 1}-{ours.rounds}"}
        raise ValueError(tab.words("workshop.code.other_start", **places))
    if len(tab.tables) >= MOST_TABLES:
        raise ValueError(tab.words("workshop_page.too_many", most=MOST_TABLES))
    same = Choices(ours, table.choices.hands, table.choices.predictions)
    if any(known.table and known.table.choices == same for known in tab.tables):
        raise ValueError(tab.words("workshop_page.twice"))
    name = table.name or tab.words("workshop_page.table_n", number=len(tab.tables) + 2)
    tab.tables.append(result_of(Table(name, same, table.aim, table.logs)))


def _read(tab: WorkshopTab, message: Message) -> Table:
    """The table that a code or a file tells of."""
    try:
        table = read_table(str(message["file"])) if "file" in message else Table("", read_code(str(message.get("code", ""))))
    except CodeError as error:
        raise ValueError(tab.words(f"workshop.code.{error.rule}", **error.values)) from None
    except TableError as error:
        raise ValueError("\n".join([tab.words("workshop_page.file"), *error.problems])) from None
    if problems := check_table(table):
        raise ValueError("\n".join(problems))
    return table


def _remove(tab: WorkshopTab, message: Message) -> None:
    at = int(message.get("at", -1))
    if 0 <= at < len(tab.tables):
        del tab.tables[at]


def _name(tab: WorkshopTab, message: Message) -> None:
    if "aim" in message:
        tab.aim = str(message["aim"])[:LONGEST]
    if "text" in message:
        tab.table = str(message["text"])[:LONGEST]


def _language(tab: WorkshopTab, message: Message) -> None:
    if message.get("lang") in ("nl", "en"):
        tab.words = texts(str(message["lang"]))
        if tab.game is not None:
            tab.view.set(tell_setting(tab))


WorkshopTab.actions = {
    "begin": _begin, "restart": _begin, "play": _play, "hands_off": _hands_off, "why": _why, "twenty": _twenty, "add": _add,
    "remove": _remove, "name": _name, "language": _language,
}  # fmt: skip
