"""`learnweave analyse`: what a folder of runs says."""

from __future__ import annotations

import click

from experiments.commands.errors import told


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False))
def analyse(folder: str) -> None:
    """Analyse the sweep in FOLDER."""
    from experiments.results import read_results

    results = told(lambda: read_results(folder))
    click.echo(f"{results.runs.num_rows} runs, {results.failed.num_rows} failed, {results.missing()} missing")
