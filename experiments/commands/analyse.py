"""`learnweave analyse`: what a folder of runs says."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from experiments.commands.errors import told


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False))
@click.option("--summary", "what", flag_value="summary", default=True, help="Levels and paired differences, over all points (the default).")
@click.option("--csv", "what", flag_value="csv", help="Print every run as CSV, sorted by key, failed ones included.")
@click.option("--morris", "what", flag_value="morris", help="Rank the unknowns by Morris' elementary effects.")
@click.option("--sobol", "what", flag_value="sobol", help="Rank the unknowns by Sobol' indices.")
@click.option("--phase", nargs=2, metavar="ACROSS UP", help="Map who leaves most over two parameters.")
@click.option("--outcome", default="lasting_after", show_default=True, help="What is analysed: a measure and a date (start, stop, after).")
@click.option(
    "--pair", "pairs", nargs=2, multiple=True, metavar="MORE LESS", help="A difference between two ways of leading; may be repeated."
)
@click.option("--level", "levels", multiple=True, metavar="NAME", help="The outcome itself under one way of leading; may be repeated.")
@click.option("--out", type=click.Path(file_okay=False), help="Folder for figures; none are drawn by default.")
@click.option("--lang", type=click.Choice(["nl", "en"]), default="en", show_default=True, help="Language of the answer.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def analyse(folder: str, what: str, phase: tuple[str, str] | None, out: str | None, lang: str, as_json: bool, **options: Any) -> None:
    """Say what the runs of a sweep in FOLDER show."""
    from experiments import summary
    from experiments.results import read_results, write_csv
    from experiments.texts import texts

    if phase:
        told(lambda: _map(folder, phase, options["outcome"], out, lang, as_json=as_json))
    elif what in ("morris", "sobol"):
        told(lambda: _rank(folder, what, options, out, lang, as_json=as_json))
    elif what == "csv":
        told(lambda: write_csv(folder, sys.stdout.buffer))
    else:
        found = told(lambda: summary.summarise(read_results(folder)))
        click.echo(json.dumps(found, indent=1) if as_json else summary.tell(found, texts(lang)))


def _rank(folder: str, method: Any, options: dict[str, Any], out: str | None, lang: str, *, as_json: bool) -> None:
    from experiments.analysis import differences, level
    from experiments.figures_analysis import draw_ranking, tell_ranking
    from experiments.page import save
    from experiments.results import read_results
    from experiments.sensitivity import rank
    from experiments.texts import texts

    results, words = read_results(folder), texts(lang)
    asked = [level(results, name, options["outcome"]) for name in options["levels"]]
    if options["pairs"] or not asked:
        asked += differences(results, options["pairs"] or None, options["outcome"])
    ranked = [(one, rank(results.points, one, method)) for one in asked]
    if as_json:
        labels = [{"outcome": one.outcome, "date": one.date, "more": one.more, "less": one.less} for one in asked]
        click.echo(json.dumps([label | ranking.plain() for label, (_, ranking) in zip(labels, ranked, strict=True)], indent=1))
    else:
        lines = [words("general.thinking_tool"), *(line for one, ranking in ranked for line in tell_ranking(ranking, one, words))]
        click.echo("\n\n".join(lines))
    for one, ranking in ranked if out else ():
        save(draw_ranking(ranking, one, words), Path(str(out)) / f"{method}-{one.more}-{one.less or one.outcome}.{lang}.png")


def _map(folder: str, names: tuple[str, str], column: str, out: str | None, lang: str, *, as_json: bool) -> None:
    from experiments.figures_analysis import draw_map, tell_map
    from experiments.page import save
    from experiments.phases import read_map
    from experiments.results import read_results
    from experiments.texts import texts

    found, words = read_map(read_results(folder), names, column), texts(lang)
    click.echo(json.dumps(found.plain(), indent=1) if as_json else "\n\n".join([words("general.thinking_tool"), *tell_map(found, words)]))
    if out:
        save(draw_map(found, words), Path(out) / f"phase-{names[0]}-{names[1]}.{lang}.png")
