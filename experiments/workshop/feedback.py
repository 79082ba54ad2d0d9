"""What happened in a round, in sentences about people: each is true of this run, and none says why more than the run shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from experiments.app.twins import HELD_BIT, STRONG_BIT, Keys
from experiments.texts import Texts
from experiments.workshop.game import LIVE, Moment, Round, came_true
from model.learning_network import LearningNetwork
from model.names import school_name
from model.region import Region
from model.ties import Origin

MOST = 5
_BROUGHT = (int(Origin.INTRODUCED), int(Origin.ASSIGNED), int(Origin.INVITED))


def tell_round(before: Moment, after: Moment, choice: Round | None, region: Region, words: Texts) -> list[str]:
    """Three to five sentences on what came, what went and who carries it, then what became of the guess (none without a choice)."""
    told = [
        *_ties(before, after, words),
        *_found(before, after, region, words),
        *_brought(before, after, words),
        *_left_alone(before, after, words),
    ]
    told += [*_busiest(after, region, words), *_people_left(before, after, words)]
    lines = told[:MOST]
    if choice is not None:
        came = came_true(before, after)
        text_id = "workshop.guess.right" if came == choice.guess else "workshop.guess.wrong"
        lines.append(words(text_id, guess=words(f"workshop.guess.{choice.guess}"), came=words(f"workshop.guess.{came}")))
    return lines


def _ties(before: Moment, after: Moment, words: Texts) -> Iterator[str]:
    """How many strong ties came and went."""
    new, gone = np.setdiff1d(after.seen.strong, before.seen.strong), np.setdiff1d(before.seen.strong, after.seen.strong)
    yield words("workshop.told.ties", new=len(new), gone=len(gone), all=len(after.seen.strong))


def _found(before: Moment, after: Moment, region: Region, words: Texts) -> Iterator[str]:
    """Two people of different schools who found each other by themselves."""
    ties = after.seen.ties
    strong = ties[(ties["bits"] & STRONG_BIT > 0) & (ties["origin"] == int(Origin.CHOSEN))]
    for key in _new(_keys_of(strong), before):
        one, other = int(key >> 16), int(key & 0xFFFF)
        if region.school[one] != region.school[other]:
            names = {"one": after.names[one], "other": after.names[other]}
            yield words("workshop.told.found", **names, here=_school(region, one, words), there=_school(region, other, words))
            return


def _brought(before: Moment, after: Moment, words: Texts) -> Iterator[str]:
    """Two people who were brought together: whether they go on now that nobody holds them to it."""
    ties = after.seen.ties
    loose = ties[np.isin(ties["origin"], _BROUGHT) & (ties["bits"] & HELD_BIT == 0) & (ties["bits"] & STRONG_BIT > 0)]
    earlier = before.seen.ties[before.seen.ties["bits"] & HELD_BIT > 0]
    stayed = np.intersect1d(_keys_of(loose), _keys_of(earlier))
    went = np.setdiff1d(_keys_of(earlier), _keys_of(ties))
    if len(stayed):
        yield words("workshop.told.stayed", **_names(after, int(stayed[0])), number=len(stayed))
    if len(went):
        yield words("workshop.told.went", **_names(before, int(went[0])), number=len(went))


def _left_alone(before: Moment, after: Moment, words: Texts) -> Iterator[str]:
    """Who turns to nobody and is asked by nobody."""
    alone = [row for row, asked in enumerate(after.asked) if asked == 0]
    was = sum(asked == 0 for asked in before.asked)
    if alone:
        yield words("workshop.told.unasked", name=after.names[alone[0]], number=len(alone), was=was)


def _busiest(after: Moment, region: Region, words: Texts) -> Iterator[str]:
    """Who is asked most."""
    row = int(np.argmax(after.asked))
    yield words("workshop.told.busiest", name=after.names[row], school=_school(region, row, words), number=after.asked[row])


def _people_left(before: Moment, after: Moment, words: Texts) -> Iterator[str]:
    """Who left since the moment before, where a school year ended."""
    left = [row for row, (was, now) in enumerate(zip(before.spells, after.spells, strict=True)) if was != now]
    if left:
        yield words("workshop.told.left", name=before.names[left[0]], number=len(left))


def _school(region: Region, row: int, words: Texts) -> str:
    school = int(region.school[row])
    return words("app.office") if region.school_office[school] else school_name(school)


def _names(moment: Moment, key: int) -> dict[str, str]:
    return {"one": moment.names[key >> 16], "other": moment.names[key & 0xFFFF]}


def _keys_of(ties: np.ndarray[tuple[int], np.dtype[np.void]]) -> Keys:
    return np.asarray(ties["a"].astype(np.int64) << 16 | ties["b"])


def _new(keys: Keys, before: Moment) -> Sequence[int]:
    return [int(key) for key in keys if key not in set(before.seen.strong.tolist())]


def messages(moment: Moment, world: LearningNetwork, words: Texts) -> list[str]:
    """Two short messages before a choice: from somebody with little energy, and from somebody who is asked by many."""
    energy = world.world.people.energy
    tired, busy = int(np.argmin(energy)), int(np.argmax(moment.asked))
    asked = {"name": moment.names[busy], "number": moment.asked[busy]}
    return [words("workshop.messages.tired", name=moment.names[tired]), words("workshop.messages.asked", **asked)]


def tell_dials(before: Moment | None, now: Moment, words: Texts) -> list[dict[str, object]]:
    """The three dials, with where they stood before."""
    told = []
    for name in LIVE:
        was = None if before is None else round(before.dials[name])
        told.append({"name": words(f"workshop.dials.{name}"), "value": round(now.dials[name]), "was": was})
    return told
