"""Patterns of the literature in words, and as one figure."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Mapping
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.page import EDGE, INK, INK_2, PAPER, RULE
from experiments.texts import Texts

Summary = Mapping[str, Any]
MARKS: Mapping[str, tuple[str, str]] = {"emerges": ("o", INK), "put_in": ("o", PAPER), "not_shown": ("x", INK), "cannot": ("_", INK_2)}
"""How a part is drawn: shapes, since no colour may judge."""
_WIDE = 110
YEARS = (1, 2, 3)


def tell_patterns(summary: Summary, words: Texts) -> list[str]:
    """How many of each sort, every pattern with its parts, and the numbers beside the literature."""
    counts = Counter(one["sort"] for one in summary["patterns"])
    places = {name: counts[name] for name in MARKS}
    setup = {name: summary[name] for name in ("worlds", "people", "schools", "runs", "seed")}
    of_parts = Counter(part["sort"] for one in summary["patterns"] for part in one["parts"])
    parts = {"total": of_parts.total(), **{name: of_parts[name] for name in MARKS}}
    lines = [words("patterns.counts", total=len(summary["patterns"]), **places) + " " + words("patterns.counts_parts", **parts)]
    lines += [words("patterns.setup", settings=len(summary["settings"]), **setup), words("patterns.rule")]
    lines += [_pattern(one, words) for one in summary["patterns"]]
    lines += [words("patterns.compared_head"), "\n".join("- " + _compared(one, words) for one in summary["compared"])]
    return [*lines, _unknown(summary, words), words("studies.patterns.command")]


def tell_in_short(summary: Summary, words: Texts) -> list[str]:
    """The same for a screen, without how to read it again."""
    told = [line.replace("**", "") for line in tell_patterns(summary, words)[:-1]]
    return [words("studies.patterns.question"), *told, words("patterns.json_hint")]


def _pattern(one: Mapping[str, Any], words: Texts) -> str:
    name = one["pattern"]
    head = words(
        "patterns.head", pattern=name, title=words(f"patterns.titles.{name}"), sort=words(f"patterns.sorts.{one['sort']}")
    )  # fmt: skip
    parts = "\n".join("- " + _part(part, words) for part in one["parts"])
    source = words("patterns.source", source=words(f"patterns.sources.{name}"))
    return "\n\n".join([f"**{head}**", parts, f"{words(f'patterns.why.{name}')} {source}."])


def _part(part: Mapping[str, Any], words: Texts) -> str:
    places = {"part": words(f"patterns.parts.{part['part']}"), "sort": words(f"patterns.sorts.{part['sort']}")}
    text = words("patterns.line", found=_value(part["found"], words), rule=_rule(part, words), **places)
    if part["without"] is None:
        return text
    terms = words(f"patterns.terms.{part['terms']}")
    return f"{text}; {words('patterns.without', terms=terms, found=_value(part['without'], words))}"


def _value(found: Mapping[str, Any] | None, words: Texts) -> str:
    if found is None or found["mean"] is None:
        return words("patterns.none")
    digits = 3 if abs(found["mean"]) < 0.1 else 2 if abs(found["mean"]) < 10 else 0
    places = {name: words.number(found[name], digits) for name in ("mean", "low", "high") if found[name] is not None}
    return words("patterns.value", **places) if len(places) == len(("mean", "low", "high")) else words("patterns.value_open", **places)


def _rule(part: Mapping[str, Any], words: Texts) -> str:
    low, high = part["low"], part["high"]
    places = {name: words.number(part[name], 2) for name in ("low", "high") if part[name] is not None}
    if low is None and high is None:
        return words("patterns.none")
    name = "between" if low is not None and high is not None else "above" if high is None else "below"
    return words(f"patterns.{name}", **places)


def _compared(one: Mapping[str, Any], words: Texts) -> str:
    values = []
    for setting, found in one["settings"].items():
        text_id = "compared_band" if setting == "calibrated" and found.get("band_low") is not None else "compared_value"
        numbers = {"mean": found["mean"], "low": found.get("band_low"), "high": found.get("band_high")}
        places = {name: words.number(float("nan") if value is None else value, 2) for name, value in numbers.items()}
        values.append(words(f"patterns.{text_id}", setting=words(f"patterns.settings.{setting}"), **places))
    literature = ""
    if one["low"] is not None:
        text_id = "literature" if one["high"] > one["low"] else "literature_one"
        literature = words(f"patterns.{text_id}", low=words.number(one["low"], 2), high=words.number(one["high"], 2))
    return words("patterns.compared", number=words(f"patterns.numbers.{one['number']}"), values="; ".join(values), literature=literature)


def _unknown(summary: Summary, words: Texts) -> str:
    by = {one["number"]: one["settings"] for one in summary["compared"]}
    numbers = {name: by["kept_1"][name]["mean"] for name in ("slow", "defaults", "fast")}
    numbers |= {name: by["transitivity"][name]["mean"] for name in ("by_settings", "by_closure")}
    numbers |= {name: by["transitivity"]["calibrated"][f"band_{name}"] for name in ("low", "high")}
    return words("patterns.unknown", **{name: words.number(value, 2) for name, value in numbers.items()})


# --- figure -----------------------------------------------------------------------------------------------------------


def draw_patterns(summary: Summary, words: Texts) -> Figure:
    """Left every part of every pattern with the mark of its sort; right how long strong ties last, against what is thought plausible."""
    figure = Figure(figsize=(16, 13), facecolor=PAPER, layout="constrained")
    figure.suptitle(words("studies.patterns.title"), color=INK, fontsize=15, x=0.01, ha="left")
    left, right = figure.subplots(1, 2, width_ratios=(2.1, 1))
    _draw_parts(left, summary, words)
    _draw_survival(right, summary, words)
    for axes in (left, right):
        axes.set_facecolor(PAPER)
        axes.tick_params(colors=INK_2, labelsize=9)
        axes.spines[["top", "right"]].set_visible(False)
    return figure


def _draw_parts(axes: Axes, summary: Summary, words: Texts) -> None:
    y = 0.0
    for one in summary["patterns"]:
        axes.text(0, -y, _title(one, words), fontsize=9, color=INK, va="center", weight="bold")
        for part in one["parts"]:
            y += 1
            _mark(axes, 0.012, -y, part["sort"])
            axes.text(0.035, -y, _short(part, words), fontsize=8, color=INK_2, va="center")
        y += 1.35
    for at, name in enumerate(MARKS):
        _mark(axes, 0.012 + 0.25 * at, -y - 0.6, name)
        axes.text(0.03 + 0.25 * at, -y - 0.6, words(f"patterns.sorts.{name}"), fontsize=9, color=INK, va="center")
    axes.set_xlim(-0.005, 1)
    axes.set_ylim(-y - 1.4, 0.8)
    axes.set_axis_off()


def _title(one: Mapping[str, Any], words: Texts) -> str:
    name = one["pattern"]
    return f"{name}  {textwrap.shorten(words(f'patterns.titles.{name}'), 125, placeholder='…')}"


def _short(part: Mapping[str, Any], words: Texts) -> str:
    name = textwrap.shorten(words(f"patterns.parts.{part['part']}"), _WIDE, placeholder="…")
    return f"{name}: {_value(part['found'], words)}"


def _mark(axes: Axes, x: float, y: float, sort: str) -> None:
    marker, fill = MARKS[sort]
    axes.plot([x], [y], marker, color=INK, markerfacecolor=fill, markersize=7, markeredgewidth=1.6, clip_on=False)


def _draw_survival(axes: Axes, summary: Summary, words: Texts) -> None:
    by = {one["number"]: one for one in summary["compared"]}
    low, high = by["kept_1"]["low"], by["kept_1"]["high"]
    axes.plot([1, 1], [low, high], color=RULE, linewidth=16, solid_capstyle="butt", zorder=0, label=words("patterns.plausible"))
    sample = [by[f"kept_{year}"]["settings"]["calibrated"] for year in YEARS]
    axes.fill_between(YEARS, [one["band_low"] for one in sample], [one["band_high"] for one in sample], color=EDGE, alpha=0.25,
                      label=words("patterns.band"))  # fmt: skip
    for setting, style in (("slow", "--"), ("defaults", "-"), ("fast", ":")):
        course = [1.0, *(by[f"kept_{year}"]["settings"][setting]["mean"] for year in YEARS)]
        axes.plot((0, *YEARS), course, style, color=INK, linewidth=2, label=words(f"patterns.settings.{setting}").replace("`", ""))
    axes.set_ylim(0, 1.02)
    axes.set_xticks((0, *YEARS))
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1], [words.number(at, 2) for at in (0, 0.25, 0.5, 0.75, 1)])
    axes.set_xlabel(words("patterns.axis_years"), color=INK_2)
    axes.set_ylabel(words("patterns.axis_kept"), color=INK_2)
    axes.legend(frameon=False, fontsize=9, loc="upper right")
