"""`learnweave validate`: what of the model holds, on schools, against RSiena, and on patterns of the literature."""

from __future__ import annotations

import json
from pathlib import Path

import click

from experiments.commands.errors import told

RESULTS = Path("results/validation")


@click.group()
def validate() -> None:
    """Hold the model against what was observed: schools, the reference numbers of RSiena, patterns of the literature."""


@validate.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False))
@click.option(
    "--start", type=click.Choice(["empty", "observed"]), default="empty", show_default=True,
    help="Grow from nothing, or leave the observed network to itself for a year.",
)  # fmt: skip
@click.option("--simulations", default=200, show_default=True, type=click.IntRange(20, 100_000), help="Simulated worlds.")
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0, 2**31 - 1), help="Seed; the same seed gives the same numbers.")
@click.option("--out", type=click.Path(file_okay=False), help="Folder for tables, figures and a README; nothing is written by default.")
@click.option("--workers", type=click.IntRange(1, 1024), help="Processes to use; all by default.")
@click.option("--lang", type=click.Choice(["nl", "en"]), default="en", show_default=True, help="Language of the answer.")
@click.option("--json", "as_json", is_flag=True, help="Print the bands alone, as JSON.")
def schools(folder: str, start: str, simulations: int, seed: int, out: str | None, workers: int | None, lang: str, as_json: bool) -> None:
    """Simulate the schools of FOLDER (people.csv, ties.csv) and hold them against their observed networks.

    Only sizes, teams and silence go in; ties are used for nothing but the comparison.
    """
    from tqdm import tqdm

    from experiments.evidence import leave_schools, table_of_schools, tell_schools
    from experiments.executors import workers_at_hand
    from experiments.observed import read_schools
    from experiments.texts import texts
    from experiments.validation import validate_schools

    words = texts(lang)
    observed = told(lambda: read_schools(folder))
    with tqdm(total=simulations, desc=words("validate.progress"), unit="", disable=True if as_json else None) as bar:
        summary = told(lambda: validate_schools(
            observed, start, simulations, seed=seed, workers=workers or workers_at_hand(), progress=bar.update  # type: ignore[arg-type]
        ))  # fmt: skip
    if out:
        told(lambda: leave_schools(summary, Path(out)))
    if as_json:
        click.echo(json.dumps(summary["bands"], indent=1, allow_nan=False))
    else:
        click.echo("\n\n".join([words(f"validate.question_{start}"), table_of_schools(summary, words), *tell_schools(summary, words)]))


@validate.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option("--simulations", default=1_000, show_default=True, type=click.IntRange(20, 100_000), help="Simulated periods of each case.")
@click.option("--out", type=click.Path(file_okay=False), help="Folder for a table and a README; nothing is written by default.")
@click.option("--lang", type=click.Choice(["nl", "en"]), default="en", show_default=True, help="Language of the answer.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def siena(file: str, simulations: int, out: str | None, lang: str, as_json: bool) -> None:
    """Hold the choice of ties against RSiena: FILE has one reference case or a list of them."""
    from experiments.evidence import leave_siena, tell_siena
    from experiments.siena import read_references, validate_siena
    from experiments.texts import texts

    found = validate_siena(told(lambda: read_references(file)), simulations)
    if out:
        told(lambda: leave_siena(found, simulations, Path(out)))
    click.echo(json.dumps(found, indent=1) if as_json else "\n".join(tell_siena(found, texts(lang))))


@validate.command()
@click.option("--quick", is_flag=True, help="Few worlds: a look within half a minute, whose intervals are wide.")
@click.option("--out", type=click.Path(file_okay=False), help="Folder for runs, tables, figures and a README; nothing is kept by default.")
@click.option("--workers", type=click.IntRange(1, 1024), help="Processes to use; all by default.")
@click.option("--lang", type=click.Choice(["nl", "en"]), default="en", show_default=True, help="Language of the answer.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def patterns(quick: bool, out: str | None, workers: int | None, lang: str, as_json: bool) -> None:
    """Look for patterns of the literature (P1-P12): which emerge, are put in by a parameter, do not show, or cannot be shown."""
    from experiments.executors import workers_at_hand
    from experiments.pattern_words import tell_in_short
    from experiments.patterns import QUESTION, QUICK
    from experiments.studies.patterns import answer, look
    from experiments.texts import texts

    study, places = QUICK if quick else QUESTION, workers or workers_at_hand()
    summary = told(lambda: answer(study, Path(out), places) if out else look(study, places))
    found = {name: summary[name] for name in ("patterns", "compared")}
    click.echo(json.dumps(found, indent=1, allow_nan=False) if as_json else "\n\n".join(tell_in_short(summary, texts(lang))))
