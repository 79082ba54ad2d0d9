"""Corners: can each way of leading leave the most lasting ties, and how often does it?

Random settings over the sweep ranges tell how often; for each way of leading the most promising settings are then searched
further, and what was found is confirmed on worlds that the search never saw. Run it with
``python -m experiments.studies.corners``; it goes on where it stopped.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.compare import paired_difference
from experiments.executors import workers_at_hand
from experiments.runs import draw_uncertain
from experiments.studies.answers import check, draw_corners, leave, share_check, tell_corners
from experiments.trials import Trial, lead_and_leave, run_missing, seconds_of
from model.parameters import SPECS, contested

Setting = tuple[tuple[str, float], ...]
WAYS = ("on_its_own", "strong_pull", "smart_pull", "nurtured")
REASONED = {
    "on_its_own": {
        "crowding": 0.4, "legitimacy": 0.0, "internalisation": -0.2, "wait_signal": 0.1, "goal_effect": -0.15, "pulled_decay_mult": 2.0,
        "accept_base": -1.0, "compliance": 0.5, "price_connect": 2.0, "price_meet": 2.0, "own_hours": 2.25, "spill": 1.0,
        "team_hours": 16.0, "p_meet_outside": 0.05, "meeting_chances": 0.35, "meeting_split": 1.0,
    },
    "strong_pull": {
        "crowding": -0.4, "legitimacy": 0.0, "internalisation": 0.0, "wait_signal": 0.1, "goal_effect": -0.15, "match_quality": 0.0,
        "accept_base": -1.0, "price_look": 2.0, "own_hours": 2.25, "spill": 0.0, "team_hours": 6.0, "p_meet_outside": 0.001,
        "overload_slope": 0.0,
    },
    "smart_pull": {
        "crowding": 0.4, "legitimacy": 1.0, "internalisation": 0.2, "wait_signal": -0.1, "goal_effect": 0.15, "match_quality": 1.0,
        "accept_base": -1.0, "compliance": 1.0, "price_look": 0.5, "price_meet": 0.5, "spill": 0.0, "team_hours": 16.0,
        "p_meet_outside": 0.001, "meeting_chances": 1.4, "meeting_split": 0.0,
    },
    "nurtured": {
        "crowding": 0.4, "legitimacy": 0.0, "internalisation": -0.2, "wait_signal": 0.1, "goal_effect": 0.15, "match_quality": 1.0,
        "pulled_decay_mult": 2.0, "accept_base": 1.5, "compliance": 1.0, "leader_knowledge": 1.0, "price_look": 0.5, "price_connect": 0.5,
        "spill": 1.0, "p_meet_outside": 0.001, "meeting_chances": 0.35, "meeting_split": 1.0,
    },
}  # fmt: skip
"""For each way a setting where reason says that it should lead, searched beside those that chance found; what is not named is at its
default. Own growth: having to and being asked cost energy, few accept, time is one's own. Strong pull: control gives energy, a shared
goal takes it, looking is dear and shows nothing. Smart pull: what is compulsory is justified, good and cheap, and looking pays. Nurtured:
looking and connecting are cheap and show much, people accept and keep to it, having to costs energy."""
SEARCH, REFINE, CONFIRM, CHECK = 1, 2, 3, 4
"""Seeds: what confirms was never searched."""
CLEAR = 2.5
"""Standard errors from which a setting is called clear."""
BEYOND = 0.1
"""Ties per teacher beyond which the interval of a margin must lie to confirm a corner."""


@dataclass(frozen=True)
class Corners:
    """How thorough the search is.

    Attributes:
        settings, seeds: random settings, and worlds of each.
        starts: random settings from which each corner is searched further, beside the one that reason names; rounds, steps: rounds of that
            search, and tries in each.
        worlds: worlds of each try; fresh: worlds that confirm; check: worlds that check that shorter growth makes no difference.
    """

    settings: int = 240
    seeds: int = 3
    starts: int = 2
    rounds: int = 4
    steps: int = 6
    worlds: int = 3
    fresh: int = 100
    check: int = 15
    grow_weeks: int = 160


QUESTION = Corners()


@dataclass
class Search:
    """One search, with the folder that keeps its runs."""

    corners: Corners
    folder: Path
    workers: int
    rows: list[dict[str, Any]] = field(default_factory=list)

    def lasting(
        self, settings: Sequence[Setting], seed: int, worlds: Sequence[Sequence[int]], grow: int | None = None
    ) -> NDArray[np.float64]:
        """Lasting ties one year later, (settings, worlds, ways)."""
        trials = [
            Trial(WAYS, replicate, seed, setting, grow_weeks=grow or self.corners.grow_weeks)
            for setting, numbers in zip(settings, worlds, strict=True)
            for replicate in numbers
        ]
        rows = run_missing(trials, lead_and_leave, self.folder, self.workers)
        self.rows += rows
        found = np.array([[row[f"lasting_after:{way}"] for way in WAYS] for row in rows])
        return found.reshape(len(settings), -1, len(WAYS))

    def refine(self, starts: Sequence[Sequence[Setting]]) -> list[tuple[Setting, float]]:
        """For each way, the setting near its `starts` where it is most ahead, and by how much on the worlds of the search."""
        best = [(near[0], -math.inf) for near in starts]
        tries, chance = [list(near) for near in starts], [np.random.default_rng([REFINE, way]) for way in range(len(WAYS))]
        for reach in (*np.linspace(0.25, 0.1, self.corners.rounds), 0.0):
            lasting = iter(
                self.lasting([one for near in tries for one in near], REFINE, [range(self.corners.worlds)] * sum(map(len, tries)))
            )
            for way, near in enumerate(tries):
                for setting in near:
                    ahead = float(margins(next(lasting)[None], way)[0])
                    best[way] = max(best[way], (setting, ahead), key=lambda one: one[1])
            tries = [[nudge(best[way][0], chance[way], float(reach)) for _ in range(self.corners.steps)] for way in range(len(WAYS))]
        return best


def draw_setting(number: int) -> Setting:
    """Random setting of this number: every contested parameter from its sweep range."""
    return tuple(sorted(draw_uncertain(SEARCH, number).items()))


def complete(setting: Mapping[str, float]) -> Setting:
    """A value for every contested parameter: what is not named is at its default."""
    return tuple(sorted(({spec.name: spec.default for spec in contested()} | dict(setting)).items()))


def nudge(setting: Setting, chance: np.random.Generator, reach: float) -> Setting:
    """A setting nearby: each parameter moved by about `reach` of its sweep range, inside that range."""
    moved = {name: float(np.clip(_share(name, value) + chance.normal(0, reach), 0, 1)) for name, value in setting}
    return tuple((name, SPECS[name].at(share)) for name, share in moved.items())


def _share(name: str, value: float) -> float:
    spec = SPECS[name]
    low, high = spec.sweep
    return math.log(value / low) / math.log(high / low) if spec.log else (value - low) / (high - low)


def margins(lasting: NDArray[np.float64], way: int) -> NDArray[np.float64]:
    """How far `way` is ahead of the best other way in each setting."""
    means = lasting.mean(axis=1)
    return np.asarray(means[:, way] - np.delete(means, way, axis=1).max(axis=1))


def count_wins(lasting: NDArray[np.float64]) -> dict[str, Any]:
    """In how many settings each way leaves most, and of how many clear ones.

    A setting is clear where the first leads the second by `CLEAR` standard errors; with few worlds a setting, the spread between
    worlds is taken from all settings together.
    """
    means = lasting.mean(axis=1)
    order = np.argsort(means, axis=1)
    first, second, each = order[:, -1], order[:, -2], np.arange(len(means))
    difference = lasting[each, :, first] - lasting[each, :, second]
    error = math.sqrt(float(difference.var(axis=1, ddof=1).mean()) / lasting.shape[1]) if lasting.shape[1] > 1 else math.inf
    clear = difference.mean(axis=1) > CLEAR * error
    return {
        "settings": len(means), "seeds": lasting.shape[1], "clear": int(clear.sum()), "error": error if math.isfinite(error) else None,
        "wins": {way: int((first == at).sum()) for at, way in enumerate(WAYS)},
        "clear_wins": {way: int((clear & (first == at)).sum()) for at, way in enumerate(WAYS)},
        "against_on_its_own": {way: int((means[:, at] > means[:, 0]).sum()) for at, way in enumerate(WAYS) if at},
    }  # fmt: skip


def confirm(lasting: NDArray[np.float64], way: int) -> dict[str, Any]:
    """The margin of `way` over the second on fresh worlds (or over the first, where it is not first itself)."""
    means = lasting.mean(axis=0)
    others = [at for at in range(len(WAYS)) if at != way]
    second = max(others, key=lambda at: means[at])
    margin = paired_difference(lasting[:, way], lasting[:, second])
    return {
        "means": dict(zip(WAYS, means.tolist(), strict=True)), "second": WAYS[second], "margin": margin,
        "confirmed": margin["low"] > BEYOND,
    }  # fmt: skip


def search(corners: Corners, folder: Path, workers: int) -> dict[str, Any]:
    """Settings at random, the search for each corner, and what fresh worlds say of it."""
    at_work = Search(corners, folder, workers)
    settings = [draw_setting(number) for number in range(corners.settings)]
    numbers = [range(at * corners.seeds, (at + 1) * corners.seeds) for at in range(corners.settings)]
    lasting = at_work.lasting(settings, SEARCH, numbers)
    starts = [[settings[number] for number in np.argsort(-margins(lasting, at))[: corners.starts]] for at in range(len(WAYS))]
    for way, setting in REASONED.items():
        starts[WAYS.index(way)].append(complete(setting))
    refined = at_work.refine(starts)
    fresh = at_work.lasting([setting for setting, _ in refined], CONFIRM, [range(corners.fresh)] * len(WAYS))
    found = {
        way: {"setting": dict(refined[at][0]), "margin_in_search": refined[at][1]} | confirm(fresh[at], at) for at, way in enumerate(WAYS)
    }
    shares, defaults = count_wins(lasting), compare_growth(at_work)
    facts = {"trials": len(at_work.rows), "runs": len(at_work.rows) * len(WAYS), "seconds": seconds_of(at_work.rows)}
    summary = {"study": "corners", "ways": list(WAYS), **vars(corners), **facts, "shares": shares, "corners": found, "defaults": defaults}
    return summary | {"checks": checks(summary)}


def compare_growth(at_work: Search) -> dict[str, Any]:
    """The same worlds at the defaults after short and long growth: levels, and how much further each way is ahead of on_its_own."""
    numbers = [range(at_work.corners.check)]
    short, long = (at_work.lasting([()], CHECK, numbers, grow)[0] for grow in (at_work.corners.grow_weeks, 400))
    gain = {way: paired_difference(short[:, at] - short[:, 0], long[:, at] - long[:, 0]) for at, way in enumerate(WAYS) if at}
    means = {name: dict(zip(WAYS, lasting.mean(axis=0).tolist(), strict=True)) for name, lasting in (("short", short), ("long", long))}
    return {"worlds": at_work.corners.check, "means": means, "short_minus_long": gain}


def checks(summary: dict[str, Any]) -> dict[str, dict[str, float]]:
    """The numbers that somebody who runs the study again should find again, each with its standard error."""
    shares, n = summary["shares"]["wins"], summary["settings"]
    found = {f"share won by {way}": share_check(wins, n) for way, wins in shares.items()}
    for way, corner in summary["corners"].items():
        found[f"margin in the corner of {way}"] = check(corner["margin"])
    return found


def try_again(summary: dict[str, Any], folder: Path, workers: int, quick: bool) -> dict[str, dict[str, float]]:
    """The checks of a summary again: random settings anew, and its corners on fresh worlds; the search is not repeated."""
    few = Corners(settings=3, seeds=1, fresh=3) if quick else Corners(settings=summary["settings"], fresh=summary["fresh"])
    at_work = Search(few, folder, workers)
    settings = [draw_setting(number) for number in range(few.settings)]
    numbers = [range(at * few.seeds, (at + 1) * few.seeds) for at in range(few.settings)]
    again: dict[str, Any] = {"settings": few.settings, "corners": {}}
    again["shares"] = count_wins(at_work.lasting(settings, SEARCH, numbers))
    found = [tuple(sorted(summary["corners"][way]["setting"].items())) for way in WAYS]
    fresh = at_work.lasting(found, CONFIRM, [range(few.fresh)] * len(WAYS))
    again["corners"] = {way: confirm(fresh[at], at) for at, way in enumerate(WAYS)}
    return checks(again)


def columns(summary: dict[str, Any]) -> list[dict[str, Any]]:
    """The table of corners: one row each, with the settings found."""
    rows = []
    for way, corner in summary["corners"].items():
        margin = corner["margin"]
        row = {"corner": way, "confirmed": corner["confirmed"], "second": corner["second"]}
        row |= {"margin": margin["mean"], "low": margin["low"], "high": margin["high"], "worlds": margin["n"]}
        rows.append(row | corner["means"] | {spec.name: corner["setting"][spec.name] for spec in contested()})
    return rows


def answer(corners: Corners = QUESTION, folder: Path = Path("results") / "corners", workers: int | None = None) -> dict[str, Any]:
    """Search, and leave summary, table, figure and README in `folder`."""
    summary = search(corners, folder, workers or workers_at_hand())
    leave(summary, folder, columns(summary), draw_corners, tell_corners)
    return summary


if __name__ == "__main__":
    answer(workers=int(sys.argv[1]) if len(sys.argv) > 1 else None)
