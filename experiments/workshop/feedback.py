"""Looking back: a few plain sentences about what really happened in this run, each true of it.

A sentence is an id and what fills its places, so that it can be told in either language; nothing here judges.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from experiments.texts import Texts
from experiments.words import capital
from experiments.workshop.game import Game, Round
from experiments.workshop.happenings import Happenings, Meeting, Pairing, Snapshot
from model.names import fictional_name, school_name
from model.people import PERIOD
from model.region import Region, Role
from model.ties import STRONG, Origin

MOST_SENTENCES = 4
FULL_WEEK = 1.0
"""Load from which a week is called full: as many ties on own time as it allows."""


@dataclass(frozen=True)
class Sentence:
    """One thing that happened.

    Attributes:
        kind: id of its text, below `workshop.feedback`.
        values: its places; a role, card, dial or direction stands as its id.
        people: rows whom it names, for the picture.
    """

    kind: str
    values: Mapping[str, object] = field(default_factory=dict)
    people: tuple[int, ...] = ()


_NAMED = {"role": "roles.{}", "card": "workshop.cards.{}.name", "dial": "workshop.dials.{}.name", "did": "workshop.did.{}"}


def tell(sentence: Sentence, words: Texts) -> str:
    """The sentence in one language; where it counts to one, in the singular."""
    values = {
        name: words(_NAMED[name].format(value)) if name in _NAMED else words.number(value) if isinstance(value, int) else value
        for name, value in sentence.values.items()
    }
    text_id = f"workshop.feedback.{sentence.kind}"
    if 1 in (sentence.values.get("n"),) and f"{text_id}_one" in words:
        text_id += "_one"
    return capital(words(text_id, **values))


class Names:
    """What people and schools are called in a snapshot: always fictional."""

    def __init__(self, region: Region, snapshot: Snapshot) -> None:
        self.region, self.snapshot = region, snapshot

    def person(self, row: int) -> str:
        """First name of who holds a place now."""
        return fictional_name(row, int(self.snapshot.spell[row]))

    def school(self, row: int) -> str:
        """School of a person; of the board's office, its own name."""
        school = int(self.region.school[row])
        if self.region.school_office[school]:
            return str(self.region.board_names[int(self.region.school_board[school])])
        return school_name(school)

    def role(self, row: int) -> str:
        """Id of a role."""
        return Role(int(self.region.role[row])).name.lower()


# --- after a period ---------------------------------------------------------------------------------------------------


def look_back(game: Game) -> list[Sentence]:
    """What happened in the period played last: the prediction first, then what is most telling of this run."""
    one = game.rounds[-1]
    names = Names(game.world.region, one.after)
    told = [*_told_of_prediction(one), *_together(one, game.happenings, names), *_among(one.before, one.after, names)]
    chosen: list[Sentence] = []
    for sentence in told:
        if len(chosen) < MOST_SENTENCES and not (sentence.people and set(sentence.people) <= _mentioned(chosen)):
            chosen.append(sentence)
    return chosen


def _mentioned(sentences: list[Sentence]) -> set[int]:
    return {row for sentence in sentences for row in sentence.people}


def _told_of_prediction(one: Round) -> Iterator[Sentence]:
    if one.prediction is None:
        return
    dial = one.prediction.dial
    values = {"dial": dial, "did": one.moved(dial), "before": one.dials_before[dial], "after": one.dials_after[dial]}
    yield Sentence("predicted" if one.came_true else "otherwise", values)


def _together(one: Round, happened: Happenings, names: Names) -> Iterator[Sentence]:
    """What the table's cards led to."""
    weeks = range(one.before.week + 1, one.after.week + 1)
    yield from _told_of_ended(one, happened, names)
    begun = [pairing for pairing in happened.pairings if pairing.begun in weeks and _same(pairing, one.after)]
    if begun:
        most = max(begun, key=lambda pairing: (pairing.met, -pairing.begun, -pairing.one))
        values = {"card": most.card, "n": most.met} | _pair(most.one, most.other, names)
        yield Sentence("met", values, (most.one, most.other))
    meetings = [meeting for meeting in happened.meetings if meeting.week in weeks]
    if meetings:
        yield _told_of_meeting(max(meetings, key=lambda one: (len(one.tired), len(one.present), -one.week, -one.school)))
    proposed = sum(week in weeks for week, _, _ in happened.proposed)
    agreed = sum(pairing.begun in weeks for pairing in happened.pairings)
    if agreed < proposed:
        yield Sentence("agreed", {"asked": proposed, "n": agreed})
    if not one.hand:
        yield Sentence("nothing")


def _told_of_ended(one: Round, happened: Happenings, names: Names) -> Iterator[Sentence]:
    """Of those brought together earlier whose agreement ended in this period: whether they still turn to each other."""
    first, last = one.before.week, one.after.week
    ended = [pairing for pairing in happened.pairings if first <= pairing.until < last and _same(pairing, one.after)]
    if not ended:
        return
    lasting = [pairing for pairing in ended if one.after.tied(pairing.one, pairing.other)]
    if lasting:
        most = max(lasting, key=lambda pairing: (pairing.met, -pairing.one))
        period = one.number - 1 - (first - most.begun) // PERIOD
        yield Sentence("lasted", {"card": most.card, "period": period} | _pair(most.one, most.other, names), (most.one, most.other))
    if len(ended) > 1:
        yield Sentence("of_ended", {"ended": len(ended), "n": len(lasting)})


def _told_of_meeting(meeting: Meeting) -> Sentence:
    values = {
        "card": meeting.card, "school": school_name(meeting.school), "invited": len(meeting.invited),
        "present": len(meeting.present), "n": len(meeting.tired),
    }  # fmt: skip
    return Sentence("meeting_tired" if meeting.tired else "meeting", values)


def _same(pairing: Pairing, after: Snapshot) -> bool:
    return (int(after.spell[pairing.one]), int(after.spell[pairing.other])) == pairing.spells


def _pair(one: int, other: int, names: Names) -> dict[str, object]:
    return {"one": names.person(one), "other": names.person(other)}


# --- what people did by themselves ------------------------------------------------------------------------------------


def _among(before: Snapshot, after: Snapshot, names: Names) -> Iterator[Sentence]:
    """What people did without anybody asking."""
    yield from _told_of_finding(before, after, names)
    row = int(np.argmax(after.asked))
    values = {"n": int(after.asked[row]), "name": names.person(row), "role": names.role(row), "school": names.school(row)}
    yield Sentence("busiest_full" if after.load[row] > FULL_WEEK else "busiest", values, (row,))
    yield from _told_of_losing(before, after, names)
    if len(alone := after.alone()):
        yield Sentence("alone", {"n": len(alone)})
    elif len(before.alone()):
        yield Sentence("nobody_alone")


def _told_of_finding(before: Snapshot, after: Snapshot, names: Names) -> Iterator[Sentence]:
    """Two people who found each other by their own choice: of different schools if there are any."""
    fresh = [
        (pair, tie.strength)
        for pair, tie in after.ties.items()
        if tie.born > before.week and tie.origin == Origin.CHOSEN and not tie.held and not before.tied(*pair)
    ]
    if not fresh:
        return
    across = [one for one in fresh if names.school(one[0][0]) != names.school(one[0][1])]
    (one, other), _ = max(across or fresh, key=lambda one: (one[1], -one[0][0], -one[0][1]))
    schools = {"school": names.school(one), "other_school": names.school(other)}
    yield Sentence("found_across" if across else "found", _pair(one, other, names) | schools, (one, other))


def _told_of_losing(before: Snapshot, after: Snapshot, names: Names) -> Iterator[Sentence]:
    """Two people who had a strong tie and do not turn to each other any more, though both are still there."""
    lost = [
        (pair, tie.strength)
        for pair, tie in before.ties.items()
        if tie.strength >= STRONG and not after.tied(*pair) and all(before.spell[row] == after.spell[row] for row in pair)
    ]
    if lost:
        (one, other), _ = max(lost, key=lambda one: (one[1], -one[0][0], -one[0][1]))
        yield Sentence("lost", _pair(one, other, names), (one, other))


# --- after the year without a leader ----------------------------------------------------------------------------------


def look_back_at_year(game: Game) -> list[Sentence]:
    """What became of it when nobody led any more: what stayed, what came, who left, who is busiest."""
    before, after = game.before, game.snapshot
    names = Names(game.world.region, after)
    was, now = before.strong(), after.strong()
    gone = np.flatnonzero(before.spell != after.spell)
    kept = {pair for pair in was & now if not any(row in gone for row in pair)}
    told = [Sentence("kept", {"before": len(was), "n": len(kept)}), Sentence("came", {"n": len(now - kept)})]
    told += list(_told_of_all_pairings(game, after))
    if len(gone):
        told.append(Sentence("left", {"n": len(gone)}))
    return [*told, *_among(before, after, names)][: MOST_SENTENCES + 2]


def _told_of_all_pairings(game: Game, after: Snapshot) -> Iterator[Sentence]:
    """Of everybody whom the table brought together and who is still there: how many turn to each other now."""
    there = {(pairing.one, pairing.other) for pairing in game.happenings.pairings if _same(pairing, after)}
    if there:
        yield Sentence("of_all", {"brought": len(there), "n": sum(after.tied(*pair) for pair in there)})


# --- before the first period ------------------------------------------------------------------------------------------


def messages(game: Game) -> list[Sentence]:
    """Two things that people could say of themselves before the first period."""
    snapshot = game.snapshot
    names = Names(game.world.region, snapshot)
    teachers = game.world.region.role == Role.TEACHER
    told = []
    alone = [int(row) for row in snapshot.alone() if teachers[row] and snapshot.asked[row] == 0]
    if alone:
        told.append(_message("message_alone", alone[0], names))
    busy = int(np.argmax(np.where(snapshot.load > FULL_WEEK, snapshot.asked, -1)))
    if snapshot.load[busy] > FULL_WEEK:
        told.append(_message("message_busy", busy, names))
    keen = int(np.argmax(np.where(teachers, snapshot.energy, 0)))
    told.append(_message("message_keen", keen, names))
    return told[:2]


def _message(kind: str, row: int, names: Names) -> Sentence:
    return Sentence(kind, {"name": names.person(row), "role": names.role(row), "school": names.school(row)}, (row,))
