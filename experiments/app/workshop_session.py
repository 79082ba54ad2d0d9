"""One visitor's workshop: a thread of its own that owns the game, plays it week by week, and lays tables side by side."""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from experiments.app.tab import Message, Tab
from experiments.app.workshop_telling import picture_of, tell_setting, tell_state
from experiments.texts import texts
from experiments.workshop.cards import CARDS, Hand, Play
from experiments.workshop.codes import CodeError, read_code, write_code
from experiments.workshop.game import STARTS, Game, Prediction, Start, Values, play_through
from experiments.workshop.paper import render_guide, render_table
from experiments.workshop.tables import (
    AGAIN,
    LONGEST,
    REFERENCES,
    Result,
    Table,
    TableError,
    band,
    check_table,
    choices_of,
    play_again,
    play_reference,
    read_table,
    result_of,
    write_table,
)
from model.region import Level

WEEK_TAKES, WEEK_OF_YEAR_TAKES = 0.22, 0.14
"""Seconds that a week is on the screen: a period is seen in two seconds, the year without a leader in six."""
MOST_TABLES = 6
"""Tables beside one's own."""


class Workshop(Tab):
    """One tab of the workshop.

    Attributes:
        game: the table's own; None until the schools have grown.
        running: weeks that still come of what is being played; doing: "period", "year", "again" or "".
        gone: weeks of it that have been.
        others: tables laid beside one's own; references: ways of leading beside them.
        again: what the same choices came to with other chance.
    """

    name = "learnweave-workshop"

    def __init__(self, view: Any, lang: str = "nl", start: Start | None = None) -> None:
        super().__init__(view, lang)
        self.give: Callable[[str, str, str], None] = view.give
        self.start_at = start or Start()
        self.game: Game | None = None
        self.table, self.aim = "", ""
        self.note = ""
        self.references: list[Result] = []
        self.others: list[Result] = []
        self._begin_anew()

    def _begin_anew(self) -> None:
        self.running: Iterator[Any] | None = None
        self.doing, self.gone, self.between = "", 0, False
        self.again: list[Values] = []
        self.due = 0.0

    # --- the thread ---------------------------------------------------------------------------------------------------

    def pause(self) -> float | None:
        """Seconds to the next week, while weeks go by."""
        return max(0.0, self.due - time.monotonic()) if self.running is not None else None

    def let_go(self) -> None:
        """The game, and what lies beside it."""
        self.game, self.running, self.others, self.references = None, None, [], []

    def before(self) -> None:
        """Nothing to tell yet."""
        self.note = ""

    def show(self) -> None:
        """Put where the game is on the screen."""
        self.view.show(tell_state(self), b"" if self.game is None else picture_of(self.game))

    def renew(self, start: Start) -> None:
        """A new game from a start."""
        self.game = None
        self._begin_anew()
        self.show()
        if start != self.start_at:
            self.others, self.references = [], []
        self.start_at, self.game = start, Game(start)
        self.view.set(tell_setting(self))

    def playing(self) -> bool:
        """Whether weeks of the table's own game go by."""
        return self.doing in ("period", "year")

    def own(self) -> Table:
        """The table's own game so far, with what it wrote."""
        game = self.at_hand()
        return Table(self.table or self.words("workshop.say.own_table"), choices_of(game), self.aim, tuple(game.logs))

    def own_result(self) -> Result | None:
        """What came of the table's own game, once it is over."""
        game = self.at_hand()
        return Result(self.own().name, game.values, game.hours, self.own()) if game.over else None

    def at_hand(self) -> Game:
        """The game, which has begun."""
        if self.game is None:
            raise ValueError(self.words("workshop.say.busy"))
        return self.game

    def run(self, doing: str, weeks: Iterator[Any]) -> None:
        """Let something go on by itself, a step at a time."""
        self.doing, self.running, self.gone = doing, weeks, 0
        self.due = time.monotonic()

    def _step(self) -> None:
        """The next week, or the next time the choices are played again."""
        if self.running is None:
            return
        began = time.monotonic()
        step = next(self.running, None)
        if step is None:
            self._end_of_running()
            return
        self.gone += 1
        if self.doing == "again":
            self.again.append(step)
        takes = {"period": WEEK_TAKES, "year": WEEK_OF_YEAR_TAKES}.get(self.doing, 0.0)
        self.due = began + takes

    def _end_of_running(self) -> None:
        self.between = self.doing == "period"
        self.running, self.doing = None, ""


@functools.cache
def _warm_up() -> None:
    """Have the parts of the model compiled that cards need, once per process, so that the first period is not waited for."""
    hands: tuple[Hand, ...] = ((Play("pair"), Play("map"), Play("meet")), (Play("triangle", 4), Play("team"), Play("bridge")), ())
    play_through(Start(rounds=3, grow_weeks=1, after_weeks=1), hands)


_WARMING = threading.Lock()


# --- what can be asked ------------------------------------------------------------------------------------------------


def _begin(session: Workshop, _: Message) -> None:
    session.view.set(tell_setting(session))
    session.renew(session.start_at)
    session.show()
    with _WARMING:
        _warm_up()


def _tick(session: Workshop, _: Message) -> None:
    session._step()


def _skip(session: Workshop, _: Message) -> None:
    while session.playing() and not session.stopped.is_set():
        session._step()


def _predict(session: Workshop, message: Message) -> None:
    game = session.at_hand()
    if not session.playing() and not session.between:
        game.prediction = Prediction(str(message.get("dial")), str(message.get("direction")))


def _card(session: Workshop, message: Message) -> None:
    """One card more, less, or set otherwise: `times` 0 puts it away."""
    game, card = session.at_hand(), str(message.get("card"))
    if session.playing() or session.between or game.led:
        return
    old = next((play for play in game.hand if play.card == card), None)
    times = int(message.get("times", 1))
    rest = tuple(play for play in game.hand if play.card != card)
    if times < 1:
        game.choose(rest)
        return
    levels = {level.name.lower(): level for level in Level}
    was = old or Play(card)
    level = levels.get(str(message.get("level")), was.level)
    play = Play(card, times, str(message.get("whom", was.whom)), str(message.get("what", was.what)), level)
    hand = tuple(play if one.card == card else one for one in game.hand) if old else (*rest, play)
    try:
        game.choose(hand)
    except ValueError:
        hours = session.words.number(CARDS[card].hours(game.constants))
        raise ValueError(session.words("workshop.say.too_dear", n=hours)) from None


def _play(session: Workshop, _: Message) -> None:
    """What the large button does: play, go on to the next period, or let go."""
    game = session.at_hand()
    if session.running is not None or game.over:
        return
    if session.between and not game.led:
        session.between = False
    elif game.led:
        session.between = False
        session.run("year", game.let_go())
    elif game.prediction is None:
        raise ValueError(session.words("workshop.say.predict_first"))
    else:
        session.run("period", game.play())


def _write(session: Workshop, message: Message) -> None:
    """Something that people wrote: name, aim, or why a period was played so."""
    text = " ".join(str(message.get("text", "")).split())[:LONGEST]
    if message.get("what") == "name":
        session.table = text
    elif message.get("what") == "aim":
        session.aim = text
    elif message.get("what") == "log" and (game := session.at_hand()).rounds:
        game.logs += [""] * (len(game.rounds) - len(game.logs))
        game.logs[len(game.rounds) - 1] = text


def _restart(session: Workshop, message: Message) -> None:
    rounds = 3 if message.get("rounds") == 3 else 5
    number = int(message.get("number", session.start_at.number)) % STARTS
    session.renew(replace(session.start_at, number=number, rounds=rounds))


def _again(session: Workshop, _: Message) -> None:
    game = session.at_hand()
    if game.over and session.running is None and len(session.again) < AGAIN:
        session.again = []
        session.run("again", play_again(choices_of(game)))


def _tables(session: Workshop, _: Message) -> None:
    """Play the ways of leading that stand beside the tables."""
    if not session.references:
        session.references = [play_reference(session.start_at, policy) for policy in REFERENCES]


def _lay(session: Workshop, message: Message) -> None:
    """Another table's code beside one's own."""
    try:
        choices = read_code(str(message.get("code", "")))
    except CodeError as error:
        raise ValueError(session.words(f"workshop.code.{error.rule}", **error.values)) from None
    name = " ".join(str(message.get("name", "")).split())[:LONGEST]
    _lay_beside(session, Table(name or session.words("workshop.say.table_n", n=len(session.others) + 2), choices))


def _file(session: Workshop, message: Message) -> None:
    try:
        _lay_beside(session, read_table(str(message.get("text", ""))))
    except (TableError, CodeError) as error:
        raise ValueError(session.words("workshop.say.file_problems", problems=str(error))) from None


def _lay_beside(session: Workshop, table: Table) -> None:
    start = table.choices.start
    if (start.number, start.rounds) != (session.start_at.number, session.start_at.rounds):
        theirs, ours = (f"{one.number + 1}, {one.rounds}×" for one in (start, session.start_at))
        raise ValueError(session.words("workshop.code.other_start", theirs=theirs, ours=ours))
    if len(session.others) >= MOST_TABLES:
        raise ValueError(session.words("workshop.say.too_many", n=MOST_TABLES))
    if any(write_code(one.table.choices) == write_code(table.choices) and one.name == table.name for one in session.others if one.table):
        raise ValueError(session.words("workshop.say.twice"))
    if problems := check_table(table):
        raise ValueError(session.words("workshop.say.file_problems", problems="; ".join(problems)))
    session.others.append(result_of(replace(table, choices=replace(table.choices, start=session.start_at))))


def _remove(session: Workshop, message: Message) -> None:
    at = int(message.get("at", -1))
    if 0 <= at < len(session.others):
        del session.others[at]


def _save(session: Workshop, _: Message) -> None:
    session.give("file", "workshop.json", write_table(session.own()))


def _print(session: Workshop, _: Message) -> None:
    bands = band(session.again) if len(session.again) == AGAIN else None
    session.give("page", "workshop.html", render_table(session.own(), session.at_hand(), bands, session.words))


def _guide(session: Workshop, _: Message) -> None:
    session.give("page", "guide.html", render_guide(session.words))


def _language(session: Workshop, message: Message) -> None:
    if message.get("lang") in ("nl", "en"):
        session.words = texts(str(message["lang"]))
        session.view.set(tell_setting(session))


Workshop.actions = {
    "begin": _begin, "tick": _tick, "skip": _skip, "predict": _predict, "card": _card, "play": _play, "write": _write,
    "restart": _restart, "again": _again, "tables": _tables, "lay": _lay, "file": _file, "remove": _remove, "save": _save,
    "print": _print, "guide": _guide, "language": _language,
}  # fmt: skip
