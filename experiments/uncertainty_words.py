"""The uncertainty budget in words, and as a figure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matplotlib.figure import Figure

from experiments.page import INK, INK_2, RULE
from experiments.studies.answers import open_sheet
from experiments.texts import Texts

Summary = Mapping[str, Any]
PER = 10
"""Ties are told per ten teachers."""


def tell_budget(summary: Summary, words: Texts) -> list[str]:
    """What was varied, how much each source brings to each number, and what is not in it."""
    counts = {name: summary[name] for name in ("blocks", "worlds", "contested", "calibrated", "seed")}
    lines = [words("budget.setup", **counts)]
    for name, found in summary["numbers"].items():
        head = words(
            "budget.head", number=words(f"budget.numbers.{name}"), mean=words.signed(PER * found["mean"], 1),
            sd=words.number(PER * found["variance"] ** 0.5, 1), above=words.number(100 * found["above"]),
        )  # fmt: skip
        lines.append(head + "\n\n" + "\n".join("- " + _source(source, one, words) for source, one in found["sources"].items()))
    return [*lines, _meaning(summary, words), words("budget.not_in_it", left_out=summary["left_out"])]


def _source(source: str, one: Mapping[str, float], words: Texts) -> str:
    numbers = {name: words.number(100 * one[name]) for name in ("share", "low", "high")}
    return words("budget.source", source=words(f"budget.sources.{source}"), sd=words.number(PER * one["sd"], 1), **numbers)


def _meaning(summary: Summary, words: Texts) -> str:
    """What the budget of the headline says: what more runs can do away with, and what they cannot."""
    sources = summary["numbers"]["difference_after"]["sources"]
    first = max(sources, key=lambda source: sources[source]["share"])
    stays = sum(one["share"] for source, one in sources.items() if source != "chance")
    return words("budget.meaning", first=words(f"budget.sources.{first}"), stays=words.number(100 * stays), chance=words.number(
        100 * sources["chance"]["share"]))  # fmt: skip


def draw_budget(summary: Summary, words: Texts) -> Figure:
    """For every number the share of each source, with its 95 % interval."""
    figure, panels = open_sheet(words("studies.uncertainty.title"), words, len(summary["numbers"]), height=4.2)
    for panel, (name, found) in zip(panels, summary["numbers"].items(), strict=True):
        for at, one in enumerate(found["sources"].values()):
            panel.barh(-at, 100 * one["share"], color=RULE, height=0.55)
            panel.plot([100 * one["low"], 100 * one["high"]], [-at, -at], color=INK, linewidth=2)
            panel.plot([100 * one["share"]], [-at], "o", color=INK, markersize=6)
        panel.axvline(0, color=INK_2, linewidth=0.8)
        panel.set_xlim(-25, 105)
        panel.set_title(words(f"budget.short.{name}"), fontsize=9, color=INK, wrap=True)
        names = [words(f"budget.sources.{source}") for source in found["sources"]]
        panel.set_yticks(range(0, -len(names), -1), names if panel is panels[0] else [""] * len(names))
        panel.set_xlabel(words("budget.axis"), fontsize=9, color=INK_2)
    return figure
