"""Rhythm: at equal hours, does short and often leave more than long and seldom, and what is it that does?

Smart pull differs from strong pull in its rhythm, and in looking, explaining why and setting fewer topics. Here each of the two is
given the rhythm of the other, at the defaults and with one or both of the ways in which rhythm can matter taken out. Run it with
``python -m experiments.studies.rhythm``; it goes on where it stopped.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from experiments.compare import paired_difference
from experiments.executors import workers_at_hand
from experiments.page import INK, INK_2
from experiments.studies.answers import check, leave, open_sheet
from experiments.texts import Texts
from experiments.trials import Trial, lead_and_leave, run_missing, seconds_of
from experiments.words import is_unclear, policy_name

OWN = "on_its_own"
STRONG, STRONG_OFTEN = "strong_pull", "strong_pull+intensity=0.75"
SMART, SMART_SELDOM = "smart_pull", "smart_pull+intensity=0.5"
PAIRS = {
    "strong_often": (STRONG_OFTEN, STRONG), "smart_often": (SMART, SMART_SELDOM), "rest": (SMART, STRONG_OFTEN), "all": (SMART, STRONG),
}  # fmt: skip
"""Differences: what the rhythm does to each of the two, what all else of smart pull does, and both together."""
SETTINGS: Mapping[str, Mapping[str, float]] = {
    "defaults": {},
    "no_competence": {"energy_competence": 0.0},
    "no_fading": {"decay_weak": 0.0, "decay_strong": 0.0},
    "neither": {"energy_competence": 0.0, "decay_weak": 0.0, "decay_strong": 0.0},
}
"""What a week teaches saturates (competence gives energy), and a week with any contact is a week without fading."""


@dataclass(frozen=True)
class Rhythm:
    """How many worlds of each setting; each grows, is led for a year, and left alone for another."""

    worlds: int = 100
    grow_weeks: int = 160
    settings: tuple[str, ...] = tuple(SETTINGS)


QUESTION = Rhythm()


def study_rhythm(study: Rhythm, folder: Path, workers: int) -> dict[str, Any]:
    """Paired differences in lasting ties one year later, in each setting, and hours."""
    ways = (OWN, STRONG, STRONG_OFTEN, SMART, SMART_SELDOM)
    names = [(setting, at) for setting in study.settings for at in range(study.worlds)]
    trials = [Trial(ways, at, 8, tuple(sorted(SETTINGS[setting].items())), grow_weeks=study.grow_weeks) for setting, at in names]
    rows = run_missing(trials, lead_and_leave, folder, workers)
    found: dict[str, Any] = {}
    for setting in study.settings:
        mine = [row for (name, _), row in zip(names, rows, strict=True) if name == setting]
        lasting, *hours = (
            {way: np.array([row[f"{what}_after:{way}"] for row in mine]) for way in ways}
            for what in ("lasting", "leader_hours", "teacher_hours")
        )
        found[setting] = {
            "levels": {way: float(values.mean()) for way, values in lasting.items()},
            "hours": {way: {"leader": float(hours[0][way].mean()), "teacher": float(hours[1][way].mean())} for way in ways},
            "differences": {name: paired_difference(lasting[more], lasting[less]) for name, (more, less) in PAIRS.items()},
        }
    facts = {"runs": len(rows) * len(ways), "seconds": seconds_of(rows)}
    summary = {"study": "rhythm", **vars(study), **facts, "found": found}
    checks = {
        f"{name}, {setting}": check(one) for setting, part in found.items() for name, one in part["differences"].items()
    }  # fmt: skip
    return summary | {"settings": list(study.settings), "checks": checks}


def try_again(summary: dict[str, Any], folder: Path, workers: int, quick: bool) -> dict[str, dict[str, float]]:
    """The checks of a summary again; quickly: four worlds at the defaults."""
    few = Rhythm(worlds=4, settings=("defaults",)) if quick else Rhythm(worlds=summary["worlds"], settings=tuple(summary["settings"]))
    return dict(study_rhythm(few, folder, workers)["checks"])


def columns(summary: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The table of differences: a row for every setting and pair."""
    return [
        {"setting": setting, "more": PAIRS[name][0], "less": PAIRS[name][1]} | {what: one[what] for what in ("mean", "low", "high", "n")}
        for setting, part in summary["found"].items()
        for name, one in part["differences"].items()
    ]


def tell_rhythm(summary: Mapping[str, Any], words: Texts) -> list[str]:
    """Every difference in every setting, and the hours at the defaults."""
    lines = [words("studies.rhythm.setup", worlds=summary["worlds"])]
    for setting, part in summary["found"].items():
        told = [f"**{words(f'studies.rhythm.settings.{setting}')}**"]
        for name, one in part["differences"].items():
            values = {what: words.signed(one[what], 2) for what in ("mean", "low", "high")}
            more, less = (policy_name(way, words, "short") for way in PAIRS[name])
            doubt = f" {words('answer.unclear')}" if is_unclear(one) else ""
            told.append("- " + words("studies.rhythm.difference", more=more, less=less, **values) + doubt)
        lines.append("\n".join([told[0], "", *told[1:]]))
    hours = summary["found"]["defaults"]["hours"]
    told_hours = ", ".join(
        words(
            "studies.rhythm.spent", policy=policy_name(way, words, "short"), leader=words.number(spent["leader"]),
            teacher=words.number(spent["teacher"]),
        )
        for way, spent in hours.items()
        if spent["leader"] > 0
    )  # fmt: skip
    return [*lines, words("studies.rhythm.hours", hours=told_hours)]


def draw_rhythm(summary: Mapping[str, Any], words: Texts) -> Figure:
    """A panel for every setting: each difference with its interval."""
    figure, panels = open_sheet(words("studies.rhythm.title"), words, len(summary["found"]))
    for panel, (setting, part) in zip(panels, summary["found"].items(), strict=True):
        for at, one in enumerate(part["differences"].values()):
            panel.plot([one["low"], one["high"]], [-at, -at], color=INK_2, linewidth=2)
            panel.plot([one["mean"]], [-at], marker="o", markersize=6, color=INK)
        panel.axvline(0, color=INK_2, linewidth=1)
        panel.set_title(words(f"studies.rhythm.settings.{setting}"), fontsize=8, color=INK, wrap=True)
        labels = [words(f"studies.rhythm.pairs.{name}") for name in part["differences"]]
        panel.set_yticks(range(0, -len(labels), -1), labels if panel is panels[0] else [""] * len(labels))
        panel.set_xlim(*_span(summary))
    panels[0].set_xlabel(words("studies.rhythm.axis"), fontsize=8)
    return figure


def _span(summary: Mapping[str, Any]) -> tuple[float, float]:
    ends = [one[end] for part in summary["found"].values() for one in part["differences"].values() for end in ("low", "high")]
    return min(0.0, *ends) - 0.02, max(0.0, *ends) + 0.02


def answer(study: Rhythm = QUESTION, folder: Path = Path("results") / "rhythm", workers: int | None = None) -> dict[str, Any]:
    """Run what is missing, and leave summary, table, figure and README in `folder`."""
    summary = study_rhythm(study, folder, workers or workers_at_hand())
    leave(summary, folder, columns(summary), draw_rhythm, tell_rhythm)
    return summary


if __name__ == "__main__":
    answer(workers=int(sys.argv[1]) if len(sys.argv) > 1 else None)
