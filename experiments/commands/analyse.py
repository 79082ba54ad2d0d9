"""`learnweave analyse`: what a folder of runs says."""

from __future__ import annotations

import json
import sys

import click

from experiments.commands.errors import told


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False))
@click.option("--summary", "what", flag_value="summary", default=True, help="Levels and paired differences, over all points (the default).")
@click.option("--csv", "what", flag_value="csv", help="Print every run as CSV, sorted by key, failed ones included.")
@click.option("--lang", type=click.Choice(["nl", "en"]), default="en", show_default=True, help="Language of the answer.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
def analyse(folder: str, what: str, lang: str, as_json: bool) -> None:
    """Say what the runs of a sweep in FOLDER show."""
    from experiments import summary
    from experiments.results import read_results, write_csv
    from experiments.texts import texts

    if what == "csv":
        told(lambda: write_csv(folder, sys.stdout.buffer))
        return
    found = told(lambda: summary.summarise(read_results(folder)))
    click.echo(json.dumps(found, indent=1) if as_json else summary.tell(found, texts(lang)))
