"""`learnweave sweep`: many runs over a design, kept as they go."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Any

import click

from experiments.commands.errors import told

SHOWN = 5
"""Failed runs that are told one by one."""


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option("--out", required=True, type=click.Path(file_okay=False), help="Folder for the runs; the same folder again goes on.")
@click.option("--workers", type=click.IntRange(1, 1024), help="Processes to use on this machine; all by default.")
@click.option("--scheduler", metavar="tcp://HOST:PORT", help="Run on the workers of a Dask scheduler (extra `cluster`).")
@click.option("--patience", type=click.FloatRange(0.1), help="Minutes without a result after which workers are taken to hang.")
@click.option(
    "--policy", type=click.Path(exists=True, dir_okay=False), metavar="FILE.py", help="Policies of your own; it is code, and it runs."
)
@click.option("--retry", is_flag=True, help="Run once more what has failed.")
@click.option("--only", metavar="KEY", help="Run one run alone, in this process, and print its row; nothing is kept.")
@click.option("--lang", type=click.Choice(["nl", "en"]), default="en", show_default=True, help="Language of what is told.")
def sweep(file: str, out: str, policy: str | None, only: str | None, lang: str, **options: Any) -> None:
    """Run the sweep that FILE (.toml) asks for, or go on with it: what is in the folder already is not run again.

    Ctrl-C stops in order. A run that fails is kept as a row with what went wrong, and the command then ends with 1.
    """
    from experiments.sweep_files import load_sweep
    from experiments.texts import texts

    asked, words = told(lambda: load_sweep(file, policy)), texts(lang)
    again = f"learnweave sweep {shlex.quote(file)} --out {shlex.quote(out)}" + (f" --policy {shlex.quote(policy)}" if policy else "")
    if only is not None:
        _repeat(asked, only, words, again)
        return
    try:
        results = told(lambda: _run(asked, Path(out), words, **options))
    except KeyboardInterrupt:
        click.echo(words("sweeps.stopped", folder=out), err=True)
        sys.exit(130)
    _tell(results, words, out, again)
    sys.exit(1 if results.failed.num_rows else 0)


def _run(asked: Any, out: Path, words: Any, *, workers: int | None, scheduler: str | None, patience: float | None, retry: bool) -> Any:
    from experiments.executors import Dask, Processes
    from experiments.mapping import is_map, map_out
    from experiments.progress import Bar
    from experiments.sweep import sweep as run_sweep

    if scheduler is not None and workers is not None:
        raise ValueError("--scheduler and --workers: give one of the two; workers of a scheduler are started there")
    place = Processes(workers) if scheduler is None else Dask(scheduler)
    with Bar(words("sweeps.progress"), words("sweeps.stopping")) as bar:
        return (map_out if is_map(asked) else run_sweep)(
            asked, out, place=place, progress=bar, retry=retry, patience=patience and 60 * patience, argv=sys.argv[1:],
        )  # fmt: skip


def _repeat(asked: Any, only: str, words: Any, again: str) -> None:
    """Run one; what it raises is shown whole, for that is what one came for."""
    from experiments.sweep import find, run_alone

    task = told(lambda: find(asked, only))
    for name, value in run_alone(task).items():
        click.echo(f"{name} = {value}")
    click.echo(words("sweeps.repeated", command=f"{again} --retry"), err=True)


def _tell(results: Any, words: Any, out: str, again: str) -> None:
    asked, failed = results.asked, results.failed.to_pylist()
    for message in results.messages:
        click.echo(words("sweeps.damaged", what=message), err=True)
    click.echo(words(
        "sweeps.done", runs=asked["runs"] - len(failed), folder=out, points=len(results.points), replicates=asked["replicates"],
        policies=len(asked["policies"]),
    ))  # fmt: skip
    if failed:
        click.echo(words("sweeps.failed", failed=len(failed), runs=asked["runs"], folder=out), err=True)
        for row in failed[:SHOWN]:
            last = row["error"].strip().splitlines()[-1]
            labels = {name: row[name] for name in ("key", "point", "replicate", "policy")}
            click.echo("  " + words("sweeps.failed_run", **labels, error=last), err=True)
        if len(failed) > SHOWN:
            click.echo("  " + words("sweeps.failed_more", more=len(failed) - SHOWN, folder=out), err=True)
        click.echo(words("sweeps.repeat", command=f"{again} --only {failed[0]['key']}"), err=True)
        click.echo(words("sweeps.retry", command=f"{again} --retry"), err=True)
