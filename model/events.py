"""What may happen while a network is led and after: leaders go, money ends, work piles up, a busy coach falls ill.

Events are data; weeks are counted from the start of leading, the first being 1. What happens is the same under every policy:
draws are keyed and nothing here draws, so that two worlds with the same events share all chance.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from model.moves import MOVES, Move
from model.people import PERIOD
from model.region import Region, Role

if TYPE_CHECKING:
    from model.leading import Leader
    from model.learning_network import LearningNetwork
    from model.meetings import Gatherings

LAST_WEEK = 4_000
_FOR_EVER = 2**30
_OCCASIONS = ("meeting", "group", "pairing")
"""Forms of move whose partners are people who come together."""


def _value(default: Any, meaning: str, *, low: float = 0, high: float = LAST_WEEK, whole: bool = True) -> Any:
    """A field of an event that carries its own rule; a default of None also means "all" or "for good"."""
    return field(default=default, metadata={"meaning": meaning, "low": low, "high": high, "whole": whole})


def _week() -> Any:
    return _value(MISSING, "week in which it happens, counted from the start of leading", low=1)


def _school() -> Any:
    return _value(None, "number of the school, the first being 0; all schools if left out", high=100_000)


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happens in a week of leading; a kind registers itself by its `kind`.

    Raises:
        ValueError: naming every value that breaks a rule.
    """

    kind: ClassVar[str] = ""
    week: int = _week()

    def __init_subclass__(cls) -> None:
        EVENTS[cls.kind] = cls

    def __post_init__(self) -> None:
        if problems := check_event(self.kind, self.values()):
            raise ValueError("; ".join(problems))

    def values(self) -> dict[str, float]:
        """What was set, by name; what is left at None is left out."""
        return {f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name) is not None}

    def lasts(self, weeks: int | None, week: int) -> bool:
        """Whether it is on in `week`, if it takes `weeks` weeks (None: for good)."""
        return self.week <= week and (weeks is None or week < self.week + weeks)

    def starts(self, network: LearningNetwork) -> None:
        """What changes in the week of the event itself."""

    def goes_on(self, network: LearningNetwork, week: int) -> None:
        """What it does in `week` (of leading), if it is still on; called in every week from its own."""

    def stops(self, leader: Leader, week: int) -> bool:  # noqa: ARG002 - the form all events share
        """Whether this leader does not lead in `week` because of it."""
        return False


EVENTS: dict[str, type[Event]] = {}
"""Every kind of event by its id."""


@dataclass(frozen=True, kw_only=True)
class LeaderLeaves(Event):
    """The school leader leaves: somebody new holds the place, and nobody leads there for a while, or any more."""

    kind: ClassVar[str] = "leader_leaves"
    school: int | None = _school()
    pause: int | None = _value(None, "weeks in which nobody leads; for good if left out")

    def starts(self, network: LearningNetwork) -> None:
        """Newcomers in the places; they know nobody and bring no hours that were saved."""
        gone = [leader for leader in network.leaders if self.school in (None, leader.school)]
        network.replace_people(_marked(network.region.people, [leader.row for leader in gone]))

    def stops(self, leader: Leader, week: int) -> bool:
        """While nobody has taken over."""
        return self.school in (None, leader.school) and self.lasts(self.pause, week)


@dataclass(frozen=True, kw_only=True)
class BoardMemberLeaves(Event):
    """Who is on the board leaves: somebody new holds the place, and schools of that board are not led for a while, or any more."""

    kind: ClassVar[str] = "board_member_leaves"
    board: int | None = _value(None, "number of the board, the first being 0; all boards if left out", high=100_000)
    pause: int | None = _value(None, "weeks in which nobody leads; for good if left out")

    def starts(self, network: LearningNetwork) -> None:
        """Newcomers in the places."""
        region = network.region
        there = region.role == Role.BOARD
        if self.board is not None:
            there &= region.school_board[region.school] == self.board
        network.replace_people(there)

    def stops(self, leader: Leader, week: int) -> bool:
        """While nobody has taken over."""
        return self.board in (None, leader.region.school_board[leader.school]) and self.lasts(self.pause, week)


@dataclass(frozen=True, kw_only=True)
class SubsidyStops(Event):
    """The money ends: from this week on no leader has hours, those that were saved are lost, and no time is freed."""

    kind: ClassVar[str] = "subsidy_stops"

    def starts(self, network: LearningNetwork) -> None:
        """Saved hours are gone."""
        for leader in network.leaders:
            leader.hours = 0.0

    def stops(self, leader: Leader, week: int) -> bool:  # noqa: ARG002 - the form all events share
        """For good."""
        return week >= self.week


@dataclass(frozen=True, kw_only=True)
class HandsOff(Event):
    """Leaders step back from this week on: they make no moves and receive no hours; within a school year what they saved is kept."""

    kind: ClassVar[str] = "hands_off"
    weeks: int | None = _value(None, "for how long; for good if left out", low=1)
    school: int | None = _school()

    def stops(self, leader: Leader, week: int) -> bool:
        """While they keep off."""
        return self.school in (None, leader.school) and self.lasts(self.weeks, week)


@dataclass(frozen=True, kw_only=True)
class WorkloadShock(Event):
    """Work piles up: less own time for learning, and extra minutes that are planned for people, for some weeks."""

    kind: ClassVar[str] = "workload_shock"
    weeks: int | None = _value(None, "for how long; for good if left out", low=1)
    own_hours: float = _value(1.0, "factor on own time for learning together", high=4, whole=False)
    minutes: int = _value(0, "extra planned minutes a week for everybody", high=2_400)
    school: int | None = _school()

    def goes_on(self, network: LearningNetwork, week: int) -> None:
        """Own time shrinks, planned minutes come on top; people who come new to the place have them too."""
        if not self.lasts(self.weeks, week):
            return
        world, region = network.world, network.region
        there = slice(None) if self.school is None else slice(*region.school_start[self.school : self.school + 2])
        world.notes.own_share[there] *= self.own_hours
        world.people.scheduled[there, network.week % PERIOD] += self.minutes


@dataclass(frozen=True, kw_only=True)
class CoachIll(Event):
    """The internal coach whom most people turn to falls ill: no contact, no chances, no meetings; ties fade on their merits."""

    kind: ClassVar[str] = "coach_ill"
    weeks: int | None = _value(None, "for how long; for good if left out", low=1)
    school: int | None = _school()

    def starts(self, network: LearningNetwork) -> None:
        """Who it is shows in this week: the highest in-degree, the first of equals."""
        region, asked = network.region, network.world.ties.indegree
        coaches = np.flatnonzero(region.role == Role.COACH)
        if self.school is not None:
            coaches = coaches[region.school[coaches] == self.school]
        if len(coaches):
            row = int(coaches[np.argmax(asked[coaches])])
            until = self.week + (_FOR_EVER if self.weeks is None else self.weeks)
            network.calendar.ill.append((row, int(network.world.people.spell[row]), until))


class Calendar:
    """The events of one world, and what has come of them so far.

    Attributes:
        events: in order of week.
        ill: row, spell and first week back of everybody who fell ill.
    """

    def __init__(self, events: Sequence[Event] = ()) -> None:
        self.events = tuple(sorted(events, key=lambda event: event.week))
        self.ill: list[tuple[int, int, int]] = []

    def begin_week(self, network: LearningNetwork, week: int) -> None:
        """Everything that happens in a week of leading, before the leaders act. Without events nothing is touched."""
        if not self.events or week < 1:
            return
        notes = network.world.notes
        notes.own_share[:] = 1.0
        notes.absent[:] = 0
        for event in self.events:
            if event.week == week:
                event.starts(network)
            if event.week <= week:
                event.goes_on(network, week)
        for row, spell, back in self.ill:
            if week < back and network.world.people.spell[row] == spell:
                notes.absent[row] = 1

    def leads(self, leader: Leader, week: int) -> bool:
        """Whether this leader leads in `week`."""
        return not self.events or not any(event.stops(leader, week) for event in self.events)

    def invite_present(self, network: LearningNetwork, moves: list[Move]) -> list[Move]:
        """The moves without people who are absent; a pair needs both, a move needs somebody."""
        absent = self._absent(network)
        if not len(absent):
            return moves
        kept = (_without(move, set(absent.tolist())) for move in moves)
        return [move for move in kept if move is not None]

    def leave_out_absent(self, network: LearningNetwork, gatherings: Gatherings) -> None:
        """Who is absent takes no part in what was agreed before, and spends no time on it."""
        absent, world, week = self._absent(network), network.world, network.week % PERIOD
        if not len(absent):
            return
        away = _marked(network.region.people, absent)
        meeting = np.repeat(np.arange(len(gatherings.hours)), np.diff(gatherings.start))
        here = ~away[gatherings.people]
        counts = np.bincount(meeting[here], minlength=len(gatherings.hours))
        gatherings.start = np.concatenate(([0], np.cumsum(counts))).astype(np.int32)
        gatherings.people = gatherings.people[here]
        both = ~away[gatherings.pairs].any(axis=1)
        gatherings.pairs, gatherings.pair_hours = gatherings.pairs[both], gatherings.pair_hours[both]
        network.agenda.teacher_minutes -= int(world.people.scheduled[absent, week].sum())
        world.people.given[absent] -= world.people.scheduled[absent, week].astype(np.uint32)
        world.people.scheduled[absent, week] = world.people.compulsory[absent, week] = 0
        world.notes.prescribed[absent] = 0.0

    def _absent(self, network: LearningNetwork) -> NDArray[np.intp]:
        return np.flatnonzero(network.world.notes.absent) if self.ill else np.zeros(0, np.intp)


def _without(move: Move, absent: set[int]) -> Move | None:
    """A move without people who are absent; None where nobody is left to make it or to take part."""
    form = MOVES[move.kind].form
    if move.by in absent:
        return None
    if form not in _OCCASIONS or not any(absent.intersection(group) for group in move.partners):
        return move
    if form == "pairing":
        groups = tuple(pair for pair in move.partners if not absent.intersection(pair))
    else:
        groups = tuple(kept for group in move.partners if (kept := tuple(row for row in group if row not in absent)))
    return replace(move, partners=groups) if groups else None


def _marked(people: int, rows: Sequence[int] | NDArray[np.intp]) -> NDArray[np.bool_]:
    marks = np.zeros(people, np.bool_)
    marks[np.asarray(rows, np.intp)] = True
    return marks


def make_event(kind: str, values: Mapping[str, Any]) -> Event:
    """An event of a kind.

    Raises:
        ValueError: naming an unknown kind or value (and the nearest), and every value that breaks a rule.
    """
    if problems := check_event(kind, values):
        raise ValueError("; ".join(problems))
    return EVENTS[kind](**values)


def check_event(kind: object, values: Mapping[str, Any]) -> list[str]:
    """The rules that an event breaks, in words."""
    if kind not in EVENTS:
        return [f"kind = {kind!r}: no such event (nearest: {_nearest(str(kind), EVENTS)!r}; all: {', '.join(sorted(EVENTS))})"]
    known = {f.name: f for f in fields(EVENTS[str(kind)])}
    problems = [f"{name}: no such value of {kind} (nearest: {_nearest(name, known)!r})" for name in values if name not in known]
    problems += [f"{name}: {kind} needs it" for name, f in known.items() if f.default is MISSING and name not in values]
    checked = (_check_value(known[name], value) for name, value in values.items() if name in known)
    return problems + [problem for problem in checked if problem]


def _check_value(spec: Field[Any], value: Any) -> str | None:
    low, high, whole = (spec.metadata[name] for name in ("low", "high", "whole"))
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        return f"{spec.name} = {value!r}: must be a finite number"
    if not low <= value <= high:
        return f"{spec.name} = {value!r}: must be {low:g} to {high:g}"
    if whole and not isinstance(value, int):
        return f"{spec.name} = {value!r}: must be a whole number"
    return None


def check_places(events: Sequence[Event], region: Region) -> list[str]:
    """The events that name a school or board which the region does not have, or an office."""
    problems = []
    for event in events:
        school, board = getattr(event, "school", None), getattr(event, "board", None)
        if school is not None and (school >= region.schools or region.school_office[school]):
            most = int(np.flatnonzero(~region.school_office)[-1])
            problems.append(f"{event.kind}: school = {school}: must be a school of the region, 0 to {most}")
        if board is not None and board >= len(region.board_names):
            problems.append(f"{event.kind}: board = {board}: must be a board of the region, 0 to {len(region.board_names) - 1}")
    return problems


def _nearest(name: str, names: Mapping[str, object]) -> str:
    return difflib.get_close_matches(name, names, n=1, cutoff=0.0)[0]
