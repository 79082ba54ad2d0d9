"""What every study leaves behind: summary, table, figure, and a README with question, answer and command, in two languages."""

from __future__ import annotations

import csv
import io
import textwrap
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, ScalarFormatter

from experiments.compare import OUTCOMES
from experiments.page import INK, INK_2, PAPER, RULE, looks, save
from experiments.provenance import write_json, write_whole
from experiments.texts import LANGUAGES, Texts, texts
from experiments.words import capital, policy_name

VISIBLE = 2.6
"""z above which a difference is told as one."""
SHOWN_PUSH = 40
"""Weeks of the push that is told; the table has them all."""
Summary = Mapping[str, Any]
Draw = Callable[[Summary, Texts], Figure]
Tell = Callable[[Summary, Texts], list[str]]


# --- numbers to find again --------------------------------------------------------------------------------------------


def check(found: Mapping[str, float]) -> dict[str, float]:
    """A paired difference as a number to find again, with its standard error and number of worlds."""
    from scipy.special import stdtrit

    n = int(found["n"])
    reach = float(stdtrit(n - 1, 0.975)) if n > 1 else float("inf")
    return {"value": found["mean"], "se": (found["high"] - found["low"]) / 2 / reach if n > 1 else 1.0, "n": n}


def share_check(count: int, n: int) -> dict[str, float]:
    """A share as a number to find again; its standard error stays above zero where all or none were counted."""
    near = (count + 1) / (n + 2)
    return {"value": count / n, "se": (near * (1 - near) / n) ** 0.5, "n": n}


# --- files ------------------------------------------------------------------------------------------------------------


def leave(summary: Summary, folder: Path, rows: Sequence[Mapping[str, Any]], draw: Draw, tell: Tell) -> None:
    """Write `summary.json`, the table, a figure in each language and `README.md`, each whole or not at all."""
    study = summary["study"]
    write_json(folder / "summary.json", summary)
    write_whole(folder / f"{study}.csv", table(rows).encode())
    for language in LANGUAGES:
        save(draw(summary, texts(language)), folder / f"{study}.{language}.png")
    write_whole(folder / "README.md", readme(summary, tell).encode())


def table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as CSV, numbers to six decimals."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: round(value, 6) if isinstance(value, float) else value for name, value in row.items()} for row in rows)
    return text.getvalue()


def readme(summary: Summary, tell: Tell) -> str:
    """Question, answer, command, number of runs and seconds; then question and answer in Dutch."""
    en, nl, study = texts("en"), texts("nl"), summary["study"]
    parts = [f"# {en(f'studies.{study}.title')}", en(f"studies.{study}.question"), *tell(summary, en)]
    parts += [f"![{en(f'studies.{study}.title')}]({study}.en.png)"]
    parts += [en("studies.made", study=study, runs=summary["runs"], seconds=summary["seconds"], module=study.replace("-", "_"))]
    parts += [f"## {nl(f'studies.{study}.title')}", nl(f"studies.{study}.question"), *tell(summary, nl)]
    return "\n\n".join([*parts, f"![{nl(f'studies.{study}.title')}]({study}.nl.png)"]) + "\n"


# --- corners ----------------------------------------------------------------------------------------------------------


def tell_corners(summary: Summary, words: Texts) -> list[str]:
    """How often each way leaves most, and whether each can be best."""
    shares, defaults = summary["shares"], summary["defaults"]
    lines = [words("studies.corners.setup", settings=shares["settings"], seeds=shares["seeds"], clear=shares["clear"])]
    lines.append("\n".join(
        "- " + words("studies.corners.share", policy=capital(policy_name(way, words)), wins=wins, clear=shares["clear_wins"][way])
        for way, wins in shares["wins"].items()
    ))  # fmt: skip
    lines.append(words("studies.corners.search", fresh=summary["fresh"]))
    lines.append("\n".join("- " + _corner(way, corner, words) for way, corner in summary["corners"].items()))
    gaps = [abs(gain["mean"]) for gain in defaults["short_minus_long"].values()]
    most, zero = words.number(max(gaps), 2), all(gain["low"] <= 0 <= gain["high"] for gain in defaults["short_minus_long"].values())
    text_id = "studies.corners.growth" if zero else "studies.corners.growth_matters"
    return [*lines, words(text_id, weeks=summary["grow_weeks"], worlds=defaults["worlds"], most=most)]


def _corner(way: str, corner: Mapping[str, Any], words: Texts) -> str:
    margin, confirmed = corner["margin"], corner["confirmed"]
    text_id = "confirmed" if confirmed else "unconfirmed" if margin["mean"] > 0 else "nowhere"
    return words(
        f"studies.corners.{text_id}", policy=capital(policy_name(way, words)), second=policy_name(corner["second"], words),
        margin=words.signed(margin["mean"], 2), low=words.number(margin["low"], 2), high=words.number(margin["high"], 2),
    )  # fmt: skip


def draw_corners(summary: Summary, words: Texts) -> Figure:
    """Left the share of settings each way wins, right how far it is ahead in the corner found for it."""
    ways, shares = list(summary["corners"]), summary["shares"]
    figure, (left, right) = open_sheet(words(f"studies.{summary['study']}.title"), words, 2)
    look = looks(ways)
    for at, way in enumerate(ways):
        y, margin = len(ways) - at, summary["corners"][way]["margin"]
        left.barh(y, shares["wins"][way], color=look[way].colour, alpha=0.35, height=0.6)
        left.barh(y, shares["clear_wins"][way], color=look[way].colour, height=0.6)
        right.plot([margin["low"], margin["high"]], [y, y], color=look[way].colour, linewidth=3)
        right.plot([margin["mean"]], [y], marker="o", markersize=9, color=look[way].colour)
    for axes in (left, right):
        axes.set_ylim(0.4, len(ways) + 0.6)
        axes.xaxis.label.set_fontsize(8)
        axes.set_yticks(range(len(ways), 0, -1), [capital(policy_name(way, words)) for way in ways] if axes is left else [""] * len(ways))
    right.axvline(0, color=INK_2, linewidth=1)
    left.set_xlabel(words("studies.corners.axis_share", settings=shares["settings"]))
    right.set_xlabel(words("studies.corners.axis_margin", fresh=summary["fresh"]))
    return figure


# --- critical mass ----------------------------------------------------------------------------------------------------


def tell_memory(summary: Summary, words: Texts) -> list[str]:
    """For each setting: one state or two, and how long a push is remembered."""
    lines = []
    for name, state in summary["states"].items():
        text_id = "two_states" if state["two_states"] else "slow" if state["z"] > VISIBLE else "one_state"
        lines.append("- " + words(
            f"studies.critical-mass.{text_id}", setting=capital(words(f"studies.critical-mass.settings.{name}")),
            empty=words.number(state["empty"], 2), dense=words.number(state["dense"], 2), z=words.number(state["z"], 1),
        ))  # fmt: skip
    told = [_memory(one, words) for one in summary["pushes"] if one["weeks"] == SHOWN_PUSH]
    return ["\n".join(lines), words("studies.critical-mass.pushes", after=summary["after"], before=summary["before"]), "\n".join(told)]


def _memory(one: Mapping[str, Any], words: Texts) -> str:
    half, end = one["half_life"], one["gain_at_end"]
    return "- " + words(
        "studies.critical-mass.memory" if half is not None else "studies.critical-mass.memory_beyond",
        setting=capital(words(f"studies.critical-mass.settings.{one['setting']}")), policy=policy_name(one["push"], words),
        weeks=one["weeks"], gain=words.signed(one["gain_at_stop"], 2), half=words.number(half or 0), left=words.signed(end["mean"], 2),
        low=words.number(end["low"], 2), high=words.number(end["high"], 2),
    )  # fmt: skip


def draw_memory(summary: Summary, words: Texts) -> Figure:
    """Above the course of an empty and a dense start in each setting, below what is left of the longest nurtured push."""
    names = list(summary["states"])
    figure, axes = open_sheet(words("studies.critical-mass.title"), words, len(names), 2)
    for at, name in enumerate(names):
        top, bottom = axes[at], axes[at + len(names)]
        top.set_title(textwrap.fill(words(f"studies.critical-mass.settings.{name}"), 34), fontsize=8, color=INK)
        for start, style in (("empty", "--"), ("dense", "-")):
            course = summary["states"][name]["courses"][start]
            top.plot(range(10, 10 * len(course) + 1, 10), course, style, color=INK, label=words(f"studies.critical-mass.{start}"))
        for one in (one for one in summary["pushes"] if one["setting"] == name and one["push"] == "nurtured"):
            weeks = range(0, 10 * len(one["course"]), 10)
            bottom.plot(weeks, one["course"], color=INK, linewidth=0.6 + one["weeks"] / 40)
        top.set_ylim(bottom=0)
        bottom.axhline(0, color=INK_2, linewidth=0.8)
    axes[0].legend(frameon=False, fontsize=8)
    axes[0].set_ylabel(words("studies.critical-mass.axis_strong"))
    axes[len(names)].set_ylabel(words("studies.critical-mass.axis_gain"))
    return figure


# --- exploits ---------------------------------------------------------------------------------------------------------


def play_name(play: str, words: Texts) -> str:
    """What a play is called."""
    return words(f"studies.exploits.plays.{play}")


def tell_exploits(summary: Summary, words: Texts) -> list[str]:
    """Whether one play leads on all five dials, which leads on each, and which no other beats."""
    name = summary["dominates"]
    verdict = words("studies.exploits.dominates", play=play_name(name, words)) if name else words("studies.exploits.none")
    firsts = "\n".join(
        "- " + words("studies.exploits.first", outcome=words(f"outcomes.{outcome}.name"), play=play_name(play, words))
        for outcome, play in summary["first"].items()
    )
    beaten = words("studies.exploits.undominated", plays=", ".join(play_name(play, words) for play in summary["undominated"]))
    return [words("studies.exploits.setup", worlds=summary["worlds"]) + " " + verdict, firsts, beaten]


def draw_dials(summary: Summary, words: Texts) -> Figure:
    """Every play on every dial, against nobody leading, with 95 % intervals."""
    plays = [play for play in summary["levels"] if play != "nobody_leads"]
    figure, axes = open_sheet(words("studies.exploits.title"), words, len(OUTCOMES), height=8)
    for outcome, panel in zip(OUTCOMES, axes, strict=True):
        for at, play in enumerate(plays):
            gain = summary["gains"][play][outcome]
            panel.plot([gain["low"], gain["high"]], [-at, -at], color=INK_2, linewidth=1.5)
            panel.plot([gain["mean"]], [-at], marker="o", markersize=4, color=INK)
        panel.axvline(0, color=RULE, linewidth=1)
        panel.set_title(words(f"outcomes.{outcome}.name"), fontsize=8, color=INK, wrap=True)
        panel.xaxis.set_major_locator(MaxNLocator(4))
        panel.set_yticks(range(0, -len(plays), -1), [play_name(play, words) for play in plays] if panel is axes[0] else [""] * len(plays))
    return figure


class _Ticks(ScalarFormatter):
    """Numbers along an axis as they are written in a language."""

    def __init__(self, words: Texts) -> None:
        super().__init__()
        self._comma = words.number(0.5, 1)[1]

    def __call__(self, x: float, pos: int | None = None) -> str:
        return super().__call__(x, pos).replace(".", self._comma)


def open_sheet(title: str, words: Texts, columns: int, rows: int = 1, height: float = 4.5) -> tuple[Figure, Sequence[Axes]]:
    """An empty page with panels in the colours of all figures."""
    figure = Figure(figsize=(13, height * (1.4 if rows > 1 else 1)), facecolor=PAPER, layout="constrained")
    figure.suptitle(title, color=INK, fontsize=14, x=0.01, ha="left")
    panels = figure.subplots(rows, columns, squeeze=False).ravel()
    for panel in panels:
        panel.set_facecolor(PAPER)
        panel.tick_params(colors=INK_2, labelsize=8)
        panel.xaxis.set_major_formatter(_Ticks(words))
        panel.yaxis.set_major_formatter(_Ticks(words))
        panel.spines[["top", "right"]].set_visible(False)
    return figure, list(panels)
