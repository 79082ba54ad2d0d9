"""`learnweave sweep`: many runs over a design, kept as they go."""

from __future__ import annotations

from pathlib import Path

import click

from experiments.commands.errors import told


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option("--out", required=True, type=click.Path(file_okay=False), help="Folder for the runs; the same folder again goes on.")
@click.option("--workers", type=click.IntRange(1, 1024), help="Processes to use; all by default.")
def sweep(file: str, out: str, workers: int | None) -> None:
    """Run the sweep that FILE (.toml) asks for: what is in the folder already is not run again."""
    from tqdm import tqdm

    from experiments.sweep import sweep as run_sweep
    from experiments.sweep_files import load_sweep

    asked = told(lambda: load_sweep(file))
    with tqdm(total=asked.runs(), disable=None) as bar:
        results = told(lambda: run_sweep(asked, Path(out), workers, progress=bar.update))
    if results.failed.num_rows:
        raise click.ClickException(f"{results.failed.num_rows} of {asked.runs()} runs failed")
