"""One visitor's session of Explore: two worlds that play, go back, branch and are explained."""

from __future__ import annotations

import time
from typing import Any

from experiments.app.tab import Message, Tab, View
from experiments.app.telling import count_schools, tell_setting, tell_state
from experiments.app.twins import Setup, Twins
from experiments.texts import texts
from model.parameters import SPECS
from model.region import Region

SPEEDS = (1.0, 2.0, 4.0, 8.0)
"""Weeks a second that can be chosen."""


class Session(Tab):
    """One tab of Explore.

    Args:
        view: what shows it; lang: language it is told in; setup: what is looked at first.

    Attributes:
        twins: both worlds; None until they have grown.
        playing: whether weeks go by by themselves; speed: how many a second.
        chosen: row of who is looked at, or -1; tie: the two people whose tie is explained.
        offered: people of one's own that were read and are not shown yet.
    """

    name = "learnweave-explore"

    def __init__(self, view: View, lang: str = "nl", setup: Setup | None = None) -> None:
        super().__init__(view, lang)
        self.setup = setup or Setup()
        self.twins: Twins | None = None
        self.playing, self.speed, self.jumped, self.busy = False, 2.0, True, True
        self.chosen, self.tie = -1, (-1, -1)
        self.note = ""
        self.due = 0.0
        self.offered: Region | None = None

    def pause(self) -> float | None:
        """Seconds to the next week, while weeks go by."""
        return max(0.0, self.due - time.monotonic()) if self.playing else None

    def let_go(self) -> None:
        """The worlds."""
        self.twins = None

    def before(self) -> None:
        """Nothing to tell yet."""
        self.note, self.jumped = "", False

    def show(self) -> None:
        """Put the week on the screen."""
        self.busy = False
        self.playing = self.playing and not self.problem
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
    session.due = max(session.due, time.monotonic() - 1 / session.speed) + 1 / session.speed  # no faster to make up for what took long
    if session.twins is not None and not session.twins.step():
        session.playing = False


def _play(session: Session, message: Message) -> None:
    session.playing = bool(message.get("on")) and session.twins is not None
    session.due = time.monotonic() + 1 / session.speed
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


def _pair_of(session: Session, message: Message) -> tuple[int, int] | None:
    """The two people a message names, where there are such."""
    people = 0 if session.twins is None else session.twins.region.people
    one, other = int(message.get("one", -1)), int(message.get("other", -1))
    return (one, other) if 0 <= one < people and 0 <= other < people and one != other else None


def _explain(session: Session, message: Message) -> None:
    """Explain a tie; a line has no direction, so it is told from the side that turns to the other."""
    pair = _pair_of(session, message)
    if pair is None or session.twins is None:
        return
    if not session.twins.turns_to(*pair) and session.twins.turns_to(*reversed(pair)):
        pair = (pair[1], pair[0])
    session.chosen, session.tie = pair[0], pair


def _introduce(session: Session, message: Message) -> None:
    pair = _pair_of(session, message)
    if pair is None or session.twins is None:
        return
    session.chosen, session.tie = pair[0], pair
    answers = session.twins.introduce(*pair)
    worst = next((answer for answer in answers.values() if answer != "asked"), "asked")
    one, other = (next(iter(session.twins.worlds.values())).at(row).name for row in pair)
    session.note = session.words(f"app.introduce.{worst}", one=one, other=other)


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
    """Read somebody's files, and show what is in them before anything is grown."""
    from experiments.app.own_start import read_own

    session.offered = None
    files = {str(name): str(text) for name, text in dict(message.get("files", {})).items()}
    session.offered, session.playing = read_own(files, session.words), False


def _answer_offer(session: Session, message: Message) -> None:
    region, session.offered = session.offered, None
    if region is not None and message.get("show"):
        session.renew(_changed(session.setup, region=region, names=("strong_pull", "nurtured")))
        session.note = session.words("app.own.shown", people=region.people, schools=count_schools(region))


def _changed(setup: Setup, **more: Any) -> Setup:
    return Setup(**(vars(setup) | more))


Session.actions = {
    "begin": _begin, "tick": _week, "week": _week, "play": _play, "speed": _speed, "to": _go_to, "choose": _choose, "explain": _explain,
    "introduce": _introduce, "set": _set, "ways": _ways, "world": _world, "branch": _branch, "usual": _back_to_usual,
    "language": _language, "own": _own, "offer": _answer_offer,
}  # fmt: skip
