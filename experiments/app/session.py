"""One visitor's session of Explore: a thread of its own that owns two worlds, does what is asked, plays, and shows each week.

Messages from the page are asked of the thread through a queue, so that nothing is ever locked; closing the tab ends the thread.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from experiments.app.telling import tell_setting, tell_state
from experiments.app.twins import Setup, Twins
from experiments.texts import Texts, texts
from model.parameters import SPECS

Message = Mapping[str, Any]
SPEEDS = (1.0, 2.0, 4.0, 8.0)
"""Weeks a second that can be chosen."""


class View(Protocol):
    """What shows a session."""

    def show(self, state: Mapping[str, Any], frame: bytes) -> None:
        """A week, and what is told beside it."""

    def set(self, setting: Mapping[str, Any]) -> None:
        """What changes seldom: people, words, what can be chosen."""


class Session:
    """One tab of Explore.

    Args:
        view: what shows it; lang: language it is told in; setup: what is looked at first.

    Attributes:
        twins: both worlds; None until they have grown.
        playing: whether weeks go by by themselves; speed: how many a second.
        chosen: row of who is looked at, or -1; tie: the two people whose tie is explained.
    """

    def __init__(self, view: View, lang: str = "nl", setup: Setup | None = None) -> None:
        self.view, self.words, self.setup = view, texts(lang), setup or Setup()
        self.twins: Twins | None = None
        self.playing, self.speed, self.jumped, self.busy = False, 2.0, True, True
        self.chosen, self.tie = -1, (-1, -1)
        self.note = self.problem = ""
        self._asked: queue.Queue[Message | None] = queue.Queue()
        self._due = 0.0
        self._thread = threading.Thread(target=self._work, name="learnweave-explore", daemon=True)

    def start(self) -> None:
        """Grow the worlds and begin to listen."""
        self._asked.put({"do": "begin"})
        self._thread.start()

    def ask(self, message: Message) -> None:
        """Have something done; anything that is not understood is let go."""
        self._asked.put(dict(message))

    def end(self) -> None:
        """Stop: the thread ends after the week it is in, and the worlds are let go."""
        self._asked.put(None)

    def wait(self) -> None:
        """Wait until the thread has ended."""
        self._thread.join()

    # --- the thread ---------------------------------------------------------------------------------------------------

    def _work(self) -> None:
        while True:
            try:
                message = self._asked.get(timeout=max(0.0, self._due - time.monotonic()) if self.playing else None)
            except queue.Empty:
                message = {"do": "week"}
                self._due = max(self._due, time.monotonic() - 1 / self.speed) + 1 / self.speed
            if message is None:
                self.twins = None
                return
            self._obey(message)

    def _obey(self, message: Message) -> None:
        self.note = self.problem = ""
        self.jumped = False
        do = _ACTIONS.get(str(message.get("do")))
        if do is None:
            return
        try:
            do(self, message)
        except ValueError as error:  # what somebody chose cannot be: told, and the worlds stay as they were
            self.problem, self.playing = str(error), False
        except Exception as error:  # noqa: BLE001 - whatever breaks must not take the page with it
            self.problem, self.playing = self.words("app.broke", error=f"{type(error).__name__}: {error}"), False
        self.busy = False
        self.show()

    def show(self) -> None:
        """Put the week on the screen."""
        frame = b"" if self.twins is None else b"".join(_framed(self.twins.picture(name).tobytes()) for name in self.twins.worlds)
        self.view.show(tell_state(self), frame)

    def renew(self, setup: Setup) -> None:
        """Grow the worlds of a setup, and go to the week one was in."""
        week = 0 if self.twins is None else self.twins.week
        self.busy = True
        self.view.show(tell_state(self), b"")
        twins = Twins(setup)
        twins.go_to(week)
        self.setup, self.twins, self.jumped = setup, twins, True
        if self.chosen >= twins.region.people:
            self.chosen, self.tie = -1, (-1, -1)
        self.view.set(tell_setting(self))


def _framed(ties: bytes) -> bytes:
    return len(ties).to_bytes(4, "little") + ties


# --- what can be asked ------------------------------------------------------------------------------------------------


def _begin(session: Session, _: Message) -> None:
    session.renew(session.setup)


def _week(session: Session, _: Message) -> None:
    if session.twins is not None and not session.twins.step():
        session.playing = False


def _play(session: Session, message: Message) -> None:
    session.playing = bool(message.get("on")) and session.twins is not None
    session._due = time.monotonic() + 1 / session.speed
    if session.playing and session.twins is not None and session.twins.week >= session.twins.last:
        session.twins.go_to(0)
        session.jumped = True


def _speed(session: Session, message: Message) -> None:
    session.speed = min(SPEEDS, key=lambda speed: abs(speed - float(message.get("value", session.speed))))


def _go_to(session: Session, message: Message) -> None:
    if session.twins is not None:
        session.playing, session.jumped = False, True
        session.twins.go_to(int(message.get("week", 0)))


def _choose(session: Session, message: Message) -> None:
    row = int(message.get("row", -1))
    session.chosen = row if session.twins is not None and 0 <= row < session.twins.region.people else -1
    session.tie = (-1, -1)


def _explain(session: Session, message: Message) -> None:
    people = 0 if session.twins is None else session.twins.region.people
    one, other = int(message.get("one", -1)), int(message.get("other", -1))
    if 0 <= one < people and 0 <= other < people and one != other:
        session.chosen, session.tie = one, (one, other)


def _introduce(session: Session, message: Message) -> None:
    if session.twins is None:
        return
    _explain(session, message)
    one, other = session.tie
    answers = session.twins.introduce(one, other)
    worst = next((answer for answer in answers.values() if answer != "asked"), "asked")
    names = [next(iter(session.twins.worlds.values())).at(row).name for row in (one, other)]
    session.note = session.words(f"app.introduce.{worst}", one=names[0], other=names[1])


def _set(session: Session, message: Message) -> None:
    name = str(message.get("name"))
    if name == "weeks":
        session.renew(_changed(session.setup, weeks=min(max(int(message["value"]), 8), 80)))
        return
    if name not in SPECS:
        return
    value = float(message["value"])
    if rule := SPECS[name].check(value):
        raise ValueError(rule)
    values = dict(session.setup.values) | {name: value}
    if value == SPECS[name].default:
        del values[name]
    session.renew(_changed(session.setup, values=tuple(sorted(values.items()))))


def _ways(session: Session, message: Message) -> None:
    names = [str(name) for name in message.get("names", ())]
    if len(names) == 2 and names[0] != names[1]:
        session.renew(_changed(session.setup, names=(names[0], names[1])))
    else:
        raise ValueError(session.words("app.two_ways"))


def _world(session: Session, message: Message) -> None:
    session.renew(_changed(session.setup, replicate=max(0, int(message.get("number", 1)) - 1) % 10_000))


def _branch(session: Session, message: Message) -> None:
    twins, name = session.twins, str(message.get("from"))
    if twins is None or name not in twins.worlds:
        return
    if twins.week >= twins.job.lead_weeks:
        raise ValueError(session.words("app.branch.too_late"))
    session.twins = twins.lead_on(name, str(message.get("by")))
    session.note = session.words("app.branch.begun", week=twins.week)
    session.jumped = True
    session.view.set(tell_setting(session))


def _back_to_usual(session: Session, _: Message) -> None:
    session.renew(_changed(session.setup, values=(), replicate=0, weeks=40, region=None))


def _language(session: Session, message: Message) -> None:
    if message.get("lang") in ("nl", "en"):
        session.words = texts(str(message["lang"]))
        session.view.set(tell_setting(session))


def _own(session: Session, message: Message) -> None:
    from experiments.app.own_start import read_own

    files = {str(name): str(text) for name, text in dict(message.get("files", {})).items()}
    region = read_own(files, session.words)
    session.renew(_changed(session.setup, region=region, names=("strong_pull", "nurtured")))
    session.note = session.words("app.own.shown", people=region.people, schools=region.schools)


def _changed(setup: Setup, **more: Any) -> Setup:
    return Setup(**(vars(setup) | more))


_ACTIONS: dict[str, Callable[[Session, Message], None]] = {
    "begin": _begin, "week": _week, "play": _play, "speed": _speed, "to": _go_to, "choose": _choose, "explain": _explain,
    "introduce": _introduce, "set": _set, "ways": _ways, "world": _world, "branch": _branch, "usual": _back_to_usual,
    "language": _language, "own": _own,
}  # fmt: skip


def words_of(session: Session) -> Texts:
    """The texts a session is told in."""
    return session.words
