"""`learnweave report`: a comparison on one page, or one of its worlds to play in a browser."""

from __future__ import annotations

from pathlib import Path

import click

from experiments.commands.errors import told


@click.command()
@click.argument("folder", type=click.Path(file_okay=False))
@click.option("--lang", type=click.Choice(["nl", "en"]), help="Language of the page; both by default, each in a file of its own.")
@click.option(
    "--map", "sweep_map", type=click.Path(exists=True, file_okay=False),
    help="Folder of a sweep over two parameters: its map shows where the answer tips.",
)  # fmt: skip
@click.option("--replay", type=click.IntRange(0), help="Instead of the page: this world of it, to play in a browser (the first is 0).")
@click.option("--network", type=click.Path(exists=True), help="Where the observed network is that the comparison began from.")
@click.option("--region", type=click.Path(exists=True, file_okay=False), help="Where the list of schools is that it was built from.")
@click.option("--policy", type=click.Path(exists=True, dir_okay=False), help="The file of policies that it was led by. It is run as code.")
@click.option("--bundle", is_flag=True, help="Also write one zip with the pages, every run as CSV, the settings and checksums.")
@click.option("--out", type=click.Path(dir_okay=False), help="File to write; report.LANG.html in the folder by default. Goes with --lang.")
def report(
    folder: str, lang: str | None, out: str | None, sweep_map: str | None, replay: int | None, bundle: bool, **made_with: str | None
) -> None:
    """Put a comparison on one page that needs nothing else: to read on a screen, to print on A4, to send on.

    FOLDER holds the results of `learnweave compare`, or of a sweep with two or more ways of leading.
    """
    from experiments.reading import Beside
    from experiments.report import write_pages

    if out and not lang:
        raise click.ClickException("--out: goes with --lang, since both languages are written by default")
    beside = Beside(made_with["network"], made_with["region"], made_with["policy"])
    place, page = Path(folder), Path(out) if out else None
    if replay is not None:
        from experiments.replay import write_replay

        pages = told(lambda: write_replay(place, replay, lang, page, beside))
    else:
        pages = told(lambda: write_pages(place, lang, page, Path(sweep_map) if sweep_map else None, beside))
    for path in pages:
        click.echo(str(path))
    if bundle:
        from experiments.bundle import write_bundle

        click.echo(str(told(lambda: write_bundle(place, pages))))
