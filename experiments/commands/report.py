"""`learnweave report`: a comparison on one page, or one of its worlds to play in a browser."""

from __future__ import annotations

from pathlib import Path

import click

from experiments.commands.errors import told


@click.command()
@click.argument("folder", type=click.Path(file_okay=False))
@click.option("--lang", type=click.Choice(["nl", "en"]), help="Language of the page; both by default, each in a file of its own.")
@click.option("--out", type=click.Path(dir_okay=False), help="File to write; report.LANG.html in the folder by default. Goes with --lang.")
def report(folder: str, lang: str | None, out: str | None) -> None:
    """Put a comparison on one page that needs nothing else: to read on a screen, to print on A4, to send on.

    FOLDER holds the results of `learnweave compare`.
    """
    from experiments.report import write_pages

    if out and not lang:
        raise click.ClickException("--out: goes with --lang, since both languages are written by default")
    for path in told(lambda: write_pages(Path(folder), lang, Path(out) if out else None)):
        click.echo(str(path))
