"""`learnweave app`: the pages for workshops and for exploring, served on this machine alone."""

from __future__ import annotations

import os
import socket

import click

HOST = "127.0.0.1"


@click.command()
@click.option("--lang", type=click.Choice(["nl", "en"]), default="nl", show_default=True, help="Language that the pages begin in.")
@click.option("--port", type=click.IntRange(1, 65535), default=8765, show_default=True, help="Port; the next free one where it is taken.")
@click.option("--browser/--no-browser", default=True, help="Open a browser.")
def app(lang: str, port: int, browser: bool) -> None:
    """Open the app in a browser. It works without a network, and nothing leaves this machine. Stop it with Ctrl-C."""
    from experiments.app.settings import keep_to_this_machine

    keep_to_this_machine()
    os.environ["LEARNWEAVE_LANG"] = lang
    from solara.__main__ import run

    port = next_free(port)
    click.echo(f"http://{HOST}:{port}")
    asked = ["experiments.app", "--host", HOST, "--port", str(port), "--production", "--no-check-version"]
    run.main([*asked, *([] if browser else ["--no-open"])], standalone_mode=False)


def next_free(port: int, tries: int = 20) -> int:
    """This port, or the next that nobody uses.

    Raises:
        ClickException: where none of `tries` is free.
    """
    for one in range(port, min(port + tries, 65536)):
        with socket.socket() as probe:
            if probe.connect_ex((HOST, one)):
                return one
    raise click.ClickException(f"--port {port}: taken, and so are the {tries - 1} after it")
