"""What calibration and validation leave behind: words, figures and files, in two languages."""

from __future__ import annotations

import textwrap
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.observed import STATISTICS
from experiments.page import EDGE, INK, INK_2, PAPER, RULE, save
from experiments.provenance import write_json, write_whole
from experiments.studies.answers import table
from experiments.texts import LANGUAGES, Texts, texts
from experiments.words import capital

Summary = Mapping[str, Any]
ENOUGH = 0.05
"""p from which a network is not told apart from the simulated ones."""
ACCENT = "#17495C"


# --- calibration ------------------------------------------------------------------------------------------------------


def tell_calibration(summary: Summary, words: Texts) -> list[str]:
    """What was found, how well it fits, and how well what was left out."""
    generations = summary["generations"]
    lines = [words("calibrate.method", runs=summary["runs"], generations=len(generations), kept=summary["population"] // 2)]
    lines += [words("calibrate.parameters"), "\n".join("- " + _parameter(name, one, words) for name, one in summary["parameters"].items())]
    lines += [words("calibrate.fit"), "\n".join("- " + _fit_line(name, one, words) for name, one in summary["fit"].items())]
    lines += [words("calibrate.covered", **summary["covered"]), _folds(summary["folds"], words), words("calibrate.unknown")]
    return lines


def _parameter(name: str, one: Mapping[str, Any], words: Texts) -> str:
    numbers = {
        "centre": one["centre"],
        "low": one["band"][0],
        "high": one["band"][1],
        "prior_low": one["prior"][0],
        "prior_high": one["prior"][1],
    }
    return words("calibrate.parameter", name=name, **{key: words.number(value, 2) for key, value in numbers.items()})


def _fit_line(name: str, one: Mapping[str, Any], words: Texts) -> str:
    statistic, error = words(f"statistics.{name}"), words.signed(one["error"], 1)
    if "observed" not in one:
        return words("calibrate.fit_slope", statistic=statistic, error=error)
    levels = {key: words.number(one[key], 2) for key in ("observed", "simulated")}
    return words("calibrate.fit_line", statistic=statistic, error=error, **levels)


def _folds(folds: Sequence[Mapping[str, Any]], words: Texts) -> str:
    mean = {key: (sum(fold[key] ** 2 for fold in folds) / len(folds)) ** 0.5 for key in ("fitted", "held_out")}
    counts = {key: sum(fold[key] for fold in folds) for key in ("inside", "of")}
    return words("calibrate.folds", **{key: words.number(value, 1) for key, value in mean.items()}, **counts)


def draw_calibration(summary: Summary, words: Texts) -> Figure:
    """Every parameter: where it was looked for, and what was found."""
    parameters = summary["parameters"]
    figure = _sheet(words("calibrate.title_n", schools=len(summary["schools"])), 4.4)
    for axes, (name, one) in zip(_panels(figure, len(parameters)), parameters.items(), strict=True):
        low, high = one["prior"]
        axes.plot([low, high], [0, 0], color=RULE, linewidth=9, solid_capstyle="butt", label=words("calibrate.before"))
        axes.plot(one["band"], [0, 0], color=ACCENT, linewidth=9, solid_capstyle="butt", label=words("calibrate.after"))
        axes.plot([one["centre"]], [0], "o", color=PAPER, markeredgecolor=INK, markersize=7)
        axes.set_title(_short_lines(capital(words(f"parameters.{name}.name"))), fontsize=9, color=INK, loc="left")
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
    figure.legend(*figure.axes[0].get_legend_handles_labels(), loc="outside lower right", frameon=False, ncols=2, fontsize=9)
    return figure


def _short_lines(name: str, width: int = 34) -> str:
    """A name in lines that fit above a panel."""
    return textwrap.fill(name, width)


def leave_calibration(summary: Summary, sample: Sequence[Mapping[str, float]], folder: Path) -> None:
    """Write the summary, the sample, a figure in each language and a README."""
    write_whole(folder / "sample.csv", table(sample).encode())
    _leave(summary, folder, "calibration", "calibrate", tell_calibration, draw_calibration)


# --- schools ----------------------------------------------------------------------------------------------------------


def tell_schools(summary: Summary, words: Texts) -> list[str]:
    """How many numbers lie within their bands, by statistic; what lies outside; goodness of fit."""
    seen = [band for band in summary["bands"] if band["inside"] is not None]
    by_statistic: dict[str, list[bool]] = defaultdict(list)
    for band in seen:
        by_statistic[band["statistic"]].append(band["inside"])
    lines = [words("validate.inside", inside=sum(band["inside"] for band in seen), of=len(seen), simulations=summary["simulations"])]
    lines.append("\n".join(
        "- " + words("validate.by_statistic", statistic=words(f"statistics.{name}"), inside=sum(inside), of=len(inside))
        for name, inside in by_statistic.items()
    ))  # fmt: skip
    by_what: dict[str, list[bool]] = defaultdict(list)
    for one in summary["fit"]:
        by_what[one["what"]].append(one["p"] >= ENOUGH)
    parts = [words("validate.fit_part", what=words(f"fit.{what}"), good=sum(good), of=len(good)) for what, good in by_what.items()]
    return [*lines, words("validate.fit", parts="; ".join(parts)), words("validate.schools_note")]


def table_of_schools(summary: Summary, words: Texts) -> str:
    """One line for each school and statistic."""
    marks = {True: "mark_inside", False: "mark_outside", None: "mark_none"}
    return "\n".join(
        words(
            "validate.line", school=band["school"], statistic=words(f"statistics.{band['statistic']}"),
            **{name: words.number(float("nan") if band[name] is None else band[name], 2) for name in ("observed", "low", "high")},
            mark=words(f"validate.{marks[band['inside']]}"),
        ).rstrip()
        for band in summary["bands"]
    )  # fmt: skip


def draw_schools(summary: Summary, words: Texts) -> Figure:
    """Every statistic of every school against its band."""
    figure = _sheet(words("validate.schools_title"), 8.0, words("validate.axis"))
    for axes, name in zip(_panels(figure, len(STATISTICS)), STATISTICS, strict=True):
        bands = [band for band in summary["bands"] if band["statistic"] == name]
        for at, band in enumerate(bands):
            if band["low"] is not None:
                axes.plot([band["low"], band["high"]], [-at, -at], color=EDGE, linewidth=5, solid_capstyle="butt", alpha=0.5)
            if band["observed"] is not None:
                inside = band["inside"] is not False
                axes.plot([band["observed"]], [-at], "o" if inside else "D", color=ACCENT if inside else "#D55E00", markersize=6)
        axes.set_title(words(f"statistics.{name}"), fontsize=9, color=INK, loc="left", wrap=True)
        axes.set_yticks(range(0, -len(bands), -1), [band["school"] for band in bands])
    return figure


def leave_schools(summary: Summary, folder: Path) -> None:
    """Write the summary, bands and fit as tables, a figure in each language and a README."""
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / "bands.csv", table(summary["bands"]).encode())
    write_whole(folder / "fit.csv", table(summary["fit"]).encode())
    _leave(summary, folder, "schools", "validate", tell_schools, draw_schools)


# --- shared -----------------------------------------------------------------------------------------------------------


def tell_siena(found: Sequence[Mapping[str, Any]], words: Texts) -> list[str]:
    """Distances (z) of every statistic of every case."""
    lines = []
    for one in found:
        parts = [words("validate.siena_part", name=name, z=words.signed(z, 1)) for name, z in one["z"].items()]
        lines.append(words("validate.siena", tag=one["tag"], parts=", ".join(parts)))
    return [*lines, words("validate.siena_note")]


def leave_siena(found: Sequence[Mapping[str, Any]], simulations: int, folder: Path) -> None:
    """Write the distances as JSON and as a table, and a README."""
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / "siena.json", {"simulations": simulations, "cases": list(found)})
    rows = [{"tag": one["tag"], "statistic": name, "z": z} for one in found for name, z in one["z"].items()]
    write_whole(folder / "siena.csv", table(rows).encode())
    parts = []
    for language, level in (("en", "#"), ("nl", "##")):
        words = texts(language)
        *lines, note = tell_siena(found, words)
        parts += [f"{level} {words('validate.siena_title')}", "\n".join(f"- {line}" for line in lines), note]
        parts.append(words("validate.siena_made", simulations=simulations))
    write_whole(folder / "README.md", ("\n\n".join(parts) + "\n").encode())


def _leave(
    summary: Summary,
    folder: Path,
    name: str,
    part: str,
    tell: Callable[[Summary, Texts], list[str]],
    draw: Callable[[Summary, Texts], Figure],
) -> None:
    write_json(folder / "summary.json", summary)
    for language in LANGUAGES:
        save(draw(summary, texts(language)), folder / f"{name}.{language}.png")
    write_whole(folder / "README.md", _readme(summary, name, part, tell).encode())


def _readme(summary: Summary, name: str, part: str, tell: Callable[[Summary, Texts], list[str]]) -> str:
    parts = []
    for language, level in (("en", "#"), ("nl", "##")):
        words = texts(language)
        if part == "calibrate":
            title, question = words("calibrate.title_n", schools=len(summary["schools"])), words("calibrate.question")
            made = words("calibrate.made", runs=summary["runs"] + summary["sample"])
        else:
            title, question = words("validate.schools_title"), words(f"validate.question_{summary['start']}")
            made = words("validate.made", start=summary["start"], simulations=summary["simulations"])
        parts += [f"{level} {title}", question, *tell(summary, words), f"![{title}]({name}.{language}.png)", made]
    return "\n\n".join(parts) + "\n"


def _sheet(title: str, height: float, note: str = "") -> Figure:
    figure = Figure(figsize=(13, height), facecolor=PAPER, layout="constrained")
    figure.suptitle(title, color=INK, fontsize=14, x=0.01, ha="left")
    if note:
        figure.supxlabel(note, color=INK_2, fontsize=10, x=0.01, ha="left")
    return figure


def _panels(figure: Figure, number: int) -> list[Axes]:
    panels = list(figure.subplots(-(-number // 4), 4, squeeze=False).ravel())
    for panel in panels:
        panel.set_facecolor(PAPER)
        panel.tick_params(colors=INK_2, labelsize=8)
        panel.spines[["top", "right"]].set_visible(False)
    for spare in panels[number:]:
        spare.set_axis_off()
    return panels[:number]
