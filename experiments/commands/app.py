"""`learnweave app`: the workshop, the network as it grows, and comparisons, in a browser on this computer."""

from __future__ import annotations

import click

from experiments.commands.errors import told


@click.command()
@click.option("--lang", type=click.Choice(["nl", "en"]), default="nl", show_default=True, help="Language in which pages begin.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port on this computer; by default 8765, or the next that is free.")
@click.option("--no-browser", is_flag=True, help="Only serve the pages; open no browser.")
def app(lang: str, port: int | None, no_browser: bool) -> None:
    """Show a learning network as it grows: in a workshop, week by week, or ways of leading compared.

    The app answers to this computer alone and needs no network. Stop it with Ctrl+C.
    """
    from experiments.app.serving import serve
    from experiments.texts import texts

    words = texts(lang)
    told(lambda: serve(lang, port, not no_browser, lambda address: click.echo(words("app.address", address=address))))
