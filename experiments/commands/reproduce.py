"""`learnweave reproduce`: a study once more, held against what is committed."""

from __future__ import annotations

import sys

import click

from experiments.commands.errors import told


@click.command()
@click.argument("name")
@click.option("--quick", is_flag=True, help="Few worlds: a look within a minute that would see large changes only.")
@click.option("--workers", type=click.IntRange(1, 1024), help="Processes to use; all by default.")
@click.option("--lang", type=click.Choice(["nl", "en"]), default="en", show_default=True, help="Language of the answer.")
def reproduce(name: str, quick: bool, workers: int | None, lang: str) -> None:
    """Run a study again and say whether its numbers still hold: claims, corners, critical-mass, exploits, pull_or_grow or rhythm."""
    from experiments.reproduce import reproduce as run_again
    from experiments.reproduce import tell
    from experiments.texts import texts

    found = told(lambda: run_again(name, quick=quick, workers=workers))
    click.echo(tell(found, texts(lang)))
    sys.exit(0 if found["holds"] else 1)
