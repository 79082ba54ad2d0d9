"""What counts as showing a claim: rules that were written before the claims were put to the test, and that know no claim by name.

A test is a paired difference. It *shows* where its 95 % interval lies on the side that is claimed and its mean is no smaller than what
matters (`SMALL`); it shows the *opposite* likewise; it shows *no difference* where the whole interval is smaller than what matters;
else it is *unclear*. A test of sameness shows where the interval lies within the spread between seeds.

A claim *holds* only where all its tests show at the defaults, in at least four of five worlds across what we do not know, and where no
setting shows the opposite. It *holds when* its tests show somewhere: in a setting, or in the worlds on one side of an unknown. Else it
*does not show*. There is no plain yes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from experiments.compare import Column, paired_difference
from experiments.tipping import NORMAL_95, share_interval
from model.parameters import contested

SMALL: Mapping[str, float] = {
    "lasting": 0.1, "area": 0.1, "strong": 0.1, "lasting_across": 0.05, "mixed_across": 0.05, "energy": 0.01, "energy_low": 0.01,
    "practice": 0.005, "knowledge": 0.005, "absent_gain": 0.005, "nobody": 0.01, "single_point": 0.05, "two_steps_share": 0.02,
}  # fmt: skip
"""The smallest difference that matters, by outcome: one lasting tie per ten teachers, one point of a hundred in energy, half a
point in what is learnt (a year of leading moves it by one to three), one person in a hundred."""
MOST, LEAST_SHARE = 0.8, 0.5
"""Share of worlds from which a claim holds in most, and share that must be exceeded beyond chance on one side of an unknown."""
BEYOND_CHANCE = 2.6
"""A rank correlation counts beyond this over the square root of the number of worlds: one in a hundred by chance."""
FEWEST = 12
"""Worlds on one side of an unknown below which nothing is said of it."""

Runs = Mapping[str, Sequence[Mapping[str, Any]]]
Found = dict[str, Any]


@dataclass(frozen=True)
class Test:
    """A difference that a claim needs.

    Attributes:
        more, less: ways of leading; the claim says that the first has more.
        date: "stop", "after" (one year later), or "during" (halfway through the leading).
        sign: -1 where the claim says that the first has less.
        same: the claim says that the two do not differ by more than seeds do.
    """

    __test__ = False  # not one of pytest's

    more: str
    less: str
    outcome: str
    date: str = "after"
    sign: int = 1
    same: bool = False

    def values(self, rows: Sequence[Mapping[str, Any]], way: str) -> Column:
        """The outcome under one way, (worlds,)."""
        return np.array([row[f"{self.outcome}_{self.date}:{way}"] for row in rows], np.float64)


def weigh(test: Test, runs: Runs) -> Found:
    """The differences of a test: at the defaults, in every setting, and over worlds with what they go with."""
    base = {"more": test.more, "less": test.less, "outcome": test.outcome, "date": test.date, "sign": test.sign, "same": test.same}
    spread = float(test.values(runs["defaults"], test.more).std(ddof=1)) if len(runs["defaults"]) > 1 else 0.0
    margin = spread if test.same else SMALL[test.outcome]
    found = {name: _difference(test, rows, margin) for name, rows in runs.items() if len(rows) > 1}
    return base | {
        "margin": margin, "defaults": found.pop("defaults"), "worlds": found.pop("worlds", None), "settings": found,
        "goes_with": _goes_with(test, runs["worlds"], margin) if len(runs.get("worlds", ())) >= 2 * FEWEST else [],
    }  # fmt: skip


def _difference(test: Test, rows: Sequence[Mapping[str, Any]], margin: float) -> Found:
    more, less = (test.values(rows, way) for way in (test.more, test.less))
    signed = test.sign * (more - less)
    counts = {"for": int((signed > margin).sum()), "against": int((signed < -margin).sum())}
    if test.same:
        counts = {"for": int((np.abs(signed) <= margin).sum()), "against": int((np.abs(signed) > margin).sum())}
    difference = paired_difference(more, less)
    return {**difference, **counts, "shows": shows(difference, margin, test.sign, same=test.same)}


def shows(difference: Mapping[str, float], margin: float, sign: int = 1, *, same: bool = False) -> str:
    """What a paired difference shows: "claimed", "opposite", "none" or "unclear"."""
    low, high = sorted((sign * difference["low"], sign * difference["high"]))
    mean = sign * difference["mean"]
    if same:
        return "claimed" if -margin < low and high < margin else "opposite" if low > margin or high < -margin else "unclear"
    if low > 0 and mean >= margin:
        return "claimed"
    if high < 0 and mean <= -margin:
        return "opposite"
    return "none" if -margin < low and high < margin else "unclear"


def _goes_with(test: Test, rows: Sequence[Mapping[str, Any]], margin: float) -> list[Found]:
    """Unknowns with which the difference goes beyond chance, the strongest first, and the half of the worlds where it shows more often."""
    from scipy.stats import spearmanr

    difference = test.values(rows, test.more) - test.values(rows, test.less)
    claimed = np.abs(difference) <= margin if test.same else test.sign * difference > margin
    measured = -np.abs(difference) if test.same else test.sign * difference
    found: list[Found] = []
    for spec in contested():
        values = np.array([row[f"value:{spec.name}"] for row in rows])
        if np.ptp(values) == 0 or np.ptp(measured) == 0:
            continue
        together = float(spearmanr(values, measured).statistic)
        if abs(together) > BEYOND_CHANCE / np.sqrt(len(rows)):
            cut = float(np.median(values))
            side = values > cut if together > 0 else values < cut
            found.append({
                "parameter": spec.name, "rank_correlation": together, "above": together > 0, "cut": cut,
                "for": int(claimed[side].sum()), "n": int(side.sum()),
            })  # fmt: skip
    return sorted(found, key=lambda one: -abs(float(one["rank_correlation"])))[:3]


def judge(found: Found) -> Found:
    """A weighed test with the sides of unknowns where it shows in more than half of the worlds, beyond chance."""
    sides = [one for one in found["goes_with"] if one["n"] >= FEWEST and _beyond_half(one["for"], one["n"])]
    return found | {"sides": sides}


def _beyond_half(count: int, n: int) -> bool:
    return bool(share_interval(count, n, NORMAL_95)[0] > LEAST_SHARE)


def decide(tests: Sequence[Found], settings: Sequence[str]) -> Found:
    """The verdict from the tests of a claim, and where they all show.

    Returns:
        verdict: "holds", "holds_when" or "does_not_show"; shows_in: settings where every test shows ("defaults" among them);
        against_in: settings where some test shows the opposite.
    """
    places = {"defaults": [test["defaults"] for test in tests]}
    places |= {name: [test["settings"][name] for test in tests if name in test["settings"]] for name in settings}
    shows_in = [name for name, found in places.items() if found and all(one["shows"] == "claimed" for one in found)]
    against_in = [name for name, found in places.items() if any(one["shows"] == "opposite" for one in found)]
    worlds = [test["worlds"] for test in tests]
    in_most = all(one is not None and one["for"] >= MOST * one["n"] for one in worlds)
    somewhere = shows_in or all(test["sides"] or test["defaults"]["shows"] == "claimed" for test in tests)
    verdict = "holds" if "defaults" in shows_in and in_most and not against_in else "holds_when" if somewhere else "does_not_show"
    return {"verdict": verdict, "shows_in": shows_in, "against_in": against_in}
