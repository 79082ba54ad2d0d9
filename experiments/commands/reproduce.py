"""`learnweave reproduce`: a study once more, held against what is committed."""

from __future__ import annotations

import sys
from functools import partial

import click

from experiments.commands.errors import told


@click.command()
@click.argument("name", required=False)
@click.option("--all", "every", is_flag=True, help="Every study of which something is kept, one after another.")
@click.option("--quick", is_flag=True, help="Few worlds: a look within a minute that would see large changes only.")
@click.option("--write", "anew", is_flag=True, help="Make the results of NAME anew, in place of what is kept of it.")
@click.option("--workers", type=click.IntRange(1, 1024), help="Processes to use; all by default.")
@click.option("--lang", type=click.Choice(["nl", "en"]), default="en", show_default=True, help="Language of the answer.")
def reproduce(name: str | None, every: bool, quick: bool, anew: bool, workers: int | None, lang: str) -> None:
    """Run a study again and say whether its numbers still hold. Without NAME: list the studies; with --all: run every one."""
    from experiments.reproduce import RESULTS, all_studies, list_studies, tell, write
    from experiments.reproduce import reproduce as run_again
    from experiments.texts import texts

    words = texts(lang)
    if name and every:
        raise click.ClickException("NAME and --all: give one of the two")
    if anew:
        if not name:
            raise click.ClickException("--write: give the NAME of one study")
        click.echo(str(told(partial(write, name, workers))))
        return
    if not name and not every:
        click.echo(list_studies(words))
        return
    kept = [study for study, folder in all_studies().items() if (RESULTS / folder / "summary.json").is_file()]
    held = True
    for study in kept if every else [str(name)]:
        found = told(partial(run_again, study, quick=quick, workers=workers))
        click.echo(tell(found, words))
        held = held and found["holds"]
    sys.exit(0 if held else 1)
