"""The four dials of pull: which of them does the work, or the harm?

Strong pull with each of its dials (compulsion, intensity, leader centrality, prescription) at its lowest and its highest, in every
combination: sixteen ways of leading with the same moves and the same hours, in the same worlds. An effect is what turning one dial up
does on average over the positions of the others. Run it with ``python -m experiments.studies.four_dials``; it goes on where it stopped.
"""

from __future__ import annotations

import itertools
import sys
import textwrap
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from experiments.compare import Column, Comparison, compare, paired_difference, read_columns
from experiments.executors import workers_at_hand
from experiments.page import INK, INK_2, RULE
from experiments.studies.answers import check, leave, open_sheet
from experiments.texts import Texts
from experiments.words import capital, outcome_name, shown_per
from model.policies.policy import DIALS

BASE = "strong_pull"
LEVELS = (0.0, 1.0)
OUTCOMES = ("lasting", "energy", "nobody", "practice")
DATES = ("stop", "after")
KINDS = ("default", "uncertain")


@dataclass(frozen=True)
class FourDials:
    """How many worlds at the defaults, and across what we do not know."""

    replicates: int = 60
    worlds: int = 60
    seed: int = 11


QUESTION = FourDials()
Position = tuple[float, ...]


def positions() -> list[Position]:
    """Every combination of the dials, in the order of `DIALS`; the last changes fastest."""
    return list(itertools.product(LEVELS, repeat=len(DIALS)))


def way_of(position: Position) -> str:
    """The name of the way of leading with the dials in this position."""
    return "+".join([BASE, *(f"{dial}={value:g}" for dial, value in zip(DIALS, position, strict=True))])


def contrast(columns: Mapping[str, Mapping[str, Column]], dials: Sequence[int], name: str) -> tuple[Column, Column]:
    """Two columns whose difference is the effect of dials together, world by world.

    For one dial: mean over ways with it high, and with it low. For two: mean over ways where both are alike, and where they are not,
    whose difference is half of how much one dial's effect depends on the other.
    """
    high: list[Column] = []
    low: list[Column] = []
    for position in positions():
        sign = np.prod([1 if position[dial] == LEVELS[1] else -1 for dial in dials])
        (high if sign > 0 else low).append(columns[way_of(position)][name])
    return np.mean(high, axis=0), np.mean(low, axis=0)


def study_dials(study: FourDials, folder: Path, workers: int) -> dict[str, Any]:
    """Every effect and every pair's interaction on every outcome, at each date, at the defaults and across worlds."""
    began = time.perf_counter()
    ways = tuple(way_of(position) for position in positions())
    asked = Comparison(
        name="four-dials", policies=ways, pairs=(), equal=ways, replicates=study.replicates, worlds=study.worlds, seed=study.seed
    )  # fmt: skip
    hours = compare(asked, folder, workers)["hours"]
    found = read_columns(asked, folder)
    effects = [effect for kind in KINDS if found[kind] for effect in _effects(kind, found[kind])]  # type: ignore[index]
    facts = {"runs": len(ways) * (study.replicates + study.worlds), "seconds": round(time.perf_counter() - began)}
    checks = {f"{effect['outcome']} {effect['date']}: {' x '.join(effect['dials'])}, {effect['kind']}": check(effect) for effect in effects}
    return {"study": "four-dials", **vars(study), **facts, "hours": hours, "effects": effects, "checks": checks}


def _effects(kind: str, columns: Mapping[str, Mapping[str, Column]]) -> Iterator[dict[str, Any]]:
    if not columns[way_of(positions()[0])]:
        return
    sets = [*((at,) for at in range(len(DIALS))), *itertools.combinations(range(len(DIALS)), 2)]
    for outcome, date, dials in itertools.product(OUTCOMES, DATES, sets):
        more, less = contrast(columns, dials, f"{outcome}_{date}")
        labels = {"kind": kind, "outcome": outcome, "date": date, "dials": [DIALS[dial] for dial in dials]}
        yield labels | paired_difference(more, less)


def _of(summary: Mapping[str, Any], kind: str, outcome: str, date: str, size: int) -> list[Mapping[str, Any]]:
    return [
        one for one in summary["effects"]
        if (one["kind"], one["outcome"], one["date"]) == (kind, outcome, date) and len(one["dials"]) == size
    ]  # fmt: skip


def tell(summary: Mapping[str, Any], words: Texts) -> list[str]:
    """The effect of each dial on the headline, while leading stops and a year later; then what the dials do together."""
    hours = [spent["teacher"] for spent in summary["hours"].values()]
    span = {"low": words.number(min(hours)), "high": words.number(max(hours))}
    lines = [words("studies.four-dials.setup", replicates=summary["replicates"], worlds=summary["worlds"], **span)]
    for kind in KINDS:
        for date in DATES:
            rows = [_tell_effect(one, words) for one in _of(summary, kind, "lasting", date, 1)]
            if rows:
                lines += [words(f"studies.four-dials.head_{kind}_{date}"), "\n".join("- " + row for row in rows)]
    together = [one for one in _of(summary, "default", "lasting", "after", 2) if one["low"] > 0 or one["high"] < 0]
    told = ["- " + _tell_effect(one, words) for one in together]
    lines += [words("studies.four-dials.together" if told else "studies.four-dials.apart"), *(["\n".join(told)] if told else [])]
    intervals = len(summary["effects"])
    outside = sum(one["low"] > 0 or one["high"] < 0 for one in summary["effects"])
    return [*lines, words("studies.four-dials.many", intervals=intervals, outside=outside, expected=round(0.05 * intervals))]


def _tell_effect(one: Mapping[str, Any], words: Texts) -> str:
    per = shown_per(one["outcome"])
    name = words("studies.four-dials.pair", one=_dial(one["dials"][0], words), other=_dial(one["dials"][-1], words))
    figures = {
        "mean": words.signed(one["mean"] * per, 2),
        "low": words.number(one["low"] * per, 2),
        "high": words.number(one["high"] * per, 2),
    }
    unclear = words("studies.four-dials.unclear") if one["low"] <= 0 <= one["high"] else ""
    return capital(
        words("studies.four-dials.effect", name=name if len(one["dials"]) > 1 else _dial(one["dials"][0], words), **figures) + unclear
    )


def _dial(dial: str, words: Texts) -> str:
    return words(f"studies.four-dials.dials.{dial}")


def draw(summary: Mapping[str, Any], words: Texts) -> Figure:
    """A panel an outcome: the effect of each dial at the stop (open) and one year later (filled), with 95 % intervals."""
    figure, axes = open_sheet(words("studies.four-dials.title"), words, len(OUTCOMES), height=4.2)
    for outcome, panel in zip(OUTCOMES, axes, strict=True):
        per = shown_per(outcome)
        for shift, (date, fill) in enumerate((("stop", "#FFFFFF"), ("after", INK))):
            for at, one in enumerate(_of(summary, "default", outcome, date, 1)):
                y = -at - 0.22 * (shift - 0.5)
                panel.plot([one["low"] * per, one["high"] * per], [y, y], color=INK_2, linewidth=1.5)
                label = words(f"studies.four-dials.dates.{date}") if not at else None
                panel.plot([one["mean"] * per], [y], "o", color=fill, markeredgecolor=INK, markersize=6, label=label)
        panel.axvline(0, color=RULE, linewidth=1)
        panel.set_title(textwrap.fill(outcome_name(outcome, words), 34), fontsize=9, color=INK)
        panel.set_yticks(range(0, -len(DIALS), -1), [_dial(dial, words) for dial in DIALS] if panel is axes[0] else [""] * len(DIALS))
    axes[0].legend(frameon=False, fontsize=8, loc="lower left", bbox_to_anchor=(0, -0.32))
    return figure


def rows_of(summary: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The table: one row an effect."""
    kept = ("kind", "outcome", "date", "mean", "low", "high", "n")
    return [{"dials": " x ".join(one["dials"])} | {name: one[name] for name in kept} for one in summary["effects"]]


def try_again(summary: Mapping[str, Any], folder: Path, workers: int, quick: bool) -> dict[str, dict[str, float]]:
    """The checks of a summary again; quickly: four worlds at the defaults."""
    few = FourDials(4, 0, summary["seed"]) if quick else FourDials(summary["replicates"], summary["worlds"], summary["seed"])
    return dict(study_dials(few, folder, workers)["checks"])


def answer(study: FourDials = QUESTION, folder: Path = Path("results") / "four-dials", workers: int | None = None) -> dict[str, Any]:
    """Run what is missing, and leave summary, table, figure and README in `folder`."""
    summary = study_dials(study, folder, workers or workers_at_hand())
    leave(summary, folder, rows_of(summary), draw, tell)
    return summary


if __name__ == "__main__":
    answer(workers=int(sys.argv[1]) if len(sys.argv) > 1 else None)
